"""A part of the graph: what stands around an entity, some types only, or what is recent."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kg.errors import KgError
from kg.exports.dates import last_day
from kg.graph import Graph
from kg.schema import EntityType, RelationType


@dataclass(frozen=True, slots=True)
class Selection:
    """What to take of a graph; what is left unset selects nothing away.

    `subgraph` is the name of an entity, `depth` the number of steps from it. `types` are names of entity types
    and relation types: of the kinds named, only these are taken. `since` (ISO date) takes the relations that
    are dated on that day or later, or, where they bear no date, were reported then.
    """

    subgraph: str | None = None
    depth: int = 1
    types: tuple[str, ...] = ()
    since: str | None = None

    def apply(self, graph: Graph) -> Graph:
        """The part as a graph of its own. Raises KgError for an unknown entity, type or date."""
        if self == Selection():
            return graph
        start = graph.find(self.subgraph).entity_id if self.subgraph else None
        entity_types, relation_types = _split(self.types)
        entities, relations = graph.entities, graph.relations
        if entity_types:
            entities = entities[entities["type"].isin(entity_types) | (entities["entity_id"] == start)]
            kept = entities["entity_id"]
            relations = relations[relations["head"].isin(kept) & relations["tail"].isin(kept)]
        if relation_types:
            relations = relations[relations["type"].isin(relation_types)]
        if self.since:
            relations = relations[_since(graph, relations, _checked_date(self.since))]
        if start is not None:
            near = _within(relations, start, self.depth)
            entities = entities[entities["entity_id"].isin(near)]
            relations = relations[relations["head"].isin(near) & relations["tail"].isin(near)]
        elif relation_types or self.since:
            joined = set(relations["head"]) | set(relations["tail"])
            entities = entities[entities["entity_id"].isin(joined)]
        part = graph.replaced(
            entities=entities.reset_index(drop=True), relations=relations.reset_index(drop=True)
        )
        cited = set(part.stated["doc_id"])
        documents = graph.documents[graph.documents["doc_id"].isin(cited)].reset_index(drop=True)
        return part.replaced(documents=documents)


def _split(types: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """Entity types and relation types among the names, whatever their case."""
    entity_types = {t.value.lower(): t.value for t in EntityType}
    relation_types = {t.value.lower(): t.value for t in RelationType}
    for name in types:
        if name.lower() not in entity_types and name.lower() not in relation_types:
            known = ", ".join([*entity_types.values(), *relation_types.values()])
            raise KgError(f"There is no type {name!r}; the types are {known}")
    names = {name.lower() for name in types}
    return (
        {value for key, value in entity_types.items() if key in names},
        {value for key, value in relation_types.items() if key in names},
    )


def _checked_date(text: str) -> str:
    try:
        return pd.Timestamp(text).strftime("%Y-%m-%d")
    except ValueError:
        raise KgError(f"{text!r} is no date; write it as 2025-01-31") from None


def _since(graph: Graph, relations: pd.DataFrame, since: str) -> pd.Series[bool]:
    dates = graph.documents.set_index("doc_id")["date"]
    stated = graph.stated[["relation_id", "doc_id"]].drop_duplicates()
    reported = stated.assign(date=stated["doc_id"].map(dates)).dropna(subset=["date"])
    last_report = reported.groupby("relation_id")["date"].max()
    date = relations["last_date"].fillna(relations["first_date"])
    date = date.fillna(relations["relation_id"].map(last_report))
    return date.map(lambda day: isinstance(day, str) and last_day(day) >= since).astype(bool)


def _within(relations: pd.DataFrame, start: str, depth: int) -> set[str]:
    """Entities at most `depth` steps from `start`, whatever the direction of the relations."""
    near = {start}
    for _ in range(depth):
        heads = relations.loc[relations["tail"].isin(near), "head"]
        tails = relations.loc[relations["head"].isin(near), "tail"]
        near |= {*heads, *tails}
    return near
