"""Which mentions of one document name one thing, as far as the document itself says so."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from kg.characters import fold
from kg.extraction.annotations import mention_id_of


@Language.component("aliases")
def aliases(doc: Doc) -> Doc:
    """Fill `doc._.clusters`: mentions of one type with the same folded surface share a token."""
    tokens: dict[tuple[str, str], str] = {}
    clusters: dict[str, str] = {}
    for span in doc.ents:
        key = (span.label_, "".join(fold(span.text).split()))
        clusters[mention_id_of(doc, span)] = tokens.setdefault(key, f"c{len(tokens)}")
    doc._.clusters = clusters
    return doc
