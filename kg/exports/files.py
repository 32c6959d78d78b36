"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

#: What a spreadsheet takes for the beginning of a formula.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextlib.contextmanager
def replacing(*targets: Path) -> Iterator[tuple[Path, ...]]:
    """Paths to write to, which become `targets`, all at one go, when the block ends and vanish when it fails."""
    temporaries = tuple(map(temporary_name, targets))
    try:
        yield temporaries
        for temporary, target in zip(temporaries, targets, strict=True):
            temporary.replace(target)
    finally:
        for temporary in temporaries:
            temporary.unlink(missing_ok=True)


def temporary_name(target: Path) -> Path:
    """A name beside `target` that this process alone uses; what killed processes left under theirs is removed."""
    for path in target.parent.glob(f".{glob.escape(target.name)}.*.tmp"):
        process = path.name.split(".")[-2]
        if process.isdigit() and not _runs(int(process)):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    return target.with_name(f".{target.name}.{os.getpid()}.tmp")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


def write_text(target: Path, text: str) -> list[Path]:
    """Write UTF-8 text with Unix line ends; characters no encoding can hold become question marks."""
    with replacing(target) as (path,):
        path.write_bytes(text.encode("utf-8", errors="replace"))
    return [target]


def pair(target: Path) -> tuple[Path, Path]:
    """The names for nodes and edges: `graph.csv` becomes `graph.nodes.csv` and `graph.edges.csv`."""
    return (
        target.with_name(f"{target.stem}.nodes{target.suffix}"),
        target.with_name(f"{target.stem}.edges{target.suffix}"),
    )
