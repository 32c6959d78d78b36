"""The reading stage: files to documents, unchanged files from the cache."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.building.cache import Cache, decode_document, decode_rows, encode_rows, key, pack
from kg.building.isolated import Reader, size_of
from kg.errors import KgError
from kg.progress import Progress
from kg.tables import Document, Dropped, Section
from kg.versions import CONTRACTS, code_version

if TYPE_CHECKING:
    from kg.building.workers import Workers
    from kg.documents import ReadingSettings, SourceFile

STANDARD_INPUT = "-"
_LONGEST_STANDARD_INPUT = 20_000_000_000
_CHANGED = "file that changed while it was read (what was read is kept); run kg rebuild when it is finished"


@dataclass(frozen=True, slots=True)
class Unread:
    """A file or part that the cache lacks, the key that its content has there, and its size in bytes."""

    file: SourceFile
    key: str
    size: int


#: Cache keys and payloads that one file or part gave.
Entries = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read, in the order of the sources; `cache_keys` are the entries it came from."""

    documents: list[Document]
    sections: dict[str, list[Section]]
    dropped: list[Dropped]
    cache_keys: set[str]


def keep_standard_input(folder: Path, sources: Sequence[str]) -> tuple[str, ...]:
    """Sources with `-` replaced by a copy of standard input in the build folder, so that a rebuild has it."""
    if STANDARD_INPUT not in sources:
        return tuple(sources)
    kept = folder / "stdin"
    kept.mkdir(parents=True, exist_ok=True)
    copy = kept / "copy.tmp"
    digest = hashlib.sha256()
    first = b""
    try:
        with copy.open("wb") as target:
            while block := sys.stdin.buffer.read(1 << 20):
                digest.update(block)
                target.write(block)
                first = first or block.lstrip()[:10]
                if target.tell() > _LONGEST_STANDARD_INPUT:
                    raise KgError(
                        f"Standard input holds more than {_LONGEST_STANDARD_INPUT:,} bytes; give it in parts."
                    )
        if not first:
            raise KgError("Standard input is empty; pipe a text into kg, or name a file instead of -.")
        path = kept / f"stdin-{digest.hexdigest()[:8]}{_suffix(first)}"
        copy.replace(path)
    finally:
        copy.unlink(missing_ok=True)
    return tuple(str(path.resolve()) if source == STANDARD_INPUT else source for source in sources)


def _suffix(first: bytes) -> str:
    """The suffix of the format that begins with the bytes `first`."""
    starts = {
        b"{": ".jsonl",
        b"%pdf-": ".pdf",
        b"pk\x03\x04": ".docx",
        b"<!doctype": ".html",
        b"<html": ".html",
    }
    return next((suffix for start, suffix in starts.items() if first.lower().startswith(start)), ".txt")


def read(
    sources: Sequence[str],
    removed: Sequence[str],
    settings: ReadingSettings,
    cache: Cache,
    workers: Workers,
    progress: Progress,
) -> Reading:
    """Read all sources; documents removed by hand are left out and counted."""
    from kg.documents import find_duplicates, find_files, in_parts, unique_id

    found, dropped = find_files(sources, settings)
    files = [part for file in found for part in in_parts(file)]
    documents: list[Document] = []
    sections: dict[str, list[Section]] = {}
    cache_keys: set[str] = set()
    taken: set[str] = set()
    without = set(removed)
    progress.stage("read", len(files), "files" if len(files) == len(found) else "files and parts")
    keys = [file_key(file, settings) for file in files]
    _read_missing(files, keys, settings, cache, workers, progress)
    for file, stored_as in zip(files, keys, strict=True):
        if stored_as is None:
            for piece in _reader(settings).read(file):
                dropped += decode_rows(Dropped, piece.dropped)
            continue
        pieces = _pieces(stored_as, cache)
        if pieces is None:  # the cache lost some of them
            for entry_key, payload in file_entries(settings, Unread(file, stored_as, size_of(file))):
                cache.put(entry_key, payload)
            pieces = _pieces(stored_as, cache) or []
        for document, parts in _articles(pieces, stored_as, cache_keys, dropped):
            if document.doc_id in without:
                dropped.append(Dropped(document.doc_id, "read", "document removed by kg remove", 1, ""))
                continue
            doc_id = unique_id(document.doc_id, taken)
            if doc_id != document.doc_id:  # two files or parts gave the same id
                document = dataclasses.replace(document, doc_id=doc_id)
                parts = [dataclasses.replace(section, doc_id=doc_id) for section in parts]
            documents.append(document)
            sections[doc_id] = parts
    sketches = cache.get(_sketches_key()) or {}
    known = set(sketches)
    originals = find_duplicates(documents, sketches)
    if known != sketches.keys():
        cache.put(_sketches_key(), pack(sketches))
    cache_keys.add(_sketches_key())
    documents = [
        dataclasses.replace(d, duplicate_of=originals[d.doc_id]) if d.doc_id in originals else d
        for d in documents
    ]
    return Reading(documents, sections, dropped, cache_keys)


