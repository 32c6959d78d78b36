"""Cutting a file that holds many articles (a digest, a newspaper issue) into them.

Where an article starts is told by what stands in the file: the titles of its table of contents, the bylines of
reporters, datelines, or headings of the highest level that each have a short text of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.characters import fold
from kg.documents import furniture
from kg.documents.lines import (
    ends_sentence,
    has_dateline,
    is_byline,
    is_numbered,
    is_place_of_report,
    is_source_line,
    looks_like_heading,
)
from kg.documents.model import Block
from kg.tables import SectionKind

_NOT_WORD = re.compile(r"[\W_]+")
_LEAD_DATE = re.compile(
    r"(?:据.{0,20})?(?:当地时间|北京时间)?\s?(?:20\d\d\s?年)?\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
    r"|近日|日前|今日|昨日"
)
_END_SOURCE = re.compile(r"[（(](?:[^（）()]{0,6}来源[：:])?[\u4e00-\u9fffA-Za-z0-9 ]{2,20}[）)]$")


@dataclass(frozen=True, slots=True)
class Piece:
    """The blocks of one article and its title (None: the file's own)."""

    title: str | None
    blocks: list[Block]


def cut(blocks: Sequence[Block]) -> list[Piece]:
    """The articles in `blocks`, in order; one piece with all blocks where the file holds a single article.

    What stands before the first article comes as a piece of its own where it has running text, else it is
    marked as dropped and goes with the first article.
    """
    live = [i for i, block in enumerate(blocks) if block.dropped is None]
    starts = _starts_by_contents(blocks, live)
    starts |= {
        start: title for start, title in _starts_by_byline(blocks, live).items() if start not in starts
    }
    if len(starts) < 2:
        starts = _starts_by_shape(blocks, live)
    if len(starts) < 2:
        return [Piece(None, list(blocks))]
    return _pieces(blocks, starts)


def _pieces(blocks: Sequence[Block], starts: dict[int, str]) -> list[Piece]:
    order = sorted(starts)
    pieces = [
        Piece(starts[start], list(blocks[start:end]))
        for start, end in zip(order, [*order[1:], len(blocks)], strict=True)
    ]
    front = list(blocks[: order[0]])
    text = sum(
        len(b.text) for b in front if b.dropped is None and b.kind is SectionKind.PARAGRAPH and "。" in b.text
    )
    if text >= 200:
        return [Piece(None, front), *pieces]
    for block in front:
        block.dropped = block.dropped or furniture.FRONT_MATTER
    return [Piece(pieces[0].title, front + pieces[0].blocks), *pieces[1:]]


def _key(text: str) -> str:
    return _NOT_WORD.sub("", fold(text))


def contents_titles(blocks: Sequence[Block]) -> list[str]:
    """The titles that the file's tables of contents list, numbered chapters of a report not among them."""
    titles: list[str] = []
    for block in blocks:
        if block.dropped != furniture.CONTENTS:
            continue
        entries = [row[0] for row in block.rows if row and row[0]]
        if not block.rows:
            entries = [
                entry[0] for line in block.text.split("\n") if (entry := furniture.contents_entry(line))
            ]
        titles.extend(
            entry for entry in entries if not is_numbered(entry) and not entry.startswith(("图", "表"))
        )
    return titles


def _starts_by_contents(blocks: Sequence[Block], live: Sequence[int]) -> dict[int, str]:
    """Article starts: headings that the contents list, and headings of the same make among them.

    A listed heading that is followed by another heading at once names a department, not an article.
    """
    listed = {_key(title) for title in contents_titles(blocks)}
    found = [n for n, i in enumerate(live) if _is_title_shape(blocks[i]) and _key(blocks[i].text) in listed]
    if len(found) < 3:
        return {}
    starts: dict[int, str] = {}
    for n in range(found[0], len(live)):
        block = blocks[live[n]]
        if not _is_title_shape(block) or is_numbered(block.text):
            continue
        if _key(block.text) not in listed and not _has_own_text(blocks, live, n):
            continue
        following = blocks[live[n + 1]] if n + 1 < len(live) else None
        if following is not None and not _is_title_shape(following):
            starts[live[n]] = block.text
    departments = {live[n] for n in found} - starts.keys()
    return _with_departments(blocks, live, starts, departments)


def _with_departments(
    blocks: Sequence[Block], live: Sequence[int], starts: dict[int, str], departments: set[int]
) -> dict[int, str]:
    """Starts moved up so that the name of a department opens the article below it, not ends the one above."""
    moved: dict[int, str] = {}
    position = {i: n for n, i in enumerate(live)}
    for start, title in starts.items():
        n = position[start]
        while n > 0 and live[n - 1] in departments:
            n -= 1
        moved[live[n]] = title
    return moved


def _is_title_shape(block: Block) -> bool:
    return block.kind is SectionKind.TITLE


def _has_own_text(blocks: Sequence[Block], live: Sequence[int], n: int) -> bool:
    """Whether a heading is followed by a paragraph that opens like a news item (a date first)."""
    if n + 1 >= len(live):
        return False
    following = blocks[live[n + 1]]
    return following.kind is SectionKind.PARAGRAPH and _LEAD_DATE.match(following.text) is not None


def _starts_by_byline(blocks: Sequence[Block], live: Sequence[int]) -> dict[int, str]:
    """Article starts: the headings right above the bylines of reporters, and wire items by their dateline."""
    starts: dict[int, str] = {}
    for n, i in enumerate(live):
        block = blocks[i]
        byline = is_byline(block.text)
        if not byline and not (has_dateline(block.text) and block.kind is SectionKind.PARAGRAPH):
            continue
        group = _headings_above(blocks, live, n)
        if not group:
            continue
        starts[live[group[0]]] = _headline([blocks[live[g]].text for g in group])
    return starts


def _headings_above(blocks: Sequence[Block], live: Sequence[int], n: int) -> list[int]:
    """Positions in `live` of the headings that stand directly above position `n`, top first, at most three."""
    group: list[int] = []
    while n > 0 and len(group) < 3:
        text = blocks[live[n - 1]].text
        kicker = text.endswith("——") and len(text) <= 60
        shape = looks_like_heading(text) and not is_numbered(text)
        if not (shape or kicker) or (group and not kicker and ("，" in text or "," in text)):
            break
        n -= 1
        group.insert(0, n)
    return group


def _headline(group: Sequence[str]) -> str:
    """The main title among headings set together: the longest that is no lead-in to the next."""
    candidates = [text for text in group if not text.endswith("——")] or list(group)
    return max(reversed(candidates), key=len)


def _starts_by_shape(blocks: Sequence[Block], live: Sequence[int]) -> dict[int, str]:
    """Article starts in a digest without contents and bylines: headings whose text opens and ends like an item."""
    levels = [level for i in live if (level := blocks[i].level) is not None]
    best: dict[int, str] = {}
    for level in [*sorted(set(levels)), None]:
        heads = [n for n, i in enumerate(live) if _is_title_shape(blocks[i]) and blocks[i].level == level]
        if level is None:
            heads = [n for n in heads if not is_numbered(blocks[live[n]].text)]
        if len(heads) < 3:
            continue
        items = sum(
            _is_item(blocks, live, n, end) for n, end in zip(heads, [*heads[1:], len(live)], strict=True)
        )
        if items >= 0.6 * len(heads):
            best = {live[n]: blocks[live[n]].text for n in heads}
            break
    return best


def _is_item(blocks: Sequence[Block], live: Sequence[int], start: int, end: int) -> bool:
    """Whether the blocks from heading `start` up to `end` are a news item: dated at once, or sourced at the end."""
    body = [blocks[i] for i in live[start + 1 : end] if blocks[i].kind is SectionKind.PARAGRAPH]
    if not body:
        return False
    first, last = body[0].text, body[-1].text
    return (
        _LEAD_DATE.match(first) is not None
        or has_dateline(first)
        or is_byline(first)
        or is_source_line(last)
        or is_source_line(first)
        or (_END_SOURCE.search(last) is not None and ends_sentence(last[: last.rfind("（")]))
    )


def title_of(blocks: Sequence[Block], fallback: str) -> str:
    """The title of a single article: by its byline, its highest heading, or its first heading; else `fallback`."""
    live = [block for block in blocks if block.dropped is None]
    tops = [b for b in live[:12] if b.level is not None and b.kind is SectionKind.TITLE]
    if tops:
        return min(tops, key=lambda b: b.level or 9).text
    for n, block in enumerate(live[:15]):
        if not is_byline(block.text):
            continue
        group = _headings_above(live, range(len(live)), n)
        if group:
            return _headline([live[g].text for g in group])
        below = n + 1
        while below < len(live) and is_place_of_report(live[below].text):
            below += 1
        if below < len(live) and live[below].kind is SectionKind.TITLE:
            return live[below].text
    heading = next(
        (b.text for b in live[:15] if b.kind is SectionKind.TITLE and not is_numbered(b.text)), None
    )
    return heading or fallback
