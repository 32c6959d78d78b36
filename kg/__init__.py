"""A knowledge graph from Chinese finance and AI-industry text.

`open_graph(folder)` gives the graph of a build; everything else is reached through the `kg` command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.graph import Graph, open_graph

__all__ = ["Graph", "open_graph"]


def __getattr__(name: str) -> Any:
    """Import pandas only when the graph is asked for, so that the command starts at once."""
    if name in __all__:
        from kg import graph

        return getattr(graph, name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")
