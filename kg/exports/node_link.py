"""Node-link JSON, as `networkx.node_link_graph` reads it and D3 likes it."""

from __future__ import annotations

import json
from pathlib import Path

from kg.exports.elements import edges, nodes
from kg.exports.files import write_text
from kg.graph import Graph, records


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the graph as one JSON object; aliases are a list, edge keys are relation ids."""
    document = {
        "directed": True,
        "multigraph": True,
        "graph": {"name": graph.folder.name},
        "nodes": list(records(nodes(graph))),
        "edges": [{**edge, "key": edge["id"]} for edge in records(edges(graph))],
    }
    return write_text(target, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
