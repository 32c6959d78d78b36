"""From findings to claims: one claim a sentence and pair, with attributes, confidence and the schema's consent."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from kg.characters import fold
from kg.extraction.attributes.actions import action_of
from kg.extraction.attributes.dates import FoundDate, find_dates
from kg.extraction.attributes.money import Amount, find_amounts
from kg.extraction.attributes.roles import role_after, role_between
from kg.extraction.attributes.rounds import find_rounds
from kg.extraction.attributes.stakes import find_stakes
from kg.extraction.attributes.status import status_of
from kg.extraction.relations.frames import Name
from kg.schema import RELATIONS, EntityType, RelationType, allows
from kg.tables import Claim, Document, Dropped, Span

#: What a finding of a construction that was never measured is worth.
_UNMEASURED = 0.5

_FUNDING = re.compile(r"融资|投资|收购|增资|出资|注册资本|入股|募资|估值")

#: Relations that are states: what the sentence goes on to plan is not about them.
_STANDING = frozenset({RelationType.WORKS_FOR, RelationType.LOCATED_IN, RelationType.SUBSIDIARY_OF})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A relation between two names that the words `start`..`end` of the sentence state."""

    type: RelationType
    head: Name
    tail: Name
    sentence: Span
    start: int
    end: int
    made_by: str
    confidence: float
    context: tuple[Span, ...] = ()
    #: Attributes that a table's columns give, as spans of cells.
    cells: dict[str, Span] = field(default_factory=dict)


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
    reader = _AttributeReader(document, sentences, names)
    claims = [reader.claim(found) for found in best.values()]
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


