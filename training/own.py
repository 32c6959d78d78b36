"""Annotations of ours beyond the given training set (`training/annotations/README.md`), as rows like those of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "annotations"
CORPORA = ("fuyaonews", "tidewire_flashes")


def rows(corpora: Path) -> Iterator[dict[str, Any]]:
    """Annotated documents; the texts of labels that are kept apart come from the files in `corpora`."""
    for name in CORPORA:
        lines = (corpora / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        for row in read_rows(FOLDER / f"{name}.jsonl"):
            yield _row(f"own-{name}-{row['row']}", _text(json.loads(lines[row["row"]])), row)
    for row in read_rows(FOLDER / "documents.jsonl"):
        yield _row(row["doc_id"], row["text"], row)


def _row(doc_id: str, text: str, labels: dict[str, Any]) -> dict[str, Any]:
    return {
        "doc_id": doc_id,
        "title": "",
        "date": "",
        "text": text,
        "mentions": [{**m, "text": text[m["start"] : m["end"]]} for m in labels["mentions"]],
        "relations": [{**r, "evidence": text[r["start"] : r["end"]]} for r in labels["relations"]],
    }


def _text(row: dict[str, str]) -> str:
    return row["content"] if "content" in row else row["text"].split("\n---\n", 1)[1]


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
