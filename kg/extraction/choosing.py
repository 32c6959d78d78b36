"""From overlapping candidates to the names of a document."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction import watch_list
from kg.extraction.annotations import Candidate, set_names


@Language.component("choose_names")
def choose_names(doc: Doc) -> Doc:
    """Keep the best candidates that do not overlap and make them `doc.ents`."""
    set_names(doc, choose(doc._.candidates))
    return doc


def choose(candidates: Iterable[Candidate], threshold: float = 0.5) -> list[Candidate]:
    """Non-overlapping candidates in reading order.

    The watch list comes first, the longer of two of its names before the shorter. Of the others, those that
    overlap none of these and are at least as sure as `threshold` are taken so that the sum over the document of
    confidence above the threshold, weighed by length, is greatest: the longest reading wins unless it is much
    less sure. What is equal is settled by position and type.
    """
    watched: list[Candidate] = []
    others: list[Candidate] = []
    for candidate in candidates:
        (watched if candidate.made_by == watch_list.MADE_BY else others).append(candidate)
    taken = _first_come(sorted(watched, key=lambda c: (c.start - c.end, c.start, c.type)))
    free = [c for c in others if c.confidence >= threshold and _is_free(c, taken)]
    return sorted([*taken, *_best_sum(free, threshold - 0.05)], key=lambda c: c.start)


def _first_come(candidates: Sequence[Candidate]) -> list[Candidate]:
    taken: list[Candidate] = []
    for candidate in candidates:
        if _is_free(candidate, taken):
            taken.append(candidate)
    return taken


def _is_free(candidate: Candidate, taken: Sequence[Candidate]) -> bool:
    return all(candidate.end <= other.start or candidate.start >= other.end for other in taken)


def _best_sum(candidates: Iterable[Candidate], base: float) -> list[Candidate]:
    """Weighted interval scheduling."""
    ordered = sorted(candidates, key=lambda c: (c.end, c.start, -c.confidence, c.type, c.made_by))
    ends = [c.end for c in ordered]
    best = [0.0]
    uses: list[int | None] = []
    for index, candidate in enumerate(ordered):
        before = bisect.bisect_right(ends, candidate.start, 0, index)
        gain = best[before] + (candidate.confidence - base) * (candidate.end - candidate.start)
        uses.append(before if gain > best[index] else None)
        best.append(max(gain, best[index]))
    taken: list[Candidate] = []
    index = len(ordered)
    while index:
        before_index = uses[index - 1]
        if before_index is None:
            index -= 1
        else:
            taken.append(ordered[index - 1])
            index = before_index
    return taken
