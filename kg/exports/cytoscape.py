"""Cytoscape JSON (`.cyjs`): elements with their data and, for a first look, a place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.exports.elements import colour, edges, nodes
from kg.exports.files import write_text
from kg.exports.layout import positions
from kg.graph import Graph, records

_UNIT = 60
"""Pixels for one unit of the layout."""


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the graph; `name` is what Cytoscape shows, `value` and `key` are what networkx looks for."""
    place = positions(graph)
    node_elements: list[dict[str, Any]] = []
    for node in records(nodes(graph)):
        x, y = place[node["id"]]
        node_elements.append(
            {
                "data": {
                    **node,
                    "name": node["label"],
                    "colour": colour(node["type"]),
                    "value": node["id"],
                },
                "position": {"x": round(x * _UNIT, 1), "y": round(-y * _UNIT, 1)},
            }
        )
    edge_elements = [
        {"data": {**edge, "name": edge["type"], "interaction": edge["type"], "key": edge["id"]}}
        for edge in records(edges(graph))
    ]
    document = {
        "format_version": "1.0",
        "generated_by": "kg",
        "data": {"name": graph.folder.resolve().name},
        "directed": True,
        "multigraph": True,
        "elements": {"nodes": node_elements, "edges": edge_elements},
    }
    return write_text(target, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
