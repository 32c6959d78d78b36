"""Entity ids that stay: a cluster keeps the id it had in the last build, however names and documents come and go.

The clusters are fixed before; here they only get their ids. An `Identity` row says that an entity was recognised by
a mention key `Type:name@document`. Rows stay in order of age, and a row keeps its id even after two entities became
one, so that undoing the merge gives both their ids back.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from kg.schema import EntityType
from kg.tables import Identity

#: Documents by which one name of an entity is recognised.
WITNESSES = 2


@dataclass(frozen=True, slots=True)
class Naming:
    """Ids of the clusters: the entity id and former ids of each, and the identities for the next build."""

    ids: tuple[str, ...]
    former_ids: tuple[tuple[str, ...], ...]
    identities: tuple[Identity, ...]


def mention_key(type_: EntityType, key: str, doc_id: str) -> str:
    """How a name in a document is written in identities and decisions; `key` is a name or its `name_key`."""
    return f"{type_.value}:{key}@{doc_id}"


def new_id(type_: EntityType, key: str) -> str:
    """The id that a mention key gives an entity that had none: the type's first letter and a hash."""
    return f"{type_.value.lower()}-{hashlib.sha1(key.encode()).hexdigest()[:12]}"


def name_clusters(
    clusters: Sequence[tuple[EntityType, Sequence[str]]], identities: Sequence[Identity]
) -> Naming:
    """Ids for clusters, each given as its type and the sorted mention keys that it is recognised by.

    An old id goes to the cluster that holds most of its keys; where several old ids meet in a cluster the oldest stays
    and the others become former ids. A cluster without an old id takes the hash of its first key not yet taken.
    """
    cluster_of = {key: number for number, (_, keys) in enumerate(clusters) for key in keys}
    identities = list(identities)
    age: dict[str, int] = {}
    votes: dict[str, dict[int, int]] = {}
    for row in identities:
        age.setdefault(row.entity_id, len(age))
        number = cluster_of.get(row.key)
        if number is not None:
            counted = votes.setdefault(row.entity_id, {})
            counted[number] = counted.get(number, 0) + 1
    claimed: dict[int, list[str]] = defaultdict(list)
    for entity_id in sorted(votes, key=lambda e: age[e]):
        counted = votes[entity_id]
        # Of equally good clusters the one with the smallest key keeps the id.
        best = min(counted, key=lambda n: (-counted[n], clusters[n][1][0]))
        claimed[best].append(entity_id)
    taken = set(votes)
    ids: dict[int, str] = {}
    for number in sorted(range(len(clusters)), key=lambda n: clusters[n][1][0]):
        if number in claimed:
            ids[number] = claimed[number][0]
            continue
        type_, keys = clusters[number]
        ids[number] = next(i for i in _possible_ids(type_, keys) if i not in taken)
        taken.add(ids[number])
    former = tuple(tuple(claimed.get(n, [])[1:]) for n in range(len(clusters)))
    ordered = tuple(ids[n] for n in range(len(clusters)))
    return Naming(ordered, former, _identities(cluster_of, ordered, former, identities, age, set(votes)))


def _possible_ids(type_: EntityType, keys: Sequence[str]) -> Iterator[str]:
    yield from (new_id(type_, key) for key in keys)
    yield from (new_id(type_, f"{keys[0]}#{n}") for n in count(2))


def _identities(
    cluster_of: Mapping[str, int],
    ids: Sequence[str],
    former_ids: Sequence[Sequence[str]],
    identities: Sequence[Identity],
    age: Mapping[str, int],
    alive: set[str],
) -> tuple[Identity, ...]:
    """The old rows of the entities that are still there, and rows for keys that are new; oldest entity first.

    A row changes its id only where its key moved to a cluster that never bore that id.
    """
    owner: dict[str, str] = {}
    for row in identities:
        if row.entity_id not in alive:
            continue
        number = cluster_of.get(row.key)
        if number is None or row.entity_id == ids[number] or row.entity_id in former_ids[number]:
            owner[row.key] = row.entity_id
        else:
            owner[row.key] = ids[number]
    for key, number in cluster_of.items():
        owner.setdefault(key, ids[number])
    order = sorted(owner, key=lambda key: (age.get(owner[key], len(age)), owner[key], key))
    return tuple(Identity(owner[key], key) for key in order)
