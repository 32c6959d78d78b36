"""FinRE (MIT) as further pairs for training: its labels folded to four of ours.

    python -m training.relations.finre FINRE/train.jsonl GOLD/train.jsonl training/data/relations-finre.npz

Only the pairs that FinRE labels count, only for the four relations, and only where its label decides: what it calls
a transaction or a transfer may or may not be one of ours. Sentences that are annotated by hand are left out.
"""

from __future__ import annotations

import argparse
import collections
from pathlib import Path
from typing import Any

import numpy as np

from kg.extraction.relations.candidates import Pair
from kg.extraction.relations.labels import LABELS, label_of
from kg.schema import RelationType
from training.relations.data import load
from training.relations.dataset import RIGHT, UNKNOWN, WRONG, write

INVESTS, COMPETES = RelationType.INVESTS_IN, RelationType.COMPETES_WITH
PARTNERS, SUBSIDIARY = RelationType.PARTNERS_WITH, RelationType.SUBSIDIARY_OF
FOLDED: dict[str, RelationType] = {
    **dict.fromkeys(
        ("注资", "入股", "收购", "拟收购", "持股", "增持", "减持", "买资", "借壳", "成立"), INVESTS
    ),
    "竞争": COMPETES,
    **dict.fromkeys(("合作", "签约", "合资", "订单"), PARTNERS),
    "拥有": SUBSIDIARY,
}
#: Labels that leave a relation of ours open, beside the one they fold to.
OPEN: dict[str, tuple[RelationType, ...]] = {
    **dict.fromkeys(("入股", "收购", "拟收购", "持股", "增持", "注资", "成立"), (SUBSIDIARY,)),
    "拥有": (INVESTS,),
    "合资": (INVESTS,),
    "订单": (),
}
NONE = ("unknown", "分析", "纠纷")


def folded(label: str) -> tuple[RelationType | None, bool]:
    """Our relation for a FinRE label, and whether the second name is its head; None for no relation of the four."""
    passive = label.startswith("被")
    type = FOLDED.get(label.removeprefix("被"))
    return type, (type is SUBSIDIARY) != passive


def documents(path: Path, annotated: Path) -> list[dict[str, Any]]:
    """Sentences as annotated documents: all names that FinRE gives, and its instances under `instances`."""
    known = {"".join(r["text"].split()) for r in load(annotated)}
    texts: dict[str, list[dict[str, str]]] = collections.defaultdict(list)
    for row in load(path):
        if "".join(row["text"].split()) not in known:
            texts[row["text"]].append(row)
    result = []
    for number, (text, instances) in enumerate(texts.items()):
        taken = np.zeros(len(text), bool)
        mentions = []
        for name in sorted(
            {n for r in instances for n in (r["head"], r["tail"])}, key=lambda n: (-len(n), n)
        ):
            start = text.find(name)
            while start >= 0:
                if not taken[start : start + len(name)].any():
                    taken[start : start + len(name)] = True
                    mentions.append(
                        {"start": start, "end": start + len(name), "type": "Company", "entity": name}
                    )
                start = text.find(name, start + 1)
        mentions.sort(key=lambda m: m["start"])
        result.append({
            "doc_id": f"sentence-{number}", "title": "", "date": "", "text": text,
            "mentions": mentions, "relations": [], "instances": instances,
        })  # fmt: skip
    return result


def labels(pairs: list[Pair], row: dict[str, Any], numbers: dict[str, int]) -> np.ndarray:
    """[pairs, labels] right, wrong or unknown, by the instances of the row."""
    table = np.full((len(pairs), len(LABELS)), UNKNOWN, dtype=np.int8)
    given: dict[tuple[int, int], list[str]] = collections.defaultdict(list)
    for instance in row["instances"]:
        head, tail = numbers.get(instance["head"]), numbers.get(instance["tail"])
        if head is not None and tail is not None:
            given[head, tail].append(instance["label"])
    for i, pair in enumerate(pairs):
        names = given.get((pair.first.entity, pair.second.entity), [])
        decided = [n for n in names if n in NONE or n.removeprefix("被") in FOLDED]
        if not decided or len(decided) < len(names):
            continue
        for type in (INVESTS, COMPETES, PARTNERS, SUBSIDIARY):
            if not any(type in OPEN.get(n.removeprefix("被"), ()) for n in names):
                table[i, [label_of(type, True), label_of(type, False)]] = WRONG
        for name in decided:
            folded_type, turned = folded(name)
            if folded_type is not None:
                table[i, label_of(folded_type, not turned)] = RIGHT
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("finre", type=Path)
    parser.add_argument("annotated", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    write(documents(arguments.finre, arguments.annotated), labels, arguments.target)


if __name__ == "__main__":
    main()
