"""From an HTML page to headings, paragraphs, captions and tables of its main text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kg.characters import is_han
from kg.documents import tables
from kg.documents.dates import parse_date
from kg.documents.lines import is_caption
from kg.documents.model import STAGE, Block, Pages
from kg.documents.unwrapping import Layout, Neighbours, join, joins, tidy
from kg.tables import Dropped, SectionKind

MARKUP = "HTML markup and scripts (characters)"
NAVIGATION = "navigation and other parts of the page beside its main text (characters)"

_BREAKING = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "br",
            "caption",
            "center",
            "dd",
            "details",
            "div",
        ),
        *(
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
        ),
        *(
            "header",
            "hr",
            "html",
            "legend",
            "li",
            "main",
            "nav",
            "ol",
            "option",
            "p",
            "pre",
            "section",
            "summary",
        ),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_SILENT = frozenset(
    (
        *("script", "style", "noscript", "template", "head", "iframe", "object", "svg", "math"),
        *("textarea", "button", "select"),
    )
)
_BESIDE = frozenset(("nav", "footer", "aside", "form"))
_BREAK = "\x1e"
_LINE_END = re.compile(r" ?[\r\n]+\s*")
_BLANKS = re.compile(r"[ \t]+")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_DATE_FIELD = re.compile(r"publish|pubdate|publication|(?:^|[.:_ -])date(?:$|[.: ])", re.IGNORECASE)
_MAX_SPAN = 50
_MAX_COLUMNS = 1_000
_NEAR = 100_000
_REACH = 1_000
_MAX_BLOCKS = 20_000


def read_html(text: str) -> Pages:
    """The blocks of the page `text`, what is beside its main text marked as dropped."""
    from lxml import html as lxml_html
    from lxml.etree import ParserError

    source = _DECLARATION.sub("", text).replace("\x00", "")
    try:
        parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
        tree = lxml_html.document_fromstring(source, parser=parser)
    except (ParserError, ValueError, AssertionError):
        return Pages([], len(text))
    blocks = list(_walk(tree))
    title, date = _mark_beside(source, tree, blocks)
    markup = len(text) - sum(block.size for block in blocks)
    return Pages(blocks, len(text), title, date, [Dropped("", STAGE, MARKUP, max(markup, 0), "")])


def _walk(tree: Any) -> Iterator[Block]:
    """The blocks of the tree in reading order, without recursion."""
    parts: list[str] = []
    state: dict[str, Any] = {"level": None, "caption": 0, "beside": 0}

    def flush() -> Iterator[Block]:
        raw = "".join(parts)
        parts.clear()
        for content in _lines(raw):
            yield make(content)

    def make(content: str) -> Block:
        level = state["level"]
        kind = SectionKind.TITLE if level else SectionKind.PARAGRAPH
        if state["caption"] or is_caption(content):
            kind = SectionKind.CAPTION
        block = Block(kind, content, len(content) + 1, level=level)
        if state["beside"]:
            block.dropped = NAVIGATION
        return block

    stack: list[tuple[Any, bool]] = [(tree, False)]
    while stack:
        element, leaving = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if leaving:
            if tag in _BREAKING:
                yield from flush()
            state["level"] = None if re.fullmatch("h[1-6]", tag) else state["level"]
            state["caption"] -= tag in ("caption", "figcaption")
            state["beside"] -= tag in _BESIDE
            parts.append(element.tail or "")
            continue
        if tag == "br":
            parts.append(_BREAK + (element.tail or ""))
            continue
        if tag in _SILENT or not tag:
            parts.append(element.tail or "")
            continue
        if tag in _BREAKING:
            yield from flush()
        if tag == "table" and (rows := _rows(element)) is not None:
            for caption in element.iter("caption"):
                parts.append(caption.text_content())
                state["caption"] += 1
                yield from flush()
                state["caption"] -= 1
            laid_out = tables.lay_out(rows)[0]
            yield Block(
                SectionKind.TABLE,
                laid_out,
                len(laid_out) + 1,
                rows=rows,
                dropped=NAVIGATION if state["beside"] else None,
            )
            parts.append(element.tail or "")
            continue
        if re.fullmatch("h[1-6]", tag):
            state["level"] = int(tag[1])
        state["caption"] += tag in ("caption", "figcaption")
        state["beside"] += tag in _BESIDE
        stack.append((element, True))
        parts.append(element.text or "")
        stack.extend((child, False) for child in reversed(element))
    yield from flush()


def _lines(raw: str) -> list[str]:
    """The lines of a block that line breaks (`br`) part, joined where a sentence goes on."""
    layout = Layout(None, Neighbours(()))
    lines: list[list[str]] = []
    end = ""  # of the last line: only so much bears on how it goes on
    gap = 0
    for part in raw.split(_BREAK):
        content = _one_line(part)
        if not content:
            gap += 1
            continue
        if end and not gap and joins(end, end, content, "", 1, layout):
            added = join(end, content)[len(end) :]
            lines[-1].append(added)
            end = (end + added)[-_REACH:]
        else:
            lines.append([content])
            end = content[-_REACH:]
        gap = 0
    return ["".join(parts) for parts in lines]


def _one_line(raw: str) -> str:
    """Text of one block on one line: a line break between ideographs goes, any other becomes a space."""

    raw = _BLANKS.sub(" ", raw)

    def close(match: re.Match[str]) -> str:
        before, after = raw[match.start() - 1 : match.start()], raw[match.end() : match.end() + 1]
        return "" if before and after and (_wide(before) or _wide(after)) else " "

    return tidy(_LINE_END.sub(close, raw))


def _wide(character: str) -> bool:
    return is_han(character) or "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffef"


def _rows(table: Any) -> list[list[str]] | None:
    """The cells of a data table with spanned cells at their first place, or None for a table that lays out a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return None
    grid: list[dict[int, str]] = []
    taken: dict[int, int] = {}  # by column, the number of the row from which it is free
    for number, row in enumerate(table.iter("tr")):
        cells: dict[int, str] = {}
        column = 0
        for cell in row.iterchildren("td", "th"):
            while taken.get(column, 0) > number:
                column += 1
            if column >= _MAX_COLUMNS:
                return None
            cells[column] = _one_line("\n".join(cell.itertext())).replace("\t", " ")
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            taken.update(dict.fromkeys(range(column, column + across), number + down))
            column += across
        grid.append(cells)
    grid = [cells for cells in grid if any(cells.values())]
    columns = max((max(cells) + 1 for cells in grid if cells), default=0)
    if len(grid) < 2 or columns < 2 or len(grid) * columns > tables.MAX_CELLS:
        return None
    if any(len(text) > 2000 for cells in grid for text in cells.values()):
        return None
    return [[cells.get(j, "") for j in range(columns)] for cells in grid]


