"""The figures are those of the reference scorer, to the last digit."""

import importlib.util
import json
import random
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.evaluation.attributes import score_attributes
from kg.evaluation.documents import (
    AnnotatedDocument,
    AnnotatedMention,
    AnnotatedRelation,
    read_annotated,
    write_annotated,
)
from kg.evaluation.score import figure, score

GOLD = Path(__file__).parent.parent.parent / "shared" / "gold"


def noisy(gold: list[AnnotatedDocument], seed: int) -> list[AnnotatedDocument]:
    """Predictions with errors of every kind, and one document without any."""
    chance = random.Random(seed)
    found = []
    for g in gold[1:]:
        mentions = [m for m in g.mentions if chance.random() < 0.8]
        mentions = [
            AnnotatedMention(
                m.start,
                min(len(g.text), m.end + (chance.random() < 0.1)),
                chance.choice([m.type] * 9 + ["Company"]),
                m.entity + chance.choice(["", "", "x"]),
            )
            for m in mentions
        ]
        ids = [m.entity for m in mentions] or ["none"]
        relations = [
            AnnotatedRelation(r.type, chance.choice([r.head, r.tail]), chance.choice(ids))
            if chance.random() < 0.4
            else r
            for r in g.relations
        ]
        found.append(AnnotatedDocument(g.doc_id, g.text, tuple(mentions), tuple(relations)))
    return found


@pytest.mark.skipif(not (GOLD / "score.py").exists(), reason="the reference scorer is not beside the project")
@pytest.mark.parametrize("seed", range(3))
def test_figures_equal_the_reference_scorer(tmp_path: Path, seed: int) -> None:
    spec = importlib.util.spec_from_file_location("reference", GOLD / "score.py")
    assert spec and spec.loader
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    gold = read_annotated(GOLD / "dev.jsonl")
    predicted = noisy(gold, seed)
    write_annotated(tmp_path / "predicted.jsonl", predicted)
    expected, _ = reference.score(
        reference.load(GOLD / "dev.jsonl"), reference.load(tmp_path / "predicted.jsonl")
    )
    ours = score(gold, {d.doc_id: d for d in predicted})
    assert {name: asdict(f) for name, f in ours.entities.items()} == expected["entities"]
    assert {name: asdict(f) for name, f in ours.relations.items()} == expected["relations"]
    assert {**asdict(ours.linking), "alias_pairs": asdict(ours.alias_pairs)} == expected["linking"]


def document(text: str, mentions: list[tuple[str, str, str]], relations: Sequence[tuple[str, str, str]] = ()):
    spans = [(text.index(surface), surface, kind, entity) for surface, kind, entity in mentions]
    return AnnotatedDocument(
        "one",
        text,
        tuple(AnnotatedMention(at, at + len(s), kind, entity) for at, s, kind, entity in spans),
        tuple(AnnotatedRelation(*r) for r in relations),
    )


def test_a_perfect_prediction_scores_one_whatever_its_ids_are_called() -> None:
    text = "阿里巴巴（Alibaba）投资月之暗面。"
    gold = document(
        text,
        [("阿里巴巴", "Company", "a"), ("Alibaba", "Company", "a"), ("月之暗面", "Company", "m")],
        [("INVESTS_IN", "a", "m")],
    )
    predicted = document(
        text,
        [("阿里巴巴", "Company", "1"), ("Alibaba", "Company", "1"), ("月之暗面", "Company", "2")],
        [("INVESTS_IN", "1", "2")],
    )
    scores = score([gold], {"one": predicted})
    assert scores.entities["exact"].f1 == scores.linking.f1 == scores.alias_pairs.f1 == 1.0
    assert scores.relations["core"] == figure(1, 1, 1)


def test_direction_counts_unless_the_relation_is_symmetric() -> None:
    text = "百度与腾讯竞争，百度投资腾讯。"
    names = [("百度", "Company", "b"), ("腾讯", "Company", "t")]
    gold = document(text, names, [("COMPETES_WITH", "b", "t"), ("INVESTS_IN", "b", "t")])
    turned = document(text, names, [("COMPETES_WITH", "t", "b"), ("INVESTS_IN", "t", "b")])
    figures = score([gold], {"one": turned}).relations
    assert figures["COMPETES_WITH"].f1 == 1.0
    assert figures["INVESTS_IN"].f1 == 0.0


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    good = {"doc_id": "a", "text": "百度", "mentions": [], "relations": []}
    bad = {
        "doc_id": "b",
        "text": "百度",
        "mentions": [{"start": 0, "end": 9, "type": "Company", "entity": "x"}],
    }
    path.write_text(json.dumps(good) + "\n" + json.dumps({**bad, "relations": []}) + "\n", encoding="utf-8")
    with pytest.raises(KgError, match="line 2"):
        read_annotated(path)


def with_attributes(text: str, *told: tuple[int, int, dict[str, object]]) -> AnnotatedDocument:
    found = document(text, [("软银", "Company", "a"), ("安谋", "Company", "b")])
    relations = tuple(AnnotatedRelation("INVESTS_IN", "a", "b", *claim) for claim in told)
    return AnnotatedDocument("one", text, found.mentions, relations, date="2025-03-14")


def test_attributes_as_written_are_compared_in_normal_form_and_a_missing_one_is_wrong() -> None:
    text = "软银3月10日拟以约320亿美元收购安谋51%的股权。"
    written = {"amount": "约320亿美元", "date": "3月10日", "status": "planned"}
    gold = with_attributes(text, (0, len(text), written))
    told = {"amount": 3.2e10, "currency": "USD", "date": "2025-03-10", "stake": 51.0, "status": "completed"}
    figures = score_attributes([gold], {"one": with_attributes(text, (0, len(text), told))})
    assert (figures["amount"].tp, figures["date"].tp, figures["status"].tp) == (1, 1, 0)
    assert (figures["stake"].pred, figures["stake"].gold) == (1, 0)
    assert (figures["stated"].tp, figures["stated"].gold) == (2, 3)


def test_of_several_claims_the_one_where_the_annotation_stands_speaks_for_the_relation() -> None:
    text = "软银曾以1亿美元投资安谋。后来软银以320亿美元收购安谋。"
    first, second = (
        (0, 13, {"amount": 1e8, "currency": "USD"}),
        (13, len(text), {"amount": 3.2e10, "currency": "USD"}),
    )
    gold = with_attributes(text, (13, len(text), {"amount": "320亿美元"}))
    for told in ((first, second), (second, first)):
        assert score_attributes([gold], {"one": with_attributes(text, *told)})["amount"].tp == 1
