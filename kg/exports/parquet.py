"""Two Parquet files, nodes and edges."""

from __future__ import annotations

from pathlib import Path

from kg.exports.elements import edges, nodes
from kg.exports.files import pair, replacing
from kg.graph import Graph


def write(graph: Graph, target: Path) -> list[Path]:
    """Write `NAME.nodes.parquet` and `NAME.edges.parquet`; aliases stay lists."""
    written = pair(target)
    with replacing(*written) as paths:
        for frame, path in zip((nodes(graph), edges(graph)), paths, strict=True):
            frame.to_parquet(path, index=False, compression="zstd")
    return list(written)
