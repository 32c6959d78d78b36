"""The spaCy component: from a `Doc` with names to its claims."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from spacy.tokens import Doc

from kg.extraction.annotations import mention_id_of
from kg.extraction.relations.candidates import Pair, pairs_of
from kg.extraction.relations.claims import make_claims, precision_of
from kg.extraction.relations.competition import without_versions
from kg.extraction.relations.findings import Evidence
from kg.extraction.relations.frames import Frame, Name, build_frames
from kg.extraction.relations.hints import Hints
from kg.extraction.relations.labels import LABELS, Label
from kg.extraction.relations.learned import FOLDER, load_scorer
from kg.extraction.relations.opinions import opinions
from kg.extraction.relations.rules import find_all
from kg.extraction.relations.sentences import headings, join_wrapped
from kg.extraction.relations.tables import Table, find_in_tables, read_tables, row_subjects
from kg.schema import RELATIONS, EntityType, RelationType, allows
from kg.tables import Document, Dropped, Section, Span

#: A rule alone makes a claim from this share of right findings on.
MIN_RULE_PRECISION = 0.45


#: Constructions that read a layout or a list, not free language: what they find is stated whatever the learned score says.
EXACT = (
    "rule:table.", "rule:posts.reporter", "rule:regulation.list_adds", "rule:regulation.list_removes",
    "rule:structure.part_of_body", "rule:places.bracket",
)  # fmt: skip
#: What only rules say, about a pair that the learned score does not look at, needs to be surer.
MIN_UNSCORED_PRECISION = 0.7


class RelationFinder:
    """Fills `doc._.claims`. With `learned` off, or where no trained score ships, rules speak alone."""

    def __init__(self, learned: bool = True) -> None:
        self._learned = learned and (FOLDER / "relations.json").is_file()

    def __call__(self, doc: Doc) -> Doc:
        document: Document | None = doc._.document
        doc._.claims = []
        if document is None or len(doc.ents) == 0:
            return doc
        names = names_of(doc)
        sections: list[Section] = doc._.sections
        sentences = join_wrapped(
            doc._.text,
            [Span(s.start_char, s.end_char) for s in doc.sents],
            [(n.start, n.end) for n in names],
            sections,
        )
        tables = read_tables(sections, doc._.text)
        frames = build_frames(
            doc._.text,
            sentences,
            names,
            headings(doc._.text, sentences, sections),
            row_subjects(tables, names),
        )
        evidence = list(rule_evidence(doc._.text, frames, tables, names))
        if self._learned:
            evidence = self._scored(doc, names, frames, evidence)
        else:
            evidence = [e for e in evidence if e.confidence >= MIN_RULE_PRECISION]
        evidence, versions = without_versions(evidence)
        claims, dropped = make_claims(document, evidence, sentences, names)
        if versions:
            example = f"{versions[0].head.text} COMPETES_WITH {versions[0].tail.text}"
            reason = "versions of one developer's model do not compete"
            dropped.append(Dropped(document.doc_id, "relations", reason, len(versions), example))
        doc._.claims = claims
        doc._.dropped.extend(dropped)
        return doc

    def _scored(
        self, doc: Doc, names: list[Name], frames: list[Frame], evidence: list[Evidence]
    ) -> list[Evidence]:
        """What the learned score states, and what rules state of pairs that it does not look at."""
        scorer = load_scorer()
        pairs = list(pairs_of(frames))
        hints = Hints(scorer.constructions, evidence)
        hinted = [hints.of(p.first.entity, p.second.entity, p.frame.start, p.frame.end) for p in pairs]
        encoder = opinions(doc, names, pairs) if scorer.uses_encoder else None
        scores = scorer.scores(pairs, hinted, encoder)
        rules = _best_rules(evidence)
        stated = []
        for row, column in zip(*np.nonzero(scores >= scorer.thresholds), strict=True):
            stated.append(_stated(pairs[row], LABELS[column], float(scores[row, column]), rules, frames))
        looked_at = {frozenset((p.first.entity, p.second.entity)) for p in pairs}
        stated += [
            e
            for e in evidence
            if e.made_by.startswith(EXACT)
            or (
                e.confidence >= MIN_UNSCORED_PRECISION
                and frozenset((e.head.entity, e.tail.entity)) not in looked_at
            )
        ]
        return stated


def _best_rules(evidence: list[Evidence]) -> dict[tuple[RelationType, int, int], list[Evidence]]:
    rules: dict[tuple[RelationType, int, int], list[Evidence]] = {}
    for found in evidence:
        rules.setdefault((found.type, found.head.entity, found.tail.entity), []).append(found)
    return rules


def _stated(
    pair: Pair,
    label: Label,
    score: float,
    rules: dict[tuple[RelationType, int, int], list[Evidence]],
    frames: list[Frame],
) -> Evidence:
    """The evidence for a scored pair; where a rule found the same in the same place, its words and its name."""
    head, tail = (pair.second, pair.first) if label.turned else (pair.first, pair.second)
    if not allows(label.type, head.type, tail.type):
        head, tail = tail, head
    found = rules.get((label.type, head.entity, tail.entity), [])
    if RELATIONS[label.type].symmetric:
        found = found + rules.get((label.type, tail.entity, head.entity), [])
    here = [e for e in found if e.start < pair.frame.end and pair.frame.start < e.end]
    sentence = Span(pair.frame.start, pair.frame.end)
    if here:
        best = max(here, key=lambda e: (e.confidence, -e.start))
        made_by = f"learned+{best.made_by}"
        return Evidence(
            label.type, head, tail, sentence, best.start, best.end, made_by, score,
            best.context or _context(pair, frames), best.cells,
        )  # fmt: skip
    inside = [n for n in (pair.first, pair.second) if sentence.start <= n.start and n.end <= sentence.end]
    start = min(n.start for n in inside) if inside else sentence.start
    end = max(n.end for n in inside) if inside else sentence.end
    return Evidence(label.type, head, tail, sentence, start, end, "learned", score, _context(pair, frames))


def _context(pair: Pair, frames: list[Frame]) -> tuple[Span, ...]:
    """The sentences or headings elsewhere that hold a name of the pair."""
    spans = []
    for name in (pair.first, pair.second):
        if not pair.frame.start <= name.start < pair.frame.end:
            spans += [Span(f.start, f.end) for f in frames if f.start <= name.start < f.end]
    return tuple(dict.fromkeys(spans))


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
