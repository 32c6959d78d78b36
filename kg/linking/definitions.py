"""What a document itself says about its names: this one is short for that one.

Looked at are the few characters between two neighbouring names and after the second, never the whole text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.characters import is_han
from kg.linking.normalise import name_key
from kg.schema import EntityType
from kg.tables import Mention

#: Longest stretch between a name and its alias.
REACH = 24

#: Longest stretch between two names that a document tells apart.
REACH_APART = 40

#: The kinds of stretches that show two names to be two things.
SIDE_BY_SIDE = "named side by side"
OWNER = "owner and owned"
DEAL = "parties to a deal"
APART = (SIDE_BY_SIDE, OWNER, DEAL)

_QUOTE = "[\"'“”《》「」『』]?"
_CUE = (
    r"(?:(?:以?下)?(?:统一)?(?:证券|股票|公司)?简称为?|以下统称为?|以下合称|下称为?|又称为?|又名|也称|亦称|俗称|俗称为|别名|别称|人称|全称为?|全名|"
    r"英文简?名称?为?|英文缩写为?|英文简称|缩写为?|中文名称?为?|曾用名|原名|旧称|前身为?|原称|化名|外号|绰号|代号为?|昵称为?)"
)
_BETWEEN = {
    # (the words between, the words after) of a sure definition
    "cue in brackets": re.compile(
        rf"^{_QUOTE}\s*[(（,，]\s*(?:[^()（）。；;]{{0,8}}[,，:：]\s*)?{_CUE}[:：是为]?\s*{_QUOTE}$"
    ),
    "cue": re.compile(rf"^{_QUOTE}\s*[,，、]?\s*(?:{_CUE})[:：是为]?\s*{_QUOTE}$"),
    "that is": re.compile(rf"^{_QUOTE}\s*[,，]\s*(?:也就是|即是?|亦即)\s*{_QUOTE}$"),
    "renamed": re.compile(
        rf"^{_QUOTE}\s*[,，]?[^。；;,，、和与及]{{0,8}}(?:(?:更名|改名|易名)为?|名称?变更为|(?:的|其)?前身(?:为|是|系)?|原名(?:叫|为)?){_QUOTE}$"
    ),
    "brackets": re.compile(rf"^{_QUOTE}\s*[(（]\s*{_QUOTE}$"),
}
#: What every pattern above needs, to pass over the rest quickly.
_ANY_CUE = re.compile("[(（即称名写身号就]")
#: Between two things that are named side by side, and so are two.
_SIDE_BY_SIDE = re.compile(
    rf"{_QUOTE}\s*(?:[、/]|和|与|及|以及|跟|同|或|vs\.?|VS|对|并|、以及|,以及|收购|投资|起诉|联合|控股|旗下的?|的?子公司)\s*{_QUOTE}$"
)
#: What joins a company to the one that owns it or that it owns, close before the second name.
_OWNING = re.compile("(?:股东|子公司|母公司|旗下|下属|附属|所属|隶属|全资)[^,，、。！？!?；;\\n]{0,20}$")
#: One buys the other, holds it or sells to it, within one clause.
_DEALING = re.compile(
    "^[^,，。！？!?；;\\n]*(?:(?:控股|参股|入股|持股|持有|拥有|增持|减持|认购|注资|入主|收购|转让|受让|剥离|注入|合并|起诉)"
    "[^,，。！？!?；;\\n]{0,6}|[向对从由](?:包括|其)?)$"
)
_CLOSES = re.compile(rf"^{_QUOTE}\s*[)）]")
_CLOSES_LATER = re.compile(rf"^{_QUOTE}\s*[,，、/:：][^()（）。]{{0,40}}[)）]")


@dataclass(frozen=True, slots=True)
class Definition:
    """Two names of one type that a document equates.

    `left` and `right` are name keys in the order of the text, `kind` says how (a key of the patterns, e.g.
    "cue in brackets"), `start`/`end` the stretch from the first name to the end of the second.
    """

    doc_id: str
    type: EntityType
    left: str
    right: str
    kind: str
    start: int
    end: int


def find_definitions(text: str, mentions: Sequence[Mention]) -> Iterator[Definition]:
    """The definitions in one document, from its text and its mentions in order of their start."""
    for left, right in itertools.pairwise(mentions):
        gap = right.start - left.end
        if left.type is not right.type or not 0 < gap <= REACH:
            continue
        kind = _kind(text, left.end, right.start, right.end)
        if kind is None and not text[left.end : right.start].strip() and _two_scripts(left.text, right.text):
            kind = "Chinese and Latin name together"
        if kind is None and _SIDE_BY_SIDE.match(text, left.end, right.start):
            kind = SIDE_BY_SIDE
        if kind is None:
            continue
        left_key, right_key = name_key(left.text), name_key(right.text)
        if left_key != right_key:
            yield Definition(left.doc_id, left.type, left_key, right_key, kind, left.start, right.end)
    yield from _set_apart(text, mentions)


def _set_apart(text: str, mentions: Sequence[Mention]) -> Iterator[Definition]:
    """Neighbouring companies with a part in common of which a sentence says that one owns or buys the other."""
    last: Mention | None = None
    for right in mentions:
        if right.type is not EntityType.COMPANY:
            continue
        left, last = last, right
        if left is None or not 0 < right.start - left.end <= REACH_APART:
            continue
        kind = _relation(text[left.end : right.start])
        if kind:
            left_key, right_key = name_key(left.text), name_key(right.text)
            if left_key != right_key and not set(left_key).isdisjoint(right_key):
                yield Definition(left.doc_id, left.type, left_key, right_key, kind, left.start, right.end)


def _relation(between: str) -> str:
    """How the words between two names set them apart; empty where they do not."""
    if _OWNING.search(between):
        return OWNER
    return DEAL if _DEALING.match(between) else ""


def _two_scripts(left: str, right: str) -> bool:
    """Whether one name is all Chinese and the other all Latin (道通科技 Autel Robotics)."""
    return (left.isascii() and all(map(is_han, right))) or (right.isascii() and all(map(is_han, left)))


def _kind(text: str, left_end: int, right_start: int, right_end: int) -> str | None:
    between, after = text[left_end:right_start], text[right_end : right_end + 60]
    if not _ANY_CUE.search(between):
        return None
    for kind, pattern in _BETWEEN.items():
        if pattern.match(between):
            if kind == "brackets" and not _CLOSES.match(after):
                return "open brackets" if _CLOSES_LATER.match(after) else None
            return kind
    return None
