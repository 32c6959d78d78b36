"""Which of the amounts, stakes, dates, rounds and titles of a text belong to a fact.

What stands in the clause of the fact's later name comes before what stands elsewhere between its names, and that before
the rest of the sentence. A sentence without a date or sum takes those of its neighbours that tell of the same event.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from kg.characters import fold
from kg.extraction.attributes.actions import action_of
from kg.extraction.attributes.dates import FoundDate, find_dates
from kg.extraction.attributes.money import Amount, find_amounts
from kg.extraction.attributes.roles import role_after, role_between
from kg.extraction.attributes.rounds import find_rounds
from kg.extraction.attributes.stakes import find_stakes
from kg.extraction.attributes.status import STATES, is_building, status_of, status_of_post, status_of_seller
from kg.extraction.relations.findings import Evidence
from kg.extraction.relations.frames import Name
from kg.schema import RELATIONS, EntityType, RelationType, Status
from kg.tables import Document, Span

Values = dict[str, Any]


class Found(Protocol):
    """Something with a place in a sentence."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


Item = TypeVar("Item", bound=Found)

#: Words of a sentence that may lend its sum to the fact told beside it.
_MONEY_WORDS = {
    RelationType.INVESTS_IN: re.compile(r"融资|投资|收购|增资|出资|注册资本|入股|募资|估值"),
    RelationType.REGULATES: re.compile(r"罚款|罚金|罚没|罚单|处罚"),
}
#: The same sum in another currency, or what others say it is.
_AGAIN_BEFORE = re.compile(r"(?:约合|折合|合人民币|合计人民币|相当于|[(（][^)）]{0,10})$")
#: Words before an amount that say it is a value, a turnover or a price rather than what was paid.
_ANOTHER_BEFORE = re.compile(
    r"(?:估值|(?<!持仓)(?<!持股)(?<!持有)市值|营收|收入|利润|亏损|资产|售价|销售额|净值|股价|余额|成交|市场规模|产业规模|产值|规模达|规模突破|规模超|单价|累计融资|累计募资|奖金)[^,;。]{0,6}$"
    r"|每(?:股|份|吨|台|桶|年薪|盎司|ads|单位)[^,;。]{0,8}$"
)
_ANOTHER_AFTER = re.compile(
    r"\s?(?:的)?(?:投前|投后)?(?:估值|市值|营收|收入|销售额|利润|亏损)|\s?(?:/|每)\s?(?:股|份|吨|台|桶|年|月|ads)"
)
#: Words that make an amount a sum over several deals, a part or an earlier state: taken only where nothing else stands.
_PART_BEFORE = re.compile(
    r"(?:累计|先期|首期|首批|首付款?|第一期|分手费|违约金|保证金|预付款?|其中|去年|上年)[^,;。]{0,8}$"
)
_PART_AFTER = re.compile(
    r"\s?(?:增至|增加至|增加到|增资至|升至|提高至|提高到|上调至|扩大至|扩大到|降至|减至|下调至|提升至|提升到|变更为|分手费|违约金)"
)
_PAYS = re.compile(
    r"(?:将|拟|已|计划|以|共|合计|分别|现金|自有资金|认缴|实缴|各|追加|再)*(?:出资|投资|投入|增资|认购|认缴|斥资|注资|投|出资额|认缴额)(?:额|金额|约|了|为|最多|不超过|超过|超|近|逾)*$"
)
_EACH_IN_ORDER = re.compile(r"分别|依次")
_BETWEEN_ITEMS = re.compile(r"[\s、,和与及以]{0,4}$")

#: After the day from which a policy holds, which is not the day it was issued.
_IN_FORCE = re.compile(r"\s?起?(?:正式|开始|全面|统一)?(?:施行|实施|执行|生效|起$)")
_DRAFT = re.compile("征求意见|草案|意见稿")
#: A clause is looked at so far on either side.
_LONGEST_CLAUSE = 200
#: Relations that happen on a day, which a sentence may leave to its neighbours to say.
_EVENTS = frozenset(
    {RelationType.INVESTS_IN, RelationType.REGULATES, RelationType.PARTNERS_WITH, RelationType.ISSUES}
)


