"""Reading one file into articles, and accounting for every character of it."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from kg.characters import is_han
from kg.documents import furniture
from kg.documents.cutting import Piece, cut, title_of
from kg.documents.dates import date_of_lead, date_of_lines, date_of_name, latest_reported
from kg.documents.decoding import NotTextError, decode
from kg.documents.files import RECORD_SUFFIXES, largest_size, open_file
from kg.documents.html import read_html
from kg.documents.ids import unique_id
from kg.documents.model import STAGE, STANDARD_INPUT, Article, Block, Pages, SourceFile
from kg.documents.pdf import PdfError, read_pdf
from kg.documents.plain import read_text
from kg.documents.records import SYNTAX, BadRecord, Record, RecordError, read_csv, read_jsonl
from kg.documents.sections import assemble, verbatim_sections
from kg.documents.settings import ReadingSettings
from kg.documents.word import WordError, read_docx
from kg.tables import Document, Dropped, SectionKind

LAYOUT = "layout: blank lines, spaces and table rules (characters)"
REPLACED = "characters that could not be decoded, replaced by U+FFFD (not counted as lost)"
NO_TEXT = "nothing but page furniture (characters)"
_TITLE_LENGTH = 60


def read_file(file: SourceFile, settings: ReadingSettings | None = None) -> Iterator[Article | Dropped]:
    """The articles of a file one after the other, and what was left out of it, by reason.

    Bad content never raises: it comes as Dropped with a sentence that names the way out. For a file that is read,
    the characters decoded equal the lengths of the texts plus the counts of the Dropped rows whose reason ends in
    "(characters)". JSONL and CSV are read record by record; the other formats are held in memory whole.
    """
    settings = settings or ReadingSettings()
    try:
        if file.path == STANDARD_INPUT:
            yield from _read_standard_input(file, settings)
            return
        with open_file(file.path) as stream:
            suffix = file.path.suffix.lower()
            size, limit = os.fstat(stream.fileno()).st_size, largest_size(file, settings)
            if size > limit:
                name = "max_records_bytes" if suffix in RECORD_SUFFIXES else "max_file_bytes"
                yield _file_dropped(file, f"file larger than {limit:,} bytes; split it or raise {name}")
            elif suffix in RECORD_SUFFIXES:
                yield from _not_too_long(_read_records(file, stream, suffix, settings), settings)
            else:
                yield from _not_too_long(_read_whole(file, stream, suffix, settings), settings)
    except OSError as error:
        what = error.strerror or type(error).__name__
        yield _file_dropped(file, f"file that cannot be opened ({what}); check that it is there and readable")
    except (MemoryError, RecursionError) as error:
        yield _file_dropped(
            file, f"file too large or too deeply nested to read ({type(error).__name__}); split it"
        )


def _not_too_long(
    items: Iterator[Article | Dropped], settings: ReadingSettings
) -> Iterator[Article | Dropped]:
    """The items with articles that extraction could not hold left out: it takes about a kilobyte a character."""
    limit = settings.max_document_characters
    reason = f"documents longer than {limit:,} characters; split them or raise max_document_characters (characters)"
    for item in items:
        if isinstance(item, Article) and len(item.document.text) > limit:
            yield Dropped(
                item.document.source, STAGE, reason, len(item.document.text), item.document.title[:80]
            )
        else:
            yield item


def _read_standard_input(file: SourceFile, settings: ReadingSettings) -> Iterator[Article | Dropped]:
    """Standard input: a PDF, HTML, JSONL or text, told by its first characters."""
    stream = io.BufferedReader(sys.stdin.buffer)  # type: ignore[type-var]
    head = stream.peek(1024)[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b'{"') or head.startswith(b"{ "):
        yield from _read_records(file, stream, ".jsonl", settings)
    elif head.startswith(b"%PDF-"):
        yield from _read_whole(file, stream, ".pdf", settings)
    elif head.startswith(b"PK\x03\x04"):
        yield from _read_whole(file, stream, ".docx", settings)
    elif head[:15].lower().startswith((b"<!doctype html", b"<html")):
        yield from _read_whole(file, stream, ".html", settings)
    else:
        yield from _read_whole(file, stream, ".txt", settings)


def _file_dropped(file: SourceFile, reason: str, example: str = "") -> Dropped:
    return Dropped(file.name, STAGE, reason, 1, example or PurePosixPath(file.name).name)


class _Account:
    """What was left out of a file, by reason, with the first example of each."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._counts: dict[str, int] = {}
        self._examples: dict[str, str] = {}

    def add(self, reason: str, count: int, example: str = "") -> None:
        if count > 0:
            self._counts[reason] = self._counts.get(reason, 0) + count
            self._examples.setdefault(reason, example[:80])

    def rows(self) -> Iterator[Dropped]:
        for reason, count in self._counts.items():
            yield Dropped(self._file.name, STAGE, reason, count, self._examples[reason])


def _read_whole(
    file: SourceFile, stream: BinaryIO, suffix: str, settings: ReadingSettings
) -> Iterator[Article | Dropped]:
    data = stream.read(settings.max_file_bytes + 1)
    if len(data) > settings.max_file_bytes:
        reason = f"file larger than {settings.max_file_bytes:,} bytes; split it or raise max_file_bytes"
        yield _file_dropped(file, reason)
        return
    if not data.strip():
        yield _file_dropped(file, "empty file; fill or remove it")
        return
    account = _Account(file)
    try:
        pages = _parse(data, suffix, settings, account)
    except (NotTextError, PdfError, WordError) as error:
        yield _file_dropped(file, str(error))
        return
    yield from _articles(file, pages, account)
    yield from account.rows()


