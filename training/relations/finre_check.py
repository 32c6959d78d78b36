"""FinRE with the pair given: the shipped score beside a TF-IDF linear SVM trained on the same folding.

    python -m training.relations.finre_check FINRE_FOLDER GOLD/train.jsonl RESULT.json
    python training/relations/finre_svm.py RESULT.json

The first prints ours (with the product's packages), the second the SVM (with scikit-learn).

Both see the sentence and the two names; the label is one of four relations with its direction, or none. Instances
whose label leaves it open whether it is one of the four (transactions, transfers, mergers) count as none.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from kg.extraction.relations.candidates import pairs_of
from kg.extraction.relations.hints import Hints
from kg.extraction.relations.labels import label_of
from kg.extraction.relations.learned import load_scorer
from kg.extraction.relations.opinions import opinions
from training.finre import COMPETES, INVESTS, PARTNERS, SUBSIDIARY, documents, folded
from training.relations.data import evidence_of, load, prepare

TYPES = (INVESTS, COMPETES, PARTNERS, SUBSIDIARY)
SYMMETRIC = (COMPETES, PARTNERS)


def name_of(label: str) -> str:
    type, turned = folded(label)
    if type is None:
        return "none"
    return type.value if type in SYMMETRIC else f"{type.value}{'-' if turned else '+'}"


def scored(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each instance with its folded label and our highest odds over a threshold of each label."""
    scorer = load_scorer()
    result = []
    for row, prepared in zip(rows, prepare(rows), strict=True):
        numbers = {prepared.doc._.clusters[n.mention_id]: n.entity for n in prepared.names}
        pairs = list(pairs_of(prepared.frames))
        hints = Hints(scorer.constructions, evidence_of(prepared))
        hinted = [hints.of(p.first.entity, p.second.entity, p.frame.start, p.frame.end) for p in pairs]
        scores = scorer.scores(pairs, hinted, opinions(prepared.doc, prepared.names, pairs))
        for instance in row["instances"]:
            head, tail = numbers.get(instance["head"]), numbers.get(instance["tail"])
            best: dict[str, float] = {}
            for pair, row_scores in zip(pairs, scores, strict=True):
                if {pair.first.entity, pair.second.entity} != {head, tail}:
                    continue
                for type in TYPES:
                    for sign in "+-":
                        number = label_of(type, (pair.first.entity == head) == (sign == "+"))
                        key = type.value if type in SYMMETRIC else type.value + sign
                        best[key] = max(best.get(key, 0.0), float(row_scores[number]))
            result.append({**instance, "folded": name_of(instance["label"]), "scores": best})
    return result


def micro_f1(wanted: list[str], guessed: list[str]) -> float:
    right = sum(w == g != "none" for w, g in zip(wanted, guessed, strict=True))
    total = sum(w != "none" for w in wanted) + sum(g != "none" for g in guessed)
    return 2 * right / max(total, 1)


def decide(instance: dict[str, Any], threshold: float) -> str:
    best = max(instance["scores"].items(), key=lambda item: (item[1], item[0]), default=("none", 0.0))
    return best[0] if best[1] >= threshold else "none"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("finre", type=Path)
    parser.add_argument("annotated", type=Path)
    parser.add_argument("result", type=Path)
    arguments = parser.parse_args()
    train = [{**r, "folded": name_of(r["label"])} for r in load(arguments.finre / "train.jsonl")]
    dev = scored(documents(arguments.finre / "dev.jsonl", arguments.annotated))
    wanted = [i["folded"] for i in dev]
    for threshold in np.arange(0.1, 0.6, 0.1):
        print(
            f"ours, threshold {threshold:.1f}: micro-F1 {micro_f1(wanted, [decide(i, threshold) for i in dev]):.3f}"
        )
    arguments.result.write_text(
        json.dumps({"train": train, "dev": dev}, ensure_ascii=False), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
