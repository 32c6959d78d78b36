"""From claims to relations: what all documents together say about one pair of entities."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from kg.schema import SYMMETRIC_RELATIONS, EntityType, RelationType, Status, allows
from kg.tables import Claim, Document, Dropped, Relation

#: Which status counts where claims disagree and none is dated: the further a fact has come, the more it counts.
_RANK = {
    s: r
    for r, s in enumerate(
        (Status.RUMOURED, Status.PLANNED, Status.ONGOING, Status.DENIED, Status.COMPLETED, Status.ENDED)
    )
}


def make_relations(
    claims: Sequence[Claim],
    entity_of: Mapping[str, str],
    types: Mapping[str, EntityType],
    documents: Mapping[str, Document],
    confirmed: frozenset[str] = frozenset(),
) -> tuple[list[Relation], list[Dropped]]:
    """Relations sorted by id, and the claims that make none, by reason.

    `entity_of` maps mention ids to entity ids, `types` entity ids to types. Claims that a person rejected must not be
    passed. Amounts of one deal count once and are summed only within one currency: the one with most deals.
    """
    groups: dict[tuple[RelationType, str, str], list[Claim]] = defaultdict(list)
    dropped: list[Dropped] = []
    for claim in claims:
        head, tail = entity_of.get(claim.head_mention), entity_of.get(claim.tail_mention)
        if head is None or tail is None:
            dropped.append(_drop(claim, "claim without a linked mention"))
        elif head == tail:
            dropped.append(_drop(claim, "both ends are one entity"))
        elif not allows(claim.type, types[head], types[tail]):
            dropped.append(_drop(claim, f"schema: {types[head]} {claim.type} {types[tail]}"))
        else:
            if claim.type in SYMMETRIC_RELATIONS and head > tail:
                head, tail = tail, head
            groups[claim.type, head, tail].append(claim)
    relations = [_relation(key, members, documents, confirmed) for key, members in groups.items()]
    return sorted(relations, key=lambda r: r.relation_id), dropped


def _drop(claim: Claim, reason: str) -> Dropped:
    return Dropped(claim.doc_id, "link", reason, 1, claim.claim_id)


def relation_id(type_: RelationType, head: str, tail: str) -> str:
    """The id of the relation of this type between two entities."""
    return "relation-" + hashlib.sha1(f"{type_}|{head}|{tail}".encode()).hexdigest()[:12]


def _relation(
    key: tuple[RelationType, str, str],
    claims: list[Claim],
    documents: Mapping[str, Document],
    confirmed: frozenset[str],
) -> Relation:
    type_, head, tail = key
    claims.sort(key=lambda c: c.claim_id)
    dates = sorted(date for c in claims if (date := _date(c, documents)))
    amount, currency = _amount(claims)
    texts = {
        (documents[c.doc_id].duplicate_of or c.doc_id) if c.doc_id in documents else c.doc_id for c in claims
    }
    best = min(
        claims,
        key=lambda c: (
            c.claim_id not in confirmed,
            c.status is Status.DENIED,
            -c.confidence,
            -_filled(c),
            c.end - c.start,
            c.claim_id,
        ),
    )
    return Relation(
        relation_id=relation_id(*key),
        type=type_,
        head=head,
        tail=tail,
        status=_status(claims, documents),
        first_date=dates[0] if dates else None,
        last_date=dates[-1] if dates else None,
        amount=amount,
        currency=currency,
        claims=len(claims),
        independent_documents=len(texts),
        best_claim=best.claim_id,
    )


def _date(claim: Claim, documents: Mapping[str, Document]) -> str | None:
    """The date of the event, else that of the document which reports it."""
    if claim.date:
        return claim.date
    document = documents.get(claim.doc_id)
    return document.date if document else None


def _status(claims: Sequence[Claim], documents: Mapping[str, Document]) -> Status:
    """The status by the latest claims: by the date of the document that speaks, then of the event."""

    def when(claim: Claim) -> str:
        document = documents.get(claim.doc_id)
        return (document.date if document and document.date else claim.date) or ""

    latest = max(when(c) for c in claims)
    return max((c.status for c in claims if when(c) == latest), key=lambda s: _RANK[s])


def _filled(claim: Claim) -> int:
    return sum(
        v is not None for v in (claim.amount, claim.stake, claim.date, claim.round, claim.role, claim.action)
    )


def _amount(claims: Sequence[Claim]) -> tuple[float | None, str | None]:
    """The sum over deals in the currency most deals are in; denied claims do not count."""
    deals: dict[tuple[str, str], list[float]] = defaultdict(list)
    for claim in claims:
        if claim.amount is not None and claim.currency and claim.status is not Status.DENIED:
            deals[claim.currency, claim.deal_id or claim.claim_id].append(claim.amount)
    if not deals:
        return None, None
    totals: dict[str, list[float]] = defaultdict(list)
    for (currency, _), amounts in sorted(deals.items()):
        totals[currency].append(sorted(amounts)[len(amounts) // 2])
    currency = min(totals, key=lambda c: (-len(totals[c]), c))
    return sum(totals[currency]), currency
