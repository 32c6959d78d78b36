"""The spaCy component: from a `Doc` with names to its claims."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from kg.extraction.annotations import mention_id_of
from kg.extraction.relations.claims import Evidence, make_claims, precision_of
from kg.extraction.relations.frames import Frame, Name, build_frames
from kg.extraction.relations.rules import find_all
from kg.extraction.relations.sentences import headings, join_wrapped
from kg.extraction.relations.tables import Table, find_in_tables, read_tables, row_subjects
from kg.schema import EntityType
from kg.tables import Document, Section, Span

#: A rule alone makes a claim from this share of right findings on.
MIN_RULE_PRECISION = 0.45


class RelationFinder:
    """Fills `doc._.claims`."""

    def __call__(self, doc: Doc) -> Doc:
        document: Document | None = doc._.document
        if document is None or len(doc.ents) == 0:
            doc._.claims = []
            return doc
        names = names_of(doc)
        sections: list[Section] = doc._.sections
        sentences = join_wrapped(
            doc.text,
            [Span(s.start_char, s.end_char) for s in doc.sents],
            [(n.start, n.end) for n in names],
            sections,
        )
        tables = read_tables(sections, doc.text)
        frames = build_frames(
            doc.text, sentences, names, headings(doc.text, sentences, sections), row_subjects(tables, names)
        )
        evidence = list(rule_evidence(doc.text, frames, tables, names))
        claims, dropped = make_claims(document, [e for e in evidence if e.confidence >= MIN_RULE_PRECISION])
        doc._.claims = claims
        doc._.dropped.extend(dropped)
        return doc


def names_of(doc: Doc) -> list[Name]:
    """The names of a document, numbered by the thing they name (by surface where no clusters are given)."""
    clusters: dict[str, object] = doc._.clusters or {}
    numbers: dict[object, int] = {}
    names = []
    for span in doc.ents:
        mention_id = mention_id_of(doc, span)
        key = clusters.get(mention_id) or (span.label_, span.text)
        number = numbers.setdefault(key, len(numbers))
        names.append(
            Name(span.start_char, span.end_char, EntityType(span.label_), span.text, mention_id, number)
        )
    return names


def rule_evidence(
    text: str, frames: list[Frame], tables: list[Table], names: list[Name]
) -> Iterator[Evidence]:
    """What the constructions and the tables say, with the precision of each as its confidence."""
    for found in find_all(frames):
        sentence = Span(found.frame.start, found.frame.end)
        yield Evidence(
            found.type, found.head, found.tail, sentence, found.start, found.end,
            f"rule:{found.construction}", precision_of(found.construction), found.context,
        )  # fmt: skip
    for cell in find_in_tables(tables, text, names):
        cells = {
            name: span
            for name, span in (
                ("date", cell.date), ("amount", cell.amount), ("round", cell.round), ("role", cell.role),
            )
            if span is not None
        }  # fmt: skip
        yield Evidence(
            cell.type, cell.head, cell.tail, Span(cell.start, cell.end), cell.start, cell.end,
            f"rule:{cell.construction}", precision_of(cell.construction), cell.context, cells,
        )  # fmt: skip