def table_rows(source: str) -> list[list[str]] | None:
    """The cells of an HTML table that stands in a text file, or None where it is no data table."""
    from lxml import html as lxml_html
    from lxml.etree import LxmlError

    try:
        tree = lxml_html.fragment_fromstring(source, create_parent="div")
    except (LxmlError, ValueError, AssertionError):
        return None
    table = next(tree.iter("table"), None)
    return None if table is None else _rows(table)


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isdecimal() and len(value) < 5 else 1


def _mark_beside(source: str, tree: Any, blocks: list[Block]) -> tuple[str | None, str | None]:
    """Mark the blocks that are not main text; the title and date of the page."""
    import trafilatura
    from trafilatura.settings import Document as Extracted

    if len(blocks) > _MAX_BLOCKS:
        return next((tidy(node.text_content()) for node in tree.iter("title")), None), None
    try:
        found = trafilatura.bare_extraction(
            source, include_comments=False, include_tables=True, favor_recall=True, with_metadata=True
        )
    except Exception:  # the library walks broken pages; without its opinion all text is kept
        found = None
    title = None
    if isinstance(found, Extracted):
        title = found.title
        _keep_only(blocks, found.text or "", title)
    if not title:
        title = next((tidy(node.text_content()) for node in tree.iter("title")), None)
    return title or None, _stated_date(tree)


def _stated_date(tree: Any) -> str | None:
    """The date of publication that the head of the page states."""
    for node in tree.iter("meta"):
        name = " ".join(node.get(key) or "" for key in ("property", "name", "itemprop"))
        if _DATE_FIELD.search(name) and (found := parse_date((node.get("content") or "")[:40])):
            return found
    return None


def _keep_only(blocks: list[Block], main: str, title: str | None) -> None:
    """Mark the blocks as beside the main text that `main` does not hold, unless `main` misses most of the page."""
    known = _letters(main)
    position = 0
    inside: list[int] = []
    live = [i for i, block in enumerate(blocks) if block.dropped is None]
    for i in live:
        wanted = _letters(blocks[i].text)
        # Main text keeps the order of the page; a long page is searched near the last place only.
        found = known.find(wanted, position, position + _NEAR + len(wanted))
        if found < 0 and len(known) < _NEAR:
            found = known.find(wanted)
        if found >= 0:
            position = found
        if found >= 0 or blocks[i].rows:
            inside.append(i)
    if sum(len(blocks[i].text) for i in inside) < 0.3 * sum(len(blocks[i].text) for i in live):
        return
    kept = set(inside)
    for i in live:
        block = blocks[i]
        is_title = block.level == 1 or (title is not None and _letters(block.text) == _letters(title))
        within = inside[0] < i < inside[-1] and len(block.text) >= 30
        if i not in kept and not is_title and not within:
            block.dropped = NAVIGATION


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
