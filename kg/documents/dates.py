"""The date of a document, from what it says of itself, from its first lines, or from its file name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

_YEAR = r"(?<!\d)((?:19|20)\d{2})"
_FULL = re.compile(rf"{_YEAR}\s?(?:年|[-/.])\s?(\d{{1,2}})\s?(?:月|[-/.])\s?(\d{{1,2}})(?!\d)")
_COMPACT = re.compile(rf"{_YEAR}(\d{{2}})(\d{{2}})(?!\d)")
_CHINESE = re.compile(
    r"([〇零○ＯO一二三四五六七八九]{4})年(十[一二]?|[一二三四五六七八九])月"
    r"([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])日"
)
_LABEL = re.compile(
    r"(?:发布|发表|出版|报告|刊发|更新|成文|印发|发文|时间|日期|date|published|time)[^\d]{0,12}$",
    re.IGNORECASE,
)
_AS_OF = re.compile(r"(?:截至|截止|自|从|于|到|至)\s?$")
_DATELINE = re.compile(r"(?:讯|电|报道|时间)")
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0, "O": 0}


def parse_date(text: str) -> str | None:
    """The first full date in `text` (2025-03-14, 2025年3月14日, 20250314, 二〇二五年三月十四日) as ISO, or None."""
    text = unicodedata.normalize("NFKC", text)
    for pattern in (_FULL, _COMPACT):
        for match in pattern.finditer(text):
            if found := _iso(*map(int, match.groups())):
                return found
    if (written := _CHINESE.search(text)) is not None:
        year = int("".join(str(_DIGITS[c]) for c in written.group(1)))
        return _iso(year, _small_number(written.group(2)), _small_number(written.group(3)))
    return None


def date_of_lines(lines: Iterable[str]) -> str | None:
    """The date that the first lines of a document state: labelled, or in a line of its own, or in a dateline."""
    for line in lines:
        text = unicodedata.normalize("NFKC", line).strip()
        for match in _FULL.finditer(text):
            rest = len(text) - len(match.group())
            if _AS_OF.search(_before(text, match)):
                continue
            labelled = _LABEL.search(_before(text, match)) is not None
            alone = rest <= 14
            dateline = (
                match.start() <= 16 and _DATELINE.match(text[match.end() :].lstrip("日 )）")) is not None
            )
            if labelled or alone or dateline:
                return _iso(*map(int, match.groups()))
        if len(text) <= 20 and (found := parse_date(text)):
            return found
    return None


def date_of_lead(paragraphs: Iterable[str]) -> str | None:
    """The full date with which a news text opens (2025年3月3日，…), where no later year is mentioned in it."""
    opening: str | None = None
    latest = 0
    for number, paragraph in enumerate(paragraphs):
        dates = _dates(paragraph)
        latest = max([latest, *(int(found[:4]) for _, found in dates)])
        if opening is None and number < 4 and dates and dates[0][0] <= 16:
            opening = dates[0][1]
    return opening if opening and int(opening[:4]) == latest else None


def latest_reported(paragraphs: Iterable[str]) -> str | None:
    """The latest date in a paper's texts that has another one within the month before it, or None.

    An issue reports on its own days many times, while dates to come and dates of old stand alone.
    """
    found = sorted(
        (date.fromisoformat(d) for paragraph in paragraphs for _, d in _dates(paragraph)), reverse=True
    )
    pairs = (late for late, early in pairwise(found) if 0 <= (late - early).days <= 31)
    latest = next(pairs, None)
    return latest.isoformat() if latest else None


def _dates(text: str) -> list[tuple[int, str]]:
    """The full dates in `text` with their offsets, those left out that only bound a period."""
    text = unicodedata.normalize("NFKC", text)
    return [
        (match.start(), found)
        for match in _FULL.finditer(text)
        if (found := _iso(*map(int, match.groups()))) and not _AS_OF.search(_before(text, match))
    ]


def date_of_name(name: str) -> str | None:
    """The date in a file name, or in the folders above it (2025/03/14)."""
    return parse_date(name.rpartition("/")[2]) or parse_date(name)


def _before(text: str, match: re.Match[str]) -> str:
    """The characters right before `match`."""
    return text[max(match.start() - 24, 0) : match.start()]


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _small_number(text: str) -> int:
    tens, mark, units = text.rpartition("十")
    if not mark:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(units, 0) if units else 0)
