"""Nodes and edges as flat tables: the columns that every exchange format carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from kg.graph import Graph, records
from kg.schema import ENTITIES, EntityType

if TYPE_CHECKING:
    import networkx as nx

#: Attributes that stand on claims alone; an edge shows those of its best claim that has them.
_CLAIM_ATTRIBUTES = ("amount_text", "amount_max", "stake", "round", "role", "action")

#: What XML 1.0 cannot hold, even escaped.
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def nodes(graph: Graph) -> pd.DataFrame:
    """id, label, type, aliases (tuple), mentions, documents: one row an entity."""
    return graph.entities.rename(columns={"entity_id": "id", "name": "label"})[
        ["id", "label", "type", "aliases", "mentions", "documents"]
    ]


def edges(graph: Graph) -> pd.DataFrame:
    """One row a relation, with what its best claim says.

    id, source, target, type, status, first_date, last_date, amount, currency, the claim attributes, claims,
    independent_documents, evidence (the best sentence), document (its id), document_title, document_date.
    """
    # Evidence comes best first within each relation, so that "first" takes the best claim that has a value.
    best = graph.evidence().groupby("relation_id", sort=False).first()
    relations = graph.relations.drop(columns=["best_claim"]).join(
        best[[*_CLAIM_ATTRIBUTES, "sentence", "doc_id", "title", "document_date"]], on="relation_id"
    )
    renamed = relations.rename(
        columns={
            "relation_id": "id",
            "head": "source",
            "tail": "target",
            "sentence": "evidence",
            "doc_id": "document",
            "title": "document_title",
        }
    )
    return renamed[
        [
            *("id", "source", "target", "type", "status", "first_date", "last_date", "amount", "currency"),
            *_CLAIM_ATTRIBUTES,
            *("claims", "independent_documents", "evidence", "document", "document_title", "document_date"),
        ]
    ]


def flat_networkx(graph: Graph) -> nx.MultiDiGraph[str]:
    """The graph with plain attributes only (text, numbers), as XML formats need them."""
    import networkx as nx

    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=graph.folder.name)
    for node in plain(nodes(graph)):
        flat.add_node(node.pop("id"), **node)
    for edge in plain(edges(graph)):
        flat.add_edge(edge.pop("source"), edge.pop("target"), key=edge["id"], **edge)
    return flat


def plain(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows as dictionaries: lists joined with " | ", empty values left out, text that XML can hold."""
    for row in records(frame):
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        value = " | ".join(value)
    return _ILLEGAL_IN_XML.sub("\ufffd", value) if isinstance(value, str) else value


def colour(entity_type: str) -> str:
    """The colour of a node, `#RRGGBB`."""
    return ENTITIES[EntityType(entity_type)].colour
