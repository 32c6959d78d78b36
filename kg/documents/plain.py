"""From the lines of a text or Markdown file, or of PDF pages, to headings, paragraphs, captions and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.documents import furniture, tables
from kg.documents.html import table_rows
from kg.documents.lines import (
    ends_sentence,
    is_byline,
    is_caption,
    is_contact,
    is_numbered,
    is_source_line,
    looks_like_heading,
)
from kg.documents.model import Block, Pages
from kg.documents.unwrapping import Layout, find_layout, join, joins, tidy, tidy_wrapped
from kg.tables import SectionKind

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.{1,400}?)(?<=\S)\1")
_LINK = re.compile(r"(!?)\[([^\[\]]{0,200})\]\([^()\s]{0,500}(?:\s\"[^\"]{0,100}\")?\)")
_FRONT_MATTER_FIELD = re.compile(r"(title|date)\s*:\s*(.*)", re.IGNORECASE)
_INDENT = re.compile("\u3000\u3000?|  |\t")
_REACH = 1_000
_TABLE_LINES = 5_000
_FRONT_MATTER = "Markdown front matter (characters)"


@dataclass(slots=True)
class _Line:
    """A line with text; `size` counts it with its line break and the blank lines after it; `gap` those before."""

    raw: str
    text: str
    size: int
    gap: int
    page: int | None
    indented: bool = False


def read_text(text: str, known_pages: bool = False) -> Pages:
    """The blocks of `text`; form feeds part pages. `known_pages` says that they are the pages of the file."""
    lines, blank = _split(text)
    if not lines:
        return Pages([], len(text))
    lines[0].size += blank
    title, date, header = _front_matter(lines)
    dropped = dict.fromkeys(range(header), _FRONT_MATTER)
    texts = [line.text for line in lines]
    dropped |= dict.fromkeys(furniture.find_contents(texts, [line.gap for line in lines]), furniture.CONTENTS)
    for number, reason in furniture.find_furniture(
        texts, [line.page or 0 for line in lines], known_pages
    ).items():
        dropped.setdefault(number, reason)
    if "\f" not in text:
        for line in lines:
            line.page = None
    return Pages(_blocks(lines, dropped), len(text), title, date)


def _split(text: str) -> tuple[list[_Line], int]:
    """The lines that hold text, and the number of blank characters before the first."""
    lines: list[_Line] = []
    blank = gap = 0
    page = 1
    for raw in text.splitlines(keepends=True):
        content = raw.strip("\n\r\f")
        cleaned = tidy(content)
        if not cleaned:
            if lines:
                lines[-1].size += len(raw)
            else:
                blank += len(raw)
            gap += 1
        else:
            indented = _INDENT.match(content) is not None
            lines.append(_Line(content.strip(" \u3000"), cleaned, len(raw), gap, page, indented))
            gap = 0
        page += raw.count("\f")
    return lines, blank


def _front_matter(lines: list[_Line]) -> tuple[str | None, str | None, int]:
    """Title and date of YAML front matter, and how many lines it takes."""
    if lines[0].text != "---":
        return None, None, 0
    found: dict[str, str] = {}
    for number, line in enumerate(lines[1:60], 1):
        if line.text == "---":
            return found.get("title"), found.get("date"), number + 1
        if match := _FRONT_MATTER_FIELD.match(line.text):
            found[match.group(1).lower()] = match.group(2).strip("\"' ")
    return None, None, 0


def _blocks(lines: Sequence[_Line], dropped: dict[int, str]) -> list[Block]:
    layout = _layout(lines, dropped)
    blocks: list[Block] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if number in dropped:
            blocks.append(_dropped_block(line, dropped[number]))
            number += 1
        elif _is_table_row(line.raw) and (end := _table_end(lines, dropped, number)) > number:
            blocks.append(_table(lines[number:end]))
            number = end
        elif (end := _spaced_table_end(lines, dropped, number, blocks)) > number:
            blocks.extend(_dropped_block(lines[i], dropped[i]) for i in range(number, end) if i in dropped)
            blocks.append(
                _spaced_table([line for i, line in enumerate(lines[number:end], number) if i not in dropped])
            )
            number = end
        elif found := _html_table(lines, dropped, number):
            blocks.append(found[0])
            number = found[1]
        elif heading := _HEADING.match(line.text):
            text = _inline(heading.group(2)) or line.text
            blocks.append(Block(SectionKind.TITLE, text, line.size, line.page, level=len(heading.group(1))))
            number += 1
        else:
            number = _paragraph(lines, dropped, number, layout, blocks)
    return blocks


def _layout(lines: Sequence[_Line], dropped: dict[int, str]) -> Layout:
    kept = [line for i, line in enumerate(lines) if i not in dropped and not _is_table_row(line.raw)]
    listed = [line.text for i, line in enumerate(lines) if dropped.get(i) == furniture.CONTENTS]
    number = 0
    while number < len(lines):
        end = _table_end(lines, dropped, number) if tables.is_markdown_row(lines[number].raw) else number
        rows = [_cells(line.raw) for line in lines[number:end] if not tables.is_rule(line.raw)]
        if furniture.is_contents_table(rows):
            listed.extend("\t".join(row) for row in rows)
        number = max(end, number + 1)
    titles = frozenset(furniture.listed_titles(listed))
    layout = find_layout([line.text for line in kept], [line.gap for line in kept], titles)
    indented = sum(line.indented for line in kept)
    return replace(layout, indents=indented >= 3 and indented <= 0.6 * len(kept))


def _dropped_block(line: _Line, reason: str) -> Block:
    return Block(SectionKind.FURNITURE, line.text, line.size, line.page, dropped=reason)


def _paragraph(
    lines: Sequence[_Line], dropped: dict[int, str], number: int, layout: Layout, blocks: list[Block]
) -> int:
    """Append the paragraph that starts at line `number`; the number of the line after it.

    Furniture between two halves of a paragraph goes before it.
    """
    clean = tidy_wrapped if layout.column is not None else tidy
    first = lines[number]
    text = _inline(clean(first.text)) or first.text
    tail, size = text, first.size
    done: list[str] = []
    number += 1
    while True:
        after = number
        while after < len(lines) and after in dropped:
            after += 1
        if after >= len(lines) or _is_table_row(lines[after].raw) or _HEADING.match(lines[after].text):
            break
        if lines[after].text[:6].lower() == "<table" or (layout.indents and lines[after].indented):
            break
        line = _inline(clean(lines[after].text)) or lines[after].text
        following = lines[after + 1].text if after + 1 < len(lines) else ""
        if not joins(text, tail, line, following, lines[after].gap, layout):
            break
        blocks.extend(_dropped_block(lines[i], dropped[i]) for i in range(number, after))
        text, tail = join(text, line), line
        if len(text) > 2 * _REACH:
            # Only the end of a long paragraph bears on how it goes on.
            done.append(text[:-_REACH])
            text = text[-_REACH:]
        size += lines[after].size
        number = after + 1
    text = "".join(done) + text
    kind = _kind(text)
    if kind is SectionKind.PARAGRAPH and " " in text and not is_byline(text):
        text = layout.neighbours.close_spaces(text)
    blocks.append(Block(kind, text, size, first.page))
    return number


def _kind(text: str) -> SectionKind:
    if is_caption(text):
        return SectionKind.CAPTION
    if is_contact(text):
        return SectionKind.FURNITURE
    if is_byline(text) or is_source_line(text):
        return SectionKind.PARAGRAPH
    if looks_like_heading(text) or (is_numbered(text) and len(text) <= 40 and text[-1] not in "。；;，"):
        return SectionKind.TITLE
    return SectionKind.PARAGRAPH


def _inline(text: str) -> str:
    """Markdown text without emphasis marks and link targets."""
    if "[" in text:
        text = _LINK.sub(r"\2", text)
    if "*" in text or "__" in text:
        text = _EMPHASIS.sub(r"\2", text)
    return text.strip()


def _is_table_row(raw: str) -> bool:
    return tables.is_markdown_row(raw) or tables.is_tab_row(raw)


def _table_end(lines: Sequence[_Line], dropped: dict[int, str], start: int) -> int:
    """The number of the line after the table that starts at `start`; `start` itself where there is none."""
    markdown = tables.is_markdown_row(lines[start].raw)
    columns = len(tables.row_cells(lines[start].raw))
    end = start + 1
    while end < len(lines) and end not in dropped:
        raw = lines[end].raw
        same = tables.is_markdown_row(raw) if markdown else tables.is_tab_row(raw)
        if not same or (lines[end].gap and len(tables.row_cells(raw)) != columns):
            break
        end += 1
    return end if end - start >= 2 else start


def _table(lines: Sequence[_Line]) -> Block:
    rows: list[list[str]] = []
    for line in lines:
        if tables.is_rule(line.raw):
            continue
        row = _cells(line.raw)
        if rows and line.gap and tables.continues_row(rows[-1], row):
            rows[-1] = tables.join_rows(rows[-1], row)
        else:
            rows.append(row)
    size = sum(line.size for line in lines)
    block = Block(SectionKind.TABLE, tables.lay_out(rows)[0], size, lines[0].page, rows=rows)
    if furniture.is_contents_table(rows):
        block.dropped = furniture.CONTENTS
    elif not any(any(row) for row in rows):
        block.dropped = furniture.EMPTY_TABLE
    return block


def _spaced_table_end(
    lines: Sequence[_Line], dropped: dict[int, str], start: int, blocks: Sequence[Block]
) -> int:
    """The number of the line after a table whose cells only spaces part, as PDF pages give it below its caption;
    `start` itself where there is none."""
    caption = next((block for block in reversed(blocks) if block.dropped is None), None)
    if (
        caption is None
        or caption.kind is not SectionKind.CAPTION
        or not caption.text.startswith(("表", "Table"))
    ):
        return start
    columns = len(lines[start].text.split(" "))
    end = start
    rows = 0
    for number in range(start, len(lines)):
        if number in dropped:
            continue
        if len(lines[number].text.split(" ")) != columns or ends_sentence(lines[number].text):
            break
        rows += 1
        end = number + 1
    return end if columns >= 3 and rows >= 2 else start


def _spaced_table(lines: Sequence[_Line]) -> Block:
    rows = [line.text.split(" ") for line in lines]
    size = sum(line.size for line in lines)
    return Block(SectionKind.TABLE, tables.lay_out(rows)[0], size, lines[0].page, rows=rows)


def _html_table(lines: Sequence[_Line], dropped: dict[int, str], start: int) -> tuple[Block, int] | None:
    """The table in HTML that starts at line `start` and the number of the line after it, if there is one."""
    if lines[start].text[:6].lower() != "<table":
        return None
    for end in range(start, min(start + _TABLE_LINES, len(lines))):
        if end in dropped:
            return None
        if lines[end].text[-8:].lower() != "</table>":
            continue
        rows = table_rows("\n".join(line.raw for line in lines[start : end + 1]))
        if not rows:
            return None
        size = sum(line.size for line in lines[start : end + 1])
        return Block(SectionKind.TABLE, tables.lay_out(rows)[0], size, lines[start].page, rows=rows), end + 1
    return None


def _cells(raw: str) -> list[str]:
    return [_inline(tidy(raw[start:end])) for start, end in tables.row_cells(raw)]
