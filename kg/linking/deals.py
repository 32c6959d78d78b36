"""Claims that report one event, however often it is retold, share a deal."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from kg.schema import RelationType, Status
from kg.tables import Claim, Document

_DEALS = frozenset({RelationType.INVESTS_IN, RelationType.PARTNERS_WITH, RelationType.REGULATES})
#: Relative difference up to which two amounts are one amount told roughly.
TOLERANCE = 0.05
#: Days between which undated retellings of one event lie.
DAYS = 45
#: The same where one party is said to have spent the same sum.
DAYS_OF_A_SUM = 180
#: Days within which a plan comes true or is given up.
DAYS_OF_A_PLAN = 730

_OPEN = frozenset({Status.PLANNED, Status.RUMOURED})


def assign_deals(
    claims: Sequence[Claim], entity_of: Mapping[str, str], documents: Mapping[str, Document]
) -> list[Claim]:
    """The claims in their order, those of events with a `deal_id`.

    One event are claims of one type on one target whose round, amount, stake and date contradict each other in nothing
    and which share the party or the round: the investors of a round are one deal, two purchases by one buyer with
    different sums are two. A plan and what came of it are one deal; a firm has one A轮, whenever it is told.
    """
    by_target: dict[tuple[RelationType, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.type in _DEALS and claim.head_mention in entity_of and claim.tail_mention in entity_of:
            by_target[claim.type, _target(claim, entity_of)].append(claim)
    deal_of: dict[str, str] = {}
    for members in by_target.values():
        members.sort(key=lambda c: c.claim_id)
        for event in _events(members, entity_of, documents):
            deal = "deal-" + hashlib.sha1(event[0].claim_id.encode()).hexdigest()[:12]
            deal_of.update((claim.claim_id, deal) for claim in event)
    return [
        dataclasses.replace(c, deal_id=deal_of[c.claim_id]) if c.claim_id in deal_of else c for c in claims
    ]


def _target(claim: Claim, entity_of: Mapping[str, str]) -> str:
    head, tail = entity_of[claim.head_mention], entity_of[claim.tail_mention]
    return min(head, tail) + "|" + max(head, tail) if claim.type is RelationType.PARTNERS_WITH else tail


def _events(
    claims: Sequence[Claim], entity_of: Mapping[str, str], documents: Mapping[str, Document]
) -> list[list[Claim]]:
    """Claims put into events, the most detailed first, each into the first event that it contradicts in nothing."""
    events: list[list[Claim]] = []
    for claim in sorted(claims, key=lambda c: (-_detail(c), c.claim_id)):
        for event in events:
            if all(_compatible(claim, other, entity_of, documents) for other in event) and any(
                _linked(claim, other, entity_of) for other in event
            ):
                event.append(claim)
                break
        else:
            events.append([claim])
    return [sorted(event, key=lambda c: c.claim_id) for event in events]


def _detail(claim: Claim) -> int:
    return sum(v is not None for v in (claim.amount, claim.round, claim.stake, claim.date))


def _linked(a: Claim, b: Claim, entity_of: Mapping[str, str]) -> bool:
    """Whether two claims on one target tell of the same party, or of the same round or sum."""
    if entity_of[a.head_mention] == entity_of[b.head_mention]:
        return True
    if a.type is RelationType.REGULATES:
        return False
    same_round = a.round is not None and b.round is not None and _round(a.round) == _round(b.round)
    same_sentence = a.doc_id == b.doc_id and a.start == b.start
    same_amount = a.amount is not None and b.amount is not None
    return same_round or same_sentence or same_amount


def _compatible(a: Claim, b: Claim, entity_of: Mapping[str, str], documents: Mapping[str, Document]) -> bool:
    if a.round and b.round and _round(a.round) != _round(b.round):
        return False
    if a.action and b.action and a.action is not b.action:
        return False
    if a.amount is not None and b.amount is not None:
        if a.currency and b.currency and a.currency != b.currency:
            return False
        if not _overlap(_range(a), _range(b)):
            return False
    same_party = entity_of[a.head_mention] == entity_of[b.head_mention]
    # Each investor of a round has a stake of its own.
    if same_party and a.stake is not None and b.stake is not None and abs(a.stake - b.stake) > 1.0:
        return False
    if same_party and _plan_and_outcome(a, b, documents):
        return True
    if (a.status is Status.ENDED) != (b.status is Status.ENDED):
        return False
    return _near_in_time(a, b, same_party, documents)


def _plan_and_outcome(a: Claim, b: Claim, documents: Mapping[str, Document]) -> bool:
    """Whether one claim plans what the other, told later, says of the same sum or stake is done or given up."""
    same_sum = a.amount is not None and b.amount is not None
    same_stake = a.stake is not None and b.stake is not None
    if not (same_sum or same_stake) or (a.status in _OPEN) == (b.status in _OPEN):
        return False
    plan, outcome = (a, b) if a.status in _OPEN else (b, a)
    first, second = _told(plan, documents), _told(outcome, documents)
    return (
        first is not None
        and second is not None
        and first <= second
        and _days(first, second) <= DAYS_OF_A_PLAN
    )


def _told(claim: Claim, documents: Mapping[str, Document]) -> str | None:
    document = documents.get(claim.doc_id)
    return (document.date if document else None) or claim.date


#: Rounds of which a firm has one: 天使, A, Pre-B, A+, C2.
_ONE_OF_A_KIND = re.compile(r"种子|天使\+*|(?:pre-?)?[a-h](?:\+{1,2}|-?\d)?")


def _round(text: str) -> str:
    return re.sub(r"轮|融资|系列|series|round|\s", "", text.lower())


def _range(claim: Claim) -> tuple[float, float]:
    amount = claim.amount or 0.0
    return amount * (1 - TOLERANCE), max(claim.amount_max or amount, amount) * (1 + TOLERANCE)


def _overlap(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _near_in_time(a: Claim, b: Claim, same_party: bool, documents: Mapping[str, Document]) -> bool:
    """Whether the dates of the events can be one, at the precision given; else those of the documents."""
    if a.round and b.round and _ONE_OF_A_KIND.fullmatch(_round(a.round)) and not (a.date and b.date):
        return True
    if a.date and b.date:
        shorter = min(len(a.date), len(b.date))
        return a.date[:shorter] == b.date[:shorter] or _days(a.date, b.date) <= 3
    first, second = _when(a, documents), _when(b, documents)
    if not first or not second:
        return True
    shorter = min(len(first), len(second))
    same_sum = same_party and a.amount is not None and b.amount is not None
    return first[:shorter] == second[:shorter] or _days(first, second) <= (
        DAYS_OF_A_SUM if same_sum else DAYS
    )


def _when(claim: Claim, documents: Mapping[str, Document]) -> str | None:
    document = documents.get(claim.doc_id)
    return claim.date or (document.date if document else None)


def _days(a: str, b: str) -> int:
    """Days between two ISO dates; many where one of them is no full date."""
    try:
        return abs((date.fromisoformat(a) - date.fromisoformat(b)).days)
    except ValueError:
        return 10_000
