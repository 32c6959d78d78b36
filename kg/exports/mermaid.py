"""Mermaid flowcharts, which GitHub, GitLab and Obsidian draw inside Markdown."""

from __future__ import annotations

import re
from pathlib import Path

from kg.exports.elements import edges, nodes
from kg.exports.files import write_text
from kg.exports.pictures import edge_label, is_symmetric, require_small
from kg.graph import Graph, records
from kg.schema import ENTITIES

#: Everything but letters, digits, Chinese and plain punctuation is written by its code point.
_UNSAFE = re.compile(r"[^\w\s·.,，。、:：（）%+/-]")


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the graph. Raises KgError where it is too large to be drawn."""
    require_small(graph)
    keys = {entity_id: f"n{number}" for number, entity_id in enumerate(graph.entities["entity_id"])}
    lines = ["flowchart LR"]
    for node in records(nodes(graph)):
        lines.append(f'  {keys[node["id"]]}["{_text(node["label"])}"]:::{node["type"]}')
    for edge in records(edges(graph)):
        arrow = "---" if is_symmetric(edge) else "-->"
        label = _text(edge_label(edge))
        lines.append(f'  {keys[edge["source"]]} {arrow}|"{label}"| {keys[edge["target"]]}')
    for definition in ENTITIES.values():
        lines.append(f"  classDef {definition.type} fill:{definition.colour},stroke:none,color:#fff")
    return write_text(target, "\n".join(lines) + "\n")


def _text(text: str) -> str:
    return _UNSAFE.sub(lambda match: f"#{ord(match[0])};", " ".join(text.split()))
