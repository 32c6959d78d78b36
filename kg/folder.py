"""The build folder: what lies where, one writer at a time, and how a finished build replaces the last one.

    settings.json      sources, configuration, removed documents: what a rebuild does again
    build.json         what the last finished build was made of (fingerprints) and when
    report.json        its report
    first_seen.json    the day on which each document was first read
    *.parquet          its tables
    graph.lbug         its embedded store
    decisions.csv      what people decided
    cache.sqlite       what was read and extracted, by content; may be deleted at any time

A build is written to `.staging`, renamed to `.next` (that rename is the moment it becomes the current one), and
then moved into place. Whoever finds a `.next` reads from it first, and the next writer finishes the move; so a
process killed at any moment leaves either the old build or the new one, never a mixture.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.errors import KgError

FORMAT_VERSION = 1
SETTINGS = "settings.json"
MANIFEST = "build.json"
REPORT = "report.json"
FIRST_SEEN = "first_seen.json"
DECISIONS = "decisions.csv"
STORE = "graph.lbug"
CACHE = "cache.sqlite"
_STAGING, _NEXT, _LOCK = ".staging", ".next", ".lock"


def table_path(folder: Path, name: str) -> Path:
    """Where the current build's table `name` lies."""
    return current_path(folder, f"{name}.parquet")


def current_path(folder: Path, file: str) -> Path:
    """Where a file of the current build lies, also while a finished build is being moved into place."""
    following = folder / _NEXT / file
    return following if following.exists() else folder / file


def first_seen_dates(folder: Path) -> dict[str, str]:
    """By doc_id, the day (ISO) on which a build first read it; empty before the first build."""
    path = current_path(folder, FIRST_SEEN)
    return {doc_id: str(day) for doc_id, day in read_json(path).items()} if path.exists() else {}


def require_build(folder: Path) -> Path:
    """`folder`, if it holds a finished build that this version can read; a KgError otherwise."""
    if not folder.exists():
        raise KgError(f"There is no build folder {folder}; make one with: kg build SOURCE... --out {folder}")
    if not current_path(folder, MANIFEST).exists():
        if (folder / SETTINGS).exists():
            raise KgError(f"The build in {folder} was never finished; finish it with: kg rebuild {folder}")
        raise KgError(f"{folder} is not a build folder; make one with: kg build SOURCE... --out DIR")
    _check_version(folder)
    return folder


def _check_version(folder: Path) -> None:
    for file in (current_path(folder, MANIFEST), folder / SETTINGS):
        if file.exists():
            found = read_json(file).get("format_version", 0)
            if not isinstance(found, int) or found > FORMAT_VERSION:
                raise KgError(
                    f"{folder} was written by a newer kg (build format {found}, this one reads up to"
                    f" {FORMAT_VERSION}); upgrade kg, or build into another folder."
                )


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file of the build folder; a KgError where it is damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        content = None
    if not isinstance(content, dict):
        raise KgError(f"{path} is damaged; delete it and run kg build again with the same sources.")
    return content


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON object by way of a temporary name."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, with what an interrupted writer left behind put in order first."""
    import filelock

    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except FileExistsError as error:
        raise KgError(f"{folder} is a file, not a folder; name another folder with --out.") from error
    except OSError as error:
        raise KgError(
            f"Cannot write to {folder} ({error.strerror}); name another folder with --out."
        ) from error
    lock = filelock.FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise KgError(
            f"Another kg is writing to {folder}; wait until it has finished, then try again."
        ) from error
    try:
        _check_version(folder)
        _move_into_place(folder)
        shutil.rmtree(folder / _STAGING, ignore_errors=True)
        yield
    finally:
        lock.release()


def staging(folder: Path) -> Path:
    """An empty folder in which the next build is written."""
    path = folder / _STAGING
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path


def publish(folder: Path) -> None:
    """Make what was staged the current build; files that were not staged stay as they are."""
    for path in (folder / _STAGING).iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    (folder / _STAGING).rename(folder / _NEXT)
    _move_into_place(folder)


def _move_into_place(folder: Path) -> None:
    following = folder / _NEXT
    if following.exists():
        for path in sorted(following.iterdir()):
            path.replace(folder / path.name)
        following.rmdir()
