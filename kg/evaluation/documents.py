"""Annotated documents and predictions: one JSON document a line, offsets in code points of its text.

{"doc_id": str, "text": str, "title": str?, "date": str?,
 "mentions": [{"start": int, "end": int, "type": str, "entity": str}, ...],
 "relations": [{"type": str, "head": str, "tail": str}, ...]}
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
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
    """A relation between two entity ids."""

    type: str
    head: str
    tail: str


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
    relations = tuple(
        AnnotatedRelation(str(RelationType(r["type"])), str(r["head"]), str(r["tail"]))
        for r in row["relations"]
    )
    title, date = row.get("title") or "", row.get("date") or None
    return AnnotatedDocument(str(row["doc_id"]), str(text), mentions, relations, str(title), date)


def write_annotated(path: Path, documents: Iterable[AnnotatedDocument]) -> None:
    """Write documents in the format that `read_annotated` reads."""
    try:
        with path.open("w", encoding="utf-8") as file:
            for document in documents:
                file.write(json.dumps(asdict(document), ensure_ascii=False) + "\n")
    except OSError as error:
        raise KgError(f"Cannot write {path} ({error.strerror}); name another file.") from error