class _AttributeReader:
    """Reads the attributes of claims of one document; what a sentence holds is found once."""

    def __init__(self, document: Document, sentences: Sequence[Span], names: Sequence[Name]) -> None:
        self._document = document
        self._sentences = sentences
        self._names = names
        self._plain: dict[Span, str] = {}
        self._index = {sentence: i for i, sentence in enumerate(sentences)}
        self._text = document.text
        self._folded: dict[Span, str] = {}
        self._amounts: dict[Span, list[Amount]] = {}
        self._dates: dict[Span, list[FoundDate]] = {}

    def claim(self, found: Evidence) -> Claim:
        definition = RELATIONS[found.type]
        values: dict[str, Any] = {}
        if "amount" in definition.attributes:
            values |= self._amount(found)
        if "stake" in definition.attributes:
            values |= self._stake(found)
        if "round" in definition.attributes:
            values |= self._round(found)
        if "role" in definition.attributes:
            values["role"] = self._role(found)
        if "action" in definition.attributes:
            values["action"] = action_of(self._around(found, 40))
        values |= self._date(found)
        values["status"] = status_of(found.type, self._clause(found))
        key = (found.type.value, found.head.mention_id, found.tail.mention_id, str(found.sentence.start))
        digest = hashlib.sha1("\x1f".join(key).encode(), usedforsecurity=False).hexdigest()[:12]
        return Claim(
            claim_id=f"{self._document.doc_id}:{digest}",
            doc_id=self._document.doc_id,
            start=found.sentence.start,
            end=found.sentence.end,
            type=found.type,
            head_mention=found.head.mention_id,
            tail_mention=found.tail.mention_id,
            confidence=round(found.confidence, 4),
            made_by=found.made_by,
            context=found.context,
            **values,
        )

    def _fold(self, span: Span) -> str:
        if span not in self._folded:
            self._folded[span] = fold(self._text[span.start : span.end])
        return self._folded[span]

    def _around(self, found: Evidence, reach: int) -> str:
        """The words that state the fact with some on either side, within the sentence."""
        start = max(found.sentence.start, found.start - reach)
        end = min(found.sentence.end, found.end + reach)
        return self._fold(found.sentence)[start - found.sentence.start : end - found.sentence.start]

    def _without_names(self, sentence: Span) -> str:
        """The folded sentence with every letter of a name replaced, offsets unchanged."""
        if sentence not in self._plain:
            characters = list(self._fold(sentence))
            for name in self._names:
                if sentence.start <= name.start and name.end <= sentence.end:
                    for i in range(name.start - sentence.start, name.end - sentence.start):
                        characters[i] = "*"
            self._plain[sentence] = "".join(characters)
        return self._plain[sentence]

    def _clause(self, found: Evidence) -> str:
        """The fact's words: of a state those between the names, else from the beginning of their clause."""
        sentence = self._without_names(found.sentence)
        start, end = found.start - found.sentence.start, found.end - found.sentence.start
        if found.type in _STANDING:
            return sentence[max(start - 2, 0) if found.type is RelationType.WORKS_FOR else start : end]
        begin = max((sentence.rfind(mark, 0, start) for mark in ",;:。"), default=-1) + 1
        begin = max(begin, start - 24)
        stop = min(
            (i for i in (sentence.find(mark, end) for mark in ",;。") if i >= 0), default=len(sentence)
        )
        return sentence[begin : min(stop, end + 8)]

    def _amount(self, found: Evidence) -> dict[str, Any]:
        span = found.cells.get("amount", found.sentence)
        amount = _nearest(self._amounts_in(span), found.start - span.start, found.end - span.start)
        if amount is None and found.type is RelationType.INVESTS_IN:
            for span in self._around_sentence(found):
                amount = next(iter(self._amounts_in(span)), None)
                if amount is not None:
                    break
        if amount is None:
            return {}
        return {
            "amount": amount.low,
            "amount_max": amount.high,
            "currency": amount.currency,
            "amount_text": amount.text,
        }

    def _amounts_in(self, span: Span) -> list[Amount]:
        if span not in self._amounts:
            found = find_amounts(self._text[span.start : span.end])
            self._amounts[span] = [a for a in found if not self._is_another_figure(span, a)]
        return self._amounts[span]

    def _around_sentence(self, found: Evidence) -> list[Span]:
        """The sentences before and after that speak of the same deal: they name the tail and a word for funding."""
        index = self._index.get(found.sentence)
        if index is None:
            return []
        near = [*self._sentences[max(index - 2, 0) : index], *self._sentences[index + 1 : index + 2]]
        name = fold(found.tail.text)
        return [s for s in reversed(near) if name in self._fold(s) and _FUNDING.search(self._fold(s))]

    def _is_another_figure(self, span: Span, amount: Amount) -> bool:
        """Whether the amount is a value, a turnover or a capital rather than what was paid."""
        before = self._fold(span)[max(0, amount.start - 8) : amount.start]
        after = self._fold(span)[amount.end : amount.end + 4]
        words = (
            "估值",
            "市值",
            "营收",
            "收入",
            "利润",
            "资产",
            "售价",
            "销售额",
            "净值",
            "股价",
            "余额",
            "成交",
            "市场规模",
            "单价",
        )
        return any(w in before for w in words) or after.startswith(("估值", "的估值", "市值", "营收"))

    def _stake(self, found: Evidence) -> dict[str, Any]:
        stakes = find_stakes(self._text[found.sentence.start : found.sentence.end])
        stake = _nearest(
            stakes, found.start - found.sentence.start, found.end - found.sentence.start, reach=20
        )
        return {} if stake is None else {"stake": stake.percent}

    def _round(self, found: Evidence) -> dict[str, Any]:
        span = found.cells.get("round", found.sentence)
        rounds = find_rounds(self._text[span.start : span.end])
        near = _nearest(rounds, found.start - span.start, found.end - span.start)
        if near is None:
            elsewhere = (find_rounds(self._text[s.start : s.end]) for s in self._around_sentence(found))
            near = next((r[0] for r in elsewhere if r), None)
        return {} if near is None else {"round": near.name}

    def _role(self, found: Evidence) -> str | None:
        if "role" in found.cells:
            return self._text[found.cells["role"].start : found.cells["role"].end]
        person, employer = found.head, found.tail
        if employer.end <= person.start and found.sentence.start <= employer.start:
            return role_between(self._title_before(person, employer.end))
        after = self._text[person.end : found.sentence.end]
        if found.sentence.start <= employer.start and employer.start >= person.end:
            role = role_after(
                self._text[employer.start - 6 : employer.start]
                + "任"
                + self._text[employer.end : found.sentence.end][:30]
            )
            return role or role_between(
                self._text[employer.end : employer.end + 24].split("，")[0].split(",")[0]
            )
        return role_after(after) or role_between(self._title_before(person, found.start))

    def _title_before(self, person: Name, start: int) -> str:
        """The words before a person's name from `start`, without other people and their titles."""
        return self._text[start : person.start]

    def _date(self, found: Evidence) -> dict[str, Any]:
        span = found.cells.get("date", found.sentence)
        if span not in self._dates:
            self._dates[span] = find_dates(self._text[span.start : span.end], self._document.date)
        date = _nearest(self._dates[span], found.start - span.start, found.end - span.start, before=True)
        return {} if date is None else {"date": date.iso, "date_text": date.text}


def _nearest(items: Sequence[Any], start: int, end: int, reach: int = 200, before: bool = False) -> Any:
    """The item inside start..end, else the nearest one within reach; on `before`, what precedes comes first."""

    def distance(item: Any) -> tuple[int, int, int]:
        if item.start < end and start < item.end:
            return (0, 0, item.start)
        if item.end <= start:
            return (1, start - item.end, item.start)
        return (2 if before else 1, item.start - end, item.start)

    near = [i for i in items if distance(i)[1] <= reach]
    return min(near, key=distance, default=None)


__all__ = ["EntityType", "Evidence", "make_claims", "precision_of"]
