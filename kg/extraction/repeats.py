"""A name found once is looked for in the whole document."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.annotations import Candidate, add_candidate
from kg.extraction.choosing import choose
from kg.extraction.matching import NameMatcher
from kg.schema import EntityType

MADE_BY = "repeats"

#: Names as sure as this are looked for elsewhere.
_SURE = 0.6


@Language.component(MADE_BY)
def repeats(doc: Doc) -> Doc:
    """Propose every further occurrence of the names that would be chosen so far, with their types."""
    text = doc._.text
    best: dict[tuple[str, EntityType], Candidate] = {}
    for name in choose(doc._.candidates, threshold=0.5, by_length=True):
        surface = text[name.start : name.end]
        if name.confidence >= _SURE and len(surface) > 1 and not surface.isdigit():
            key = ("".join(surface.split()), name.type)
            if key not in best or name.confidence > best[key].confidence:
                best[key] = name
    known = {(c.start, c.end, c.type) for c in doc._.candidates}
    matcher = NameMatcher((surface, (type, found.confidence)) for (surface, type), found in best.items())
    for start, end, (type, confidence) in matcher.find(text, doc._.folded):
        if (start, end, type) not in known:
            add_candidate(doc, start, end, type, 0.9 * confidence, MADE_BY)
    return doc
