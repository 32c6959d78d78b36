"""How many attributes are right, given right relations, on sentences of ours about deals, fines, posts and denials.

`data/attribute_sentences.jsonl` holds 106 sentences with 133 relations and their attributes in normal form; null means
that the text gives none although it holds a sum or a day that could be mistaken for it (a valuation, a price a share).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.evaluation.attributes import matched_claims, score_attributes
from kg.evaluation.documents import AnnotatedDocument, read_annotated
from kg.evaluation.predict import predict
from kg.evaluation.stage import Stage
from kg.extraction import ExtractionSettings
from kg.linking import LinkingSettings
from kg.progress import Silent

Documents = dict[str, AnnotatedDocument]


@pytest.fixture(scope="module")
def gold() -> list[AnnotatedDocument]:
    return read_annotated(Path(__file__).parent / "data" / "attribute_sentences.jsonl")


@pytest.fixture(scope="module")
def found(gold: list[AnnotatedDocument]) -> Documents:
    predicted = predict(gold, Stage.RELATIONS, ExtractionSettings(), LinkingSettings(), Silent())
    return {document.doc_id: document for document in predicted}


@pytest.mark.parametrize(
    ("attribute", "right", "least"),
    [
        ("stated", 0.92, 190),
        ("amount", 0.95, 70),
        ("stake", 0.9, 24),
        ("date", 0.95, 65),
        ("status", 0.85, 30),
        ("round", 0.9, 8),
        ("role", 0.9, 7),
        ("action", 0.9, 15),
    ],
)
def test_attributes_are_right(
    gold: list[AnnotatedDocument], found: Documents, attribute: str, right: float, least: int
) -> None:
    figure = score_attributes(gold, found)[attribute]
    assert figure.gold >= least, "relations are missed, so that there is little to judge"
    assert figure.r >= right


def test_valuations_prices_a_share_and_days_of_other_events_are_not_taken(
    gold: list[AnnotatedDocument], found: Documents
) -> None:
    traps = [
        (document.doc_id, name, claim.attrs.get(name))
        for document in gold
        for relation, claim in matched_claims(document, found[document.doc_id])
        for name, value in relation.attrs.items()
        if value is None
    ]
    assert len(traps) >= 4
    assert sum(told is not None for _, _, told in traps) <= 1, traps
