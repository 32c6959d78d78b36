"""Hundreds of pairs that must meet or stay apart, all in one run of the linker (`data/linking_pairs.csv`)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kg.linking import Decisions, LinkingSettings, link
from kg.schema import EntityType
from kg.tables import Document, Mention

PAIRS = list(csv.DictReader((Path(__file__).parent / "data" / "linking_pairs.csv").open(encoding="utf-8")))


def joined(curated: bool) -> list[tuple[str, str, str, bool]]:
    """Judgement, left, right and whether the linker made them one; each name alone in a document."""
    names = sorted({(row["type"], row[side]) for row in PAIRS for side in ("left", "right")})
    documents = [Document(f"d{i}", "", "", None, "zh", name, "") for i, (_, name) in enumerate(names)]
    mentions = [
        Mention(f"d{i}:0:{len(name)}", f"d{i}", 0, len(name), EntityType(type_), name, 1.0, "t")
        for i, (type_, name) in enumerate(names)
    ]
    result = link(mentions, [], documents, Decisions(), [], LinkingSettings(curated_names=curated))
    entity = {row.mention_id: row.entity_id for row in result.mention_entities}
    of_name = {name: entity[m.mention_id] for name, m in zip(names, mentions, strict=True)}
    return [
        (
            row["judgement"],
            row["left"],
            row["right"],
            of_name[row["type"], row["left"]] == of_name[row["type"], row["right"]],
        )
        for row in PAIRS
    ]


def test_there_are_enough_pairs() -> None:
    assert sum(row["judgement"] == "same" for row in PAIRS) >= 300
    assert sum(row["judgement"] == "different" for row in PAIRS) >= 300


@pytest.mark.parametrize("curated, recall", [(True, 0.9), (False, 0.6)])
def test_pairs_meet_and_stay_apart(curated: bool, recall: float) -> None:
    found = joined(curated)
    assert [(left, right) for judgement, left, right, one in found if judgement == "different" and one] == []
    same = [one for judgement, _, _, one in found if judgement == "same"]
    assert sum(same) / len(same) >= recall
