"""From overlapping candidates to the names of a document."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction import watch_list
from kg.extraction.annotations import Candidate, doc_id_of, set_names
from kg.tables import Dropped

#: A candidate less sure than this is no name; where exact F1 is best on held-out documents.
THRESHOLD = 0.4


class NameChooser:
    """Component that makes the best candidates that do not overlap `doc.ents`.

    Names less sure than `min_confidence` are then left out and counted.
    """

    def __init__(self, min_confidence: float) -> None:
        self.min_confidence = min_confidence

    def __call__(self, doc: Doc) -> Doc:
        names = choose(doc._.candidates)
        unsure = [name for name in names if name.confidence < self.min_confidence]
        if unsure:
            reason = f"names less sure than the least confidence asked for ({self.min_confidence:g})"
            example = doc._.text[unsure[0].start : unsure[0].end]
            doc._.dropped.append(Dropped(doc_id_of(doc), "extract", reason, len(unsure), example))
        set_names(doc, [name for name in names if name.confidence >= self.min_confidence])
        return doc


@Language.factory("choose_names", default_config={"min_confidence": 0.0})
def create_chooser(nlp: Language, name: str, min_confidence: float) -> NameChooser:
    """spaCy's factory."""
    return NameChooser(min_confidence)


def choose(
    candidates: Iterable[Candidate], threshold: float = THRESHOLD, by_length: bool = False
) -> list[Candidate]:
    """Non-overlapping candidates in reading order.

    The watch list comes first, the longer of two of its names before the shorter. Of the others, those that
    overlap none of these and are at least as sure as `threshold` are taken so that the sum of their confidence
    above the threshold is greatest, which for probabilities is the choice with most names right. `by_length`
    multiplies it by the length, so that of confidences that are no probabilities yet the longest reading wins
    unless it is much less sure. What is equal is settled by position and type.
    """
    watched: list[Candidate] = []
    others: list[Candidate] = []
    for candidate in candidates:
        (watched if candidate.made_by == watch_list.MADE_BY else others).append(candidate)
    taken: list[Candidate] = []
    for candidate in sorted(watched, key=lambda c: (c.start - c.end, c.start, c.type)):
        if (place := _free_place(candidate, taken)) is not None:
            taken.insert(place, candidate)
    free = [c for c in others if c.confidence >= threshold and _free_place(c, taken) is not None]
    free.sort(key=lambda c: (c.end, c.start, -c.confidence, c.type, c.made_by))
    weights = [
        (c.start, c.end, (c.confidence - threshold + 0.01) * (c.end - c.start if by_length else 1))
        for c in free
    ]
    return sorted([*taken, *(free[i] for i in best_sum_indexes(weights))], key=lambda c: c.start)


def _free_place(candidate: Candidate, taken: Sequence[Candidate]) -> int | None:
    """Where in `taken`, which is in reading order, the candidate would stand; None where it overlaps one."""
    place = bisect.bisect_left(taken, candidate.start, key=lambda other: other.start)
    before_overlaps = place > 0 and taken[place - 1].end > candidate.start
    after_overlaps = place < len(taken) and taken[place].start < candidate.end
    return None if before_overlaps or after_overlaps else place


def best_sum_indexes(intervals: Sequence[tuple[int, int, float]]) -> list[int]:
    """Weighted interval scheduling: which of (start, end, weight) do not overlap and weigh most together."""
    order = sorted(range(len(intervals)), key=lambda i: (intervals[i][1], intervals[i][0], i))
    ends = [intervals[i][1] for i in order]
    best = [0.0]
    uses: list[int | None] = []
    for index, i in enumerate(order):
        start, _, weight = intervals[i]
        before = bisect.bisect_right(ends, start, 0, index)
        uses.append(before if best[before] + weight > best[index] else None)
        best.append(max(best[before] + weight, best[index]))
    taken: list[int] = []
    index = len(order)
    while index:
        before_index = uses[index - 1]
        if before_index is None:
            index -= 1
        else:
            taken.append(order[index - 1])
            index = before_index
    return taken[::-1]
