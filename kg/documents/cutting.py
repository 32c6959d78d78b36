"""Cutting a file that holds many articles (a digest, a newspaper issue) into them.

Where an article starts is told by what stands in the file: the titles of its table of contents, the bylines of
reporters, datelines, or headings of the highest level that each have a short text of their own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.documents import furniture
from kg.documents.lines import (
    ends_sentence,
    has_dateline,
    is_byline,
    is_date_line,
    is_numbered,
    is_place_of_report,
    is_source_line,
    letters,
    looks_like_heading,
)
from kg.documents.model import Block
from kg.tables import SectionKind

_LABEL = re.compile(
    r"(?:社评|社论|时评|短评|快评|锐评|本报评论员|评论|观察家?)(?:\s?[↗▶►▷])?|[^\s]{2,8}\s?[↗▶►▷]"
)
_ITEM_NUMBER = re.compile(r"(?:[一二三四五六七八九十]{1,3}[、.．]|\d{1,2}[、.．](?!\d))\s?")
_USUAL_TITLE = 28
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
    titles = contents_titles(blocks)
    starts = _starts_by_byline(blocks, live, titles)
    if len(starts) >= 2:
        starts = _starts_in_paper(blocks, live, titles) | _starts_by_label(blocks, live) | starts
    else:
        starts |= _starts_in_digest(blocks, live, titles)
    if len(starts) < 2:
        starts = _starts_by_shape(blocks, live)
    if len(starts) < 2:
        return [Piece(None, list(blocks))]
    return _pieces(blocks, starts)


def _pieces(blocks: Sequence[Block], starts: dict[int, str]) -> list[Piece]:
    for block in blocks:
        if block.kind is SectionKind.FURNITURE and block.dropped is None:
            block.dropped = furniture.FRONT_MATTER
    order = sorted(starts)
    pieces = [Piece(starts[start], list(blocks[start:end])) for start, end in pairwise([*order, len(blocks)])]
    front = list(blocks[: order[0]])
    text = sum(
        len(b.text) for b in front if b.dropped is None and b.kind is SectionKind.PARAGRAPH and "。" in b.text
    )
    if text >= 200:
        return [Piece(None, front), *pieces]
    for block in front:
        block.dropped = block.dropped or furniture.FRONT_MATTER
    return [Piece(pieces[0].title, front + pieces[0].blocks), *pieces[1:]]


def contents_titles(blocks: Sequence[Block]) -> set[str]:
    """The titles that the file's tables of contents list, as folded letters."""
    lines: list[str] = []
    for block in blocks:
        if block.dropped == furniture.CONTENTS:
            lines.extend(("\t".join(row) for row in block.rows) if block.rows else (block.text,))
    return furniture.listed_titles(lines)


def _starts_in_digest(blocks: Sequence[Block], live: Sequence[int], titles: set[str]) -> dict[int, str]:
    """Article starts in a digest: the headings that its contents list, and others with a news text of their own.

    A listed heading right above another one names a department; it is marked as dropped.
    """
    listed = [n for n, i in enumerate(live) if _is_heading(blocks[i]) and letters(blocks[i].text) in titles]
    if len(listed) < 3:
        return {}
    departments = {n for n in listed if n + 1 in set(listed)}
    starts: dict[int, str] = {}
    for n in range(listed[0], len(live)):
        block = blocks[live[n]]
        if n in departments:
            block.dropped = furniture.DEPARTMENT
        elif n in listed or (
            _is_heading(block) and not is_numbered(block.text) and _opens_news(blocks, live, n + 1)
        ):
            starts[live[n]] = block.text
    return starts


def _starts_in_paper(blocks: Sequence[Block], live: Sequence[int], titles: set[str]) -> dict[int, str]:
    """Article starts in a newspaper that no byline marks: headings that its front page lists."""
    starts: dict[int, str] = {}
    for n, i in enumerate(live):
        if not _is_heading(blocks[i]) or letters(blocks[i].text) not in titles:
            continue
        above = blocks[live[n - 1]] if n else None
        if above is not None and _is_heading(above) and letters(above.text) in titles:
            continue
        group = [*_headings_above(blocks, live, n), n]
        starts[live[group[0]]] = blocks[i].text
    return starts


