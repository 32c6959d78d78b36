"""The Cypher that loads the graph into Neo4j, written from the model; values travel as parameters only.

Every element of ours carries `kg_hash`, the hash of its content: it marks the element as ours, and tells a later
load that it need not be written again. Rows are lists whose last item is that hash. HEAD, TAIL and STATED_IN have
no content and no mark: they are ours where both their nodes are (marks on them took a quarter of a load's time).
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.schema import ENTITIES
from kg.stores.model import NODES, RELATION_KINDS, RELATIONSHIPS, Properties

MARK = "kg_hash"
CLAIM_RELATIONSHIPS = ("HEAD", "TAIL", "STATED_IN")
MENTIONED_IN = "MENTIONED_IN"

_OUR_ENDS = f"s.{MARK} IS NOT NULL AND e.{MARK} IS NOT NULL"
_INDEXED = {"Entity": ("name", "type"), "Claim": ("type", "deal_id"), "Document": ("date",)}


def schema() -> Iterator[str]:
    """Constraints and indexes: unique keys, what queries look up, and full text that finds Chinese names."""
    yield from named_schema().values()


def named_schema() -> dict[str, str]:
    """The statements of `schema` by the name of the constraint or index that each makes."""
    made = {}
    for label in (*NODES, "Build"):
        name = f"{label.lower()}_id"
        made[name] = f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
    for kind in RELATION_KINDS:
        name = f"{kind.lower()}_id"
        made[name] = f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR ()-[r:{kind}]-() REQUIRE r.id IS UNIQUE"
    for label, properties in _INDEXED.items():
        for property_name in properties:
            name = f"{label.lower()}_{property_name}"
            made[name] = f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{label}) ON (n.{property_name})"
    made["entity_names"] = (
        "CREATE FULLTEXT INDEX entity_names IF NOT EXISTS FOR (n:Entity) ON EACH [n.name, n.aliases]"
        " OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}"
    )
    return made


def stored(kind: str) -> str:
    """Key and hash of every element of ours of a node label or relationship type."""
    if kind in NODES:
        return f"MATCH (n:{kind}) WHERE n.{MARK} IS NOT NULL RETURN n.id, n.{MARK}"
    if kind == MENTIONED_IN:
        return f"MATCH (s:Entity)-[r:{kind}]->(e:Document) WHERE r.{MARK} IS NOT NULL RETURN s.id, e.id, r.{MARK}"
    return f"MATCH (:Entity)-[r:{kind}]->(:Entity) WHERE r.{MARK} IS NOT NULL RETURN r.id, r.{MARK}"


def create_node(label: str, entity_type: str | None = None) -> str:
    """Rows: the properties in the order of the model, hash. Entities are made one type at a time."""
    labels = label if entity_type is None else f"{label}:{entity_type}"
    return f"UNWIND $rows AS row CREATE (n:{labels} {_map(NODES[label].properties)})"


def change_node(label: str, entity_type: str | None = None) -> str:
    """Rows as for `create_node`; labels and properties that are not ours stay."""
    labels = ""
    if entity_type is not None:
        others = "".join(f":{other}" for other in ENTITIES if other != entity_type)
        labels = f" REMOVE n{others} SET n:{entity_type}"
    return (
        f"UNWIND $rows AS row MATCH (n:{label} {{id: row[0]}}) WHERE n.{MARK} IS NOT NULL{labels}"
        f" SET n += {_map(NODES[label].properties)}"
    )


def create_claim() -> str:
    """Rows: the properties, then the keys of head, tail and document, then the hash."""
    match, create = _claim_ends()
    properties = _map(NODES["Claim"].properties, last=_claim_width())
    return f"UNWIND $rows AS row {match} CREATE (n:Claim {properties}){create}"


def change_claim() -> str:
    """Rows as for `create_claim`; the claim's own relationships were deleted before."""
    match, create = _claim_ends()
    properties = _map(NODES["Claim"].properties, last=_claim_width())
    return (
        f"UNWIND $rows AS row MATCH (n:Claim {{id: row[0]}}) WHERE n.{MARK} IS NOT NULL {match}"
        f" SET n += {properties} CREATE (n){create}"
    )


def _claim_width() -> int:
    return len(NODES["Claim"].properties) + len(CLAIM_RELATIONSHIPS)


def _claim_ends() -> tuple[str, str]:
    first = len(NODES["Claim"].properties)
    match = " ".join(
        f"MATCH (e{i}:{RELATIONSHIPS[kind].end} {{id: row[{first + i}]}})"
        for i, kind in enumerate(CLAIM_RELATIONSHIPS)
    )
    create = ", (n)".join(f"-[:{kind}]->(e{i})" for i, kind in enumerate(CLAIM_RELATIONSHIPS))
    return match, create


