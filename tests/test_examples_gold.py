"""The annotated texts of ours keep the rules of annotation: offsets, types, what a relation may join, evidence."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from kg.schema import RELATIONS, Action, EntityType, RelationType, Status, allows

TESTS = Path(__file__).parent
NEWS = TESTS.parent / "examples" / "news"


def documents(name: str) -> list[dict[str, Any]]:
    with (TESTS / "data" / name).open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


AS_WRITTEN = [
    pytest.param(document, id=document["doc_id"])
    for name in ("examples_gold.jsonl", "english_texts.jsonl")
    for document in documents(name)
]
NORMAL_FORM = [
    pytest.param(document, id=document["doc_id"]) for document in documents("attribute_sentences.jsonl")
]
ANNOTATED = AS_WRITTEN + NORMAL_FORM


@pytest.mark.parametrize("document", ANNOTATED)
def test_mentions_stand_in_the_text_and_do_not_overlap(document: dict[str, Any]) -> None:
    end = 0
    for mention in document["mentions"]:
        assert mention["start"] >= end
        end = mention["end"]
        assert document["text"][mention["start"] : end] == mention["text"]
        assert EntityType(mention["type"]) == mention["entity"].split(":", 1)[0]


@pytest.mark.parametrize("document", ANNOTATED)
def test_relations_join_mentioned_entities_as_the_schema_allows(document: dict[str, Any]) -> None:
    types = {mention["entity"]: EntityType(mention["type"]) for mention in document["mentions"]}
    seen = set()
    for relation in document["relations"]:
        head, tail = relation["head"], relation["tail"]
        assert head != tail
        assert allows(RelationType(relation["type"]), types[head], types[tail])
        assert relation["evidence"] in document["text"]
        assert (relation["type"], head, tail) not in seen
        seen.add((relation["type"], head, tail))


@pytest.mark.parametrize("document", AS_WRITTEN)
def test_attributes_are_words_of_the_text_or_of_the_schema(document: dict[str, Any]) -> None:
    closed = {"status": Status, "action": Action}
    for relation in document["relations"]:
        for name, value in relation["attrs"].items():
            if name in closed:
                closed[name](value)
            else:
                assert name in {"amount", "date", "role", "stake", "round"}
                assert value in document["text"]


@pytest.mark.parametrize("document", NORMAL_FORM)
def test_attributes_in_normal_form_are_those_of_the_schema(document: dict[str, Any]) -> None:
    for relation in document["relations"]:
        allowed = {*RELATIONS[RelationType(relation["type"])].attributes, "date", "status"}
        assert relation["attrs"].keys() <= allowed
        Status(relation["attrs"].get("status", "completed"))
        assert re.fullmatch(r"\d{4}(-\d\d){0,2}", relation["attrs"].get("date") or "2025")


def test_the_annotated_examples_are_the_examples() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in NEWS.glob("*.txt")}
    for line in (NEWS / "flashes.jsonl").read_text(encoding="utf-8").splitlines():
        flash = json.loads(line)
        texts[flash["id"]] = flash["text"]
    with (NEWS / "briefs.csv").open(encoding="utf-8", newline="") as file:
        texts.update((row["id"], row["content"]) for row in csv.DictReader(file))
    gold = documents("examples_gold.jsonl")
    assert len(gold) == 30
    for document in gold:
        assert texts[document["doc_id"]] == document["text"]


def test_the_examples_show_every_type_and_status_that_text_can_give() -> None:
    gold = documents("examples_gold.jsonl") + documents("english_texts.jsonl")
    relations = [relation for document in gold for relation in document["relations"]]
    assert {m["type"] for d in gold for m in d["mentions"]} == {str(t) for t in EntityType}
    assert {r["type"] for r in relations} == {str(t) for t in RelationType}
    assert {"completed", "planned", "ongoing", "denied", "ended"} <= {
        r["attrs"].get("status") for r in relations
    }
