"""Which pairs of names an annotated document relates: targets for the pair classifier."""

from __future__ import annotations

import numpy as np

from kg.extraction.relations.labels import LABELS, label_of, possible
from kg.schema import SYMMETRIC_RELATIONS, EntityType, RelationType
from training.documents import Annotated, Targets

FARTHEST_CHARACTERS = 260
RIGHT, WRONG, UNKNOWN = 1, 0, -1


def targets(document: Annotated) -> Targets:
    """A pair is right where it stands in the annotated evidence, wrong where its entities are not so related.

    Where the evidence holds no pair of the two entities, the pair nearest to it is right. Other pairs of related
    entities are unknown for that relation.
    """
    names = document.names
    pairs = [
        (i, j)
        for i, left in enumerate(names)
        for j in range(i + 1, len(names))
        if names[j].start - left.end <= FARTHEST_CHARACTERS and names[j].entity != left.entity
    ]
    index = {pair: number for number, pair in enumerate(pairs)}
    right = np.zeros((len(pairs), len(LABELS)), dtype=np.uint8)
    known = np.zeros_like(right)
    by_entity: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        by_entity.setdefault(name.entity, []).append(i)
    for (i, j), number in index.items():
        known[number, list(possible(EntityType(names[i].type), EntityType(names[j].type)))] = 1
    for relation in document.relations:
        kind = RelationType(str(relation["type"]))
        heads, tails = by_entity.get(str(relation["head"]), []), by_entity.get(str(relation["tail"]), [])
        evidence = str(relation.get("evidence", ""))
        begin = document.text.find(evidence) if evidence else -1
        finish = begin + len(evidence)
        candidates = []
        for head in heads:
            for tail in tails:
                pair = (min(head, tail), max(head, tail))
                if pair not in index:
                    continue
                label = label_of(kind, head < tail or kind in SYMMETRIC_RELATIONS)
                inside = (
                    sum(begin <= names[k].start and names[k].end <= finish for k in pair) if begin >= 0 else 0
                )
                away = (
                    sum(max(begin - names[k].start, names[k].end - finish, 0) for k in pair)
                    if begin >= 0
                    else 0
                )
                candidates.append(
                    (-inside, away, names[pair[1]].start - names[pair[0]].end, index[pair], label)
                )
        candidates.sort()
        for rank, (inside, _, _, number, label) in enumerate(candidates):
            if inside == -2 or rank == 0:
                right[number, label] = known[number, label] = 1
            elif not right[number, label]:
                known[number, label] = 0
    left_index, right_index = (np.array([p[k] for p in pairs], dtype=np.int64) for k in (0, 1))
    return Targets(left_index, right_index, right, known)
