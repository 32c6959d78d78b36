"""The linker's reasons, looked up in a finished build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kg import folder as layout
from kg.building import settings as build_settings
from kg.graph import open_graph
from kg.linking import read_decisions
from kg.linking.explain import Explainer, Explanation, Question
from kg.tables import TABLES, Rows, open_table


def explanation(folder: Path, name: str, other: str | None) -> list[Explanation]:
    """Why the names of an entity are one, or the evidence on two names or two entities.

    Raises KgError, with the nearest names, for a name that is none.
    """
    graph = open_graph(layout.require_build(folder))
    explain = explainer(folder)
    left = graph.find(name).entity_id
    mentions_of = graph.mention_entities.groupby("entity_id")["mention_id"].agg(list)
    right = graph.find(other).entity_id if other is not None else left
    if right == left:
        sides = [explain.named(mentions_of[left], side) for side in (name, other or name)]
        if all(sides) and sides[0] != sides[1]:
            return [explain.between(*sides)]
        return explain.within(mentions_of[left])
    return [explain.between(mentions_of[left], mentions_of[right])]


def questions(folder: Path, limit: int = 50) -> list[Question]:
    """The pairs that most want a person's decision, most valuable first."""
    return explainer(folder).questions(limit)


def explainer(folder: Path) -> Explainer:
    """An explainer over the build's tables and the decisions as they stand now."""
    return layout.steadily(folder, lambda: _explainer(layout.require_build(folder)))


def _explainer(folder: Path) -> Explainer:
    configuration = build_settings.load(folder).configuration

    def rows(name: str) -> Rows[Any]:
        return open_table(layout.table_path(folder, name), TABLES[name])

    return Explainer(
        rows("mentions"),
        rows("claims"),
        rows("documents"),
        read_decisions(folder / layout.DECISIONS),
        rows("identities"),
        build_settings.linking_settings(configuration),
        build_settings.watched_names(configuration),
    )
