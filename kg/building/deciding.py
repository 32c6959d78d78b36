"""Turning what a person names into lines of `decisions.csv` that survive rebuilds.

An entity is written as `Type:name@document`, one of its own mentions: that means the same thing after ids have
changed, and a person can read it.
"""

from __future__ import annotations

import dataclasses
import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kg import folder as layout
from kg.characters import fold
from kg.errors import KgError
from kg.graph import Graph, open_graph
from kg.linking.decisions import Decision, Judgement, append_decisions, check
from kg.schema import EntityType
from kg.tables import Entity

if TYPE_CHECKING:
    import pandas as pd


def on_pair(folder: Path, left: str, right: str, judgement: str) -> Decision:
    """Two entities are the same, different, or nobody knows."""
    wanted = _judgement(judgement, (Judgement.SAME, Judgement.DIFFERENT, Judgement.UNSURE))
    graph = _graph(folder)
    a, b = graph.find(left), graph.find(right)
    if a.entity_id == b.entity_id and wanted is Judgement.DIFFERENT:
        return on_alias(folder, left, right)
    if wanted is Judgement.SAME and a.type is not b.type:
        raise KgError(
            f"{a.name} is a {a.type} and {b.name} a {b.type}, which are never one; where a type is wrong: "
            f"kg decide {folder} type {right} {a.type}"
        )
    keys = _key(graph, a, left), _key(graph, b, right)
    if keys[0] == keys[1]:
        raise KgError(f"{left} and {right} are one name of {a.name}; there is nothing to decide.")
    # Of two names that are one entity already, the line says that they stay so.
    return Decision(*keys, a.type, wanted)


def on_alias(folder: Path, name: str, alias: str) -> Decision:
    """An alias that is part of an entity names something else."""
    graph = _graph(folder)
    entity = graph.find(name)
    keys = _keys(graph, entity)
    own = [k for k in keys if _surface(k) == fold(alias).replace(" ", "")]
    others = [k for k in keys if k not in own]
    if not own:
        raise KgError(f"{alias} is no alias of {entity.name}; its aliases are {', '.join(entity.aliases)}.")
    if not others:
        raise KgError(f"{entity.name} has no other name than {alias}; there is nothing to split.")
    main = next((k for k in others if _surface(k) == fold(entity.name).replace(" ", "")), others[0])
    return Decision(main, own[0], entity.type, Judgement.DIFFERENT)


def on_claim(folder: Path, claim_id: str, judgement: str) -> Decision:
    """A claim is wrong, or right."""
    wanted = _judgement(judgement, (Judgement.REJECT, Judgement.CONFIRM))
    if not (_graph(folder).claims["claim_id"] == claim_id).any():
        raise KgError(f"There is no claim {claim_id} in {folder}; kg show NAME --json prints claim ids.")
    return Decision(claim_id, "", "claim", wanted)


def on_type(folder: Path, name: str, entity_type: str) -> Decision:
    """An entity is of another type."""
    if entity_type not in set(EntityType):
        raise KgError(f"Unknown type {entity_type}; known are {', '.join(EntityType)}.")
    graph = _graph(folder)
    entity = graph.find(name)
    return Decision(_key(graph, entity, name), entity_type, entity.type, Judgement.TYPE)


def on_name(folder: Path, name: str, right_name: str) -> Decision:
    """An entity is called something else."""
    graph = _graph(folder)
    entity = graph.find(name)
    return Decision(_key(graph, entity, name), right_name, entity.type, Judgement.NAME)


def write(folder: Path, decision: Decision, who: str | None, note: str) -> Decision:
    """Add the decision, signed and dated, to the folder's `decisions.csv`; returns the line as written."""
    signed = dataclasses.replace(
        decision,
        who=who or getpass.getuser(),
        when=datetime.now(UTC).isoformat(timespec="seconds"),
        note=note,
    )
    check(signed, "The decision")
    append_decisions(folder / layout.DECISIONS, [signed])
    return signed


def _graph(folder: Path) -> Graph:
    return open_graph(layout.require_build(folder))


def _judgement(word: str, allowed: tuple[Judgement, ...]) -> Judgement:
    for judgement in allowed:
        if judgement.value == word:
            return judgement
    raise KgError(f"Unknown judgement {word}; it can be {', '.join(j.value for j in allowed)}.")


def _keys(graph: Graph, entity: Entity) -> list[str]:
    """`Type:surface@document` of every mention of an entity, in a fixed order."""
    own = graph.mention_entities[graph.mention_entities["entity_id"] == entity.entity_id]["mention_id"]
    mentions: pd.DataFrame = graph.mentions[graph.mentions["mention_id"].isin(own)]
    rows = zip(mentions["text"], mentions["doc_id"], strict=True)
    return sorted({f"{entity.type}:{text}@{doc_id}" for text, doc_id in rows})


def _key(graph: Graph, entity: Entity, name: str) -> str:
    """One key of an entity, by preference a mention written as the person wrote it."""
    keys = _keys(graph, entity)
    if not keys:
        return entity.entity_id
    wanted = [fold(name).replace(" ", ""), fold(entity.name).replace(" ", "")]
    return next((k for form in wanted for k in keys if _surface(k) == form), keys[0])


def _surface(key: str) -> str:
    return fold(key.partition(":")[2].rpartition("@")[0]).replace(" ", "")
