"""Annotated documents and predictions: one JSON document a line, offsets in code points of its text.

{"doc_id": str, "text": str, "title": str?, "date": str?,
 "mentions": [{"start": int, "end": int, "type": str, "entity": str}, ...],
 "relations": [{"type": str, "head": str, "tail": str, "start": int?, "end": int?, "evidence": str?,
                "attrs": {str: value}?}, ...]}

`evidence`, or the stretch `start`..`end`, is where the text states the relation; `attrs` are its attributes, as written
or in normal form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.schema import EntityType, RelationType


@dataclass(frozen=True, slots=True)
class AnnotatedMention:
    """A span, its type and the entity that it names (an id shared across documents)."""

    start: int
    end: int
    type: str
    entity: str


@dataclass(frozen=True, slots=True)
class AnnotatedRelation:
    """A relation between two entity ids, where the text states it (None: not said) and its attributes."""

    type: str
    head: str
    tail: str
    start: int | None = None
    end: int | None = None
    attrs: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document with its mentions and relations."""

    doc_id: str
    text: str
    mentions: tuple[AnnotatedMention, ...]
    relations: tuple[AnnotatedRelation, ...]
    title: str = ""
    date: str | None = None


def read_annotated(path: Path) -> list[AnnotatedDocument]:
    """Read annotated documents; the text is taken verbatim. A bad line is a KgError that names it."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise KgError(f"Cannot read {path} ({error.strerror}); check the path.") from error
    except UnicodeDecodeError as error:
        raise KgError(f"{path} is not UTF-8; annotated documents are JSON lines in UTF-8.") from error
    documents: dict[str, AnnotatedDocument] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            document = _parse(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KgError(
                f"{path}, line {number} is no annotated document ({type(error).__name__}: {error});"
                " it needs doc_id, text, mentions and relations."
            ) from error
        documents[document.doc_id] = document
    if not documents:
        raise KgError(f"{path} holds no annotated document; give one JSON document a line.")
    return list(documents.values())


def _parse(row: dict[str, Any]) -> AnnotatedDocument:
    text = row["text"]
    mentions = tuple(
        AnnotatedMention(int(m["start"]), int(m["end"]), str(EntityType(m["type"])), str(m["entity"]))
        for m in row["mentions"]
    )
    for m in mentions:
        if not 0 <= m.start < m.end <= len(text):
            raise ValueError(f"mention {m.start}:{m.end} lies outside the text")
    relations = tuple(_relation(r, text) for r in row["relations"])
    title, date = row.get("title") or "", row.get("date") or None
    return AnnotatedDocument(str(row["doc_id"]), str(text), mentions, relations, str(title), date)


def _relation(row: dict[str, Any], text: str) -> AnnotatedRelation:
    start, end = row.get("start"), row.get("end")
    if row.get("evidence") and (at := text.find(row["evidence"])) >= 0:
        start, end = at, at + len(row["evidence"])
    ends = str(RelationType(row["type"])), str(row["head"]), str(row["tail"])
    return AnnotatedRelation(*ends, start, end, dict(row.get("attrs") or {}))


def write_annotated(path: Path, documents: Iterable[AnnotatedDocument]) -> None:
    """Write documents in the format that `read_annotated` reads."""
    try:
        with path.open("w", encoding="utf-8") as file:
            for document in documents:
                file.write(json.dumps(asdict(document), ensure_ascii=False) + "\n")
    except OSError as error:
        raise KgError(f"Cannot write {path} ({error.strerror}); name another file.") from error
