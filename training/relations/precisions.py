"""Measures each construction on annotated documents and writes kg/resources/relations/precision.json.

    python -m training.relations.precisions ../shared/gold/train.jsonl

A construction's precision is the share of its distinct (pair, document) findings that are annotated, drawn towards
0.5 by one right and one wrong finding so that a rare construction is not trusted blindly.
"""

from __future__ import annotations

import argparse
import collections
import json
from pathlib import Path

from training.relations.data import evidence_of, load, prepare
from training.relations.dataset import NAMES

TARGET = Path(__file__).parents[2] / "kg" / "resources" / "relations" / "precision.json"


def _precision(name: str, right: int, found: int) -> float:
    """The share that is right, drawn towards a half, for tables towards four fifths: they state things plainly."""
    prior = 0.8 if name.startswith("table.") else 0.5
    weight = 10 if name.startswith("table.") else 2
    return round((right + prior * weight) / (found + weight), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    arguments = parser.parse_args()
    found: collections.Counter[str] = collections.Counter()
    right: collections.Counter[str] = collections.Counter()
    for prepared in prepare(load(arguments.gold)):
        seen = set()
        for e in evidence_of(prepared):
            key = (e.made_by.removeprefix("rule:"), e.head.entity, e.tail.entity)
            if key in seen:
                continue
            seen.add(key)
            found[key[0]] += 1
            right[key[0]] += (e.type.value, e.head.entity, e.tail.entity) in prepared.gold
    names = sorted(set(NAMES) | set(found))
    table = {name: _precision(name, right[name], found[name]) for name in names}
    counts = {name: [right[name], found[name]] for name in names}
    TARGET.write_text(
        json.dumps({"precision": table, "counts": counts}, indent=1, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )
    print(
        f"{len(table)} constructions, {sum(found.values())} findings, {sum(right.values())} right -> {TARGET}"
    )


if __name__ == "__main__":
    main()
