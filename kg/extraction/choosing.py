"""From overlapping candidates to the names of a document."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.annotations import Candidate, set_names


@Language.component("choose_names")
def choose_names(doc: Doc) -> Doc:
    """Keep the best candidates that do not overlap and make them `doc.ents`."""
    set_names(doc, choose(doc._.candidates))
    return doc


def choose(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Non-overlapping candidates: the watch list first, then the surer, the longer, the earlier."""
    ordered = sorted(
        candidates,
        key=lambda c: (c.made_by != "watch_list", -c.confidence, c.start - c.end, c.start, c.type, c.made_by),
    )
    taken: list[Candidate] = []
    for candidate in ordered:
        if all(candidate.end <= other.start or candidate.start >= other.end for other in taken):
            taken.append(candidate)
    return sorted(taken, key=lambda c: c.start)
