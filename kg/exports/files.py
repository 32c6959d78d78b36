"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

#: What a spreadsheet takes for the beginning of a formula.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path to write to, which becomes `target` when the block ends and vanishes when it fails."""
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        yield temporary
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(target: Path, text: str) -> list[Path]:
    """Write UTF-8 text with Unix line ends; characters no encoding can hold become question marks."""
    with replacing(target) as path:
        path.write_bytes(text.encode("utf-8", errors="replace"))
    return [target]


def pair(target: Path) -> tuple[Path, Path]:
    """The names for nodes and edges: `graph.csv` becomes `graph.nodes.csv` and `graph.edges.csv`."""
    return (
        target.with_name(f"{target.stem}.nodes{target.suffix}"),
        target.with_name(f"{target.stem}.edges{target.suffix}"),
    )
