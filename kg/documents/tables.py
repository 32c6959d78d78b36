"""Tables in plain text: Markdown rows and tab-separated rows become cells with row, column and header."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: A table whose rows and columns make more cells than this is read as lines of text: a few spans can claim millions.
MAX_CELLS = 1_000_000

_DATE_OR_NUMBER = re.compile(r"[\d.,%年月日/:\-— ]+")
_RULE = re.compile(r"[\s|:+\-─━═—]*$")


def is_markdown_row(line: str) -> bool:
    """Whether `line` is a row of a Markdown table."""
    line = line.strip()
    return len(line) > 2 and line.startswith("|") and line.endswith("|")


def is_tab_row(line: str) -> bool:
    """Whether `line` is a row of tab-separated cells, at least one of them with text."""
    return "\t" in line.strip("\r\n ") and bool(line.strip())


def is_rule(line: str) -> bool:
    """Whether `line` only draws lines between rows."""
    return "-" in line.replace("─", "-").replace("━", "-").replace("═", "-") and _RULE.match(line) is not None


def row_cells(line: str) -> list[tuple[int, int]]:
    """Offsets (start, end) in `line` of its cells, stripped; an empty cell has start == end."""
    if is_markdown_row(line):
        start = line.index("|") + 1
        body = line[start : line.rindex("|")]
        separators = [i for i, c in enumerate(body) if c == "|" and body[i - 1 : i] != "\\"]
    else:
        start, body = 0, line
        separators = [i for i, c in enumerate(body) if c == "\t"]
    cells = []
    left = 0
    for right in [*separators, len(body)]:
        text = body[left:right]
        stripped = text.strip()
        first = left + (len(text) - len(text.lstrip()) if stripped else 0)
        cells.append((start + first, start + first + len(stripped)))
        left = right + 1
    return cells


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell that holds text: offsets into the text of the table, position, and its column's header."""

    start: int
    end: int
    row: int
    column: int
    header: str | None


def lay_out(rows: list[list[str]]) -> tuple[str, list[Cell]]:
    """A table as text (a line a row, tabs between cells, none at the end of a line) and its cells."""
    headers = rows[0] if len(rows) > 1 else []
    cells: list[Cell] = []
    lines: list[str] = []
    position = 0
    for number, row in enumerate(rows):
        start = position
        for column, text in enumerate(row):
            if text:
                header = (headers[column] or None) if number and column < len(headers) else None
                cells.append(Cell(start, start + len(text), number, column, header))
            start += len(text) + 1
        lines.append("\t".join(row).rstrip("\t"))
        position += len(lines[-1]) + 1
    return "\n".join(lines), cells


def continues_row(previous: list[str], row: list[str]) -> bool:
    """Whether `row`, the first after a page break, is the rest of the row before the break."""
    filled = [i for i, cell in enumerate(row) if cell]
    if not filled or filled[0] == 0 or len(row) != len(previous):
        return False
    last = filled[-1]
    starts_anew = _DATE_OR_NUMBER.fullmatch(row[filled[0]]) is not None
    return bool(previous[last]) and previous[last][-1] not in "。！？；.!?;" and not starts_anew


def join_rows(previous: list[str], row: list[str]) -> list[str]:
    """One row of two halves that a page break cut."""
    return [a + b for a, b in zip(previous, row, strict=True)]