def _sketches_key() -> str:
    return key("sketches", code_version("documents/duplicates.py", "characters.py"))


def reader_version(settings: ReadingSettings) -> str:
    """Hash of what reading depends on beside the files."""
    return key(code_version(*CONTRACTS, "documents"), repr(settings))


def file_key(file: SourceFile, settings: ReadingSettings) -> str | None:
    """The cache key of a file's or part's content, or None where it cannot be read (the reader will say why)."""
    from kg.documents import largest_size, open_file

    digest = hashlib.sha256()
    try:
        with open_file(file.path) as stream:
            if os.fstat(stream.fileno()).st_size > largest_size(file, settings):
                return None
            if file.part:
                stream.seek(file.part.start)
            left = size_of(file) if file.part else sys.maxsize
            while block := stream.read(min(left, 1 << 20)):
                digest.update(block)
                left -= len(block)
    except OSError:
        return None
    place = [str(file.part.first_line)] if file.part else []
    return key("read", reader_version(settings), file.name, *place, digest.hexdigest())


def _read_missing(
    files: Sequence[SourceFile],
    keys: Sequence[str | None],
    settings: ReadingSettings,
    cache: Cache,
    workers: Workers,
    progress: Progress,
) -> None:
    known = cache.has(key for key in keys if key)
    missing = [
        Unread(file, key, size_of(file))
        for file, key in zip(files, keys, strict=True)
        if key and key not in known
    ]
    progress.advance(len(files) - len(missing))
    for entries in workers.read(missing, settings):
        for entry_key, payload in entries:
            cache.put(entry_key, payload)
        cache.commit()
        progress.advance(1)


def file_entries(settings: ReadingSettings, unread: Unread) -> Entries:
    """Read one file into entries of the cache: its articles in pieces, and under its key how many pieces there are."""
    entries: Entries = []
    for piece in _reader(settings).read(unread.file):
        entries.append((f"{unread.key}/{len(entries)}", pack([piece.articles, piece.dropped])))
    if file_key(unread.file, settings) != unread.key:
        changed = encode_rows([Dropped(unread.file.name, "read", _CHANGED, 1, "")])
        entries.append((f"{unread.key}/{len(entries)}", pack([[], changed])))
    return [*entries, (unread.key, pack(len(entries)))]


def _reader(settings: ReadingSettings) -> Reader:
    """The reader of this process, which starts a process of its own and ends with this one."""
    return _READERS.setdefault(repr(settings), Reader(settings))


_READERS: dict[str, Reader] = {}


def _pieces(stored_as: str, cache: Cache) -> list[Any] | None:
    """What the cache holds of one file, piece by piece; None where not all of it is there."""
    count = cache.get(stored_as)
    pieces = [cache.get(f"{stored_as}/{i}") for i in range(count or 0)]
    return None if count is None or any(piece is None for piece in pieces) else pieces


def _articles(
    pieces: Sequence[Any], stored_as: str, cache_keys: set[str], dropped: list[Dropped]
) -> Iterator[tuple[Document, list[Section]]]:
    """The articles in the pieces of one file; what was read while the file changed is not to stay in the cache."""
    keys = {stored_as}
    for i, (rows, lost) in enumerate(pieces):
        keys.add(f"{stored_as}/{i}")
        for row in decode_rows(Dropped, lost):
            dropped.append(row)
            keys = set() if row.reason == _CHANGED else keys
        yield from map(decode_document, rows)
    cache_keys.update(keys)
