"""Two CSV files, nodes and edges, that spreadsheets open without running what is in them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from kg.exports.elements import edges, nodes
from kg.exports.files import STARTS_A_FORMULA, pair, replacing
from kg.graph import Graph


def write(graph: Graph, target: Path) -> list[Path]:
    """Write `NAME.nodes.csv` and `NAME.edges.csv`; a byte order mark tells Excel that they are UTF-8."""
    written = pair(target)
    with replacing(*written) as paths:
        for frame, path in zip((nodes(graph), edges(graph)), paths, strict=True):
            harmless(frame).to_csv(path, index=False, encoding="utf-8-sig", errors="replace")
    return list(written)


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with lists joined, and a ' before every text that a spreadsheet would take for a formula."""
    joined = frame.copy()
    for column in joined.columns:
        if not pd.api.types.is_numeric_dtype(joined[column]):
            joined[column] = joined[column].map(_harmless)
    return joined


def _harmless(value: object) -> object:
    if isinstance(value, str):
        text = value
    elif value is not None and hasattr(value, "__iter__"):
        text = " | ".join(value)
    else:
        return value
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
