"""Finding the files that a source names."""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from kg.documents.model import STAGE, STANDARD_INPUT, SourceFile
from kg.documents.settings import ReadingSettings
from kg.errors import KgError
from kg.tables import Dropped

#: Suffixes of the formats that are read.
SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".jsonl", ".csv")
#: Of these, the ones that are read record by record.
RECORD_SUFFIXES = (".jsonl", ".csv")
# Control characters, halves of surrogate pairs (bytes that are no UTF-8), and line and paragraph separators.
_UNPRINTABLE = frozenset(("Cc", "Cs", "Zl", "Zp"))


def find_files(
    sources: Iterable[str | Path], settings: ReadingSettings | None = None
) -> tuple[list[SourceFile], list[Dropped]]:
    """The readable files that `sources` (files, folders, or `-`) name, each once, and what was passed over.

    A file in a folder is named by its path below that folder, a file given by itself by its file name; where two
    have the same name, the later one is named with the folders above it. Folders are searched in sorted order;
    hidden files and folders are skipped. Raises KgError where a source does not exist.
    """
    files: list[SourceFile] = []
    dropped: list[Dropped] = []
    names: set[str] = set()
    seen: set[Path] = set()
    for source in sources:
        for path, name in _expand(source, dropped):
            key = path if path == STANDARD_INPUT else _real(path)
            if key in seen:
                continue
            seen.add(key)
            if path != STANDARD_INPUT and path.suffix.lower() not in SUFFIXES:
                dropped.append(_unknown_suffix(path, name))
                continue
            if path != STANDARD_INPUT and path.exists() and not path.is_file():
                reason = "no regular file (a pipe, device or socket); save its content as a file"
                dropped.append(Dropped(name, STAGE, reason, 1, name))
                continue
            name = _unique_name(path, name, names)
            names.add(name)
            files.append(SourceFile(path, name))
    return files, dropped


def _expand(source: str | Path, dropped: list[Dropped]) -> Iterator[tuple[Path, str]]:
    if str(source) == "-":
        yield STANDARD_INPUT, "standard input"
        return
    path = Path(source)
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:
        raise KgError(f"The source {path} cannot be opened ({error.strerror}); check the path.") from error
    if not exists:
        raise KgError(f"There is no file or folder {path}; check the path.")
    if not is_folder:
        yield path, _clean_name(path.name)
        return

    def unreadable(error: OSError) -> None:
        folder = Path(error.filename or path)
        dropped.append(
            Dropped(
                _clean_name(folder.name),
                STAGE,
                "folder cannot be listed; give yourself the right to read it",
                1,
                _clean_name(str(folder)),
            )
        )

    for folder, folders, names in os.walk(path, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                file = Path(folder) / name
                yield file, _clean_name(file.relative_to(path).as_posix())


def open_file(path: Path) -> BinaryIO:
    """The regular file `path`, opened. Raises OSError where it is something else, such as a pipe that never ends."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    stream = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise OSError(errno.EINVAL, "no regular file")
    return stream


def largest_size(file: SourceFile, settings: ReadingSettings) -> int:
    """The size in bytes up to which the file is read."""
    of_records = file.path.suffix.lower() in RECORD_SUFFIXES
    return settings.max_records_bytes if of_records else settings.max_file_bytes


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # Path.resolve raises on links in a circle


def _clean_name(name: str) -> str:
    """The name in composed Unicode, so that it is the same on every file system, without control characters."""
    name = unicodedata.normalize("NFC", name)
    return "".join("\ufffd" if unicodedata.category(c) in _UNPRINTABLE else c for c in name)


def _unique_name(path: Path, name: str, taken: set[str]) -> str:
    parents = list(_real(path).parts[: -len(Path(name).parts)])
    while name in taken and len(parents) > 1:
        name = _clean_name(f"{parents.pop()}/{name}")
    return name


def _unknown_suffix(path: Path, name: str) -> Dropped:
    suffix = path.suffix or "no suffix"
    reason = f"unknown kind of file ({_clean_name(suffix)}); save it as one of {', '.join(SUFFIXES)}"
    return Dropped(name, STAGE, reason, 1, _clean_name(path.name))
