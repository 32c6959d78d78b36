"""GEXF for Gephi: colours by type, sizes by mentions, places, and dates on the edges for its timeline."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from kg.exports.dates import first_day, last_day
from kg.exports.elements import colour, flat_networkx
from kg.exports.files import replacing
from kg.exports.layout import positions
from kg.graph import Graph

_UNIT = 60
"""Pixels for one unit of the layout."""


def write(graph: Graph, target: Path) -> list[Path]:
    """Write GEXF 1.2; an edge lasts from its first to its last date, one without dates is always there."""
    import networkx as nx

    flat = flat_networkx(graph)
    place = positions(graph)
    for identifier, node in flat.nodes(data=True):
        red, green, blue = bytes.fromhex(colour(node["type"])[1:])
        node["viz"] = {
            "color": {"r": red, "g": green, "b": blue, "a": 1.0},
            "size": round(6 + 6 * math.log2(1 + node["mentions"]), 2),
            "position": {axis: round(_UNIT * at, 1) for axis, at in zip("xy", place[identifier], strict=True)}
            | {"z": 0.0},
        }
    for _, _, edge in flat.edges(data=True):
        # GEXF keeps `type` for "directed"; the relation is the label and an attribute of its own.
        edge["label"] = edge["relation"] = edge.pop("type")
        edge["weight"] = float(edge["independent_documents"])
        edge.update(_lifetime(edge))
    with replacing(target) as (path,):
        nx.write_gexf(flat, path, version="1.2draft")
    return [target]


def _lifetime(edge: dict[str, Any]) -> dict[str, str]:
    first, last = edge.get("first_date"), edge.get("last_date") or edge.get("first_date")
    lifetime = {}
    if first:
        lifetime["start"] = first_day(first)
    if last:
        lifetime["end"] = last_day(last)
    return lifetime
