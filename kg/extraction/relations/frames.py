"""A sentence as the constructions see it: names become single slots, lists of names one slot, noise disappears.

A construction ("A、B 领投 C 的 A 轮融资") is about names and the words between them, so a sentence is rewritten to a
*skeleton*: every name, and every list of names ("A、B 和 C"), is one private-use character that tells its type;
the other characters are folded (width, case, script); spaces from hard-wrapped lines, quotation marks and Markdown
emphasis are dropped, and so are brackets that only repeat or number the name before them ("智谱（02513.HK）").
Offsets back into the text are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kg.characters import fold_character
from kg.schema import EntityType
from kg.tables import Span

#: Letters for the entity types in construction patterns, and the characters that stand for them in a skeleton.
TYPE_LETTERS: dict[EntityType, str] = {
    EntityType.COMPANY: "C",
    EntityType.PERSON: "P",
    EntityType.REGION: "R",
    EntityType.MODEL: "M",
    EntityType.POLICY: "L",
    EntityType.ORGANIZATION: "O",
}
SLOT_CHARACTERS: dict[str, str] = {letter: chr(0xE000 + i) for i, letter in enumerate(TYPE_LETTERS.values())}
ANY_SLOT = "\ue000-\ue005"

_NOISE = frozenset("*《》“”\"'`_#\u200b\ufeff")
_CLOSING = {"(": ")", "（": "）", "[": "]", "【": "】"}
_LIST_SEPARATOR = re.compile(r"\s{0,3}(?:、|/|／|和|与|及|以及|[,，]?以及|&|\+|暨|、及|、和)\s{0,3}$")
_QUOTES = re.compile(r"[*《》“”\"'`_「」『』]+")
_LONGEST_ASIDE = 40
_ANAPHOR = re.compile(
    r"该(?:公司|集团|企业|行|平台|机构|基金|初创公司|上市公司|车企|券商|银行|部门)|本公司|(?:^|(?<=[,，。:：;；、\s]))(?:公司|后者)(?!名|治|章|债|法|股)"
    r"|(?:^|(?<=[,，。:：;；在与对由被获向将为及和是]))其(?![他它中实余间次])"
)
#: Single characters that stand for countries the text names elsewhere: 美方, 对华, 中美.
_COUNTRIES = {
    "美": "美国", "中": "中国", "华": "中国", "俄": "俄罗斯", "欧": "欧盟", "日": "日本", "英": "英国", "韩": "韩国",
    "朝": "朝鲜", "伊": "伊朗", "以": "以色列", "乌": "乌克兰", "印": "印度", "加": "加拿大", "德": "德国", "法": "法国",
}  # fmt: skip
_SHORT_COUNTRY = re.compile(
    r"(?P<side>[美中俄欧日英韩朝伊以乌印加德])方(?!案|面|法|式|位|向|针|便|能|可|才|略|程|形)"
    r"|(?:对|输|赴|涉|反|援|驻|访)(?P<towards>[美华俄欧日韩朝伊乌](?![国好元妙的术女容食丽观味化常益后前本程内始为人南北东中润夏克斯朗洲阳盟]))"
    r"|(?P<first>[中美俄欧日韩印])(?P<second>[美欧日韩俄印英德加](?![国元元洲方本盟罗]))(?=[两双三之间贸经科关竞博战合会谈在]|等)"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A mention with the in-document entity it names (`entity`: any two mentions with one number are one thing)."""

    start: int
    end: int
    type: EntityType
    text: str
    mention_id: str
    entity: int


@dataclass(frozen=True, slots=True)
class Slot:
    """What one private-use character of a skeleton stands for."""

    names: tuple[Name, ...]
    #: What stands between the names of a list, one fewer than the names.
    separators: tuple[str, ...] = ()
    #: Set where the slot is a word for an earlier name (该公司, 其): the text span of that earlier name.
    antecedent: Span | None = None


class FrameKind(StrEnum):
    """Where a frame comes from."""

    SENTENCE = "sentence"
    HEADING = "heading"


@dataclass(slots=True)
class Frame:
    """One sentence (or heading) with its skeleton. `offsets[i]` is the text offset of skeleton character i."""

    index: int
    start: int
    end: int
    names: tuple[Name, ...]
    kind: FrameKind = FrameKind.SENTENCE
    skeleton: str = ""
    offsets: list[int] = field(default_factory=list)
    slots: dict[int, Slot] = field(default_factory=dict)
    #: The company that words like 公司 stand for at the beginning of this frame.
    topic: Name | None = None
    #: The model that the sentences before are about.
    model: Name | None = None
    #: The authority (regulator, court, government) that the sentences just before or the heading name.
    authority: Name | None = None


