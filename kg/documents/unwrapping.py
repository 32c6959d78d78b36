"""Joining hard-wrapped Chinese lines into paragraphs, and closing the spaces that justified setting left.

The evidence is in the file itself: how wide its lines are, which marks are still open, and which pairs of
characters stand next to each other elsewhere in it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from kg.characters import is_han
from kg.documents.lines import (
    ends_sentence,
    has_dateline,
    is_byline,
    is_caption,
    is_list_item,
    is_numbered,
    is_place_of_report,
    is_source_line,
    looks_like_heading,
    open_bracket,
    width,
)

_JOINING_END = "，,、（(《“‘〈【—-~～和与及的"
_CONTINUING_START = "，。、；：！？）)》”’〉】%％,;:!?"
_HAN = "\u3400-\u9fff\uf900-\ufaff〇"
# A run of single ideographs with one space between: letter-spaced setting.
_SPACED = re.compile(rf"(?<![{_HAN}])[{_HAN}](?:[ \u3000][{_HAN}])+(?![{_HAN}])")
_AFTER_MARK = re.compile(r"(?<=[，。、；：！？）》”’】〉]) +(?=\S)|(?<=\S) +(?=[，。、；：！？）》”’】〉])")
_AFTER_OPENER = re.compile(r"(?<=[（《“‘【〈]) +")
_BLANKS = re.compile(r"[ \u00a0\u2002-\u200a\t\v]+")
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f\x85]"
)


def tidy(line: str) -> str:
    """`line` without invisible characters, runs of blanks, and the spaces of letter-spaced ideographs."""
    line = _BLANKS.sub(" ", _INVISIBLE.sub("", line)).strip()
    return _SPACED.sub(_close, line) if " " in line or "\u3000" in line else line


def tidy_wrapped(line: str) -> str:
    """`tidy` for a line of a justified column: also no spaces beside Chinese punctuation."""
    line = tidy(line)
    return _AFTER_OPENER.sub("", _AFTER_MARK.sub("", line)) if " " in line else line


def _close(match: re.Match[str]) -> str:
    return match.group().replace(" ", "").replace("\u3000", "")


class Neighbours:
    """How often two ideographs stand side by side within the lines of a file."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._single: Counter[str] = Counter()
        self._pair: Counter[str] = Counter()
        for line in lines:
            self._single.update(line)
            self._pair.update(map("".join, pairwise(line)))
        self._total = max(sum(self._single.values()), 1)

    def attract(self, left: str, right: str) -> bool:
        """Whether the pair is so much more frequent than chance that it sits inside a word."""
        if not (left and right and is_han(left) and is_han(right)):
            return False
        together = self._pair[left + right]
        if together < 2:
            return False
        expected = self._single[left] * self._single[right] / self._total
        return math.log2(together / max(expected, 1e-9)) > 4


def column_width(widths: list[int]) -> int | None:
    """The width at which a file's lines were wrapped, or None where its lines are whole paragraphs.

    A file is wrapped where most of its lines are nearly equally wide and no wider than a page.
    """
    counted = [w for w in widths if w >= 12]
    if len(counted) < 6:
        return None
    near = Counter(w // 2 for w in counted)
    best = max(near, key=lambda w: (near[w - 1] + near[w] + near[w + 1], w))
    share = sum(near[w] for w in range(best - 2, best + 3)) / len(counted)
    return best * 2 if share >= 0.5 and best * 2 <= 120 else None


def joins(
    previous: str, line: str, following: str, column: int | None, neighbours: Neighbours, tail: str
) -> bool:
    """Whether `line` continues the paragraph `previous`, whose last line in the source is `tail`.

    `following` is the line after `line`, `column` the width at which lines were wrapped here (None: unknown).
    """
    if is_byline(previous):
        return is_place_of_report(line)
    if _starts_block(line):
        return False
    if line[0] in _CONTINUING_START:
        return not line.startswith("—")
    if (opened := open_bracket(previous)) and (opened in line or opened in following):
        return True
    if ends_sentence(previous) or is_caption(previous) or is_source_line(previous):
        return False
    if previous[-1] in "：:" or previous.endswith(("——", "━")):
        return False
    if previous[-1] in _JOINING_END and previous[-1] not in "和与及的":
        return True
    if column is not None:
        return width(tail) >= column - 5 if not looks_like_title(previous, column) else False
    attracted = neighbours.attract(previous[-1], line[0])
    if is_numbered(previous) and len(previous) <= 40 and not attracted:
        return False
    if _is_body(previous):
        return attracted or not looks_like_heading(line) or _same_column(tail, line, following)
    return attracted and (len(line) > 12 or not ends_sentence(previous))


def looks_like_title(text: str, column: int) -> bool:
    """Whether a line of a wrapped file is so short that it must be a heading or the end of a paragraph."""
    return width(text) < column - 5


def _starts_block(line: str) -> bool:
    return (
        is_byline(line)
        or is_caption(line)
        or is_list_item(line)
        or is_source_line(line)
        or has_dateline(line)
        or (is_numbered(line) and not line[0].isdigit())
        or (is_numbered(line) and len(line) <= 40 and looks_like_heading(line))
    )


def _is_body(text: str) -> bool:
    """Whether `text` reads like running text: long, or with commas inside."""
    commas = sum(text.count(c) for c in "，,。；")
    return len(text) > 48 or (len(text) >= 10 and commas >= 1) or "。" in text


def _same_column(tail: str, line: str, following: str) -> bool:
    """Whether three lines in a row are equally wide, as the lines of a narrow column are."""
    widths = [width(x) for x in (tail, line, following) if x]
    return len(widths) == 3 and max(widths) - min(widths) <= 6 and max(widths) <= 60


def join(left: str, right: str) -> str:
    """Two halves of a broken line as one: a space only where both sides are Latin or digits."""
    if (
        left.endswith("-")
        and len(left) > 1
        and left[-2].isalpha()
        and left[-2].isascii()
        and right[0].islower()
    ):
        return left + right
    both_latin = left[-1].isascii() and left[-1].isalnum() and right[0].isascii() and right[0].isalnum()
    return f"{left} {right}" if both_latin else left + right
