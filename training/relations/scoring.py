"""Facts of documents with their probabilities: the best of each, thresholds, precision and recall.

A fact is (document, relation type, head, tail); of a symmetric relation the smaller entity number comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from kg.schema import CORE_RELATIONS, SYMMETRIC_RELATIONS, RelationType

TYPES = [t.value for t in RelationType]
CORE = [t.value for t in CORE_RELATIONS]
_SYMMETRIC = {t.value for t in SYMMETRIC_RELATIONS}
_LEAST = 0.03
Fact = tuple[int, str, int, int]


def fact(document: int, type: str, head: int, tail: int) -> Fact:
    if type in _SYMMETRIC and head > tail:
        head, tail = tail, head
    return (int(document), type, int(head), int(tail))


def best_facts(
    documents: np.ndarray, entities: np.ndarray, labels: Sequence[tuple[str, bool]], scores: np.ndarray
) -> dict[Fact, float]:
    """Every fact with its highest probability in its document.

    `documents` [pairs], `entities` [pairs, 2], `scores` [pairs, labels]; a label is a type and whether it is turned.
    """
    best: dict[Fact, float] = {}
    for pair, column in zip(*np.nonzero(scores > _LEAST), strict=True):
        type, turned = labels[column]
        head, tail = entities[pair][::-1] if turned else entities[pair]
        key = fact(documents[pair], type, head, tail)
        best[key] = max(best.get(key, 0.0), float(scores[pair, column]))
    return best


def tune(best: dict[Fact, float], gold: set[Fact]) -> dict[str, float]:
    """The probability that gives each type its best F1, drawn half-way to 0.4 since the held-out part is small."""
    thresholds = {}
    for type in TYPES:
        ranked = sorted(((v, k in gold) for k, v in best.items() if k[1] == type), reverse=True)
        wanted = sum(k[1] == type for k in gold)
        right, top, threshold = 0, 0.0, 0.4
        for count, (value, hit) in enumerate(ranked, 1):
            right += hit
            f1 = 2 * right / (count + wanted)
            if f1 > top:
                top, threshold = f1, value
        thresholds[type] = round(min(max(0.5 * threshold + 0.5 * 0.4, 0.2), 0.7), 3)
    return thresholds


def stated(best: dict[Fact, float], thresholds: dict[str, float]) -> set[Fact]:
    return {fact for fact, value in best.items() if value >= thresholds[fact[1]]}


def figures(guessed: set[Fact], gold: set[Fact], types: Iterable[str]) -> tuple[float, float, float, int]:
    """Precision, recall, F1 and number of the facts of `types`."""
    chosen = set(types)
    guessed, gold = ({f for f in facts if f[1] in chosen} for facts in (guessed, gold))
    right = len(guessed & gold)
    precision, recall = right / max(1, len(guessed)), right / max(1, len(gold))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall), len(gold)


def report(name: str, guessed: set[Fact], gold: set[Fact]) -> None:
    for group, types in {"all": TYPES, "core": CORE, **{t: [t] for t in TYPES}}.items():
        p, r, f1, count = figures(guessed, gold, types)
        print(f"{name:9}{group:15}{p:7.3f}{r:7.3f}{f1:7.3f}{count:6}")
