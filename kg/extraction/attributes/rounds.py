"""Financing rounds: 天使轮, Pre-A轮, A轮, A+轮, 战略投资, IPO, 定增 …, in one spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.characters import fold


@dataclass(frozen=True, slots=True)
class Round:
    """A round at `start`..`end`; `name` is its usual spelling."""

    start: int
    end: int
    name: str


_ROUND = re.compile(
    r"(?P<letter>(?<![a-z])(?:pre-?\s?)?[a-h](?:\+{1,2}|\d|-\d)?(?:\s?和\s?[a-h]\+?)?)\s?轮"
    r"|(?P<named>种子\+?轮|天使\+{0,2}轮|pre-?天使轮|战略融资|战略投资|战略轮|首轮|基石投资|战略配售|定向增发|定增|可转债|股权融资|ipo前融资|pre-?ipo|ipo)"
    r"|series\s(?P<series>[a-h])"
)
_NAMES = {"战略融资": "战略投资", "战略轮": "战略投资", "定增": "定向增发"}


def find_rounds(text: str) -> list[Round]:
    """Every round named in `text`, in order."""
    rounds = []
    for match in _ROUND.finditer(fold(text)):
        letter = match["letter"] or match["series"]
        if letter:
            name = (
                letter.replace(" ", "")
                .upper()
                .replace("PRE", "Pre")
                .replace("Pre", "Pre-")
                .replace("Pre--", "Pre-")
                + "轮"
            )
        else:
            name = match["named"].replace("ipo", "IPO").replace("pre", "Pre")
            name = _NAMES.get(name, name)
        rounds.append(Round(match.start(), match.end(), name))
    return rounds
