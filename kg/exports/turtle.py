"""RDF as Turtle."""

from __future__ import annotations

from pathlib import Path

from kg.exports.files import write_text
from kg.exports.rdf import triples
from kg.graph import Graph


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the triples of `kg.exports.rdf`."""
    return write_text(target, triples(graph).serialize(format="turtle"))
