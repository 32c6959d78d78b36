"""Reading sources: from files and folders to documents with sections.

files, dropped = find_files(["reports/"])
for found in read_file(files[0], ReadingSettings()):
    ...  # an Article, or a Dropped row that says what was left out and why
"""

from kg.documents.duplicates import find_duplicates
from kg.documents.files import SUFFIXES, find_files, largest_size, open_file
from kg.documents.ids import unique_id
from kg.documents.model import Article, SourceFile
from kg.documents.reading import read_file
from kg.documents.settings import ReadingSettings

__all__ = [
    "SUFFIXES",
    "Article",
    "ReadingSettings",
    "SourceFile",
    "find_duplicates",
    "find_files",
    "largest_size",
    "open_file",
    "read_file",
    "unique_id",
]
