"""From findings to claims: one claim a sentence and pair, with attributes, confidence and the schema's consent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from kg.extraction.relations.attribution import AttributeReader
from kg.extraction.relations.findings import Evidence
from kg.extraction.relations.frames import Name
from kg.schema import RELATIONS, RelationType, allows
from kg.tables import Claim, Document, Dropped, Span

#: What a finding of a construction that was never measured is worth.
_UNMEASURED = 0.5


@lru_cache(maxsize=1)
def precisions() -> dict[str, float]:
    """Construction name to the share of its findings that are right, measured on annotated text."""
    path = resources.files("kg.resources") / "relations" / "precision.json"
    with path.open(encoding="utf-8") as file:
        table: dict[str, float] = json.load(file)["precision"]
    return table


def precision_of(construction: str) -> float:
    """How often a construction is right."""
    return precisions().get(construction, _UNMEASURED)


def make_claims(
    document: Document,
    evidence: Iterable[Evidence],
    sentences: Sequence[Span] = (),
    names: Sequence[Name] = (),
) -> tuple[list[Claim], list[Dropped]]:
    """One claim for every relation type, pair of entities and sentence; what the schema forbids is counted.

    `sentences` are all sentences of the document: an investment whose sentence names no amount takes that of the
    sentence before or after which speaks of money for the same company. `names` are all names, whose words (未来 in
    未来宇航) say nothing about a fact.
    """
    forbidden: dict[str, list[str]] = {}
    best: dict[tuple[RelationType, int, int, int], Evidence] = {}
    for found in evidence:
        turned = _by_schema(found)
        if turned is None:
            reason = f"{found.type} from {found.head.type} to {found.tail.type} is no relation of the schema"
            forbidden.setdefault(reason, []).append(f"{found.head.text} {found.type} {found.tail.text}")
            continue
        key = _key(turned)
        known = best.get(key)
        if known is None or (turned.confidence, -turned.start) > (known.confidence, -known.start):
            best[key] = turned
    reader = AttributeReader(document, sentences, names)
    claims = [_claim(document, found, reader.read(found)) for found in best.values()]
    claims.sort(key=lambda c: (c.start, c.end, c.type, c.head_mention, c.tail_mention))
    dropped = [
        Dropped(document.doc_id, "relations", reason, len(examples), examples[0])
        for reason, examples in sorted(forbidden.items())
    ]
    return claims, dropped


def _key(found: Evidence) -> tuple[RelationType, int, int, int]:
    head, tail = found.head.entity, found.tail.entity
    if RELATIONS[found.type].symmetric and head > tail:
        head, tail = tail, head
    return (found.type, head, tail, found.sentence.start)


def _by_schema(found: Evidence) -> Evidence | None:
    """The evidence as the schema allows it: as found, turned round where only that is possible, or None."""
    if allows(found.type, found.head.type, found.tail.type):
        return found
    if allows(found.type, found.tail.type, found.head.type):
        return Evidence(
            found.type, found.tail, found.head, found.sentence, found.start, found.end, found.made_by + ".turned",
            found.confidence, found.context, found.cells,
        )  # fmt: skip
    return None


def _claim(document: Document, found: Evidence, attributes: dict[str, Any]) -> Claim:
    key = (found.type.value, found.head.mention_id, found.tail.mention_id, str(found.sentence.start))
    digest = hashlib.sha1("\x1f".join(key).encode(), usedforsecurity=False).hexdigest()[:12]
    return Claim(
        claim_id=f"{document.doc_id}:{digest}",
        doc_id=document.doc_id,
        start=found.sentence.start,
        end=found.sentence.end,
        type=found.type,
        head_mention=found.head.mention_id,
        tail_mention=found.tail.mention_id,
        confidence=round(found.confidence, 4),
        made_by=found.made_by,
        context=found.context,
        **attributes,
    )
