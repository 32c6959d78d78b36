"""FollowTheMoney entities, one JSON object a line, as Aleph, OpenSanctions and their tools read them.

Companies, people and organizations are what they are there; a region is a Territory, a model an Asset, a policy
a Document. A stake is an Ownership, a post a Directorship or an Employment; what FollowTheMoney has no word for is
an UnknownLink whose role is the relation. A sanction is one of its Sanctions besides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.exports.elements import edges
from kg.exports.files import write_text
from kg.graph import Graph, records
from kg.schema import Action, EntityType, RelationType

_SCHEMATA = {
    EntityType.COMPANY: "Company",
    EntityType.PERSON: "Person",
    EntityType.REGION: "Territory",
    EntityType.MODEL: "Asset",
    EntityType.POLICY: "Document",
    EntityType.ORGANIZATION: "Organization",
}
#: What each end of a link may be there, by the schemata above.
_LEGAL_ENTITIES = {"Company", "Person", "Organization"}
_ASSETS = {"Company", "Asset"}
_ORGANIZATIONS = {"Company", "Organization"}

_DIRECTOR = re.compile("董事|监事|总裁|总经理|首席|行长|主席|(?i:CEO|CTO|CFO|COO|chair|director|president)")
_SANCTIONS = {Action.SANCTION, Action.BAN, Action.EXPORT_CONTROL}

Entity = dict[str, Any]


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the graph; ids are those of our entities and relations."""
    lines = [json.dumps(entity, ensure_ascii=False) for entity in _entities(graph)]
    return write_text(target, "".join(line + "\n" for line in lines))


def _entities(graph: Graph) -> Iterator[Entity]:
    schemata, names = {}, {}
    for node in records(graph.entities):
        schema = _SCHEMATA[EntityType(node["type"])]
        schemata[node["entity_id"]], names[node["entity_id"]] = schema, node["name"]
        aliases = [alias for alias in node["aliases"] if alias != node["name"]]
        # A document there must have a file name.
        title = {"title": node["name"], "fileName": node["name"]} if schema == "Document" else {}
        yield _entity(node["entity_id"], schema, name=node["name"], alias=aliases, **title)
    for edge in records(edges(graph)):
        yield _link(edge, schemata)
        if edge.get("action") in _SANCTIONS:
            yield _entity(
                f"{edge['id']}-sanction",
                "Sanction",
                entity=edge["target"],
                authority=names[edge["source"]],
                reason=edge.get("evidence"),
                **_interval(edge),
            )


def _link(edge: dict[str, Any], schemata: dict[str, str]) -> Entity:
    kind = RelationType(edge["type"])
    source, target = edge["source"], edge["target"]
    head, tail = schemata[source], schemata[target]
    common = {"status": edge["status"], **_interval(edge), **_source(edge)}
    if kind is RelationType.INVESTS_IN and head in _LEGAL_ENTITIES and tail in _ASSETS:
        return _entity(
            edge["id"],
            "Ownership",
            owner=source,
            asset=target,
            role=kind,
            percentage=edge.get("stake"),
            sharesValue=edge.get("amount"),
            sharesCurrency=edge.get("currency"),
            **common,
        )
    if kind is RelationType.SUBSIDIARY_OF and tail in _LEGAL_ENTITIES and head in _ASSETS:
        return _entity(edge["id"], "Ownership", owner=target, asset=source, role=kind, **common)
    if kind is RelationType.WORKS_FOR and tail in _ORGANIZATIONS:
        role = edge.get("role", kind)
        if _DIRECTOR.search(role):
            return _entity(
                edge["id"], "Directorship", director=source, organization=target, role=role, **common
            )
        return _entity(edge["id"], "Employment", employee=source, employer=target, role=role, **common)
    return _entity(edge["id"], "UnknownLink", subject=source, object=target, role=kind, **common)


def _interval(edge: dict[str, Any]) -> dict[str, Any]:
    first, last = edge.get("first_date"), edge.get("last_date")
    return {"date": first} if first == last else {"startDate": first, "endDate": last}


def _source(edge: dict[str, Any]) -> dict[str, Any]:
    return {"summary": edge.get("evidence"), "publisher": edge.get("document_title") or edge.get("document")}


def _entity(identifier: str, schema: str, **properties: Any) -> Entity:
    """An entity with every value as a list of strings, as the format has it; what is missing is left out."""
    kept = {}
    for name, value in properties.items():
        values = value if isinstance(value, list) else [value]
        texts = [
            format(v, "f").rstrip("0").rstrip(".") if isinstance(v, float) else str(v) for v in values if v
        ]
        if texts:
            kept[name] = texts
    return {"id": identifier, "schema": schema, "properties": kept}
