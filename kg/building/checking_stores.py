"""What a store holds, element by element and property by property, against what the tables say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from kg.errors import KgError
from kg.stores.connection import Connection
from kg.stores.elements import Elements
from kg.stores.model import NODES, RELATIONSHIPS
from kg.stores.statements import CLAIM_RELATIONSHIPS, ours

#: Label or type, id, sentence.
Difference = tuple[str, str, str]
Query = Callable[[str], Iterable[list[Any]]]

_CLAIM_ENDS = dict(zip(CLAIM_RELATIONSHIPS, ("head", "tail", "document"), strict=True))


def embedded_differences(store: Path, elements: Elements) -> Iterator[Difference]:
    """The differences of the embedded store; one where it cannot be opened."""
    from kg.stores import embedded

    try:
        yield from _differences(lambda cypher: embedded.query(store, cypher)[1], elements, lambda _: "true")
    except KgError as error:
        yield store.name, "", f"cannot be read: {error}"


def neo4j_differences(target: Connection, elements: Elements) -> Iterator[Difference]:
    """The differences of what carries our mark in a Neo4j database. Raises KgError where it does not answer."""
    from kg.stores import neo4j

    def query(cypher: str) -> list[list[Any]]:
        return neo4j.query(target, cypher)[1]

    states = [row[0] for row in query("MATCH (b:Build {id: 'kg'}) RETURN b.state")]
    if states != ["complete"]:
        state = f"is in the state {states[0]}" if states else "is missing"
        yield "Build", "kg", f"{state}: load the build with kg load"
    yield from _differences(query, elements, ours)


def _differences(query: Query, elements: Elements, condition: Callable[[str], str]) -> Iterator[Difference]:
    """`condition` says, by label or type, which nodes x, or relationships x from s to e, are those of the build."""
    for label, node in NODES.items():
        names = list(node.properties)
        values = ", ".join(f"x.`{name}`" for name in names)
        stored = query(f"MATCH (x:{label}) WHERE {condition(label)} RETURN {values}")
        yield from _compared(label, names, 1, stored, _wanted(elements, label, names))
    for kind, model in RELATIONSHIPS.items():
        names = ["start", "end", *model.properties]
        values = ", ".join(["s.id", "e.id", *(f"x.`{name}`" for name in model.properties)])
        stored = query(
            f"MATCH (s:{model.start})-[x:{kind}]->(e:{model.end}) WHERE {condition(kind)} RETURN {values}"
        )
        if kind in _CLAIM_ENDS:
            wanted = _wanted(elements, "Claim", ["id", _CLAIM_ENDS[kind]])
        else:
            wanted = _wanted(elements, kind, names)
        yield from _compared(kind, names, 2, stored, wanted)


def _wanted(elements: Elements, file: str, names: list[str]) -> Iterator[list[Any]]:
    with pq.ParquetFile(elements.path(file)) as opened:
        for batch in opened.iter_batches(columns=names):
            yield from map(list, zip(*(batch.column(name).to_pylist() for name in names), strict=True))


def _compared(
    kind: str, names: list[str], key: int, stored: Iterable[list[Any]], wanted: Iterable[list[Any]]
) -> Iterator[Difference]:
    """`key` is how many of the columns `names` make the key of an element."""
    there: dict[tuple[Any, ...], list[Any]] = {}
    for row in stored:
        if (own := tuple(row[:key])) in there:
            yield kind, _shown(own), "is there more than once"
        there[own] = row
    for row in wanted:
        found = there.pop(tuple(row[:key]), None)
        if found is None:
            yield kind, _shown(row[:key]), "is in the tables, not in the store"
            continue
        for name, said, held in zip(names, row, found, strict=True):
            # Stores keep an empty list as no value.
            if said != held and (said or None) != (held or None):
                yield kind, _shown(row[:key]), f"{name} is {held!r}, but the tables say {said!r}"
    for own in there:
        yield kind, _shown(own), "is in the store, not in the tables"


def _shown(key: Iterable[Any]) -> str:
    return " → ".join(map(str, key))
