"""Reading sources: from files and folders to documents with sections.

files, dropped = find_files(["reports/"])
for found in read_file(files[0], ReadingSettings()):
    ...  # an Article, or a Dropped row that says what was left out and why
"""

from kg.documents.duplicates import find_duplicates
from kg.documents.files import SUFFIXES, find_files, largest_size, open_file
from kg.documents.ids import unique_id
from kg.documents.model import Article, Part, SourceFile
from kg.documents.parts import in_parts
from kg.documents.reading import read_file
from kg.documents.settings import ReadingSettings

__all__ = [
    "SUFFIXES",
    "Article",
    "Part",
    "ReadingSettings",
    "SourceFile",
    "find_duplicates",
    "find_files",
    "in_parts",
    "largest_size",
    "open_file",
    "read_file",
    "unique_id",
]
