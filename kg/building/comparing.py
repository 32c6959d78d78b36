"""`kg diff`: what came, went or changed in the graph from one build to another.

Entities are matched by their ids, also by former ones, which stay from build to build of one folder; then by the
mention keys (`Type:name@document`) that both builds recognise them by, which joins builds of the same documents in
other folders; and last by their names, where just one entity on each side bears them. Relations are matched by
their type and matched ends.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg import folder as layout
from kg.characters import fold
from kg.errors import KgError
from kg.schema import SYMMETRIC_RELATIONS
from kg.tables import Entity, Identity, Relation, read_table


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two builds: where and when, its graph by id, and by mention key the entity."""

    label: str
    finished: str
    entities: dict[str, Entity]
    relations: dict[str, Relation]
    keys: dict[str, str]


Change = dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Differences:
    """`merged` are entities of before with the one they are part of now, `split` new ones with the one of before;
    `changed` are pairs, before and now, with what differs, by column."""

    came: tuple[Entity, ...]
    went: tuple[Entity, ...]
    merged: tuple[tuple[Entity, Entity], ...]
    split: tuple[tuple[Entity, Entity], ...]
    changed: tuple[tuple[Entity, Entity, Change], ...]
    relations_came: tuple[Relation, ...]
    relations_went: tuple[Relation, ...]
    relations_changed: tuple[tuple[Relation, Relation, Change], ...]


def current_side(folder: Path) -> Side:
    """The current build of a folder. Raises KgError where there is none."""
    return layout.steadily(folder, lambda: _side(layout.require_build(folder), "", str(folder)))


def previous_side(folder: Path) -> Side:
    """The build before it. Raises KgError where the folder has had one build only."""
    layout.require_build(folder)
    manifest = layout.current_path(folder, layout.PREVIOUS + layout.MANIFEST)
    if not manifest.exists() or layout.format_version(manifest) != layout.FORMAT_VERSION:
        raise KgError(
            f"{folder} holds one build only; name another folder to compare it with,"
            " or compare again after the next kg rebuild that changes something."
        )
    return layout.steadily(folder, lambda: _side(folder, layout.PREVIOUS, f"{folder}, the build before"))


def _side(folder: Path, prefix: str, label: str) -> Side:
    def rows(name: str, row_type: type[Any]) -> Iterator[Any]:
        return read_table(layout.table_path(folder, prefix + name), row_type)

    entities = {row.entity_id: row for row in rows("entities", Entity)}
    relations = {row.relation_id: row for row in rows("relations", Relation)}
    owners = _owners(entities)
    identities = rows("identities", Identity)
    keys = {row.key: owners[row.entity_id] for row in identities if row.entity_id in owners}
    manifest = layout.read_json(layout.current_path(folder, prefix + layout.MANIFEST))
    return Side(label, str(manifest.get("finished", "")), entities, relations, keys)


def _owners(entities: Mapping[str, Entity]) -> dict[str, str]:
    """By id, and by former id, the id of the entity."""
    former = {old: entity.entity_id for entity in entities.values() for old in entity.former_ids}
    return former | {entity_id: entity_id for entity_id in entities}


def compare(before: Side, now: Side) -> Differences:
    """What differs, the most mentioned entities and the best supported relations first."""
    into = _into(before, now)
    of: dict[str, list[Entity]] = defaultdict(list)
    for entity_id, target in into.items():
        of[target].append(before.entities[entity_id])
    same = {target: _heir(now.entities[target], parts) for target, parts in of.items()}
    out_of = _out_of(before, now, same)
    return Differences(
        came=_sorted(e for i, e in now.entities.items() if i not in same and i not in out_of),
        went=_sorted(e for i, e in before.entities.items() if i not in into),
        merged=tuple(
            (part, now.entities[target])
            for target in sorted(of)
            for part in of[target]
            if part is not same[target]
        ),
        split=tuple((before.entities[out_of[i]], now.entities[i]) for i in sorted(out_of)),
        changed=tuple(
            (old, now.entities[target], changes)
            for target, old in sorted(same.items(), key=lambda pair: (-pair[1].mentions, pair[0]))
            if (changes := _changes(old, now.entities[target], {"entity_id", "former_ids"}))
        ),
        **_relations(before, now, into),
    )


