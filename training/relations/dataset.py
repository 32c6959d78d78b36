"""Writes the candidate pairs of annotated documents as arrays for training the learned score.

    python -m training.relations.dataset ../shared/gold/train.jsonl training/data/relations-train.npz

A pair is right for a relation where its frame overlaps the annotated evidence. A frame elsewhere that joins the same
two names is left out of account for that relation; where no frame overlaps the evidence, every frame counts.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kg.extraction.relations.candidates import INDICATORS, Pair, pairs_of
from kg.extraction.relations.hints import Hints
from kg.extraction.relations.labels import LABELS, label_of, possible
from kg.extraction.relations.rules import CONSTRUCTIONS
from kg.schema import RelationType
from training import own
from training.pairs import RIGHT, UNKNOWN, WRONG
from training.relations.data import evidence_of, load, prepare

TABLE_CONSTRUCTIONS = (
    "posts.reporter", "structure.part_of_body", "structure.part_of_company",
    "table.models", "table.adopters", "table.rivals", "table.rounds", "table.policies",
    "table.posts", "table.seats", "table.caption_owner",
)  # fmt: skip
NAMES = [c.name for c in CONSTRUCTIONS] + list(TABLE_CONSTRUCTIONS)
Labelling = Callable[[list[Pair], dict[str, Any], dict[str, int]], np.ndarray]


def labels(pairs: list[Pair], row: dict[str, Any], numbers: dict[str, int]) -> np.ndarray:
    """[pairs, labels] right, wrong or unknown; -1 too where the schema forbids."""
    table = np.full((len(pairs), len(LABELS)), UNKNOWN, dtype=np.int8)
    by_entities: dict[tuple[int, int], list[int]] = {}
    for i, pair in enumerate(pairs):
        table[i, list(possible(pair.first.type, pair.second.type))] = WRONG
        by_entities.setdefault((pair.first.entity, pair.second.entity), []).append(i)
    for relation in row["relations"]:
        head, tail = numbers.get(relation["head"]), numbers.get(relation["tail"])
        if head is None or tail is None:
            continue
        type = RelationType(relation["type"])
        spans = _occurrences(row["text"], relation.get("evidence") or "")
        members = [(i, label_of(type, True)) for i in by_entities.get((head, tail), [])]
        members += [(i, label_of(type, False)) for i in by_entities.get((tail, head), [])]
        near = [
            m
            for m in members
            if any(pairs[m[0]].frame.start < e and s < pairs[m[0]].frame.end for s, e in spans)
        ]
        real = [m for m in near if pairs[m[0]].kind in ("same", "list")]
        right = real or near or members
        for i, label in members:
            table[i, label] = RIGHT if (i, label) in right else UNKNOWN
    return table


def _occurrences(text: str, evidence: str) -> list[tuple[int, int]]:
    spans, start = [], text.find(evidence) if evidence else -1
    while start >= 0:
        spans.append((start, start + len(evidence)))
        start = text.find(evidence, start + 1)
    return spans


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    rows = load(arguments.gold) + list(own.rows(arguments.gold.parent.parent / "corpora"))
    write(rows, labels, arguments.target)


def write(rows: list[dict[str, Any]], label: Labelling, target: Path) -> None:
    """The candidate pairs of `rows` with the labels that `label` gives them, as arrays in `target`."""
    documents, entities, wanted, allowed = [], [], [], []
    grams, gram_offsets, columns, column_offsets = [], [0], [], [0]
    gold = []
    for number, (row, prepared) in enumerate(zip(rows, prepare(rows), strict=True)):
        pairs = list(pairs_of(prepared.frames))
        hints = Hints(NAMES, evidence_of(prepared))
        gold += [
            (number, list(RelationType).index(RelationType(t)), h, tail)
            for t, h, tail in sorted(prepared.gold)
        ]
        if not pairs:
            continue
        numbers = {prepared.doc._.clusters[n.mention_id]: n.entity for n in prepared.names}
        wanted.append(label(pairs, row, numbers))
        for pair in pairs:
            documents.append(number)
            entities.append((pair.first.entity, pair.second.entity))
            first, second = pair.first, pair.second
            allowed.append(np.isin(np.arange(len(LABELS)), possible(first.type, second.type)))
            grams.append(pair.grams)
            gram_offsets.append(gram_offsets[-1] + len(pair.grams))
            hinted = hints.of(first.entity, second.entity, pair.frame.start, pair.frame.end)
            on = pair.indicators + [INDICATORS + c for c in hinted]
            columns += on
            column_offsets.append(column_offsets[-1] + len(on))
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        target,
        documents=np.array(documents), entities=np.array(entities), possible=np.array(allowed),
        labels=np.concatenate(wanted), grams=np.concatenate(grams).astype(np.uint16),
        gram_offsets=np.array(gram_offsets), columns=np.array(columns, dtype=np.int32),
        column_offsets=np.array(column_offsets), gold=np.array(gold),
        meta=np.array(json.dumps({
            "doc_ids": [r["doc_id"] for r in rows], "constructions": NAMES,
            "width": INDICATORS + Hints.width(NAMES), "labels": [[x.type.value, x.turned] for x in LABELS],
        })),
    )  # fmt: skip
    print(f"{len(documents)} pairs of {len(rows)} documents -> {target}")


if __name__ == "__main__":
    main()
