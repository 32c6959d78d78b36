"""The extraction stage: what the cache does not hold is extracted, on as many processes as asked for."""

from __future__ import annotations

import concurrent.futures
import contextlib
import functools
import itertools
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.building.cache import Cache, encode_rows, key
from kg.errors import KgError
from kg.progress import Progress
from kg.tables import Document, Dropped, Section

if TYPE_CHECKING:
    from kg.extraction import ExtractionSettings

_CHUNK_CHARACTERS = 20_000
_CHUNK_DOCUMENTS = 64
#: Below this much text, starting processes takes longer than they save.
_PARALLEL_CHARACTERS = 60_000


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


def extract_missing(
    tasks: Sequence[Task], settings: ExtractionSettings, cache: Cache, jobs: int, progress: Progress
) -> int:
    """Extract what the cache lacks and put it there, chunk by chunk; returns how many documents that was."""
    known = cache.has(task.key for task in tasks)
    missing = [task for task in tasks if task.key not in known]
    progress.stage("extract", sum(len(task.document.text) for task in missing), "characters")
    for results in _results(missing, settings, jobs):
        for task_key, size, payload in results:
            cache.put(task_key, payload)
            progress.advance(size)
        cache.commit()
    return len(missing)


def _results(
    tasks: Sequence[Task], settings: ExtractionSettings, jobs: int
) -> Iterator[list[tuple[str, int, Any]]]:
    chunks = list(_chunks(tasks))
    if jobs < 2 or len(chunks) < 2 or sum(len(t.document.text) for t in tasks) < _PARALLEL_CHARACTERS:
        for chunk in chunks:
            yield extract_chunk(settings, chunk)
        return
    workers = min(jobs, len(chunks))
    # Forking a process that holds threads (onnxruntime, Arrow) can deadlock; a fresh interpreter cannot.
    context = multiprocessing.get_context("spawn")
    pool = concurrent.futures.ProcessPoolExecutor(workers, context, _end_with_parent)

    def submitted(chunk: Sequence[Task]) -> concurrent.futures.Future[list[tuple[str, int, Any]]]:
        with _interrupts_held_back():
            return pool.submit(extract_chunk, settings, chunk)

    waiting = iter(chunks)
    try:
        running = {submitted(chunk) for chunk in itertools.islice(waiting, 2 * workers)}
        while running:
            done, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                running |= {submitted(chunk) for chunk in itertools.islice(waiting, 1)}
                yield future.result()
    except BrokenProcessPool as error:
        raise KgError(
            "A worker process died, perhaps for want of memory; finished documents are kept:"
            " run kg rebuild with fewer --jobs."
        ) from error
    finally:
        # Nobody waits for work that is no longer wanted.
        pool.shutdown(wait=False, cancel_futures=True)


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Processes started in here never see Ctrl-C, which a terminal sends to all: the parent ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """A worker must not outlive the build, however that ended; it waits at a pipe that the system closes then."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _chunks(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """Longest documents first, so that no process is left with one at the end."""
    chunk: list[Task] = []
    characters = 0
    for task in sorted(tasks, key=lambda t: (-len(t.document.text), t.key)):
        chunk.append(task)
        characters += len(task.document.text)
        if characters >= _CHUNK_CHARACTERS or len(chunk) >= _CHUNK_DOCUMENTS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


@functools.lru_cache(maxsize=1)
def _pipeline(settings: ExtractionSettings) -> Any:
    from kg.extraction import load_pipeline

    return load_pipeline(settings)


def extract_chunk(settings: ExtractionSettings, chunk: Sequence[Task]) -> list[tuple[str, int, Any]]:
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
        payload = [encode_rows(mentions), encode_rows(claims), encode_rows(dropped)]
        results.append((task.key, len(task.document.text), payload))
    return results