def _into(before: Side, now: Side) -> dict[str, str]:
    """By id of an entity of before, the entity it is, or is part of, now."""
    owners = _owners(now.entities)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for key, entity_id in before.keys.items():
        if key in now.keys:
            votes[entity_id][now.keys[key]] += 1
    into = {}
    for entity_id in before.entities:
        if entity_id in owners:
            into[entity_id] = owners[entity_id]
        elif counted := votes.get(entity_id):
            into[entity_id] = min(counted, key=lambda target: (-counted[target], target))
    known = set(into.values())
    rest = _by_name(e for i, e in before.entities.items() if i not in into)
    named = _by_name(e for i, e in now.entities.items() if i not in known)
    into.update({entity_id: named[name] for name, entity_id in rest.items() if name in named})
    return into


def _by_name(entities: Iterable[Entity]) -> dict[tuple[str, str], str]:
    """By type and name the id of the only entity that bears it."""
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entity in entities:
        for name in (entity.name, *entity.aliases):
            ids[entity.type, "".join(fold(name).split())].add(entity.entity_id)
    return {name: min(found) for name, found in ids.items() if len(found) == 1}


def _heir(entity: Entity, parts: list[Entity]) -> Entity:
    """Of the entities that became one, the one that it goes on."""
    return min(parts, key=lambda part: (part.entity_id != entity.entity_id, -part.mentions, part.entity_id))


def _out_of(before: Side, now: Side, same: Mapping[str, Entity]) -> dict[str, str]:
    """By id of an entity without one of before, the entity whose mention keys it has now."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for key, entity_id in now.keys.items():
        if entity_id not in same and key in before.keys:
            votes[entity_id][before.keys[key]] += 1
    return {i: min(counted, key=lambda old: (-counted[old], old)) for i, counted in votes.items()}


def _relations(before: Side, now: Side, into: Mapping[str, str]) -> dict[str, Any]:
    there = {_ends(r, r.head, r.tail): r for r in now.relations.values()}
    same: dict[str, Relation] = {}
    went = []
    for relation in sorted(before.relations.values(), key=_support):
        ends = _ends(relation, into.get(relation.head, ""), into.get(relation.tail, ""))
        if ends in there and there[ends].relation_id not in same:
            same[there[ends].relation_id] = relation
        else:
            went.append(relation)
    pairs = [(old, now.relations[i]) for i, old in same.items()]
    ignored = {"relation_id", "head", "tail", "best_claim"}
    return {
        "relations_came": tuple(sorted((r for i, r in now.relations.items() if i not in same), key=_support)),
        "relations_went": tuple(went),
        "relations_changed": tuple(
            (old, new, changes) for old, new in pairs if (changes := _changes(old, new, ignored))
        ),
    }


def _ends(relation: Relation, head: str, tail: str) -> tuple[str, str, str]:
    if relation.type in SYMMETRIC_RELATIONS:
        head, tail = sorted((head, tail))
    return relation.type, head, tail


def _changes(old: Any, new: Any, ignored: set[str]) -> Change:
    names = [f.name for f in dataclasses.fields(old) if f.name not in ignored]
    return {
        name: (getattr(old, name), getattr(new, name))
        for name in names
        if _unordered(getattr(old, name)) != _unordered(getattr(new, name))
    }


def _unordered(value: Any) -> Any:
    return set(value) if isinstance(value, tuple) else value


def _sorted(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    return tuple(sorted(entities, key=lambda e: (-e.mentions, e.entity_id)))


def _support(relation: Relation) -> tuple[int, int, str]:
    return -relation.independent_documents, -relation.claims, relation.relation_id


def as_json(before: Side, now: Side, found: Differences) -> dict[str, Any]:
    """Plain values; entities and relations as in their tables, relations with the names of their ends."""

    def relation(row: Relation, side: Side) -> dict[str, Any]:
        names = {end: side.entities[getattr(row, end)].name for end in ("head", "tail")}
        return dataclasses.asdict(row) | {f"{end}_name": name for end, name in names.items()}

    asdict = dataclasses.asdict
    return {
        "before": {"folder": before.label, "finished": before.finished},
        "now": {"folder": now.label, "finished": now.finished},
        "entities": {
            "came": list(map(asdict, found.came)),
            "went": list(map(asdict, found.went)),
            "merged": [{**asdict(old), "into": asdict(new)} for old, new in found.merged],
            "split": [{**asdict(new), "out_of": asdict(old)} for old, new in found.split],
            "changed": [{**asdict(new), "changes": changes} for _, new, changes in found.changed],
        },
        "relations": {
            "came": [relation(row, now) for row in found.relations_came],
            "went": [relation(row, before) for row in found.relations_went],
            "changed": [{**relation(new, now), "changes": c} for _, new, c in found.relations_changed],
        },
    }
