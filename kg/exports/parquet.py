"""Two Parquet files, nodes and edges."""

from __future__ import annotations

from pathlib import Path

from kg.exports.elements import edges, nodes
from kg.exports.files import pair, replacing
from kg.graph import Graph


def write(graph: Graph, target: Path) -> list[Path]:
    """Write `NAME.nodes.parquet` and `NAME.edges.parquet`; aliases stay lists."""
    written = pair(target)
    for frame, file in zip((nodes(graph), edges(graph)), written, strict=True):
        with replacing(file) as path:
            frame.to_parquet(path, index=False, compression="zstd")
    return list(written)
