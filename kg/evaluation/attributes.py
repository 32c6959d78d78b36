"""Attributes of relations, compared in normal form.

Counted are the annotated relations that a prediction matches. Where several claims state one relation, the claim where
the annotation says the fact stands speaks, else the surest. What is annotated as written is read by the product's own
readers: what they cannot read (masked numbers, tariff rates, numbers of shares) is left out of account. `stated` are
the amounts, stakes, dates and statuses together. Annotators do not give every attribute, `completed` never: precision
is a lower bound.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from kg.evaluation.documents import AnnotatedDocument, AnnotatedRelation
from kg.evaluation.score import Figure, distinct, figure, same_relation
from kg.extraction.attributes.dates import find_dates
from kg.extraction.attributes.money import find_amounts
from kg.extraction.attributes.rounds import find_rounds
from kg.extraction.attributes.stakes import find_stakes
from kg.schema import RelationType, Status
from kg.tables import Claim

#: Rows of the figures; `amount` is number, upper end and currency together.
NAMES = ("amount", "amount_max", "currency", "stake", "date", "round", "role", "action", "status")
STATED = ("amount", "stake", "date", "status")


def attributes_of(claim: Claim) -> dict[str, Any]:
    """The attributes that a claim has, in normal form."""
    values = {name: getattr(claim, name) for name in NAMES}
    return {name: value for name, value in values.items() if value is not None}


def score_attributes(
    gold: Iterable[AnnotatedDocument], predicted: Mapping[str, AnnotatedDocument]
) -> dict[str, Figure]:
    """`stated` and each attribute over the relations that both sides have."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for document in gold:
        for relation, claim in matched_claims(document, predicted.get(document.doc_id)):
            asked, told = normal_form(relation, document.date), comparable(claim.attrs)
            given.update(asked.keys())
            found.update(told.keys())
            right.update(name for name in asked if name in told and same_value(asked[name], told[name]))
    figures = {name: figure(right[name], found[name], given[name]) for name in NAMES}
    stated = (sum(counts[name] for name in STATED) for counts in (right, found, given))
    return {"stated": figure(*stated), **figures}


def matched_claims(
    gold: AnnotatedDocument, predicted: AnnotatedDocument | None
) -> list[tuple[AnnotatedRelation, AnnotatedRelation]]:
    """Every annotated relation that a prediction matches, with the prediction that speaks for it."""
    if predicted is None:
        return []
    same = same_relation(gold, predicted)
    pairs = []
    for relation in distinct(gold.relations):
        claims = [claim for claim in predicted.relations if same(relation, claim)]
        if claims:
            pairs.append((relation, max(claims, key=lambda claim: _overlap(relation, claim) > 0)))
    return pairs


def _overlap(a: AnnotatedRelation, b: AnnotatedRelation) -> int:
    if a.start is None or a.end is None or b.start is None or b.end is None:
        return 0
    return min(a.end, b.end) - max(a.start, b.start)


def normal_form(relation: AnnotatedRelation, date: str | None) -> dict[str, Any]:
    """Annotated attributes, as written or normal, in the form that `same_value` compares."""
    attrs, invests = relation.attrs, relation.type == RelationType.INVESTS_IN
    values = {k: v for k, v in attrs.items() if k in NAMES}
    amount, day = attrs.get("amount"), attrs.get("date")
    if isinstance(amount, str):
        del values["amount"]
        if money := find_amounts(amount):
            values |= {"amount": money[0].low, "amount_max": money[0].high, "currency": money[0].currency}
        elif invests and (stakes := find_stakes(amount) or find_stakes(f"持股{amount}")):
            values["stake"] = stakes[0].percent
    if isinstance(day, str):
        dates = [d.iso for d in find_dates(day, date) if d.iso]
        values["date"] = dates[0] if dates else None
    if isinstance(stake := attrs.get("stake"), str):
        stakes = find_stakes(stake) or find_stakes(f"持股{stake}")
        values["stake"] = stakes[0].percent if stakes else None
    if attrs.get("round"):
        rounds = find_rounds(str(attrs["round"]))
        values["round"] = rounds[0].name if rounds else attrs["round"]
    return comparable(values)


def comparable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Normal-form attributes without those that say nothing; `amount` with its upper end and currency."""
    kept = {k: v for k, v in values.items() if v is not None and v != Status.COMPLETED}
    if "amount" in kept:
        kept["amount"] = (kept["amount"], kept.get("amount_max"), kept.get("currency"))
    if "role" in kept:
        kept["role"] = re.sub(r"[\s、,，/和兼与及]", "", kept["role"]).lower()
    return kept


def same_value(asked: Any, told: Any) -> bool:
    """Whether two values are one; numbers up to rounding."""
    if isinstance(asked, tuple):
        return len(asked) == len(told) and all(map(same_value, asked, told))
    if isinstance(asked, float | int) and isinstance(told, float | int):
        return abs(asked - told) <= 1e-3 * max(abs(asked), 1.0)
    return bool(asked == told)
