"""RDF as JSON-LD, with the prefixes as its context."""

from __future__ import annotations

from pathlib import Path

from kg.exports.files import write_text
from kg.exports.rdf import triples
from kg.graph import Graph


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the triples of `kg.exports.rdf`."""
    found = triples(graph)
    context = {prefix: str(namespace) for prefix, namespace in found.namespaces()}
    used = {prefix: context[prefix] for prefix in ("kg", "schema", "org", "prov", "rdf", "rdfs", "xsd")}
    text = found.serialize(format="json-ld", context=used, ensure_ascii=False, sort_keys=True)
    return write_text(target, text + "\n")