def unlink_claims() -> str:
    """Delete what joins claims (by key) to their entities and document."""
    kinds = "|".join(CLAIM_RELATIONSHIPS)
    return f"UNWIND $rows AS key MATCH (s:Claim {{id: key}})-[r:{kinds}]->(e) WHERE {_OUR_ENDS} DELETE r"


def create_relationship(kind: str) -> str:
    """Rows: keys of start and end, the properties, hash."""
    model = RELATIONSHIPS[kind]
    return f"UNWIND $rows AS row {_ends(kind)} CREATE (s)-[:{kind} {_map(model.properties, 2)}]->(e)"


def change_relationship(kind: str) -> str:
    """Rows as for `create_relationship`."""
    model = RELATIONSHIPS[kind]
    key = "" if kind == MENTIONED_IN else " {id: row[2]}"
    return (
        f"UNWIND $rows AS row {_ends(kind)} MERGE (s)-[r:{kind}{key}]->(e)"
        f" SET r += {_map(model.properties, 2)}"
    )


def delete_moved(kind: str) -> str:
    """Rows as for `create_relationship`: delete those that now join other entities than before."""
    return (
        f"UNWIND $rows AS row MATCH (s)-[r:{kind} {{id: row[2]}}]->(e)"
        f" WHERE r.{MARK} IS NOT NULL AND (s.id <> row[0] OR e.id <> row[1]) DELETE r"
    )


def delete_relationship(kind: str) -> str:
    """Rows: keys; for MENTIONED_IN pairs of keys."""
    if kind == MENTIONED_IN:
        pattern = f"(:Entity {{id: key[0]}})-[r:{kind}]->(:Document {{id: key[1]}})"
    else:
        pattern = f"()-[r:{kind} {{id: key}}]->()"
    return f"UNWIND $rows AS key MATCH {pattern} WHERE r.{MARK} IS NOT NULL DELETE r"


def delete_node(label: str) -> str:
    """Rows: keys. A node to which somebody tied a relationship of their own is left for `let_go`."""
    return (
        f"UNWIND $rows AS key MATCH (n:{label} {{id: key}})"
        f" WHERE n.{MARK} IS NOT NULL AND NOT EXISTS {{ (n)--() }} DELETE n"
    )


def let_go(label: str) -> str:
    """Rows: keys. Take our labels and mark from stale nodes that others are tied to; they become `Former`."""
    types = "".join(f":{entity_type}" for entity_type in ENTITIES) if label == "Entity" else ""
    return (
        f"UNWIND $rows AS key MATCH (n:{label} {{id: key}}) WHERE n.{MARK} IS NOT NULL"
        f" REMOVE n:{label}{types}, n.{MARK} SET n:Former"
    )


def totals() -> str:
    """Label or type and how many elements have it, whosever they are; Neo4j keeps these numbers."""
    return " UNION ALL ".join(
        f"MATCH {_pattern(kind)} WITH count(x) AS number RETURN '{kind}' AS kind, number"
        for kind in (*NODES, *RELATIONSHIPS)
    )


def count_ours(kind: str) -> str:
    """How many elements of a kind are ours, counted one by one."""
    pattern = f"(s:Claim)-[x:{kind}]->(e)" if kind in CLAIM_RELATIONSHIPS else _pattern(kind)
    return f"MATCH {pattern} WHERE {ours(kind)} RETURN count(x)"


def ours(kind: str) -> str:
    """The condition that x, a node or a relationship from s to e of this label or type, is ours."""
    return _OUR_ENDS if kind in CLAIM_RELATIONSHIPS else f"x.{MARK} IS NOT NULL"


def count_others() -> Iterator[str]:
    """How many nodes, and how many relationships, are not ours or hold labels or properties that are not ours.

    Parameters: `labels` and `properties`, the names of ours.
    """
    added = "any(key IN keys(x) WHERE NOT key IN $properties)"
    label = "any(label IN labels(x) WHERE NOT label IN $labels)"
    yield f"MATCH (x) WHERE x.{MARK} IS NULL OR {added} OR {label} RETURN count(x)"
    tied = " OR ".join(f"x:{kind}" for kind in CLAIM_RELATIONSHIPS)
    unmarked = f"x.{MARK} IS NULL AND NOT (({tied}) AND {_OUR_ENDS})"
    yield f"MATCH (s)-[x]->(e) WHERE ({unmarked}) OR {added} RETURN count(x)"


def _pattern(kind: str) -> str:
    return f"(x:{kind})" if kind in NODES else f"()-[x:{kind}]->()"


def _ends(kind: str) -> str:
    model = RELATIONSHIPS[kind]
    return f"MATCH (s:{model.start} {{id: row[0]}}) MATCH (e:{model.end} {{id: row[1]}})"


def _map(properties: Properties, first: int = 0, last: int | None = None) -> str:
    items = [f"`{name}`: row[{first + i}]" for i, name in enumerate(properties)]
    mark = first + len(properties) if last is None else last
    return "{" + ", ".join([*items, f"{MARK}: row[{mark}]"]) + "}"
