"""Reading files in a process of their own, so that none takes more than its share of time and memory.

What parses PDF, Word and HTML is C code that no exception can stop and that may end the process it runs in. The
process reads one file after the other, tells what it found in JSON (a process that a file has taken over can
tell falsehoods, but not make this one run anything), and is started anew where a file was its end.
"""

from __future__ import annotations

import contextlib
import dataclasses
import faulthandler
import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.building.cache import encode_document, encode_rows
from kg.errors import KgError
from kg.tables import Dropped

if TYPE_CHECKING:
    from kg.documents import Article, ReadingSettings, SourceFile

#: A piece of what was read is sent when it holds this many items or characters.
_ITEMS = 500
_CHARACTERS = 5_000_000
#: A file may take `max_seconds` for each of these that it begins, and so many times that by the clock on the wall.
_BYTES = 10_000_000
_PATIENCE = 10
#: Exit code of the watchdog.
_OUT_OF_TIME = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a file's content as plain values, as the cache keeps them.

    `articles` are documents each with its sections, `dropped` what was left out.
    """

    articles: list[Any]
    dropped: list[Any]


class Reader:
    """Reads files in another process, which starts with the first file and ends with this process at the latest."""

    def __init__(self, settings: ReadingSettings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, file: SourceFile) -> Iterator[Piece]:
        """What `read_file` gives for the file, piece by piece, and a last piece that says so where it was cut off.

        Raises KgError where no process can be started.
        """
        process = self._process if self._process and self._process.poll() is None else self._start()
        seconds = self._settings.max_seconds * (1 + size_of(file) // _BYTES)
        request = {**as_json(file), "seconds": seconds}
        with contextlib.suppress(BrokenPipeError):
            _write(process.stdin, request)
        finished = False
        try:
            while not finished and (line := _pipe(process.stdout).readline()).endswith(b"\n"):
                answer = json.loads(line)
                finished = answer is None
                if not finished:
                    yield Piece(*answer)
        finally:
            code = None if finished else self._stop()
        if not finished:
            yield Piece([], encode_rows([_cut_off(file, code)]))

    def _start(self) -> subprocess.Popen[bytes]:
        # Without -P the folder one stands in comes first among the places that modules are taken from.
        command = [sys.executable, "-P", "-c", f"from {__name__} import serve; serve()"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        pipe = subprocess.PIPE
        try:
            self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment
            )
            _write(self._process.stdin, dataclasses.asdict(self._settings))
            if _pipe(self._process.stdout).readline() != b"null\n":
                raise OSError("it ended at once")
        except OSError as error:
            self._stop()
            raise KgError(
                f"The process that reads files could not be started ({error.strerror or error});"
                f" check that {sys.executable} runs and that memory is left."
            ) from error
        return self._process

    def _stop(self) -> int | None:
        """End the process, however it is; its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        # One that has come to its own end says with its code why.
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            _pipe(process.stdin).close()
            process.wait(timeout=1)
        process.kill()
        _pipe(process.stdout).close()
        return process.wait()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _write(stream: IO[bytes] | None, value: Any) -> None:
    _pipe(stream).write(json.dumps(value).encode("ascii") + b"\n")
    _pipe(stream).flush()


def as_json(file: SourceFile) -> dict[str, Any]:
    """A file as plain values for another process."""
    part = dataclasses.astuple(file.part) if file.part else None
    return {"path": str(file.path), "name": file.name, "part": part}


def from_json(values: Mapping[str, Any]) -> SourceFile:
    """The file that `as_json` was given."""
    from kg.documents import Part, SourceFile

    part = Part(*values["part"]) if values["part"] else None
    return SourceFile(Path(values["path"]), values["name"], part)


def size_of(file: SourceFile) -> int:
    """The size of the file or part in bytes, 0 where it is gone."""
    if file.part:
        return file.part.end - file.part.start
    try:
        return file.path.stat().st_size
    except OSError:
        return 0


def _cut_off(file: SourceFile, code: int | None) -> Dropped:
    if code in (_OUT_OF_TIME, -getattr(signal, "SIGXCPU", signal.SIGTERM)):
        reason = "file that takes longer to read than max_seconds allows; split it or raise max_seconds"
    else:
        reason = "file on which the reader broke down; save it anew, split it, or raise max_memory_bytes"
    return Dropped(file.name, "read", reason, 1, f"exit code {code}")


def serve() -> None:
    """Read the files that standard input names until it ends; answers go to standard output."""
    from kg.documents import ReadingSettings

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    settings = ReadingSettings(**json.loads(sys.stdin.buffer.readline()))
    _write(answers, None)
    with Path(os.devnull).open("w") as nowhere:
        for line in sys.stdin.buffer:
            request = json.loads(line)
            _limit(settings.max_memory_bytes, request["seconds"])
            # Its thread needs nothing of the interpreter, so it also ends a reader that hangs in C code.
            faulthandler.dump_traceback_later(request["seconds"] * _PATIENCE, exit=True, file=nowhere)
            for articles, dropped in _pieces(from_json(request), settings):
                rows = [encode_document(a.document, a.sections) for a in articles]
                _write(answers, [rows, encode_rows(dropped)])
            faulthandler.cancel_dump_traceback_later()
            _write(answers, None)


def _pieces(file: SourceFile, settings: ReadingSettings) -> Iterator[tuple[list[Article], list[Dropped]]]:
    articles: list[Article] = []
    dropped: list[Dropped] = []
    characters = 0
    for item in _read_safely(file, settings):
        if isinstance(item, Dropped):
            dropped.append(item)
        else:
            articles.append(item)
            characters += len(item.document.text)
        if characters >= _CHARACTERS or len(articles) + len(dropped) >= _ITEMS:
            yield articles, dropped
            articles, dropped, characters = [], [], 0
    if articles or dropped:
        yield articles, dropped


def _read_safely(file: SourceFile, settings: ReadingSettings) -> Iterator[Article | Dropped]:
    """What the reader gives; should it fail on a file, the report names that file and the batch goes on."""
    from kg.documents import read_file

    try:
        yield from read_file(file, settings)
    except Exception as error:
        reason = "file could not be read (report this as a bug)"
        yield Dropped(file.name, "read", reason, 1, f"{type(error).__name__}: {error}")


def _limit(memory: int, seconds: float) -> None:
    """Let this process take so many bytes and seconds of processor time on top of what it has (not on Windows)."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        used = resource.getrusage(resource.RUSAGE_SELF)
        _set_limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + seconds))
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _set_limit(resource.RLIMIT_AS, pages * resource.getpagesize() + memory)


def _set_limit(kind: int, value: int) -> None:
    import resource

    highest = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if highest == resource.RLIM_INFINITY else min(value, highest), highest))
