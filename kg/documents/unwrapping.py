"""Joining hard-wrapped Chinese lines into paragraphs, and closing the spaces that justified setting left.

The evidence is in the file itself: how wide its lines are, which marks are still open, which pairs of characters
stand next to each other elsewhere in it, and how its headings are set.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from kg.characters import is_han
from kg.documents.lines import (
    closes,
    ends_sentence,
    has_dateline,
    is_byline,
    is_caption,
    is_contact,
    is_date_line,
    is_list_item,
    is_numbered,
    is_place_of_report,
    is_source_line,
    is_unfinished,
    letters,
    looks_like_heading,
    open_bracket,
    width,
)

#: Characters of a file that are looked at to learn which are neighbours.
_SAMPLE = 1_000_000
_UNITS = "年月日%％亿万元个家倍点多个只台辆吨股人次"
_FUNCTION = "在的了是和与及对从被把将也都并而但其为有这"
_CONTINUING_START = "，。、；：！？）)》”’〉】%％,;:!?"
_HAN = "\u3400-\u9fff\uf900-\ufaff〇"
# A run of single ideographs with one space between: letter-spaced setting.
_SPACED = re.compile(rf"(?<![{_HAN}])[{_HAN}](?:[ \u3000][{_HAN}])+(?![{_HAN}])")
_AROUND_MARK = re.compile(
    r"(?<=[，。、；：！？）》”’】〉（《“‘【〈]) +(?=\S)|(?<=\S) +(?=[，。、；：！？）》”’】〉])"
)
_INNER_SPACE = re.compile(rf"([{_HAN}]) (?=[{_HAN}])")
_BLANKS = re.compile(r"[ \u00a0\u2002-\u200a\t\v]+")
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff\u00ad\ufffe\uffff\x00-\x08\x0e-\x1f\x7f\x85]"
)
#: Lines that fall short of the column by more than this many columns of width end a paragraph or are headings.
_SLACK = 5


def tidy(line: str) -> str:
    """`line` without invisible characters, runs of blanks, and the spaces of letter-spaced ideographs."""
    line = _BLANKS.sub(" ", _INVISIBLE.sub("", line)).strip()
    return _SPACED.sub(_close, line) if " " in line or "\u3000" in line else line


def tidy_wrapped(line: str) -> str:
    """`tidy` for a line of a justified column: also no spaces beside Chinese punctuation."""
    line = tidy(line)
    return _AROUND_MARK.sub("", line) if " " in line else line


def _close(match: re.Match[str]) -> str:
    return match.group().replace(" ", "").replace("\u3000", "")


class Neighbours:
    """Which ideographs stand side by side within the lines of a file, and how often."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    @cached_property
    def _single(self) -> Counter[str]:
        return Counter(itertools.chain.from_iterable(self._sample))

    @cached_property
    def _pair(self) -> Counter[str]:
        return Counter(pair for line in self._sample for pair in map("".join, pairwise(line)))

    @cached_property
    def _runs(self) -> set[str]:
        return {line[i : i + 4] for line in self._sample for i in range(len(line) - 3)}

    @cached_property
    def _sample(self) -> list[str]:
        """Counted only where it is asked for: most texts hold nothing that has to be joined."""
        sample, room = [], _SAMPLE
        for line in self._lines:
            sample.append(line[:room])
            room -= len(sample[-1])
        return sample

    def attract(self, left: str, right: str) -> bool:
        """Whether the end of `left` and the start of `right` belong to one word.

        So it is where the two characters at the seam, or the two before it with the two after it, stand together
        elsewhere, and that is a good part of all places in which either of the two characters stands.
        """
        if not (left and right and is_han(left[-1]) and is_han(right[0])):
            return False
        together = self._pair[left[-1] + right[0]]
        share = together / max(min(self._single[left[-1]], self._single[right[0]]), 1)
        known = is_han(left[-2:-1]) and is_han(right[1:2]) and left[-2:] + right[:2] in self._runs
        if known:
            return share >= 0.015
        return together >= 3 and share >= 0.04 and right[0] not in _FUNCTION and left[-1] not in _FUNCTION

    def close_spaces(self, text: str) -> str:
        """`text` without the spaces between ideographs that stand together elsewhere."""
        return _INNER_SPACE.sub(
            lambda match: match[1] if self._pair[match[1] + text[match.end()]] >= 2 else match[0], text
        )


