"""A knowledge graph from Chinese finance and AI-industry text.

`open_graph(folder)` gives the graph of a build; everything else is reached through the `kg` command.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.graph import Graph, open_graph

__version__ = "0.1.0"
__all__ = ["Graph", "open_graph"]


def __getattr__(name: str) -> Any:
    """Import only what is asked for, so that the command starts at once: pandas comes with the graph."""
    if name in __all__:
        from kg import graph

        return getattr(graph, name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


# Work is spread over processes; threads within small matrix products only wait for each other (six times slower).
# It must be set before numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
