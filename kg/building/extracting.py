"""The extraction stage: what the cache does not hold is extracted, chunk by chunk."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.building.cache import Cache, encode_rows, key, pack
from kg.progress import Progress
from kg.tables import Document, Dropped, Section

if TYPE_CHECKING:
    from kg.building.workers import Workers
    from kg.extraction import ExtractionSettings

_CHUNK_CHARACTERS = 20_000
_CHUNK_DOCUMENTS = 64


@dataclass(frozen=True, slots=True)
class Task:
    """A document to extract and the cache key of its result."""

    key: str
    document: Document
    sections: Sequence[Section]


def task_for(version: str, document: Document, sections: Sequence[Section]) -> Task:
    """The task of a document; its key covers everything that extraction may look at."""
    parts = (document.doc_id, document.title, document.date or "", document.language, document.content_hash)
    shape = repr([(s.start, s.end, s.kind.value, s.table_id, s.row, s.column, s.header) for s in sections])
    return Task(key("extract", version, *parts, shape), document, sections)


#: Key, size in characters and cache payload of each of some tasks.
Results = list[tuple[str, int, bytes]]


def extract_missing(
    tasks: Sequence[Task], settings: ExtractionSettings, cache: Cache, workers: Workers, progress: Progress
) -> int:
    """Extract what the cache lacks and put it there, as it comes; returns how many documents that was."""
    known = cache.has(task.key for task in tasks)
    missing = [task for task in tasks if task.key not in known]
    progress.stage("extract", sum(len(task.document.text) for task in missing), "characters")
    for results in workers.extract(missing, settings):
        for task_key, size, payload in results:
            cache.put(task_key, payload)
            progress.advance(size)
        cache.commit()
    return len(missing)


def chunks_of(
    tasks: Sequence[Task], most_characters: int = _CHUNK_CHARACTERS, most_documents: int = _CHUNK_DOCUMENTS
) -> Iterator[list[Task]]:
    """Longest documents first, so that no process is left with one at the end."""
    chunk: list[Task] = []
    characters = 0
    for task in sorted(tasks, key=lambda t: (-len(t.document.text), t.key)):
        chunk.append(task)
        characters += len(task.document.text)
        if characters >= most_characters or len(chunk) >= most_documents:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


@functools.lru_cache(maxsize=1)
def _pipeline(settings: ExtractionSettings) -> Any:
    from kg.extraction import load_pipeline

    return load_pipeline(settings)


def extract_chunk(settings: ExtractionSettings, chunk: Sequence[Task]) -> Results:
    """Key, size in characters and cache payload of each task; a document that fails is reported, not fatal."""
    from kg.extraction import extract

    nlp = _pipeline(settings)
    results = []
    for task in chunk:
        try:
            (extraction,) = extract(nlp, [(task.document, list(task.sections))])
            mentions, claims, dropped = extraction.mentions, extraction.claims, extraction.dropped
        except Exception as error:  # the batch goes on; the report names the document
            reason = "document could not be extracted (report this as a bug)"
            mentions, claims = [], []
            dropped = [
                Dropped(task.document.doc_id, "extract", reason, 1, f"{type(error).__name__}: {error}")
            ]
        payload = pack([encode_rows(mentions), encode_rows(claims), encode_rows(dropped)])
        results.append((task.key, len(task.document.text), payload))
    return results