#: Relations that are not done before their day has come; an order may be out before the day it names.
_DEALS = frozenset({RelationType.INVESTS_IN, RelationType.PARTNERS_WITH})
#: What makes a state begin or end on a day: without such a word the date beside it belongs to something else.
_CHANGES = {
    RelationType.WORKS_FOR: re.compile(
        r"任命|出任|担任|接任|就任|上任|升任|加入|加盟|入职|离职|离任|离开|辞|卸任|当选|聘|创办|创立|成立|退休|逝|去世|解除|调任|履新|重返"
    ),
    RelationType.LOCATED_IN: re.compile(
        r"建(?!议)|投产|设立|开设|开业|落户|落地|动工|开工|成立|迁|启用|关闭|注册|投资|签约|启动|上线|进军|扩展|将在|拟在|计划在"
    ),
    RelationType.SUBSIDIARY_OF: re.compile(r"成立|设立|收购|剥离|分拆|注册|合并|解散|出售|组建|并入"),
    RelationType.COMPETES_WITH: re.compile(r"超|反超|领先|击败|推出|发布|挑战|赶上|追平"),
}


class AttributeReader:
    """Reads the attributes of facts of one document; what a sentence holds is found once."""

    def __init__(self, document: Document, sentences: Sequence[Span], names: Sequence[Name]) -> None:
        self._document = document
        self._text = document.text
        self._sentences = sentences
        self._names = names
        self._starts = [name.start for name in names]
        self._index = {sentence: i for i, sentence in enumerate(sentences)}
        self._plain: dict[Span, str] = {}
        self._folded: dict[Span, str] = {}
        self._amounts: dict[Span, list[Amount]] = {}
        self._dates: dict[Span, list[FoundDate]] = {}

    def read(self, found: Evidence) -> Values:
        """The attributes that the schema gives the fact's type, by the names of `Claim`'s fields."""
        wanted = RELATIONS[found.type].attributes
        values: Values = {}
        if "amount" in wanted:
            values |= self._amount(found)
        if "stake" in wanted:
            values |= self._stake(found)
        if "round" in wanted:
            values |= self._round(found)
        if "role" in wanted:
            values["role"] = self._role(found)
        if "action" in wanted:
            values["action"] = action_of(self._around(found, 40))
        values |= self._date(found)
        values["status"] = self._status(found, values.get("date"))
        return values

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
            for name in self._names_in(sentence.start, sentence.end):
                for i in range(name.start - sentence.start, min(name.end, sentence.end) - sentence.start):
                    characters[i] = "*"
            self._plain[sentence] = "".join(characters)
        return self._plain[sentence]

    def _status(self, found: Evidence, date: object) -> Status:
        """The status that the fact's clause gives; a headline joined to its text speaks too."""
        words = self._without_names(found.sentence)
        start, end = max(found.start - found.sentence.start, 0), found.end - found.sentence.start
        if found.type is RelationType.WORKS_FOR:
            return self._status_of_post(found, words)
        place = found.type is RelationType.LOCATED_IN and not is_building(words[start : end + 16])
        if place or found.type in STATES:
            begin = max(_clause_around(words, start)[0], start - 8) if place else start
            return status_of(found.type, words[begin : end + 8])
        status = self._status_at(found, words, start, end)
        for begin, stop in self._retold(found, words, start, end):
            other = self._status_at(found, words, begin, stop)
            if other is Status.DENIED or status in (Status.COMPLETED, Status.ONGOING):
                status = other if other is not Status.COMPLETED else status
        today = self._document.date if found.type in _DEALS else None
        if status is Status.COMPLETED and isinstance(date, str) and today and date[:10] > today[: len(date)]:
            return Status.PLANNED
        return status

    def _status_at(self, found: Evidence, words: str, start: int, end: int) -> Status:
        if found.type is RelationType.INVESTS_IN and (
            seller := self._status_of_seller(found, words, start, end)
        ):
            return seller
        begin = max(_clause_around(words, start)[0], words.rfind(":", 0, start) + 1, start - 24)
        # What follows the name of a policy is its content.
        stop = min(_clause_around(words, end)[1], end + (2 if found.type is RelationType.ISSUES else 16))
        policy = found.tail.text if found.tail.type is EntityType.POLICY else ""
        draft = ";征求意见" if _DRAFT.search(policy) else ""
        return status_of(found.type, words[begin:stop] + draft, words[_part_start(words, begin) : begin])

    def _status_of_seller(self, found: Evidence, words: str, start: int, end: int) -> Status | None:
        holder, held = self._stated(found)
        first, last = holder.end - found.sentence.start, held.start - found.sentence.start
        if not (start <= first <= last < len(words)) or last - first > 60:
            return None
        begin = _clause_around(words, first)[0]
        stop = _clause_around(words, last)[1]
        return status_of_seller(
            words[begin : holder.start - found.sentence.start],
            words[first:last],
            words[held.end - found.sentence.start : stop][:40],
        )

    def _retold(self, found: Evidence, words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the parts of "headline - text" name both of the fact's ends."""
        if " - " not in words:
            return
        offset = found.sentence.start
        parts: dict[int, list[Name]] = {}
        for name in self._names_in(offset, found.sentence.end):
            if name.entity in (found.head.entity, found.tail.entity):
                parts.setdefault(_part_start(words, name.start - offset), []).append(name)
        for names in parts.values():
            place = names[0].start - offset, names[-1].end - offset
            if len({n.entity for n in names}) == 2 and place != (start, end):
                yield place

    def _status_of_post(self, found: Evidence, words: str) -> Status:
        """A post's status: a word between employer and person, or one of leaving just after both."""
        offset = found.sentence.start
        person, employer = self._stated(found)
        first, second = (person, employer) if person.start < employer.start else (employer, person)
        if first.start < offset or second.end > found.sentence.end:
            return status_of_post("", words[max(found.start - offset, 0) : found.end - offset], "")
        begin, _ = _clause_around(words, first.start - offset)
        _, stop = _clause_around(words, second.end - offset)
        return status_of_post(
            words[begin : first.start - offset],
            words[first.end - offset : second.start - offset],
            words[second.end - offset : stop][: 36 if second is person else 8],
        )

    def _stated(self, found: Evidence) -> tuple[Name, Name]:
        """The head and tail as the fact's own words name them, which may name them more than once."""
        here = self._names_in(found.start, found.end)
        heads = [n for n in here if n.entity == found.head.entity]
        tails = [n for n in here if n.entity == found.tail.entity]
        if not heads or not tails:
            return found.head, found.tail
        return min(
            ((h, t) for h in heads for t in tails),
            key=lambda pair: max(pair[0].start - pair[1].end, pair[1].start - pair[0].end),
        )

    def _pick(
        self,
        items: Sequence[Item],
        found: Evidence,
        span: Span,
        penalty: Callable[[Item], int],
        reach: int = 200,
    ) -> Item | None:
        """The item that stands best: in the clause of the later name, else between the names, else nearest."""
        words = self._fold(span)
        start, end = found.start - span.start, found.end - span.start
        inside = [n for n in (found.head, found.tail) if span.start <= n.start < span.end]
        later = max(inside, key=lambda n: n.start, default=None)
        clause = (0, 0) if later is None else _clause_around(words, later.start - span.start)

        def rank(item: Item) -> tuple[int, int, int]:
            if later is not None and clause[0] <= item.start < clause[1]:
                gap = max(later.start - span.start - item.end, item.start - (later.end - span.start), 0)
                return (penalty(item), gap, item.start)
            if item.start < end and start < item.end:
                return (penalty(item) + 1, max(end - item.end, 0), item.start)
            return (penalty(item) + 2, _gap(item, start, end), item.start)

        near = [item for item in items if _gap(item, start, end) <= reach]
        return min(near, key=rank, default=None)

    def _amount(self, found: Evidence) -> Values:
        span = found.cells.get("amount", found.sentence)
        amounts = self._amounts_in(span)
        amount = self._by_order(amounts, found, span) or self._pick(
            amounts, found, span, lambda a: self._amount_penalty(a, found, span)
        )
        if amount is None and (found.type is RelationType.INVESTS_IN or "罚" in self._around(found, 16)):
            amount = next((a for s in self._around_sentence(found) for a in self._amounts_in(s)), None)
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
            words = self._fold(span)
            self._amounts[span] = [
                a
                for a in find_amounts(self._text[span.start : span.end])
                if not _ANOTHER_BEFORE.search(words[max(0, a.start - 12) : a.start])
                and not _ANOTHER_AFTER.match(words, a.end)
            ]
        return self._amounts[span]

    def _amount_penalty(self, amount: Amount, found: Evidence, span: Span) -> int:
        words = self._fold(span)
        paid = words[max(found.head.end - span.start, 0) : amount.start]
        if found.head.end - span.start <= amount.start and len(paid) <= 12 and _PAYS.fullmatch(paid):
            return -1
        before = words[max(0, amount.start - 12) : amount.start]
        if _AGAIN_BEFORE.search(before) or amount.text.startswith(("约合", "折合")):
            return 5
        return 10 if _PART_BEFORE.search(before) or _PART_AFTER.match(words, amount.end) else 0

    def _by_order(self, amounts: Sequence[Amount], found: Evidence, span: Span) -> Amount | None:
        """对 A 和 B 分别处以 X 和 Y: the amount at the place that the name has in its list."""
        words = self._fold(span)
        if len(amounts) < 2 or not _EACH_IN_ORDER.search(words):
            return None
        for run in _runs(amounts, words):
            for name in (found.tail, found.head):
                names = self._list_of(name, span)
                if len(names) == len(run) > 1:
                    return run[names.index(name)]
        return None

    def _list_of(self, name: Name, span: Span) -> list[Name]:
        """The names of one type joined by 、 and 和 that `name` stands among."""
        here = [n for n in self._names_in(span.start, span.end) if n.type is name.type]
        words = self._fold(span)
        shifted = [_Shifted(n, n.start - span.start, n.end - span.start) for n in here]
        for run in _runs(shifted, words):
            members = [s.name for s in run]
            if name in members:
                return members
        return []

    def _around_sentence(self, found: Evidence) -> list[Span]:
        """The sentences before and after that speak of the same deal: they name the tail and a word for money."""
        index, money = self._index.get(found.sentence), _MONEY_WORDS.get(found.type)
        if index is None or money is None:
            return []
        near = [
            *self._sentences[index + 1 : index + 3],
            *reversed(self._sentences[max(index - 2, 0) : index]),
        ]
        name = fold(found.tail.text)
        # What stands beyond the dash of "headline - text" tells of the same event, whether it names the tail or not.
        retold = [
            self._sentences[i + 1 if i == index else i]
            for i in (index, index - 1)
            if 0 <= i < len(self._sentences) - 1 and self._fold(self._sentences[i]).rstrip().endswith("-")
        ]
        return [s for s in near if (name in self._fold(s) or s in retold) and money.search(self._fold(s))]

    def _stake(self, found: Evidence) -> Values:
        stakes = find_stakes(self._text[found.sentence.start : found.sentence.end])
        stake = self._pick(stakes, found, found.sentence, _no_penalty, reach=40)
        return {} if stake is None else {"stake": stake.percent}

    def _round(self, found: Evidence) -> Values:
        span = found.cells.get("round", found.sentence)
        near = self._pick(find_rounds(self._text[span.start : span.end]), found, span, _no_penalty)
        if near is None:
            elsewhere = (find_rounds(self._text[s.start : s.end]) for s in self._around_sentence(found))
            near = next((r[0] for r in elsewhere if r), None)
        return {} if near is None else {"round": near.name}

    def _role(self, found: Evidence) -> str | None:
        if "role" in found.cells:
            return self._text[found.cells["role"].start : found.cells["role"].end]
        if found.made_by.endswith("posts.reporter"):
            return "记者"
        person, employer = self._stated(found)
        if employer.end <= person.start and found.sentence.start <= employer.start:
            before = role_between(self._until_name(employer.end, person.start))
            after = role_after(re.split("[，,；;。]", self._text[person.end : person.end + 40])[0])
            # A clause of its own (…，易纲不再担任…) tells the post itself.
            return after or before if self._text[person.start - 1] in "，,；;" else before or after
        if found.sentence.start <= employer.start and employer.start >= person.end:
            following = self._until_name(employer.end, found.sentence.end)
            verb = self._text[max(employer.start - 6, person.end) : employer.start]
            role = role_after(verb + "任" + following[:30])
            return role or role_between(re.split("[，,]", following[:24])[0])
        after = self._text[person.end : found.sentence.end]
        return role_after(after) or role_between(self._text[found.start : person.start])

    def _until_name(self, start: int, end: int) -> str:
        """The text `start`..`end` up to the next name of another employer in a list of posts."""
        stop = next((n.start for n in self._names_in(start, end)), end)
        return self._text[start:stop].rstrip("、,，和与") if stop < end else self._text[start:end]

    def _date(self, found: Evidence) -> Values:
        span = found.cells.get("date", found.sentence)
        change = _CHANGES.get(found.type)
        if change is not None and "date" not in found.cells and not change.search(self._around(found, 30)):
            return {}
        dates = self._dates_in(span)
        if found.type is RelationType.ISSUES:
            words = self._fold(span)
            issued_before = "日前" in words or "近日" in words
            dates = [d for d in dates if not (issued_before and _IN_FORCE.match(words, d.end))]
        date = self._pick(dates, found, span, lambda d: _date_penalty(d, self._fold(span)))
        if date is None and found.type in _EVENTS:
            date = self._date_nearby(found)
        return {} if date is None else {"date": date.iso, "date_text": date.text}

    def _dates_in(self, span: Span) -> list[FoundDate]:
        if span not in self._dates:
            # The sentence before lends the day that 当天 means.
            index = self._index.get(span, 0)
            start = self._sentences[index - 1].start if index else span.start
            dates = find_dates(self._text[start : span.end], self._document.date)
            shift = span.start - start
            self._dates[span] = [
                dataclasses.replace(d, start=d.start - shift, end=d.end - shift)
                for d in dates
                if d.start >= shift and not self._in_name(start + d.start)
            ]
        return self._dates[span]

    def _names_in(self, start: int, end: int) -> Sequence[Name]:
        """The names that begin in `start`..`end`."""
        return self._names[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _in_name(self, position: int) -> bool:
        at = bisect_right(self._starts, position) - 1
        return at >= 0 and position < self._names[at].end

    def _date_nearby(self, found: Evidence) -> FoundDate | None:
        """The date that the sentences before in the paragraph give, or for a heading the sentence below."""
        index = self._index.get(found.sentence)
        if index is None:
            return None
        for step in (1, 2):
            before = self._sentences[index - step] if index >= step else None
            if before is None or "\n" in self._text[before.start : found.sentence.start].rstrip(" "):
                break
            if dates := [d for d in self._dates_in(before) if d.iso]:
                return dates[-1]
        following = self._sentences[index + 1] if index + 1 < len(self._sentences) else None
        if following is None or found.sentence.start > self._headline_end():
            return None
        return next((d for d in self._dates_in(following) if d.iso), None)

    def _headline_end(self) -> int:
        """Where the document's first line of text ends."""
        end = self._text.find("\n", self._sentences[0].start)
        return end if end >= 0 else 0


class _Shifted:
    """A name with its place in a sentence."""

    __slots__ = ("end", "name", "start")

    def __init__(self, name: Name, start: int, end: int) -> None:
        self.name, self.start, self.end = name, start, end


def _runs(items: Sequence[Item], words: str) -> list[list[Item]]:
    """Items in order, put together where nothing but 、 or 和 stands between them."""
    runs: list[list[Item]] = []
    for item in items:
        if runs and _BETWEEN_ITEMS.fullmatch(words[runs[-1][-1].end : item.start]):
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def _clause_around(words: str, position: int) -> tuple[int, int]:
    """Where the clause at `position` starts and ends: between marks that are not inside a number."""
    begin = end = min(max(position, 0), len(words))
    first, last = max(begin - _LONGEST_CLAUSE, 0), min(end + _LONGEST_CLAUSE, len(words))
    while begin > first and not _is_mark(words, begin - 1):
        begin -= 1
    while end < last and not _is_mark(words, end):
        end += 1
    return begin, end


def _is_mark(words: str, at: int) -> bool:
    if words[at] == ",":
        return not (at and words[at - 1].isdigit() and words[at + 1 : at + 2].isdigit())
    return words[at] in ";:。!?\n" or words[at : at + 3] == " - " or words[max(at - 1, 0) : at + 2] == " - "


def _part_start(words: str, position: int) -> int:
    """Where the part of "headline - text" begins in which `position` lies."""
    return max(words.rfind(" - ", 0, position), 0)


def _gap(item: Found, start: int, end: int) -> int:
    return max(start - item.end, item.start - end, 0)


def _no_penalty(_: Found) -> int:
    return 0


def _date_penalty(date: FoundDate, words: str) -> int:
    """A year alone, an end of a range, the day before which or from which something holds, where others stand too."""
    year = date.iso is not None and len(date.iso) == 4
    bound = words[date.end : date.end + 1] == "前" or words[date.start - 1 : date.start] in ("至", "到")
    return int(year) + 2 * int(bound or _IN_FORCE.match(words, date.end) is not None)