def _starts_by_label(blocks: Sequence[Block], live: Sequence[int]) -> dict[int, str]:
    """Article starts in a newspaper where a label stands above the text: 社评, or a name with an arrow."""
    starts: dict[int, str] = {}
    for n, i in enumerate(live[:-1]):
        if _LABEL.fullmatch(blocks[i].text) is None:
            continue
        below = blocks[live[n + 1]]
        starts[i] = below.text if _is_heading(below) else blocks[i].text
    return starts


def _is_heading(block: Block) -> bool:
    return block.kind is SectionKind.TITLE


def _opens_news(blocks: Sequence[Block], live: Sequence[int], n: int) -> bool:
    """Whether there is a paragraph at position `n` of `live` that opens like a news item (a date first)."""
    if n >= len(live):
        return False
    block = blocks[live[n]]
    return block.kind is SectionKind.PARAGRAPH and _LEAD_DATE.match(block.text) is not None


def _starts_by_byline(blocks: Sequence[Block], live: Sequence[int], titles: set[str]) -> dict[int, str]:
    """Article starts: the headings right above the bylines of reporters, and wire items by their dateline."""
    starts: dict[int, str] = {}
    for n, i in enumerate(live):
        block = blocks[i]
        if not is_byline(block.text) and not (
            has_dateline(block.text) and block.kind is SectionKind.PARAGRAPH
        ):
            continue
        group = _headings_above(blocks, live, n)
        if group:
            starts[live[group[0]]] = _headline([blocks[live[g]].text for g in group], titles)
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


def _headline(group: Sequence[str], titles: Collection[str] = frozenset()) -> str:
    """The main title among headings set together: one that the contents list, else the longest of usual length
    that is no lead-in to the next."""
    for text in group:
        if letters(text) in titles:
            return text
    candidates = [text for text in group if not text.endswith("——")] or list(group)
    usual = [text for text in candidates if len(text) <= _USUAL_TITLE] or candidates
    return max(reversed(usual), key=len)


def _starts_by_shape(blocks: Sequence[Block], live: Sequence[int]) -> dict[int, str]:
    """Article starts in a digest without contents and bylines: headings whose text opens and ends like an item."""
    levels = [level for i in live if (level := blocks[i].level) is not None]
    for level in [*sorted(set(levels)), None]:
        heads = [n for n, i in enumerate(live) if _is_heading(blocks[i]) and blocks[i].level == level]
        if level is None:
            heads = [n for n in heads if not is_numbered(blocks[live[n]].text)]
        if len(heads) < 3:
            continue
        parts = [(n, _body(blocks, live, n, end)) for n, end in pairwise([*heads, len(live)])]
        with_text = [(n, body) for n, body in parts if body]
        if len(with_text) >= 3 and sum(_is_item(body) for _, body in with_text) >= 0.6 * len(with_text):
            return {live[n]: blocks[live[n]].text for n, _ in with_text}
    return _starts_by_number(blocks, live)


def _starts_by_number(blocks: Sequence[Block], live: Sequence[int]) -> dict[int, str]:
    """Article starts in a digest that numbers its items: headings 一、 二、 … whose texts each open with a date."""
    heads = [n for n, i in enumerate(live) if _is_heading(blocks[i]) and _ITEM_NUMBER.match(blocks[i].text)]
    if len(heads) < 3:
        return {}
    parts = [(n, _body(blocks, live, n, end)) for n, end in pairwise([*heads, len(live)])]
    dated = sum(bool(body) and _LEAD_DATE.match(body[0].text) is not None for _, body in parts)
    if dated < 0.6 * len(parts):
        return {}
    return {live[n]: _ITEM_NUMBER.sub("", blocks[live[n]].text) for n, _ in parts}


def _body(blocks: Sequence[Block], live: Sequence[int], start: int, end: int) -> list[Block]:
    """The paragraphs below the heading at position `start` of `live`, up to position `end`."""
    below = (blocks[i] for i in live[start + 1 : end])
    return [b for b in below if b.kind is SectionKind.PARAGRAPH and not is_date_line(b.text)]


def _is_item(body: Sequence[Block]) -> bool:
    """Whether paragraphs below a heading are a news item: dated at once, or sourced at the end."""
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