def _parse(data: bytes, suffix: str, settings: ReadingSettings, account: _Account) -> Pages:
    if suffix == ".pdf":
        return read_pdf(data, settings)
    if suffix == ".docx":
        return read_docx(data, settings)
    text, replaced = decode(data)
    account.add(REPLACED, replaced)
    return read_html(text) if suffix in (".html", ".htm") else read_text(text)


def _articles(file: SourceFile, pages: Pages, account: _Account) -> Iterator[Article | Dropped]:
    for row in pages.skipped:
        account.add(row.reason, row.count, row.example)
    pieces = cut(pages.blocks)
    counted = sum(block.size for block in pages.blocks) + sum(
        row.count for row in pages.skipped if row.reason.endswith("(characters)")
    )
    account.add(LAYOUT, pages.size - counted)
    date = pages.date or _date(file, pages.blocks)
    if date is None and len(pieces) > 1:
        date = latest_reported(block.text for block in pages.blocks)
    taken: set[str] = set()
    kept = 0
    for piece in pieces:
        article = _article(file, pages, piece, date, len(pieces) > 1, taken, account)
        if article is not None:
            kept += 1
            yield article
    if not kept:
        yield _file_dropped(file, "file without text; fill or remove it")


def _article(
    file: SourceFile,
    pages: Pages,
    piece: Piece,
    date: str | None,
    several: bool,
    taken: set[str],
    account: _Account,
) -> Article | None:
    _drop_disclaimers(piece.blocks)
    blocks: list[Block] = []
    for block in piece.blocks:
        if block.dropped is None:
            blocks.append(block)
        else:
            account.add(block.dropped, block.size, block.text)
    if not any(block.kind is not SectionKind.FURNITURE for block in blocks):
        for block in blocks:
            account.add(NO_TEXT, block.size, block.text)
        return None
    fallback = PurePosixPath(file.name).stem
    title = piece.title or (None if several else pages.title) or title_of(blocks, fallback)
    doc_id = unique_id(f"{file.name}#{title[:_TITLE_LENGTH]}" if several else file.name, taken)
    text, sections = assemble(doc_id, blocks)
    account.add(LAYOUT, sum(block.size for block in blocks) - len(text))
    own = date_of_lines(block.text for block in blocks[:6]) if several else None
    lead = date_of_lead(text.split("\n")) if not several else None
    return Article(_document(doc_id, file, title, own or date or lead, text), sections)


def _document(doc_id: str, file: SourceFile, title: str, date: str | None, text: str) -> Document:
    content_hash = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Document(doc_id, file.name, title, date, language(text), text, content_hash)


def language(text: str) -> str:
    """`zh` where at least a tenth of the letters are ideographs, else `en`."""
    sample = text[:5000]
    wanted = -(-sum(map(str.isalpha, sample)) // 10)
    return "zh" if sum(1 for _ in itertools.islice(filter(is_han, sample), wanted)) == wanted else "en"


def _date(file: SourceFile, blocks: list[Block]) -> str | None:
    first = (block.text for block in blocks[:40] if block.dropped != furniture.CONTENTS)
    return date_of_lines(first) or date_of_name(file.name)


def _drop_disclaimers(blocks: list[Block]) -> None:
    """Mark disclaimers: paragraphs that are one, and all that follows a heading of one in the last part."""
    total = sum(block.size for block in blocks) or 1
    position = 0
    tail = False
    for block in blocks:
        tail = tail or (position > 0.4 * total and furniture.is_disclaimer_head(block.text))
        position += block.size
        if block.dropped is None and (tail or furniture.is_disclaimer(block.text)):
            block.dropped = furniture.DISCLAIMER


def _read_records(
    file: SourceFile, stream: BinaryIO, suffix: str, settings: ReadingSettings
) -> Iterator[Article | Dropped]:
    records: Iterator[Record | BadRecord]
    records = read_jsonl(stream, settings, file.part) if suffix == ".jsonl" else read_csv(stream, settings)
    account = _Account(file)
    taken: set[str] = set()
    file_date = date_of_name(file.name)
    any_record = False
    try:
        for record in records:
            if isinstance(record, BadRecord):
                if record.reason:
                    any_record = True
                    example = f"line {record.number}: {record.example}".rstrip(": ")
                    yield Dropped(file.name, STAGE, record.reason, 1, example)
                    account.add("records left out for the reasons given (characters)", record.size)
                else:
                    account.add(SYNTAX, record.size)
                continue
            any_record = True
            account.add(SYNTAX, record.size - len(record.text))
            account.add(REPLACED, record.replaced, f"line {record.number}")
            # Which ids a part may give is only known where all of them come together.
            yield _record_article(file, record, file_date, set() if file.part else taken)
    except (NotTextError, RecordError) as error:
        any_record = True
        yield _file_dropped(file, str(error))
    yield from account.rows()
    if not any_record and file.part is None:
        yield _file_dropped(file, "empty file; fill or remove it")


def _record_article(file: SourceFile, record: Record, file_date: str | None, taken: set[str]) -> Article:
    doc_id = unique_id(record.doc_id or f"{file.name}#{record.number}", taken)
    sections = verbatim_sections(doc_id, record.text)
    title = record.title or _first_sentence(record.text)
    lines = record.text.strip().split("\n")
    date = record.date or date_of_lines(lines[:6]) or file_date or date_of_lead(lines)
    return Article(_document(doc_id, file, title, date, record.text), sections)


def _first_sentence(text: str) -> str:
    line = text.strip().split("\n", 1)[0].lstrip("# ").strip()
    head, dash, _ = line.partition(" — ")
    if dash and 6 <= len(head) <= _TITLE_LENGTH:
        return head
    end = min((i for mark in "。！？" if (i := line.find(mark)) > 0), default=len(line))
    return line[: min(end, _TITLE_LENGTH)]
