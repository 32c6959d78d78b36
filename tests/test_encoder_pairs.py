"""The learned score of relations between two names, computed from the hidden states of the one encoder pass."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kg.errors import KgError
from kg.extraction import encoder_pairs
from kg.extraction.encoder import MODEL_FOLDER, NameModel
from kg.extraction.encoder_pairs import TYPES, PairModel, name_pieces, pair_inputs
from kg.extraction.relations.labels import LABELS, possible
from kg.schema import EntityType, RelationType

MODEL = NameModel()
PAIRS = PairModel.read(MODEL_FOLDER / "pairs.npz")


def scores(text: str, names: list[tuple[str, EntityType]]) -> dict[tuple[str, str, str], float]:
    """Probability of every allowed relation between the given names of a text, as (head, relation, tail)."""
    spans = [(text.index(surface), text.index(surface) + len(surface)) for surface, _ in names]
    encoded = MODEL.encode(text)
    first, last = name_pieces(encoded.offsets, spans)
    types = np.array([TYPES.index(kind) for _, kind in names])
    left, right = np.triu_indices(len(names), 1)
    inputs = pair_inputs(first, last, types, encoded.breaks, left, right)
    result = {}
    for i, j, row in zip(
        left, right, PAIRS.scores(encoded.hidden, first, last, inputs, left, right), strict=True
    ):
        for label, score in zip(LABELS, row, strict=True):
            head, tail = (j, i) if label.turned else (i, j)
            result[names[head][0], label.type.value, names[tail][0]] = float(score)
    return result


def test_an_investor_and_its_target() -> None:
    found = scores(
        "华发集团宣布向智谱投资5亿元，双方在北京签约。",
        [("华发集团", EntityType.COMPANY), ("智谱", EntityType.COMPANY), ("北京", EntityType.REGION)],
    )
    assert found["华发集团", "INVESTS_IN", "智谱"] > 0.5
    assert found["智谱", "INVESTS_IN", "华发集团"] < 0.1
    assert max(score for (_, _, tail), score in found.items() if tail == "北京") < 0.5


def test_a_post_is_read_in_both_orders() -> None:
    for text in ("英伟达首席执行官黄仁勋周三表示，需求强劲。", "黄仁勋是英伟达的首席执行官。"):
        names = sorted(
            [("英伟达", EntityType.COMPANY), ("黄仁勋", EntityType.PERSON)], key=lambda n: text.index(n[0])
        )
        found = scores(text, names)
        assert max(found, key=lambda fact: found[fact]) == ("黄仁勋", "WORKS_FOR", "英伟达")


def test_scores_do_not_depend_on_how_many_pairs_are_taken_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "英伟达首席执行官黄仁勋周三表示，华发集团向智谱投资。" * 3
    names = [("英伟达", EntityType.COMPANY), ("黄仁勋", EntityType.PERSON), ("智谱", EntityType.COMPANY)]
    together = scores(text, names)
    monkeypatch.setattr(encoder_pairs, "PAIRS_AT_A_TIME", 1)
    assert scores(text, names) == pytest.approx(together, rel=1e-4)


def test_what_the_schema_forbids_is_never_scored() -> None:
    text = "黄仁勋在北京说。"
    found = scores(text, [("黄仁勋", EntityType.PERSON), ("北京", EntityType.REGION)])
    allowed = {LABELS[n].type.value for n in possible(EntityType.PERSON, EntityType.REGION)}
    assert RelationType.COMPETES_WITH.value not in allowed
    for (_, relation, _), score in found.items():
        if relation not in allowed:
            assert score == 0.0


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_a_damaged_pair_model_is_named(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "pairs.npz"
    if damage == "cut":
        path.write_bytes((MODEL_FOLDER / "pairs.npz").read_bytes()[:1000])
    with pytest.raises(KgError, match="pairs"):
        PairModel.read(path)
