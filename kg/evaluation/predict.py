"""The real pipeline run over annotated documents, each stage seeing only what it may.

names      the text alone
linking    the text with the gold spans and types
relations  those, and which spans of one document are one entity, under random tokens (gold ids hold names, which
           nothing may read)
all        the text alone
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kg.evaluation.attributes import attributes_of
from kg.evaluation.documents import AnnotatedDocument, AnnotatedMention, AnnotatedRelation
from kg.evaluation.stage import Stage
from kg.progress import Progress
from kg.schema import EntityType
from kg.tables import Claim, Document, Mention, Section

if TYPE_CHECKING:
    from kg.extraction import ExtractionSettings
    from kg.linking import LinkingSettings


def predict(
    gold: Sequence[AnnotatedDocument],
    stage: Stage,
    extraction: ExtractionSettings,
    linking: LinkingSettings,
    progress: Progress,
) -> list[AnnotatedDocument]:
    """Predictions for every document, in the same order."""
    progress.stage(f"evaluate {stage}", len(gold), "documents")
    documents = [_document(d) for d in gold]
    if stage == Stage.LINKING:
        mentions = [m for g in gold for m in _gold_mentions(g)]
        return _linked(documents, mentions, [], linking)
    if stage == Stage.RELATIONS:
        return list(_with_gold_names(gold, documents, extraction, progress))
    mentions, claims = _extracted(documents, extraction, progress)
    if stage == Stage.NAMES:
        return [_annotated(d, [m for m in mentions if m.doc_id == d.doc_id], {}, []) for d in documents]
    return _linked(documents, mentions, claims, linking)


def _document(gold: AnnotatedDocument) -> Document:
    content_hash = hashlib.sha256(gold.text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(gold.doc_id, gold.doc_id, gold.title, gold.date, "zh", gold.text, content_hash)


def _sections(document: Document) -> list[Section]:
    from kg.documents.sections import verbatim_sections

    return verbatim_sections(document.doc_id, document.text)


def _gold_mentions(gold: AnnotatedDocument) -> list[Mention]:
    return [
        Mention(
            f"{gold.doc_id}:{m.start}:{m.end}",
            gold.doc_id,
            m.start,
            m.end,
            EntityType(m.type),
            gold.text[m.start : m.end],
            1.0,
            "gold",
        )
        for m in gold.mentions
    ]


def _extracted(
    documents: Sequence[Document], settings: ExtractionSettings, progress: Progress
) -> tuple[list[Mention], list[Claim]]:
    from kg.extraction import extract, load_pipeline

    mentions: list[Mention] = []
    claims: list[Claim] = []
    for found in extract(load_pipeline(settings), ((d, _sections(d)) for d in documents)):
        mentions += found.mentions
        claims += found.claims
        progress.advance(1)
    return mentions, claims


def _with_gold_names(
    gold: Sequence[AnnotatedDocument],
    documents: Sequence[Document],
    settings: ExtractionSettings,
    progress: Progress,
) -> Iterator[AnnotatedDocument]:
    from kg.extraction import claims_between, load_pipeline

    nlp: Any = load_pipeline(settings)
    for annotated, document in zip(gold, documents, strict=True):
        tokens: dict[str, str] = {}
        for m in annotated.mentions:
            tokens.setdefault(m.entity, secrets.token_hex(8))
        mentions = _gold_mentions(annotated)
        clusters = {
            mention.mention_id: tokens[m.entity]
            for mention, m in zip(mentions, annotated.mentions, strict=True)
        }
        claims, _ = claims_between(nlp, document, _sections(document), mentions, clusters)
        yield _annotated(document, mentions, clusters, claims)
        progress.advance(1)


def _linked(
    documents: Sequence[Document],
    mentions: Sequence[Mention],
    claims: Sequence[Claim],
    settings: LinkingSettings,
) -> list[AnnotatedDocument]:
    from kg.linking import Decisions, link

    linking = link(mentions, claims, documents, Decisions(), [], settings)
    entity_of = {row.mention_id: row.entity_id for row in linking.mention_entities}
    mentions_of = _by_document(mentions)
    claims_of = _by_document(linking.claims)
    return [
        _annotated(d, mentions_of.get(d.doc_id, []), entity_of, claims_of.get(d.doc_id, []))
        for d in documents
    ]


def _by_document(rows: Iterable[Any]) -> dict[str, list[Any]]:
    by_document: dict[str, list[Any]] = {}
    for row in rows:
        by_document.setdefault(row.doc_id, []).append(row)
    return by_document


def _annotated(
    document: Document, mentions: Iterable[Mention], entity_of: dict[str, str], claims: Iterable[Claim]
) -> AnnotatedDocument:
    """A document as predicted, one relation a claim; a mention without an entity stands for itself."""
    relations = [
        AnnotatedRelation(
            str(c.type),
            entity_of[c.head_mention],
            entity_of[c.tail_mention],
            c.start,
            c.end,
            attributes_of(c),
        )
        for c in sorted(claims, key=lambda c: -c.confidence)
    ]
    return AnnotatedDocument(
        document.doc_id,
        document.text,
        tuple(
            AnnotatedMention(m.start, m.end, str(m.type), entity_of.get(m.mention_id, m.mention_id))
            for m in mentions
        ),
        tuple(sorted(relations, key=lambda r: (r.type, r.head, r.tail))),
        document.title,
        document.date,
    )