def column_width(widths: Sequence[int]) -> int | None:
    """The width at which a file's lines were wrapped, or None where its lines are whole paragraphs.

    A file is wrapped where most of its lines are nearly equally wide and no wider than a page.
    """
    counted = [w for w in widths if w >= 12]
    if len(counted) < 6:
        return None
    near = Counter(w // 2 for w in counted)
    best = max(near, key=lambda w: (near[w - 1] + near[w] + near[w + 1], w))
    share = sum(near[w] for w in range(best - 2, best + 3)) / len(counted)
    wider = sum(w > best * 2 + 6 for w in counted) / len(counted)
    return best * 2 if share >= 0.5 and wider <= 0.15 and best * 2 <= 120 else None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is set: the width of its wrapped lines (None: not wrapped), which characters are neighbours, the
    titles its contents list (folded letters), whether headings adjoin their text while other lines do not,
    and whether paragraphs begin with an indent."""

    column: int | None
    neighbours: Neighbours
    titles: Collection[str] = field(default_factory=frozenset)
    headings_adjoin: bool = False
    indents: bool = False


def find_layout(lines: Sequence[str], gaps: Sequence[int], titles: Collection[str] = frozenset()) -> Layout:
    """The layout of a file's lines; `gaps` are the numbers of blank lines before each."""
    column = column_width([width(line) for line in lines])
    if column is not None:
        full_lines = [line for line in lines if abs(width(line) - column) <= _SLACK]
        if sum(map(ends_sentence, full_lines)) > 0.5 * len(full_lines):
            column = None
    adjoin = False
    if column is not None:
        full = Counter(
            min(gaps[i + 1], 1) for i in range(len(lines) - 1) if width(lines[i]) >= column - _SLACK
        )
        short = Counter(
            min(gaps[i + 1], 1)
            for i in range(len(lines) - 1)
            if width(lines[i]) < column - _SLACK
            and looks_like_heading(lines[i])
            and not ends_sentence(lines[i])
        )
        adjoin = full[1] > 4 * full[0] and short[0] >= 2
    return Layout(column, Neighbours(lines), titles, adjoin)


def joins(previous: str, tail: str, line: str, following: str, gap: int, layout: Layout) -> bool:
    """Whether `line` continues the paragraph `previous`, whose last line in the source is `tail`.

    `following` is the line after `line`, `gap` the number of blank lines between `tail` and `line`.
    """
    if is_byline(previous):
        return is_place_of_report(line)
    if is_date_line(previous) or is_date_line(line):
        return False
    opened = open_bracket(previous)
    if opened is None and ends_sentence(previous):
        return line[0] in "”’」』）)》〉】"
    if _starts_block(line):
        return False
    if line[0] in _CONTINUING_START:
        return True
    if is_byline(following) and looks_like_heading(line):
        return False
    if layout.titles and (letters(line) in layout.titles or letters(previous) in layout.titles):
        return False
    if opened and (closes(line, opened) or closes(line + following, opened)):
        return True
    if ends_sentence(previous) or is_caption(previous) or is_source_line(previous) or is_contact(previous):
        return False
    if previous[-1] in "：:" or previous.endswith(("——", "━")) or is_contact(line):
        return False
    if (
        layout.column is None
        and gap
        and previous[-1] in "，,、"
        and len(line) <= 20
        and _could_head(line, following)
    ):
        return False
    if previous[-1] in "，,、（(《“‘〈【":
        return True
    if layout.column is not None:
        return _joins_in_column(previous, tail, line, following, gap, layout)
    attracted = layout.neighbours.attract(previous, line)
    if is_numbered(previous) and len(previous) <= 40 and not attracted:
        return False
    if _is_body(previous):
        return not looks_like_heading(line) or attracted or _same_column(tail, line, following)
    return (attracted or is_unfinished(previous)) and (len(line) > 12 or _same_column(tail, line, following))


def _joins_in_column(previous: str, tail: str, line: str, following: str, gap: int, layout: Layout) -> bool:
    assert layout.column is not None
    if width(tail) >= layout.column - _SLACK:
        return True
    if previous != tail or _same_column(tail, line, following):
        # Inside a narrower column: the lines after the first, up to a shorter last one.
        narrow = abs(width(tail) - width(line)) <= 4 or (ends_sentence(line) and width(line) < width(tail))
        if narrow and width(previous) > 0 and width(tail) <= 60:
            return True
    short = width(line) < layout.column - _SLACK
    if (
        gap == 0
        and short
        and looks_like_heading(previous)
        and not is_numbered(previous)
        and len(previous) <= 40
    ):
        return looks_like_heading(line)
    if layout.headings_adjoin and gap and not short and width(tail) >= layout.column * 0.6:
        return True
    return layout.neighbours.attract(previous, line) and _is_body(previous)


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
    """Whether `text` reads like running text: long, or with commas inside, headings with commas left out."""
    if len(text) > 48 or "。" in text:
        return True
    commas = sum(text.count(c) for c in "，,；")
    return (
        commas >= 1
        and len(text) >= 10
        and (is_unfinished(text) or not looks_like_heading(text) or len(text) > 24)
    )


def _could_head(line: str, following: str) -> bool:
    """Whether `line` can be the heading of what follows: a paragraph, not the rest of a sentence."""
    return looks_like_heading(line) and len(following) > len(line) and not is_unfinished(line)


def _same_column(tail: str, line: str, following: str) -> bool:
    """Whether three lines in a row are equally wide, as the lines of a narrow column are."""
    widths = [width(x) for x in (tail, line, following) if x]
    return len(widths) == 3 and max(widths) - min(widths) <= 6 and max(widths) <= 60


def join(left: str, right: str) -> str:
    """Two halves of a broken line as one: a space only where both sides are Latin or digits."""
    both_latin = left[-1].isascii() and left[-1].isalnum() and right[0].isascii() and right[0].isalnum()
    return f"{left} {right}" if both_latin else left + right
