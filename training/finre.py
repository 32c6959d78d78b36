"""FinRE (MIT) as further pairs of names for training: its labels folded to four of ours.

Only the pairs that FinRE labels count, only for the four relations, and only where its label decides: what it calls
a transaction or a transfer may or may not be one of ours. Sentences that are annotated by hand are left out.
"""

from __future__ import annotations

import collections
from pathlib import Path
from typing import Any

import numpy as np

from kg.extraction.relations.labels import LABELS, label_of
from kg.schema import RelationType
from training.documents import Targets
from training.own import read_rows
from training.pairs import RIGHT, UNKNOWN, WRONG

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
    known = {"".join(r["text"].split()) for r in read_rows(annotated)}
    texts: dict[str, list[dict[str, str]]] = collections.defaultdict(list)
    for row in read_rows(path):
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


def pair_labels(pairs: list[tuple[str, str]], instances: list[dict[str, str]]) -> np.ndarray:
    """[pairs, labels] for pairs of names, the one that stands first in the text first."""
    given: dict[tuple[str, str], list[str]] = collections.defaultdict(list)
    for instance in instances:
        given[instance["head"], instance["tail"]].append(instance["label"])
    table = np.full((len(pairs), len(LABELS)), UNKNOWN, dtype=np.int8)
    for i, pair in enumerate(pairs):
        names = given.get(pair, [])
        decided = [n for n in names if n in NONE or n.removeprefix("被") in FOLDED]
        if not decided or len(decided) < len(names):
            continue
        for type in (INVESTS, COMPETES, PARTNERS, SUBSIDIARY):
            if not any(type in OPEN.get(n.removeprefix("被"), ()) for n in names):
                table[i, [label_of(type, True), label_of(type, False)]] = WRONG
        for label in decided:
            folded_type, turned = folded(label)
            if folded_type is not None:
                table[i, label_of(folded_type, not turned)] = RIGHT
    return table


def targets(row: dict[str, Any]) -> Targets:
    """The pairs that FinRE labels, for the encoder's classifier of pairs: as `pair_labels`."""
    names = [m["entity"] for m in row["mentions"]]
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names)) if names[i] != names[j]]
    table = pair_labels([(names[i], names[j]) for i, j in pairs], row["instances"])
    left, right = (np.array([p[k] for p in pairs], dtype=np.int64) for k in (0, 1))
    return Targets(left, right, (table == RIGHT).astype(np.uint8), (table != UNKNOWN).astype(np.uint8))
