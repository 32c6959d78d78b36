"""DOT, the language of Graphviz."""

from __future__ import annotations

from pathlib import Path

from kg.exports.elements import colour, edges, nodes
from kg.exports.files import write_text
from kg.exports.pictures import edge_label, is_symmetric, require_small
from kg.graph import Graph, records


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the graph; nodes are called by their entity ids. Raises KgError where it is too large to be read."""
    require_small(graph)
    lines = [
        "digraph {",
        '  graph [overlap=false, splines=true, fontname="Noto Sans CJK SC, Microsoft YaHei, sans-serif"]',
        '  node [shape=box, style="rounded,filled", fontcolor=white, color=white]',
        "  edge [color=gray50, fontsize=10]",
    ]
    for node in records(nodes(graph)):
        lines.append(
            f"  {_quoted(node['id'])} [label={_quoted(node['label'])}, fillcolor={_quoted(colour(node['type']))}]"
        )
    for edge in records(edges(graph)):
        direction = ", dir=none" if is_symmetric(edge) else ""
        lines.append(
            f"  {_quoted(edge['source'])} -> {_quoted(edge['target'])}"
            f" [key={_quoted(edge['id'])}, label={_quoted(edge_label(edge))}{direction}]"
        )
    return write_text(target, "\n".join([*lines, "}"]) + "\n")


def _quoted(text: str) -> str:
    # A backslash would begin an escape of DOT, such as \N for the node's name.
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