def build_frames(
    text: str,
    sentences: Sequence[Span],
    names: Sequence[Name],
    headings: Sequence[Span] = (),
    subjects: Sequence[tuple[Span, Name]] = (),
) -> list[Frame]:
    """One frame a sentence, in order, with topics handed on from sentence to sentence.

    `sentences` and `names` are sorted by start and do not overlap; `headings` are spans that are titles;
    `subjects` are stretches (the rows of a table) that are about one company.
    """
    heading_starts = {h.start for h in headings}
    rows = sorted(subjects, key=lambda item: item[0].start)
    countries = _countries(names)
    row = 0
    frames: list[Frame] = []
    topic: Name | None = None
    heading_topic: Name | None = None
    model: Name | None = None
    authorities: list[tuple[int, Name]] = []
    position = 0
    for index, sentence in enumerate(sentences):
        while position < len(names) and names[position].start < sentence.start:
            position += 1
        end = position
        while end < len(names) and names[end].end <= sentence.end:
            end += 1
        frame = Frame(index, sentence.start, sentence.end, tuple(names[position:end]))
        position = end
        if sentence.start in heading_starts:
            frame.kind = FrameKind.HEADING
        frame.model = model
        frame.authority = next((n for i, n in reversed(authorities) if index - i <= _AUTHORITY_REACH), None)
        model = next((n for n in frame.names if n.type is EntityType.MODEL), model)
        authorities += [(index, n) for n in frame.names if _is_authority(n)][:1]
        while row < len(rows) and rows[row][0].end <= sentence.start:
            row += 1
        if row < len(rows) and rows[row][0].start < sentence.end:
            frame.topic = rows[row][1]
            _write_skeleton(frame, text, countries)
            frames.append(frame)
            continue
        frame.topic = topic or heading_topic
        _write_skeleton(frame, text, countries)
        own = _own_topic(frame)
        if own is not None:
            topic = own
            if frame.kind is FrameKind.HEADING:
                heading_topic = own
        frames.append(frame)
    return frames


_AUTHORITY = re.compile(
    r".*(?:[局委部院署厅]|委员会|证监会|监会|交易所|[上深北港]交所|央行|银行|海关|政府|法庭|检察院|F[DC][AC]|SEC|FTC|白宫)$"
)
_AUTHORITY_REACH = 2


def _is_authority(name: Name) -> bool:
    return name.type is EntityType.ORGANIZATION and _AUTHORITY.match(name.text) is not None


def _own_topic(frame: Frame) -> Name | None:
    """The company a following 公司 stands for: the first company named, unless the sentence goes on about its topic."""
    for index in sorted(frame.slots):
        slot = frame.slots[index]
        if slot.antecedent is not None and slot.names[0].type is EntityType.REGION:
            continue
        if slot.antecedent is not None and index < 12:
            return frame.topic
        alone = len(slot.names) == 1 and slot.antecedent is None
        if alone and slot.names[0].type is EntityType.COMPANY and not is_source(frame, index):
            return slot.names[0]
    return None


_SOURCE = re.compile(
    r"(?:app|财经|金融|数据|终端|工商|信息|股权穿透|官网)*(?:显示|获悉|报道|讯|消息|快讯|统计|发布的?报告|研报|分析师)"
)


def is_source(frame: Frame, index: int) -> bool:
    """Whether the slot at skeleton position `index` only tells where the news comes from (天眼查 显示)."""
    return _SOURCE.match(frame.skeleton, index + 1) is not None


def _write_skeleton(frame: Frame, text: str, countries: dict[str, Name]) -> None:
    characters: list[str] = []
    offsets: list[int] = []

    def put(character: str, offset: int) -> None:
        characters.append(character)
        offsets.append(offset)

    anaphors = _anaphors(frame, text, countries)
    position = frame.start
    names = list(frame.names)
    following = 0
    while position < frame.end:
        if following < len(names) and position == names[following].start:
            slot, following, after = _read_list(text, names, following, frame.end)
            frame.slots[len(characters)] = slot
            put(SLOT_CHARACTERS[TYPE_LETTERS[slot.names[0].type]], position)
            position = after
            continue
        if position in anaphors:
            after, named = anaphors[position]
            antecedent = named or _subject("".join(characters), frame.slots) or frame.topic
            if antecedent is not None:
                frame.slots[len(characters)] = Slot((antecedent,), (), Span(antecedent.start, antecedent.end))
                put(SLOT_CHARACTERS[TYPE_LETTERS[antecedent.type]], position)
                position = after
                continue
        character = text[position]
        if character in "\t|":
            put("|", position)
        elif character.isspace():
            if _between_latin(text, position):
                put(" ", position)
        elif character not in _NOISE:
            put(fold_character(character), position)
        position += 1
    frame.skeleton = "".join(characters)
    frame.offsets = [*offsets, frame.end]


def _countries(names: Sequence[Name]) -> dict[str, Name]:
    """The first mention of every country that a single character can stand for, by that character."""
    first: dict[str, Name] = {}
    for name in names:
        if name.type is EntityType.REGION:
            first.setdefault(name.text, name)
    return {short: first[full] for short, full in _COUNTRIES.items() if full in first}


