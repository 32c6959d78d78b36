"""The documents written for training: their labels lie on their text, and the schema allows what they relate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.schema import SYMMETRIC_RELATIONS, EntityType, RelationType, allows

FILE = Path(__file__).parent.parent / "training/annotations/documents.jsonl"
DOCUMENTS: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def test_each_document_stands_there_once() -> None:
    assert (
        len({row["doc_id"] for row in DOCUMENTS}) == len({row["text"] for row in DOCUMENTS}) == len(DOCUMENTS)
    )


@pytest.mark.parametrize("row", DOCUMENTS, ids=lambda row: row["doc_id"])
def test_labels_of_a_document(row: dict[str, Any]) -> None:
    text, types = row["text"], {}
    end = 0
    for mention in row["mentions"]:
        assert end <= mention["start"] < mention["end"] <= len(text), "mentions in order, none over another"
        end = mention["end"]
        surface = text[mention["start"] : end]
        assert surface == surface.strip() != ""
        assert types.setdefault(mention["entity"], EntityType(mention["type"])) == EntityType(mention["type"])
    seen = set()
    for relation in row["relations"]:
        kind, head, tail = RelationType(relation["type"]), types[relation["head"]], types[relation["tail"]]
        assert allows(kind, head, tail) or (kind in SYMMETRIC_RELATIONS and allows(kind, tail, head))
        assert text[relation["start"] : relation["end"]].strip()
        key = (relation["type"], relation["head"], relation["tail"])
        assert key not in seen
        seen.add(key)
