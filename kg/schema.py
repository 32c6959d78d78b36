"""The one schema: entity types, relation types, what they may join, and the values of closed attributes.

Constraints, table definitions, CSV headers, export keys, legends and documentation are derived from here;
no other file lists the types. The types and their meaning follow the annotation guidelines of the project.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EntityType(StrEnum):
    """What a node can be."""

    COMPANY = "Company"
    PERSON = "Person"
    REGION = "Region"
    MODEL = "Model"
    POLICY = "Policy"
    ORGANIZATION = "Organization"


class RelationType(StrEnum):
    """What an edge can be; the first three are the core."""

    INVESTS_IN = "INVESTS_IN"
    REGULATES = "REGULATES"
    COMPETES_WITH = "COMPETES_WITH"
    DEVELOPS = "DEVELOPS"
    USES = "USES"
    ISSUES = "ISSUES"
    WORKS_FOR = "WORKS_FOR"
    PARTNERS_WITH = "PARTNERS_WITH"
    SUBSIDIARY_OF = "SUBSIDIARY_OF"
    LOCATED_IN = "LOCATED_IN"


class Status(StrEnum):
    """How far the text says a fact has come."""

    COMPLETED = "completed"
    PLANNED = "planned"
    ONGOING = "ongoing"
    RUMOURED = "rumoured"
    DENIED = "denied"
    ENDED = "ended"


class Action(StrEnum):
    """What a regulator does (attribute `action` of REGULATES)."""

    SANCTION = "sanction"
    BAN = "ban"
    APPROVE = "approve"
    LICENSE = "license"
    INVESTIGATE = "investigate"
    TARIFF = "tariff"
    EXPORT_CONTROL = "export-control"
    SUPERVISE = "supervise"
    PILOT = "pilot"
    FINE = "fine"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EntityDefinition:
    """An entity type for people: names, one-line meaning, colour of its nodes (RGB hex)."""

    type: EntityType
    chinese: str
    meaning: str
    colour: str


@dataclass(frozen=True, slots=True)
class RelationDefinition:
    """A relation type: what it may join, whether direction matters, and its attributes beyond the common ones."""

    type: RelationType
    chinese: str
    meaning: str
    heads: frozenset[EntityType]
    tails: frozenset[EntityType]
    symmetric: bool = False
    core: bool = False
    attributes: tuple[str, ...] = ()


_C, _P, _R = EntityType.COMPANY, EntityType.PERSON, EntityType.REGION
_M, _L, _O = EntityType.MODEL, EntityType.POLICY, EntityType.ORGANIZATION

ENTITIES: dict[EntityType, EntityDefinition] = {
    d.type: d
    for d in (
        EntityDefinition(
            _C, "公司", "A commercial actor: enterprise, bank, fund, business unit, brand", "#4C78A8"
        ),
        EntityDefinition(_P, "人物", "A named person", "#F58518"),
        EntityDefinition(
            _R, "地区", "Country, bloc, province, city, district, zone or named place", "#54A24B"
        ),
        EntityDefinition(
            _M, "AI模型", "A named AI model, version, family, or assistant named after one", "#B279A2"
        ),
        EntityDefinition(
            _L, "政策", "A named law, regulation, plan, agreement or policy programme", "#E45756"
        ),
        EntityDefinition(
            _O, "机构", "A non-commercial body: regulator, court, exchange, university, media", "#72B7B2"
        ),
    )
}

RELATIONS: dict[RelationType, RelationDefinition] = {
    d.type: d
    for d in (
        RelationDefinition(
            RelationType.INVESTS_IN,
            "投资",
            "Equity stake, funding, acquisition, contribution or capital spending",
            frozenset({_C, _P, _O, _R, _L}),
            frozenset({_C, _R, _O, _M, _L}),
            core=True,
            attributes=("amount", "amount_max", "currency", "amount_text", "stake", "round"),
        ),
        RelationDefinition(
            RelationType.REGULATES,
            "监管",
            "Sanction, ban, export control, tariff, licence, approval, pilot, investigation, fine, supervision",
            frozenset({_O, _R, _L, _P}),
            frozenset({_C, _P, _R, _M, _O, _L}),
            core=True,
            attributes=("action", "amount", "amount_max", "currency", "amount_text"),
        ),
        RelationDefinition(
            RelationType.COMPETES_WITH,
            "竞争",
            "Rivalry, comparison by rank, taking market share",
            frozenset({_C, _M, _R, _O}),
            frozenset({_C, _M, _R, _O}),
            symmetric=True,
            core=True,
        ),
        RelationDefinition(
            RelationType.DEVELOPS,
            "研发",
            "Trains, releases, open-sources or owns the model",
            frozenset({_C, _O, _P, _R}),
            frozenset({_M}),
        ),
        RelationDefinition(
            RelationType.USES,
            "使用",
            "Deploys, integrates, hosts or adapts hardware to the model",
            frozenset({_C, _O, _P, _R}),
            frozenset({_M}),
        ),
        RelationDefinition(
            RelationType.ISSUES,
            "发布",
            "Issues, proposes, passes, publishes or signs the policy",
            frozenset({_O, _R, _P, _C}),
            frozenset({_L}),
            attributes=("amount", "amount_max", "currency", "amount_text"),
        ),
        RelationDefinition(
            RelationType.WORKS_FOR,
            "任职",
            "Holds a post at, founded or represents",
            frozenset({_P}),
            frozenset({_C, _O, _R}),
            attributes=("role",),
        ),
        RelationDefinition(
            RelationType.PARTNERS_WITH,
            "合作",
            "Cooperation, contract, joint venture, supply",
            frozenset({_C, _O, _R}),
            frozenset({_C, _O, _R}),
            symmetric=True,
            attributes=("amount", "amount_max", "currency", "amount_text"),
        ),
        RelationDefinition(
            RelationType.SUBSIDIARY_OF,
            "隶属",
            "Controlled subsidiary, unit, brand or department of",
            frozenset({_C, _O}),
            frozenset({_C, _O}),
        ),
        RelationDefinition(
            RelationType.LOCATED_IN,
            "位于",
            "Headquarters, registration, plant or project stated to be there",
            frozenset({_C, _O}),
            frozenset({_R}),
        ),
    )
}

CORE_RELATIONS: tuple[RelationType, ...] = tuple(t for t, d in RELATIONS.items() if d.core)
SYMMETRIC_RELATIONS: frozenset[RelationType] = frozenset(t for t, d in RELATIONS.items() if d.symmetric)


def allows(relation: RelationType, head: EntityType, tail: EntityType) -> bool:
    """Whether the schema lets `relation` run from a `head` to a `tail`."""
    definition = RELATIONS[relation]
    return head in definition.heads and tail in definition.tails
