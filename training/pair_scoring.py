"""Score the exported pair classifier alone, given gold names and clusters, without rules or decoding.

usage: pair_scoring.py [--model FOLDER] [--threshold 0.5]
Prints micro precision, recall and F1 of (document, type, head, tail) on the second development part and on dev.jsonl.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np

from kg.extraction.encoder import MODEL_FOLDER, NameModel
from kg.extraction.encoder_pairs import FARTHEST, TYPES, PairModel, name_pieces, pair_inputs
from kg.extraction.relations.labels import LABELS
from kg.schema import CORE_RELATIONS, SYMMETRIC_RELATIONS, EntityType, RelationType
from training.documents import Annotated, read_documents, source
from training.pairs import targets
from training.split import held_out

Fact = tuple[str, str, str]


def facts(model: NameModel, pairs: PairModel, document: Annotated) -> dict[Fact, float]:
    """The facts the classifier sees in a document, with their highest probability."""
    wanted = targets(document)
    encoded = model.encode(document.text)
    first, last = name_pieces(encoded.offsets, [(n.start, n.end) for n in document.names])
    near = (
        first[wanted.right] - last[wanted.left] <= FARTHEST if len(wanted.left) else np.zeros(0, dtype=bool)
    )
    left, right = wanted.left[near], wanted.right[near]
    result: dict[Fact, float] = {}
    if not len(left):
        return result
    types = np.array([TYPES.index(EntityType(n.type)) for n in document.names])
    inputs = pair_inputs(first, last, types, encoded.breaks, left, right)
    scores = pairs.scores(encoded.hidden, first, last, inputs, left, right)
    for i, j, row in zip(left, right, scores, strict=True):
        for label, score in zip(LABELS, row, strict=True):
            head, tail = (j, i) if label.turned else (i, j)
            fact = key(label.type, document.names[head].entity, document.names[tail].entity)
            result[fact] = max(result.get(fact, 0.0), float(score))
    return result


def key(kind: RelationType, head: str, tail: str) -> Fact:
    return (kind.value, *(sorted((head, tail)) if kind in SYMMETRIC_RELATIONS else (head, tail)))  # type: ignore[return-value]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--gold", type=Path, default=Path(__file__).parent.parent.parent / "shared/gold")
    parser.add_argument("--threshold", type=float, nargs="*", default=[0.3, 0.4, 0.5])
    parser.add_argument("--every", type=int, default=1, help="score every n-th document of the second part")
    arguments = parser.parse_args()
    model, pairs = NameModel(arguments.model), PairModel.read(arguments.model / "pairs.npz")
    every = arguments.every
    second = [d for d in read_documents(arguments.gold / "train.jsonl") if held_out(d.doc_id)][::every]
    for name, documents in (("second", second), ("dev", read_documents(arguments.gold / "dev.jsonl"))):
        found = [facts(model, pairs, document) for document in documents]
        for threshold in arguments.threshold:
            counts: dict[str, Counter[str]] = {}
            for document, scored in zip(documents, found, strict=True):
                gold = {
                    key(RelationType(str(r["type"])), str(r["head"]), str(r["tail"]))
                    for r in document.relations
                }
                guessed = {fact for fact, score in scored.items() if score >= threshold}
                for kind, items in (("right", gold & guessed), ("guessed", guessed), ("gold", gold)):
                    for fact in items:
                        groups = ["all", fact[0], f"source:{source(document.doc_id)}"]
                        groups += ["core"] * (RelationType(fact[0]) in CORE_RELATIONS)
                        for group in groups:
                            counts.setdefault(group, Counter())[kind] += 1
            line = {}
            for group, c in sorted(counts.items()):
                line[group] = round(200 * c["right"] / max(c["guessed"] + c["gold"], 1), 1)
            print(name, threshold, line)


if __name__ == "__main__":
    main()
