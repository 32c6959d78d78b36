"""The build folder: what lies where, one writer at a time, and how a finished build replaces the last one.

    settings.json      sources, configuration, removed documents: what a rebuild does again
    build.json         what the last finished build was made of (fingerprints) and when
    report.json        its report
    first_seen.json    the day on which each document was first read
    *.parquet          its tables
    graph.lbug         its embedded store
    previous-*         entities, relations, identities and build.json of the build before: what `kg diff` compares
    decisions.csv      what people decided
    cache.sqlite       what was read and extracted, by content; may be deleted at any time

A build is written to `.staging`, renamed to `.next` (that rename is the moment it becomes the current one), and
then moved into place. Whoever finds a `.next` reads from it first, and the next writer finishes the move; so a
process killed at any moment leaves either the old build or the new one, never a mixture. Who reads several files
reads them `steadily`, so that a build finished meanwhile does not give half of each.

The format version counts up when an older kg could not read what a newer one writes, or the other way round. A
rebuild upgrades an older folder: everything is made again from the sources, ids and decisions stay.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from kg.errors import KgError

FORMAT_VERSION = 1
SETTINGS = "settings.json"
MANIFEST = "build.json"
REPORT = "report.json"
FIRST_SEEN = "first_seen.json"
DECISIONS = "decisions.csv"
STORE = "graph.lbug"
CACHE = "cache.sqlite"
PREVIOUS = "previous-"
_KEPT = ("entities.parquet", "relations.parquet", "identities.parquet", MANIFEST)
_STAGING, _NEXT, _LOCK = ".staging", ".next", ".lock"

Result = TypeVar("Result")


def table_path(folder: Path, name: str) -> Path:
    """Where the current build's table `name` lies."""
    return current_path(folder, f"{name}.parquet")


def current_path(folder: Path, file: str) -> Path:
    """Where a file of the current build lies, also while a finished build is being moved into place."""
    following = folder / _NEXT / file
    return following if following.exists() else folder / file


def steadily(folder: Path, read: Callable[[], Result]) -> Result:
    """What `read` gives; done again where the files of the current build moved or were replaced meanwhile."""
    while True:
        build, moving = _manifest(folder), _moving(folder)
        try:
            result = read()
        except (OSError, KgError):
            if build == _manifest(folder) and moving == _moving(folder):
                raise
        else:
            if build == _manifest(folder):
                return result


def _manifest(folder: Path) -> bytes | None:
    for path in (folder / _NEXT / MANIFEST, folder / MANIFEST):
        with contextlib.suppress(OSError):
            return path.read_bytes()
    return None


def _moving(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder / _NEXT))  # noqa: PTH208 (one call sees one moment)
    except OSError:
        return []


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
    _refuse_newer(folder)
    found = format_version(current_path(folder, MANIFEST))
    if found < FORMAT_VERSION:
        raise KgError(
            f"{folder} was written by an older kg (build format {found}, this one reads {FORMAT_VERSION});"
            f" upgrade it with: kg rebuild {folder} (ids and decisions stay)."
        )
    return folder


def format_version(manifest: Path) -> int:
    """The format that `build.json` (or `settings.json`) states; 0 where it states none."""
    found = read_json(manifest).get("format_version", 0)
    if not isinstance(found, int):
        raise KgError(f"{manifest} states no format version; delete it and run kg rebuild.")
    return found


def whole_manifest(folder: Path) -> dict[str, Any]:
    """`build.json` of the current build where it has this version's format and its files are those that were
    published, by their sizes; empty where it has not, so that it has to be made again."""
    path = current_path(folder, MANIFEST)
    manifest = read_json(path) if path.exists() else {}
    if manifest.get("format_version") != FORMAT_VERSION or "files" not in manifest:
        return {}
    return manifest if not damaged_files(folder, manifest) else {}


def damaged_files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """The files of the current build that are missing, or not of the size in which they were published."""
    return [
        file
        for file, size in manifest["files"].items()
        if not (path := current_path(folder, file)).is_file() or path.stat().st_size != size
    ]


def _refuse_newer(folder: Path) -> None:
    for file in (current_path(folder, MANIFEST), folder / SETTINGS):
        if file.exists() and (found := format_version(file)) > FORMAT_VERSION:
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
        _refuse_newer(folder)
        _move_into_place(folder)
        shutil.rmtree(folder / _STAGING, ignore_errors=True)
        yield
    finally:
        # What was not published is of no use, and on a full disk it takes up room.
        shutil.rmtree(folder / _STAGING, ignore_errors=True)
        lock.release()


def staging(folder: Path) -> Path:
    """An empty folder in which the next build is written."""
    path = folder / _STAGING
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path


def publish(folder: Path) -> None:
    """Make what was staged the current build; files that were not staged stay as they are."""
    staged = folder / _STAGING
    before = read_json(folder / MANIFEST) if (folder / MANIFEST).exists() else {}
    if before.get("format_version") != FORMAT_VERSION:
        before = {}
    if before and (staged / _KEPT[0]).exists() and all((folder / file).exists() for file in _KEPT):
        for file in _KEPT:
            _link(folder / file, staged / f"{PREVIOUS}{file}")
    sizes = {path.name: path.stat().st_size for path in staged.iterdir() if path.name != MANIFEST}
    manifest = read_json(staged / MANIFEST)
    write_json(staged / MANIFEST, {**manifest, "files": {**before.get("files", {}), **sizes}})
    for path in staged.iterdir():
        _to_disk(path)
    _to_disk(staged)
    staged.rename(folder / _NEXT)
    _to_disk(folder)
    _move_into_place(folder)


def _link(path: Path, target: Path) -> None:
    """The same content under a second name; a copy where the file system has no links."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _move_into_place(folder: Path) -> None:
    following = folder / _NEXT
    if following.exists():
        for path in sorted(following.iterdir()):
            path.replace(folder / path.name)
        following.rmdir()
