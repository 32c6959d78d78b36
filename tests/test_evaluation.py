"""The figures are those of the reference scorer, to the last digit."""

import importlib.util
import json
import random
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from kg.errors import KgError
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
