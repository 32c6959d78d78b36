"""From a Word file (.docx) to headings, paragraphs, captions and tables."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from kg.documents import furniture, tables
from kg.documents.lines import is_caption, is_numbered, looks_like_heading
from kg.documents.model import Block, Pages
from kg.documents.settings import ReadingSettings
from kg.documents.unwrapping import tidy
from kg.tables import SectionKind

_HEADING_STYLE = re.compile(r"(?:heading|标题)\s?([1-9])", re.IGNORECASE)


class WordError(ValueError):
    """The file cannot be read; the message says why and the way out."""


def read_docx(data: bytes, settings: ReadingSettings) -> Pages:
    """The blocks of a Word file, in order. Raises WordError where it is broken, locked, or unpacks too large.

    `size` counts the characters of paragraphs and cells, each with its end mark.
    """
    import docx
    from docx.table import Table

    _check(data, settings)
    try:
        document = docx.Document(io.BytesIO(data))
        blocks: list[Block] = []
        for item in document.iter_inner_content():
            blocks.extend(_table(item) if isinstance(item, Table) else _paragraph(item))
        heads = _running_heads(document)
    except Exception as error:  # python-docx raises many kinds on broken parts
        raise WordError("broken Word file that cannot be opened; save it anew as .docx") from error
    blocks.extend(heads)
    return Pages(blocks, sum(block.size for block in blocks))


def _check(data: bytes, settings: ReadingSettings) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise WordError("password-protected or old Word file; save it without password as .docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            names = archive.namelist()
            if unpacked > settings.max_unpacked_bytes:
                raise WordError(
                    f"Word file that unpacks to {unpacked:,} bytes, more than {settings.max_unpacked_bytes:,}; "
                    "split it or raise max_unpacked_bytes"
                )
            if "word/document.xml" not in names:
                raise WordError("ZIP file that is no Word file; save it as .docx")
            for name in names:
                if name.endswith((".xml", ".rels")):
                    with archive.open(name) as part:
                        if b"<!DOCTYPE" in part.read(4096):
                            raise WordError(
                                "Word file with a document type declaration, which is not allowed in it"
                            )
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise WordError("broken Word file that cannot be opened; save it anew as .docx") from error


def _paragraph(paragraph: Any) -> list[Block]:
    blocks: list[Block] = []
    style = str(paragraph.style.name) if paragraph.style is not None else ""
    match = _HEADING_STYLE.match(style)
    level = 1 if style in ("Title", "标题") else int(match.group(1)) + 1 if match else None
    for raw in paragraph.text.split("\n"):
        text = tidy(raw)
        size = max(len(raw), len(text)) + 1
        if not text:
            if blocks:
                blocks[-1].size += size
            continue
        if level is not None:
            kind = SectionKind.TITLE
        elif is_caption(text) or style == "Caption":
            kind = SectionKind.CAPTION
        elif looks_like_heading(text) or (
            is_numbered(text) and len(text) <= 40 and text[-1] not in "。；;，"
        ):
            kind = SectionKind.TITLE
        else:
            kind = SectionKind.PARAGRAPH
        blocks.append(Block(kind, text, size, level=level))
    return blocks


def _table(table: Any) -> list[Block]:
    rows: list[list[str]] = []
    seen: set[Any] = set()
    for row in table.rows:
        cells = []
        for cell in row.cells:
            # A merged cell comes once for every place it covers.
            first = cell._tc not in seen
            seen.add(cell._tc)
            cells.append(tidy(cell.text.replace("\n", " ")) if first else "")
        rows.append(cells)
    rows = [row for row in rows if any(row)]
    if not rows:
        return []
    if len(rows) == 1 or len(rows[0]) == 1:
        texts = [text for row in rows for text in row if text]
        return [Block(SectionKind.PARAGRAPH, text, len(text) + 1) for text in texts]
    text = tables.lay_out(rows)[0]
    block = Block(SectionKind.TABLE, text, len(text) + 1, rows=rows)
    if furniture.is_contents_table(rows):
        block.dropped = furniture.CONTENTS
    return [block]


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
