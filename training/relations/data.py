"""Annotated documents as the relation component sees them: names given, frames and rule evidence made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.extraction.annotations import Candidate, set_names
from kg.extraction.pipeline import load_pipeline
from kg.extraction.relations.component import names_of, rule_evidence
from kg.extraction.relations.frames import Frame, Name, build_frames
from kg.extraction.relations.sentences import headings, join_wrapped
from kg.extraction.relations.tables import Table, read_tables, row_subjects
from kg.extraction.settings import ExtractionSettings
from kg.schema import SYMMETRIC_RELATIONS, EntityType, RelationType
from kg.tables import Document, Span


@dataclass(slots=True)
class Prepared:
    """A document with its names, frames, tables, and what is right: (type, head entity number, tail entity number)."""

    doc_id: str
    document: Document
    names: list[Name]
    frames: list[Frame]
    tables: list[Table]
    gold: set[tuple[str, int, int]]
    doc: Any


def load(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def prepare(rows: list[dict[str, Any]]) -> Iterator[Prepared]:
    """Each annotated document, prepared with its own names and clusters."""
    from kg.documents.sections import verbatim_sections

    nlp = load_pipeline(ExtractionSettings(model=False))
    for row in rows:
        document = Document(
            row["doc_id"], row["doc_id"], row["title"], row["date"] or None, "zh", row["text"], ""
        )
        doc = nlp.make_doc(document.text)
        doc._.document = document
        doc._.sections = verbatim_sections(document.doc_id, document.text)
        set_names(
            doc,
            [Candidate(m["start"], m["end"], EntityType(m["type"]), 1.0, "gold") for m in row["mentions"]],
        )
        doc._.clusters = {f"{row['doc_id']}:{m['start']}:{m['end']}": m["entity"] for m in row["mentions"]}
        doc = nlp.get_pipe("sentences")(doc)
        names = names_of(doc)
        number = {}
        for name in names:
            number[doc._.clusters[name.mention_id]] = name.entity
        gold = set()
        for r in row["relations"]:
            if r["head"] in number and r["tail"] in number:
                gold.add((r["type"], number[r["head"]], number[r["tail"]]))
                if RelationType(r["type"]) in SYMMETRIC_RELATIONS:
                    gold.add((r["type"], number[r["tail"]], number[r["head"]]))
        sentences = join_wrapped(
            doc.text,
            [Span(s.start_char, s.end_char) for s in doc.sents],
            [(n.start, n.end) for n in names],
            doc._.sections,
        )
        tables = read_tables(doc._.sections, doc.text)
        frames = build_frames(
            doc.text,
            sentences,
            names,
            headings(doc.text, sentences, doc._.sections),
            row_subjects(tables, names),
        )
        yield Prepared(row["doc_id"], document, names, frames, tables, gold, doc)


def evidence_of(prepared: Prepared) -> list[Any]:
    return list(rule_evidence(prepared.document.text, prepared.frames, prepared.tables, prepared.names))
