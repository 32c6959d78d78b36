"""The graph as every store holds it: node labels, relationship types, and the properties of each.

    (:Entity {id, type, name, …})-[:INVESTS_IN {id, type, amount, …}]->(:Entity)
    (:Claim {id, type, sentence, …})-[:HEAD|TAIL]->(:Entity), (:Claim)-[:STATED_IN]->(:Document)
    (:Entity)-[:MENTIONED_IN {mentions}]->(:Document)

`type` is a property of entities, claims and relations, so that one query text runs where a node has only
one label (embedded) and where it has its type as a second one (Neo4j), and where `type(r)` does not exist.
Everything here is derived from `kg.schema` and `kg.tables`.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kg.schema import RELATIONS, RelationType
from kg.tables import Claim, Document, Entity, Relation


class PropertyType(StrEnum):
    """What a property holds."""

    STRING = "string"
    STRINGS = "string[]"
    INTEGER = "integer"
    NUMBER = "number"


Properties = dict[str, PropertyType]


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A node label. `id` is the unique key and the first property."""

    label: str
    properties: Properties


@dataclass(frozen=True, slots=True)
class RelationshipKind:
    """A relationship type between two node labels."""

    type: str
    start: str
    end: str
    properties: Properties


def _properties(row_type: type[Any], names: dict[str, str]) -> Properties:
    """Field name in the table → property name, in that order, with the property's type."""
    hints = typing.get_type_hints(row_type)
    return {property_name: _property_type(hints[field]) for field, property_name in names.items()}


def _property_type(hint: Any) -> PropertyType:
    if isinstance(hint, types.UnionType):
        hint = next(argument for argument in typing.get_args(hint) if argument is not type(None))
    if typing.get_origin(hint) is tuple:
        return PropertyType.STRINGS
    if issubclass(hint, str):
        return PropertyType.STRING
    return PropertyType.INTEGER if hint is int else PropertyType.NUMBER


def _same(row_type: type[Any], leave_out: set[str], **renamed: str) -> dict[str, str]:
    names = [field.name for field in dataclasses.fields(row_type) if field.name not in leave_out]
    return renamed | {name: name for name in names if name not in renamed}


#: What a relation shows of its best claim, beyond the attributes of its type.
BEST_CLAIM_PROPERTIES = ("confidence", "sentence")

_SENTENCE: Properties = {"sentence": PropertyType.STRING}
_ENTITY = _properties(Entity, _same(Entity, set(), entity_id="id"))
_DOCUMENT = _properties(Document, _same(Document, {"text"}, doc_id="id"))
_CLAIM_COLUMNS = {"doc_id", "head_mention", "tail_mention", "context"}
_CLAIM = _properties(Claim, _same(Claim, _CLAIM_COLUMNS, claim_id="id")) | _SENTENCE
_RELATION = _properties(Relation, _same(Relation, {"head", "tail"}, relation_id="id"))

NODES: dict[str, NodeKind] = {
    "Entity": NodeKind("Entity", _ENTITY),
    "Document": NodeKind("Document", _DOCUMENT),
    "Claim": NodeKind("Claim", _CLAIM),
}


def _relation_properties(relation: RelationType) -> Properties:
    attributes = {name: _CLAIM[name] for name in RELATIONS[relation].attributes}
    return _RELATION | attributes | {name: _CLAIM[name] for name in BEST_CLAIM_PROPERTIES}


#: The relationships between entities, one kind a relation type of the schema.
RELATION_KINDS: dict[str, RelationshipKind] = {
    relation.value: RelationshipKind(relation.value, "Entity", "Entity", _relation_properties(relation))
    for relation in RELATIONS
}

RELATIONSHIPS: dict[str, RelationshipKind] = RELATION_KINDS | {
    "HEAD": RelationshipKind("HEAD", "Claim", "Entity", {}),
    "TAIL": RelationshipKind("TAIL", "Claim", "Entity", {}),
    "STATED_IN": RelationshipKind("STATED_IN", "Claim", "Document", {}),
    "MENTIONED_IN": RelationshipKind(
        "MENTIONED_IN", "Entity", "Document", {"mentions": PropertyType.INTEGER}
    ),
}
