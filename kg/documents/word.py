"""From a Word file (.docx) to headings, paragraphs, captions and tables."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from kg.documents import furniture, tables
from kg.documents.lines import is_caption, is_numbered, looks_like_heading
from kg.documents.model import Block, Pages
from kg.documents.settings import ReadingSettings
from kg.documents.unwrapping import tidy
from kg.tables import SectionKind

_HEADING_STYLE = re.compile(r"(?:heading|标题)\s?([1-9])", re.IGNORECASE)


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAX_SPAN = 63


class WordError(ValueError):
    """The file cannot be read; the message says why and the way out."""


def read_docx(data: bytes, settings: ReadingSettings) -> Pages:
    """The blocks of a Word file, in order. Raises WordError where it is broken, locked, or unpacks too large.

    `size` counts the characters of paragraphs and cells, each with its end mark.
    """
    import docx

    _check(data, settings)
    try:
        document = docx.Document(io.BytesIO(data))
        _refuse_entities(document.element)
        blocks = list(_walk(document.element.body, _style_names(document)))
        blocks.extend(_notes(document))
        blocks.extend(_running_heads(document))
    except WordError:
        raise
    except Exception as error:  # python-docx raises many kinds on broken parts
        raise WordError("broken Word file that cannot be opened; save it anew as .docx") from error
    return Pages(blocks, sum(block.size for block in blocks))


def _walk(container: Any, styles: dict[str, str]) -> Iterator[Block]:
    """The blocks of a body or a content control, in order; a text box follows its paragraph."""
    for element in container.iterchildren():
        name = _name(element)
        if name == "p":
            yield from _paragraph(_own_text(element), styles.get(element.style or "", ""))
            for box in element.iter(f"{_WORD}txbxContent"):
                if not any(_name(above) == "Fallback" for above in box.iterancestors()):
                    yield from _walk(box, styles)
        elif name == "tbl":
            yield from _table(element)
        elif name in ("sdt", "sdtContent", "ins", "smartTag", "customXml"):
            yield from _walk(element, styles)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _own_text(paragraph: Any) -> str:
    """The text of a paragraph with tracked insertions, without deletions and text boxes."""
    parts: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        name = _name(element)
        if name == "t":
            parts.append(element.text or "")
        elif name in ("br", "cr"):
            parts.append("\n")
        elif name == "tab":
            parts.append("\t")
        elif name not in ("pPr", "rPr", "del", "moveFrom", "txbxContent", "Fallback"):
            stack.extend(reversed(element))
    return "".join(parts)


def _style_names(document: Any) -> dict[str, str]:
    """From the ids of the document's styles to their names."""
    return {style.style_id: str(style.name) for style in document.styles}


def _check(data: bytes, settings: ReadingSettings) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise WordError("password-protected or old Word file; save it without password as .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            if unpacked > settings.max_unpacked_bytes:
                raise WordError(
                    f"Word file that unpacks to {unpacked:,} bytes, more than {settings.max_unpacked_bytes:,}; "
                    "split it or raise max_unpacked_bytes"
                )
            if "word/document.xml" not in archive.namelist():
                raise WordError("ZIP file that is no Word file; save it as .docx")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise WordError("broken Word file that cannot be opened; save it anew as .docx") from error


def _refuse_entities(root: Any) -> None:
    """Raise WordError where the XML of `root` declares a type; the parser has left its entities unread."""
    if root.getroottree().docinfo.doctype:
        raise WordError("Word file with a document type declaration, which is not allowed in it")


def _paragraph(content: str, style: str = "") -> list[Block]:
    blocks: list[Block] = []
    match = _HEADING_STYLE.match(style)
    level = 1 if style in ("Title", "标题") else int(match.group(1)) + 1 if match else None
    dropped = furniture.CONTENTS if style.lower().startswith(("toc ", "目录")) else None
    for raw in content.split("\n"):
        text = tidy(raw)
        size = max(len(raw), len(text)) + 1
        if not text:
            if blocks:
                blocks[-1].size += size
            continue
        if level is not None:
            kind = SectionKind.TITLE
        elif is_caption(text) or style.lower() == "caption":
            kind = SectionKind.CAPTION
        elif looks_like_heading(text) or (
            is_numbered(text) and len(text) <= 40 and text[-1] not in "。；;，"
        ):
            kind = SectionKind.TITLE
        else:
            kind = SectionKind.PARAGRAPH
        blocks.append(Block(kind, text, size, level=level, dropped=dropped))
    return blocks


def _table(table: Any) -> list[Block]:
    rows: list[list[str]] = []
    for row in table.iterchildren(f"{_WORD}tr"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{_WORD}tc"):
            texts = (_own_text(paragraph) for paragraph in cell.iter(f"{_WORD}p"))
            cells.append(tidy(" ".join(texts).replace("\n", " ")))
            # A cell that spans columns holds its text once, at the first of them.
            spans = [int(span.get(f"{_WORD}val") or 1) for span in cell.iter(f"{_WORD}gridSpan")]
            cells.extend([""] * (min(spans[0], _MAX_SPAN) - 1 if spans else 0))
        if any(cells):
            rows.append(cells)
    columns = max(map(len, rows), default=0)
    if len(rows) < 2 or columns < 2 or len(rows) * columns > tables.MAX_CELLS:
        return [Block(SectionKind.PARAGRAPH, text, len(text) + 1) for row in rows for text in row if text]
    rows = [row + [""] * (columns - len(row)) for row in rows]
    text = tables.lay_out(rows)[0]
    block = Block(SectionKind.TABLE, text, len(text) + 1, rows=rows)
    if furniture.is_contents_table(rows):
        block.dropped = furniture.CONTENTS
    return [block]


def _notes(document: Any) -> Iterator[Block]:
    """Footnotes and endnotes, as paragraphs at the end."""
    from docx.oxml import parse_xml

    for part in document.part.package.iter_parts():
        if str(part.partname) in ("/word/footnotes.xml", "/word/endnotes.xml"):
            notes = parse_xml(part.blob)
            _refuse_entities(notes)
            for paragraph in notes.iter(f"{_WORD}p"):
                yield from _paragraph(_own_text(paragraph))


def _running_heads(document: Any) -> list[Block]:
    texts = dict.fromkeys(
        text
        for section in document.sections
        for part in (section.header, section.footer)
        if not part.is_linked_to_previous
        for paragraph in part.paragraphs
        if (text := tidy(paragraph.text.replace("\n", " ")))
    )
    return [
        Block(SectionKind.FURNITURE, text, len(text) + 1, dropped=furniture.RUNNING_HEAD) for text in texts
    ]
