"""GraphML: nodes and edges with typed attributes."""

from __future__ import annotations

from pathlib import Path

from kg.exports.elements import flat_networkx
from kg.exports.files import replacing
from kg.graph import Graph


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the graph; attribute keys carry their names, edge ids are relation ids."""
    import networkx as nx

    with replacing(target) as (path,):
        nx.write_graphml(flat_networkx(graph), path, named_key_ids=True, edge_id_from_attribute="id")
    return [target]