def _subject(skeleton: str, slots: dict[int, Slot]) -> Name | None:
    """The first company that stands alone in the part of a sentence written so far."""
    for index, slot in slots.items():
        alone = len(slot.names) == 1 and slot.antecedent is None
        if alone and slot.names[0].type is EntityType.COMPANY and not _SOURCE.match(skeleton, index + 1):
            return slot.names[0]
    return None


def _anaphors(frame: Frame, text: str, countries: dict[str, Name]) -> dict[int, tuple[int, Name | None]]:
    """Words for a name that stands elsewhere, by their start: their end, and the name; None for the subject."""
    words = text[frame.start : frame.end]
    found: dict[int, tuple[int, Name | None]] = {}
    for match in _ANAPHOR.finditer(words):
        found[frame.start + match.start()] = frame.start + match.end(), None
    if countries:
        for match in _SHORT_COUNTRY.finditer(words):
            for group, short in match.groupdict().items():
                if short in countries:
                    start = frame.start + match.start(group)
                    found[start] = start + (2 if group == "side" else 1), countries[short]
    taken = {o for n in frame.names for o in range(n.start, n.end)}
    return {s: item for s, item in found.items() if not taken & {s, item[0] - 1}}


def _between_latin(text: str, position: int) -> bool:
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()


def _read_list(text: str, names: list[Name], first: int, limit: int) -> tuple[Slot, int, int]:
    """The slot that begins with name `first`, the index of the next name, and the text offset after the slot."""
    members, separators = [names[first]], []
    following, position = first + 1, names[first].end
    while True:
        position, following = _skip_aside(text, names, members[-1], following, position, limit)
        if following >= len(names):
            break
        candidate = names[following]
        between = _QUOTES.sub("", text[position : candidate.start])
        if len(between) > 6 or not _same_kind(members[0], candidate) or not _is_separator(between, candidate):
            break
        separators.append(between.strip())
        members.append(candidate)
        position, following = candidate.end, following + 1
    return Slot(tuple(members), tuple(separators)), following, position


def _is_separator(between: str, following: Name) -> bool:
    if following.type is EntityType.PERSON and between and between.isspace():
        return True
    return _LIST_SEPARATOR.match(between) is not None


_ACTORS = frozenset({EntityType.COMPANY, EntityType.ORGANIZATION})


def _same_kind(a: Name, b: Name) -> bool:
    return a.type is b.type or {a.type, b.type} <= _ACTORS


def _skip_aside(
    text: str, names: list[Name], name: Name, following: int, position: int, limit: int
) -> tuple[int, int]:
    """Skip closing quotes and brackets after a name that say nothing but another name or a number of it."""
    while True:
        start = position
        while start < limit and (text[start].isspace() or text[start] in "*》”\"'`」』"):
            start += 1
        if start >= limit or text[start] not in _CLOSING:
            return position, following
        close = text.find(_CLOSING[text[start]], start + 1, min(limit, start + _LONGEST_ASIDE))
        if close < 0:
            return position, following
        inside = following
        while inside < len(names) and names[inside].end <= close:
            if names[inside].entity != name.entity:
                return position, following
            inside += 1
        if inside < len(names) and names[inside].start < close:
            return position, following
        following, position = inside, close + 1


# --- patterns over skeletons ---------------------------------------------------------------------------------

_SLOT = re.compile(r"\{(\w+):([CPRMLO]+)\}")
_MACROS = {
    # words inside one clause without another name
    "<g>": f"[^{ANY_SLOT},;:。!?|]{{0,15}}?",
    # the same, at most a few characters
    "<s>": f"[^{ANY_SLOT},;:。!?、|]{{0,6}}?",
    # words over commas without another name
    "<c>": f"[^{ANY_SLOT};。!?|]{{0,30}}?",
    # anything, names included
    "<a>": "[^;。!?|]{0,50}?",
}


def compile_pattern(source: str) -> re.Pattern[str]:
    """A construction pattern as a regular expression over skeletons.

    `{h:CO}` is a slot named h that holds a company or an organization; `<g>`, `<s>`, `<c>`, `<a>` are bounded gaps.
    """
    for macro, expansion in _MACROS.items():
        source = source.replace(macro, expansion)
    return re.compile(
        _SLOT.sub(lambda m: f"(?P<{m[1]}>[{''.join(SLOT_CHARACTERS[x] for x in m[2])}])", source)
    )


def overlapping_matches(pattern: re.Pattern[str], skeleton: str) -> Iterator[re.Match[str]]:
    """Every leftmost match from every starting point, so that one name can take part in several."""
    match = pattern.search(skeleton)
    while match is not None:
        yield match
        match = pattern.search(skeleton, match.start() + 1)
