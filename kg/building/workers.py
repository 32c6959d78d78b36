"""Who reads and extracts what the cache lacks: processes of this machine, or whatever else keeps this protocol."""

from __future__ import annotations

import concurrent.futures
import contextlib
import functools
import itertools
import math
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from kg.building.extracting import Results, Task, chunks_of, extract_chunk
from kg.building.reading import Entries, Unread, file_entries
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.documents import ReadingSettings
    from kg.extraction import ExtractionSettings

#: Below so much, starting processes takes longer than they save.
_PARALLEL_BYTES = 4_000_000
_PARALLEL_CHARACTERS = 60_000
#: Bytes that a worker needs for documents of up to some 100,000 characters; each million more adds about 1 GB.
MEMORY_OF_A_WORKER = 1 << 30


class Workers(Protocol):
    """Results come in no order, as they are ready; they do not depend on who the workers are."""

    def read(self, files: Sequence[Unread], settings: ReadingSettings) -> Iterator[Entries]:
        """The cache entries of each file."""

    def extract(self, tasks: Sequence[Task], settings: ExtractionSettings) -> Iterator[Results]:
        """Key, size in characters and cache payload of each task."""


@dataclass(frozen=True, slots=True)
class Processes:
    """Up to `jobs` processes of this machine."""

    jobs: int

    def read(self, files: Sequence[Unread], settings: ReadingSettings) -> Iterator[Entries]:
        """One file after another, or files side by side where there is much to read."""
        big = sum(file.size for file in files) >= _PARALLEL_BYTES
        largest_first = sorted(files, key=lambda file: (-file.size, file.key))
        yield from _spread(functools.partial(file_entries, settings), largest_first, self.jobs if big else 1)

    def extract(self, tasks: Sequence[Task], settings: ExtractionSettings) -> Iterator[Results]:
        """Chunk after chunk, or chunks side by side where there is much to extract."""
        big = sum(len(task.document.text) for task in tasks) >= _PARALLEL_CHARACTERS
        chunks = list(chunks_of(tasks))
        yield from _spread(functools.partial(extract_chunk, settings), chunks, self.jobs if big else 1)


def default_jobs() -> int:
    """As many workers as this process may use cores, and as there is memory for."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):  # "max" and no such file: no limit
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        cores = min(cores, math.ceil(int(quota) / int(period)))
    return max(1, min(cores, _available_memory() // MEMORY_OF_A_WORKER))


def _available_memory() -> int:
    """Bytes that can be had without swapping; a great many where the system does not say."""
    available = 1 << 50
    with contextlib.suppress(OSError, IndexError, ValueError):
        available = int(Path("/proc/meminfo").read_text().split("MemAvailable:")[1].split()[0]) << 10
    with contextlib.suppress(OSError, ValueError):
        limit, used = (int(Path(f"/sys/fs/cgroup/memory.{name}").read_text()) for name in ("max", "current"))
        available = min(available, limit - used)
    return available


Item = TypeVar("Item")
Result = TypeVar("Result")


def _spread(work: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    """`work` of each item, on as many processes; few items are under way at a time, so that memory is bounded."""
    workers = min(jobs, len(items))
    if workers < 2:
        yield from map(work, items)
        return
    # Forking a process that holds threads (onnxruntime, Arrow) can deadlock; a fresh interpreter cannot.
    context = multiprocessing.get_context("spawn")
    pool = concurrent.futures.ProcessPoolExecutor(workers, context, _end_with_parent)

    def submitted(item: Item) -> concurrent.futures.Future[Result]:
        with _interrupts_held_back():
            return pool.submit(work, item)

    waiting = iter(items)
    try:
        running = {submitted(item) for item in itertools.islice(waiting, 2 * workers)}
        while running:
            done, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                running |= {submitted(item) for item in itertools.islice(waiting, 1)}
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
