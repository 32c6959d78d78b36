"""What the stretches of a document are: for texts put together from blocks, and for texts taken verbatim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kg.documents import furniture, tables
from kg.documents.lines import is_byline, is_caption, is_source_line, looks_like_heading
from kg.documents.model import Block
from kg.documents.unwrapping import find_layout, joins, tidy
from kg.tables import Section, SectionKind

_REACH = 1_000
_TABLE_LINES = 5_000
_TABLE_TAG = re.compile(r"<(/?)(tr|td|th)(?:\s[^<>]{0,300})?>", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}\s+")


def assemble(doc_id: str, blocks: Sequence[Block]) -> tuple[str, list[Section]]:
    """The text of an article, its blocks one a line (a table one line a row), and its sections."""
    texts: list[str] = []
    sections: list[Section] = []
    position = 0
    table_id = 0
    for block in blocks:
        if block.kind is SectionKind.TABLE and block.rows:
            text, cells = tables.lay_out(block.rows)
            sections.extend(
                Section(
                    doc_id,
                    position + cell.start,
                    position + cell.end,
                    SectionKind.TABLE,
                    block.page,
                    table_id,
                    cell.row,
                    cell.column,
                    cell.header,
                )
                for cell in cells
            )
            table_id += 1
        else:
            text = block.text
            sections.append(Section(doc_id, position, position + len(text), block.kind, block.page))
        texts.append(text)
        position += len(text) + 1
    return "\n".join(texts), sections


def verbatim_sections(doc_id: str, text: str) -> list[Section]:
    """The sections of a text that must not be changed: headings, paragraphs, captions and table cells."""
    lines = _line_spans(text)
    contents = [tidy(text[start:end]) for start, end in lines]
    gaps = [0, *(text.count("\n", a[1], b[0]) - 1 for a, b in pairwise(lines))]
    layout = find_layout(contents, gaps)
    sections: list[Section] = []
    number = table_id = 0
    if contents and contents[0] == "---" and "---" in contents[1:60]:
        number = contents.index("---", 1) + 1
        sections.append(Section(doc_id, lines[0][0], lines[number - 1][1], SectionKind.FURNITURE))
    while number < len(lines):
        end = _html_table_end(contents, number)
        if end > number:
            sections.extend(_html_cells(doc_id, text, lines[number][0], lines[end - 1][1], table_id))
            table_id += 1
            number = end
            continue
        end = _table_end(text, lines, number)
        if end > number:
            sections.extend(_cells(doc_id, text, lines[number:end], table_id))
            table_id += 1
            number = end
            continue
        start = lines[number][0]
        joined = tail = contents[number]
        first = number
        number += 1
        while number < len(lines) and _table_end(text, lines, number) == number:
            line = contents[number]
            following = contents[number + 1] if number + 1 < len(lines) else ""
            if _HEADING.match(line) or _HEADING.match(joined) or line[:6].lower() == "<table":
                break
            if not joins(joined, tail, line, following, gaps[number], layout):
                break
            # Only the end of a long paragraph bears on how it goes on.
            joined, tail = (joined + line)[-_REACH:], line
            number += 1
        kind = _kind(joined) if len(lines) > 1 else SectionKind.PARAGRAPH
        if first == 0 and kind is SectionKind.FURNITURE:
            kind = SectionKind.PARAGRAPH
        sections.append(Section(doc_id, start, lines[number - 1][1], kind))
    return sections


def _line_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the lines that hold more than blanks, blanks at their ends left out (tabs kept)."""
    spans = []
    position = 0
    for raw in text.splitlines(keepends=True):
        if tidy(raw):
            stripped = raw.strip(" \u3000\r\n\f\v\x1c\x1d\x1e\x85\u2028\u2029")
            start = position + raw.index(stripped)
            spans.append((start, start + len(stripped)))
        position += len(raw)
    return spans


def _table_end(text: str, lines: Sequence[tuple[int, int]], start: int) -> int:
    line = text[slice(*lines[start])]
    if tables.is_markdown_row(line):
        is_row = tables.is_markdown_row
    elif tables.is_tab_row(line):
        is_row = tables.is_tab_row
    else:
        return start
    end = start + 1
    while end < len(lines) and is_row(text[slice(*lines[end])]):
        end += 1
    return end if end - start >= 2 else start


def _html_table_end(contents: Sequence[str], start: int) -> int:
    """The number of the line after the HTML table that starts at line `start`; `start` where there is none."""
    if contents[start][:6].lower() != "<table":
        return start
    for end in range(start, min(start + _TABLE_LINES, len(contents))):
        if contents[end][-8:].lower() == "</table>":
            return end + 1
    return start


def _html_cells(doc_id: str, text: str, start: int, end: int, table_id: int) -> list[Section]:
    """The cells of the HTML table in `text[start:end]`, spanned cells at their first place."""
    sections: list[Section] = []
    headers: list[str] = []
    row = -1
    column = 0
    opened: int | None = None
    for tag in _TABLE_TAG.finditer(text, start, end):
        name = tag.group(2).lower()
        if name == "tr":
            if not tag.group(1):
                row, column = row + 1, 0
        elif not tag.group(1):
            opened = tag.end()
        elif opened is not None:
            content = text[opened : tag.start()]
            left = opened + len(content) - len(content.lstrip())
            right = left + len(content.strip())
            if row == 0:
                headers.append(content.strip())
            if left < right:
                header = (headers[column] or None) if row > 0 and column < len(headers) else None
                sections.append(
                    Section(
                        doc_id, left, right, SectionKind.TABLE, None, table_id, max(row, 0), column, header
                    )
                )
            column += 1
            opened = None
    return sections


def _cells(doc_id: str, text: str, lines: Sequence[tuple[int, int]], table_id: int) -> list[Section]:
    sections = []
    headers: list[str] = []
    row = 0
    for start, end in lines:
        line = text[start:end]
        if tables.is_rule(line):
            continue
        spans = tables.row_cells(line)
        for column, (left, right) in enumerate(spans):
            if left < right:
                header = (headers[column] or None) if row and column < len(headers) else None
                sections.append(
                    Section(
                        doc_id,
                        start + left,
                        start + right,
                        SectionKind.TABLE,
                        None,
                        table_id,
                        row,
                        column,
                        header,
                    )
                )
        if not row:
            headers = [line[left:right] for left, right in spans]
        row += 1
    return sections


def _kind(text: str) -> SectionKind:
    if _HEADING.match(text):
        return SectionKind.TITLE
    if is_caption(text):
        return SectionKind.CAPTION
    if furniture.is_disclaimer(text) or furniture.is_disclaimer_head(text):
        return SectionKind.FURNITURE
    if looks_like_heading(text) and not is_byline(text) and not is_source_line(text):
        return SectionKind.TITLE
    return SectionKind.PARAGRAPH
