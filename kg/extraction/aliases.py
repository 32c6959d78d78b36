"""Which mentions of one document name one thing, as far as the document itself says so."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.annotations import mention_id_of
from kg.extraction.definitions import definitions_in


@Language.component("aliases")
def aliases(doc: Doc) -> Doc:
    """Fill `doc._.clusters`: one surface (folded, of one type) and the aliases defined for it share a token."""
    folded: str = doc._.folded
    keys = {
        span: (span.label_, "".join(folded[span.start_char : span.end_char].split())) for span in doc.ents
    }
    leaders: dict[tuple[str, str], tuple[str, str]] = {}

    def leader(key: tuple[str, str]) -> tuple[str, str]:
        while (above := leaders.setdefault(key, key)) != key:
            leaders[key] = leaders.setdefault(above, above)  # shortens the way for the next one who asks
            key = leaders[key]
        return key

    by_end = {span.end_char: span for span in doc.ents}
    by_start = {span.start_char: span for span in doc.ents}
    for definition in definitions_in(doc._.text):
        name, alias = by_end.get(definition.name_end), by_start.get(definition.start)
        if name and alias and name.label_ == alias.label_ and alias.end_char == definition.end:
            first, second = leader(keys[name]), leader(keys[alias])
            leaders[second] = first
    tokens: dict[tuple[str, str], str] = {}
    doc._.clusters = {
        mention_id_of(doc, span): tokens.setdefault(leader(keys[span]), f"c{len(tokens)}")
        for span in doc.ents
    }
    return doc
