"""The graph as files for other programs: one module a format, chosen by the suffix of the file."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.graph import Graph


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: `--format` name (also its module here), suffixes of its own, and what opens it."""

    name: str
    suffixes: tuple[str, ...]
    opens_with: str


_FORMATS = (
    Format("html", (".html", ".htm"), "any browser: search, filter, sentences; one file, no network"),
    Format("graphml", (".graphml",), "Gephi, Cytoscape, yEd, networkx"),
    Format("gexf", (".gexf",), "Gephi, with colours, sizes, layout and a timeline"),
    Format("node_link", (".json",), "networkx.node_link_graph, D3"),
    Format("cytoscape", (".cyjs",), "Cytoscape, cytoscape.js"),
    Format("csv_pair", (".csv",), "spreadsheets, pandas; writes NAME.nodes.csv and NAME.edges.csv"),
    Format("parquet", (".parquet",), "pandas, DuckDB, Polars; writes NAME.nodes and NAME.edges"),
    Format("excel", (".xlsx",), "Excel, LibreOffice, WPS; sheets for reading"),
    Format("turtle", (".ttl",), "RDF stores, Protégé; schema.org, W3C Org and PROV"),
    Format("json_ld", (".jsonld",), "RDF stores and web pages; the same triples"),
    Format("mermaid", (".mmd", ".mermaid"), "GitHub, GitLab, Obsidian; for small neighbourhoods"),
    Format("dot", (".dot", ".gv"), "Graphviz; for small neighbourhoods"),
    Format("followthemoney", (".ftm", ".ftm.json"), "FollowTheMoney tools: Aleph, OpenSanctions; JSON lines"),
    Format("neo4j_import", ("neo4j-import",), "neo4j-admin database import; writes the folder neo4j-import/"),
)


def formats() -> tuple[Format, ...]:
    """Every format that can be written, in the order of the help."""
    return _FORMATS


def format_for(target: Path, name: str | None = None) -> Format:
    """The format called `name`, or else that of the suffix of `target`. Raises KgError if there is none."""
    if name is not None:
        for candidate in _FORMATS:
            if name.replace("-", "_") == candidate.name:
                return candidate
        known = ", ".join(candidate.name for candidate in _FORMATS)
        raise KgError(f"There is no format {name!r}; the formats are {known}")
    by_suffix = {suffix: candidate for candidate in _FORMATS for suffix in candidate.suffixes}
    for suffix in sorted(by_suffix, key=len, reverse=True):  # .ftm.json before .json
        if target.name.lower().endswith(suffix):
            return by_suffix[suffix]
    raise KgError(
        f"The suffix of {target} stands for no format; use one of {' '.join(by_suffix)}, or --format"
    )


def export(graph: Graph, target: Path, format: str | None = None) -> list[Path]:
    """Write `graph` to `target`; returns the files written (a pair of tables is two).

    Raises KgError where the format is unknown or the file cannot be written.
    """
    chosen = format_for(target, format)
    module = importlib.import_module(f"kg.exports.{chosen.name}")
    try:
        written: list[Path] = module.write(graph, target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise KgError(f"{target} cannot be written ({reason}); choose another place") from error
    return written
