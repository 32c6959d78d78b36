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

#: The kind of a stretch that shows two names to be two things.
SIDE_BY_SIDE = "named side by side"

_QUOTE = "[\"'“”《》「」『』]?"
_CUE = (
    r"(?:以下(?:统一)?简称为?|以下统称为?|以下合称|下称为?|简称为?|又称为?|又名|也称|亦称|俗称|俗称为|别名|别称|人称|全称为?|全名|"
    r"英文简?名称?为?|英文缩写为?|英文简称|缩写为?|中文名称?为?|曾用名|原名|旧称|前身为?|原称|化名|外号|绰号|代号为?|昵称为?)"
)
_BETWEEN = {
    # (the words between, the words after) of a sure definition
    "cue in brackets": re.compile(
        rf"^{_QUOTE}\s*[(（,，]\s*(?:[^()（）。；;]{{0,8}}[,，:：]\s*)?{_CUE}[:：是为]?\s*{_QUOTE}$"
    ),
    "cue": re.compile(rf"^{_QUOTE}\s*[,，、]?\s*(?:{_CUE})[:：是为]?\s*{_QUOTE}$"),
    "that is": re.compile(rf"^{_QUOTE}\s*[,，]\s*(?:也就是|即是?|亦即)\s*{_QUOTE}$"),
    "brackets": re.compile(rf"^{_QUOTE}\s*[(（]\s*{_QUOTE}$"),
}
#: What every pattern above needs, to pass over the rest quickly.
_ANY_CUE = re.compile("[(（即称名写身号就]")
#: Between two things that are named side by side, and so are two.
_SIDE_BY_SIDE = re.compile(
    rf"{_QUOTE}\s*(?:[、/]|和|与|及|以及|跟|同|或|vs\.?|VS|对|并|、以及|,以及|收购|投资|起诉|联合|控股|旗下的?|的?子公司)\s*{_QUOTE}$"
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
