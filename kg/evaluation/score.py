"""The figures: exact spans, B-cubed, alias pairs, relations.

entities     exact span and type (micro precision, recall, F1), by type; `overlap`: same type and overlapping, one
             to one; `span`: exact span of any type
linking      B-cubed (Bagga and Baldwin, 1998) over the mentions whose exact span both sides have, over all documents
alias pairs  over the same mentions: unordered pairs of different surfaces (spaces dropped, lower case, gold type)
             that name one entity; what same-surface merging never finds and loose merging gets wrong
relations    (document, type, head, tail); a predicted end matches a gold end where they share an exactly equal span
             in that document or one that overlaps; symmetric types match in either order; one to one
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.evaluation.documents import AnnotatedDocument, AnnotatedRelation
from kg.schema import CORE_RELATIONS, SYMMETRIC_RELATIONS

Triple = tuple[int, int, str]
_SYMMETRIC = {str(t) for t in SYMMETRIC_RELATIONS}


@dataclass(frozen=True, slots=True)
class Figure:
    """Precision, recall and F1 with the counts they come from."""

    p: float
    r: float
    f1: float
    tp: int
    pred: int
    gold: int


@dataclass(frozen=True, slots=True)
class BCubed:
    """B-cubed over `mentions` shared mentions."""

    p: float
    r: float
    f1: float
    mentions: int


@dataclass(frozen=True, slots=True)
class Scores:
    """All figures; `entities` has exact, overlap, span and each type, `relations` core, all and each type."""

    entities: dict[str, Figure]
    linking: BCubed
    alias_pairs: Figure
    relations: dict[str, Figure]


def figure(tp: int, pred: int, gold: int) -> Figure:
    """Precision, recall and F1 from counts; 0 where undefined."""
    p = tp / pred if pred else 0.0
    r = tp / gold if gold else 0.0
    return Figure(p, r, 2 * p * r / (p + r) if p + r else 0.0, tp, pred, gold)


def b_cubed(pairs: Sequence[tuple[str, str]]) -> BCubed:
    """B-cubed from one (gold cluster, predicted cluster) pair a mention."""
    if not pairs:
        return BCubed(0.0, 0.0, 0.0, 0)
    both, gold, predicted = Counter(pairs), Counter(g for g, _ in pairs), Counter(q for _, q in pairs)
    p = sum(n * n / predicted[q] for (_, q), n in both.items()) / len(pairs)
    r = sum(n * n / gold[g] for (g, _), n in both.items()) / len(pairs)
    return BCubed(p, r, 2 * p * r / (p + r) if p + r else 0.0, len(pairs))


def score(gold: Iterable[AnnotatedDocument], predicted: Mapping[str, AnnotatedDocument]) -> Scores:
    """Score predictions (by doc_id; a document without one counts as empty) against annotated documents."""
    documents = list(gold)
    sides = [(g, predicted.get(g.doc_id) or AnnotatedDocument(g.doc_id, g.text, (), ())) for g in documents]
    linking, alias_pairs = _score_linking(sides)
    return Scores(_score_entities(sides), linking, alias_pairs, _score_relations(sides))


Sides = Sequence[tuple[AnnotatedDocument, AnnotatedDocument]]


def _score_entities(sides: Sides) -> dict[str, Figure]:
    matched: Counter[str] = Counter()
    predictions: Counter[str] = Counter()
    annotations: Counter[str] = Counter()
    overlapping = spans = predicted_spans = annotated_spans = 0
    for gold, predicted in sides:
        g, p = _triples(gold), _triples(predicted)
        annotations.update(kind for _, _, kind in g)
        predictions.update(kind for _, _, kind in p)
        matched.update(kind for _, _, kind in g & p)
        overlapping += _overlaps(g, sorted(p))
        gold_spans, found_spans = {t[:2] for t in g}, {t[:2] for t in p}
        spans += len(gold_spans & found_spans)
        predicted_spans += len(found_spans)
        annotated_spans += len(gold_spans)
    n_pred, n_gold = predictions.total(), annotations.total()
    return {
        "exact": figure(matched.total(), n_pred, n_gold),
        "overlap": figure(overlapping, n_pred, n_gold),
        "span": figure(spans, predicted_spans, annotated_spans),
        **{t: figure(matched[t], predictions[t], annotations[t]) for t in sorted(annotations)},
    }


def _triples(document: AnnotatedDocument) -> set[Triple]:
    return {(m.start, m.end, m.type) for m in document.mentions}


def _overlaps(gold: set[Triple], predicted: Sequence[Triple]) -> int:
    """Greedy one-to-one matches of overlapping spans of one type, the largest overlap first."""
    used: set[int] = set()
    for start, end, kind in sorted(gold):
        best: tuple[int, int] | None = None
        for k, (s, e, t) in enumerate(predicted):
            if k in used or t != kind or s >= end or start >= e:
                continue
            shared = min(e, end) - max(s, start)
            if best is None or shared > best[0]:
                best = shared, k
        if best:
            used.add(best[1])
    return len(used)


def _score_linking(sides: Sides) -> tuple[BCubed, Figure]:
    shared: list[tuple[str, str, tuple[str, str]]] = []
    for gold, predicted in sides:
        entity_of = {(m.start, m.end): m.entity for m in predicted.mentions}
        for m in gold.mentions:
            if (m.start, m.end) in entity_of:
                surface = re.sub(r"\s+", "", gold.text[m.start : m.end]).lower()
                shared.append((m.entity, entity_of[m.start, m.end], (m.type, surface)))
    gold_pairs = _alias_pairs((g, surface) for g, _, surface in shared)
    predicted_pairs = _alias_pairs((p, surface) for _, p, surface in shared)
    pairs = figure(len(gold_pairs & predicted_pairs), len(predicted_pairs), len(gold_pairs))
    return b_cubed([(g, p) for g, p, _ in shared]), pairs


def _alias_pairs(rows: Iterable[tuple[str, tuple[str, str]]]) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    surfaces: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for cluster, surface in rows:
        surfaces[cluster].add(surface)
    return {(a, b) for s in surfaces.values() for a in s for b in s if a < b and a[0] == b[0]}


def _score_relations(sides: Sides) -> dict[str, Figure]:
    matched: Counter[str] = Counter()
    predictions: Counter[str] = Counter()
    annotations: Counter[str] = Counter()
    for gold, predicted in sides:
        g, p = distinct(gold.relations), distinct(predicted.relations)
        annotations.update(r.type for r in g)
        predictions.update(r.type for r in p)
        matched.update(g[i].type for i in _matched_relations(gold, g, predicted, p))
    core = [str(t) for t in CORE_RELATIONS]
    return {
        "core": figure(
            sum(matched[t] for t in core),
            sum(predictions[t] for t in core),
            sum(annotations[t] for t in core),
        ),
        "all": figure(matched.total(), predictions.total(), annotations.total()),
        **{t: figure(matched[t], predictions[t], annotations[t]) for t in sorted(annotations | predictions)},
    }


def distinct(relations: Iterable[AnnotatedRelation]) -> list[AnnotatedRelation]:
    """Each relation once; a symmetric one in either order is one."""
    first: dict[tuple[str, str, str], AnnotatedRelation] = {}
    for r in relations:
        head, tail = (r.tail, r.head) if r.type in _SYMMETRIC and r.head > r.tail else (r.head, r.tail)
        first.setdefault((r.type, head, tail), r)
    return list(first.values())


def _matched_relations(
    gold: AnnotatedDocument,
    gold_relations: Sequence[AnnotatedRelation],
    predicted: AnnotatedDocument,
    predicted_relations: Sequence[AnnotatedRelation],
) -> set[int]:
    """Indices of the gold relations that a prediction matches, one to one, in the order of the predictions."""
    same = same_relation(gold, predicted)
    matched: set[int] = set()
    for r in predicted_relations:
        for i, q in enumerate(gold_relations):
            if i not in matched and same(q, r):
                matched.add(i)
                break
    return matched


def same_relation(
    gold: AnnotatedDocument, predicted: AnnotatedDocument
) -> Callable[[AnnotatedRelation, AnnotatedRelation], bool]:
    """Whether a gold and a predicted relation of one document have one type and matching ends."""
    gold_spans, predicted_spans = _spans_by_entity(gold), _spans_by_entity(predicted)
    memory: dict[tuple[str, str], bool] = {}

    def same(g: str, p: str) -> bool:
        if (g, p) not in memory:
            memory[g, p] = any(a < d and c < b for a, b in gold_spans[g] for c, d in predicted_spans[p])
        return memory[g, p]

    def matches(q: AnnotatedRelation, r: AnnotatedRelation) -> bool:
        if q.type != r.type:
            return False
        return (same(q.head, r.head) and same(q.tail, r.tail)) or (
            r.type in _SYMMETRIC and same(q.head, r.tail) and same(q.tail, r.head)
        )

    return matches


def _spans_by_entity(document: AnnotatedDocument) -> defaultdict[str, list[tuple[int, int]]]:
    spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for m in document.mentions:
        spans[m.entity].append((m.start, m.end))
    return spans
