"""The reading stage: files to documents, unchanged files from the cache."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.building.cache import Cache, decode_rows, encode_rows, key
from kg.building.versions import code_version
from kg.errors import KgError
from kg.progress import Progress
from kg.tables import Document, Dropped, Section

if TYPE_CHECKING:
    from kg.documents import Article, ReadingSettings, SourceFile

_CHUNK = 500
STANDARD_INPUT = "-"


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
    content = sys.stdin.buffer.read()
    if not content.strip():
        raise KgError("Standard input is empty; pipe a text into kg, or name a file instead of -.")
    kept = folder / "stdin"
    kept.mkdir(parents=True, exist_ok=True)
    suffix = ".jsonl" if content.lstrip().startswith(b"{") else ".txt"
    path = kept / f"stdin-{hashlib.sha256(content).hexdigest()[:8]}{suffix}"
    path.write_bytes(content)
    return tuple(str(path.resolve()) if source == STANDARD_INPUT else source for source in sources)


def read(
    sources: Sequence[str],
    removed: Sequence[str],
    settings: ReadingSettings,
    cache: Cache,
    progress: Progress,
) -> Reading:
    """Read all sources; documents removed by hand are left out and counted."""
    from kg.documents import find_duplicates, find_files, unique_id

    files, dropped = find_files(sources, settings)
    documents: list[Document] = []
    sections: dict[str, list[Section]] = {}
    cache_keys: set[str] = set()
    taken: set[str] = set()
    without = set(removed)
    progress.stage("read", len(files), "files")
    for file in files:
        for document, parts in _articles(file, settings, cache, cache_keys, dropped):
            if document.doc_id in without:
                dropped.append(Dropped(document.doc_id, "read", "document removed by kg remove", 1, ""))
                continue
            doc_id = unique_id(document.doc_id, taken)
            if doc_id != document.doc_id:  # two sources gave the same id
                document = dataclasses.replace(document, doc_id=doc_id)
                parts = [dataclasses.replace(section, doc_id=doc_id) for section in parts]
            documents.append(document)
            sections[doc_id] = parts
        progress.advance(1)
    originals = find_duplicates(documents)
    documents = [dataclasses.replace(d, duplicate_of=originals.get(d.doc_id)) for d in documents]
    return Reading(documents, sections, dropped, cache_keys)


def file_key(file: SourceFile, settings: ReadingSettings) -> str | None:
    """The cache key of a file's content, or None where it cannot be read (the reader will say why)."""
    digest = hashlib.sha256()
    try:
        with Path(file.path).open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError:
        return None
    return key("read", code_version("documents"), repr(settings), file.name, digest.hexdigest())


def _articles(
    file: SourceFile,
    settings: ReadingSettings,
    cache: Cache,
    cache_keys: set[str],
    dropped: list[Dropped],
) -> Iterator[tuple[Document, list[Section]]]:
    """The articles of one file, from the cache or read and put there."""
    stored_as = file_key(file, settings)
    chunks = cache.get(stored_as) if stored_as else None
    if chunks is None:
        items = _read_safely(file, settings)
        chunks = 0
        while chunk := list(itertools.islice(items, _CHUNK)):
            lost = [item for item in chunk if isinstance(item, Dropped)]
            articles = [item for item in chunk if not isinstance(item, Dropped)]
            dropped += lost
            yield from ((article.document, article.sections) for article in articles)
            if stored_as:
                rows = [[encode_rows([a.document])[0], encode_rows(a.sections)] for a in articles]
                cache.put(f"{stored_as}/{chunks}", [rows, encode_rows(lost)])
            chunks += 1
        if stored_as:
            cache.put(stored_as, chunks)
            cache.commit()
    else:
        for i in range(chunks):
            rows, lost = cache.get(f"{stored_as}/{i}") or ([], [])
            dropped += decode_rows(Dropped, lost)
            for document, parts in rows:
                yield next(decode_rows(Document, [document])), list(decode_rows(Section, parts))
    if stored_as:
        cache_keys.update({stored_as, *(f"{stored_as}/{i}" for i in range(chunks))})


def _read_safely(file: SourceFile, settings: ReadingSettings) -> Iterator[Article | Dropped]:
    """What the reader gives; should it fail on a file, the report names that file and the batch goes on."""
    from kg.documents import read_file

    try:
        yield from read_file(file, settings)
    except Exception as error:
        reason = "file could not be read (report this as a bug)"
        yield Dropped(file.name, "read", reason, 1, f"{type(error).__name__}: {error}")
