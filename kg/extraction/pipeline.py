"""The pipeline from a document's text to its mentions and claims.

sentences → candidate names (watch list, trained encoder, word lists, patterns, repeats) → judge_names (how sure to be
of each) → choose_names (which do not overlap) → aliases (what is one thing) → relations
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction import (  # noqa: F401  (importing registers the components)
    aliases,
    cells,
    choosing,
    companies,
    definitions,
    gazetteer,
    judging,
    models,
    organizations,
    persons,
    policies,
    repeats,
    sentences,
    tokenizer,
    watch_list,
)
from kg.extraction.annotations import Candidate, mentions_of, register_extensions, set_names
from kg.extraction.settings import ExtractionSettings
from kg.tables import Claim, Document, Dropped, Mention, Section

RULE_COMPONENTS = (
    "gazetteer",
    "policies",
    "companies",
    "organizations",
    "models",
    "persons",
    "cells",
    "definitions",
    "repeats",
)
RELATION_COMPONENTS = ("sentences", "relations")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one document gave."""

    doc_id: str
    mentions: list[Mention]
    claims: list[Claim]
    dropped: list[Dropped]


def name_candidates(settings: ExtractionSettings) -> Language:
    """The pipeline up to the candidates, nothing chosen yet; training reads it."""
    register_extensions()
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "kg.name_tokenizer"}}})
    nlp.max_length = 100_000_000  # no parser here, whose memory the default limit is for
    nlp.add_pipe("sentences")
    nlp.add_pipe("watch_list", config={"path": str(settings.watch_list) if settings.watch_list else None})
    if settings.model:
        importlib.import_module("kg.extraction.encoder")
        nlp.add_pipe("encoder_names")
    for name in RULE_COMPONENTS:
        nlp.add_pipe(name)
    return nlp


def load_pipeline(settings: ExtractionSettings) -> Language:
    """The spaCy pipeline for `settings`; raises KgError for a watch list that cannot be read."""
    nlp = name_candidates(settings)
    nlp.add_pipe("judge_names", config={"encoder": settings.model})
    nlp.add_pipe("choose_names", config={"min_confidence": settings.min_confidence})
    nlp.add_pipe("aliases")
    importlib.import_module("kg.extraction.relations")
    nlp.add_pipe("relations", config={"learned": settings.model})
    return nlp


def extract(nlp: Language, articles: Iterable[tuple[Document, list[Section]]]) -> Iterator[Extraction]:
    """Mentions and claims of each article, in the order given; the result does not depend on batches."""
    docs = (_doc(nlp, document, sections) for document, sections in articles)
    for doc in nlp.pipe(docs):
        yield Extraction(doc._.document.doc_id, mentions_of(doc), doc._.claims, doc._.dropped)


def claims_between(
    nlp: Language,
    document: Document,
    sections: list[Section],
    mentions: Iterable[Mention],
    clusters: Mapping[str, str],
) -> tuple[list[Claim], list[Dropped]]:
    """Claims between given names: `clusters` says which mentions (by id) are one thing."""
    doc = _doc(nlp, document, sections)
    set_names(doc, [Candidate(m.start, m.end, m.type, m.confidence, m.made_by) for m in mentions])
    doc._.clusters = dict(clusters)
    for name, component in nlp.pipeline:
        if name in RELATION_COMPONENTS:
            doc = component(doc)
    return doc._.claims, doc._.dropped


def _doc(nlp: Language, document: Document, sections: list[Section]) -> Doc:
    doc = nlp.make_doc(document.text)
    doc._.document = document
    doc._.sections = sections
    return doc
