"""No name reaches from one cell of a table into the next: tabs, bars and wide gaps end it."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction import watch_list
from kg.extraction.annotations import Candidate

MADE_BY = "cells"

_GAP = re.compile(r"\t+|\s*\|\s*| {3,}")
#: A cell that holds a number or date alone is no part of a name.
_NO_NAME = re.compile(r"[\d\s.,:/%~\-—–年月日季度万亿元]*")


@Language.component(MADE_BY)
def cells(doc: Doc) -> Doc:
    """Cut every candidate that holds such a gap into its parts."""
    text: str = doc._.text
    kept: list[Candidate] = []
    for candidate in doc._.candidates:
        if candidate.made_by == watch_list.MADE_BY:
            kept.append(candidate)
        else:
            kept.extend(_parts(text, candidate))
    doc._.candidates = kept
    return doc


def _parts(text: str, candidate: Candidate) -> list[Candidate]:
    name = text[candidate.start : candidate.end]
    gaps = [match.span() for match in _GAP.finditer(name)]
    if not gaps:
        return [candidate]
    starts, ends = [0, *(end for _, end in gaps)], [*(start for start, _ in gaps), len(name)]
    return [
        Candidate(
            candidate.start + start,
            candidate.start + end,
            candidate.type,
            candidate.confidence,
            candidate.made_by,
        )
        for start, end in zip(starts, ends, strict=True)
        if end > start and not _NO_NAME.fullmatch(name, start, end)
    ]
