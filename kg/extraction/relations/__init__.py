"""Relations between names: constructions, tables, and a learned score, as one spaCy component.

The component reads `doc.ents`, `doc.sents`, `doc._.sections`, `doc._.clusters` and `doc._.document`, and fills
`doc._.claims`; what the schema forbids is appended to `doc._.dropped`.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.relations.component import RelationFinder


@Language.factory("relations", default_config={"learned": True})
def create_relations(nlp: Language, name: str, learned: bool) -> RelationFinder:
    """The component under the name `relations`; `learned` False leaves rules alone."""
    return RelationFinder(learned)


__all__ = ["Doc", "RelationFinder", "create_relations"]
