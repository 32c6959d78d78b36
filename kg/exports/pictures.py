"""What the text pictures (Mermaid, DOT) share: how large they may be, and what stands at an edge."""

from __future__ import annotations

from typing import Any

from kg.errors import KgError
from kg.graph import Graph
from kg.schema import RELATIONS, RelationType, Status

#: Mermaid draws no more edges than this; Graphviz does, but nobody can read them.
MOST_EDGES = 500


def require_small(graph: Graph) -> None:
    """Raise KgError if the graph is too large for a picture in text."""
    if len(graph.relations) > MOST_EDGES:
        raise KgError(
            f"{len(graph.relations)} relations are too many for this format, which takes {MOST_EDGES};"
            " choose a part with --subgraph NAME --depth 1, or export to .html"
        )


def edge_label(edge: dict[str, Any]) -> str:
    """The relation in Chinese, its amount, and its status where it has not happened."""
    parts = [RELATIONS[RelationType(edge["type"])].chinese]
    if "amount_text" in edge:
        parts.append(edge["amount_text"])
    if edge["status"] not in (Status.COMPLETED, Status.ONGOING):
        parts.append(f"({edge['status']})")
    return " ".join(parts)


def is_symmetric(edge: dict[str, Any]) -> bool:
    """Whether the edge has no direction."""
    return RELATIONS[RelationType(edge["type"])].symmetric
