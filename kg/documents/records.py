"""JSONL and CSV: one record a document, its text taken verbatim."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from kg.documents.dates import parse_date
from kg.documents.decoding import SAMPLE_BYTES, detect_encoding
from kg.documents.model import Part
from kg.documents.settings import ReadingSettings

#: Names of record fields that are recognised, the first found wins.
FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("text", "content", "正文", "body", "内容", "article", "全文"),
    "title": ("title", "标题", "headline", "题目"),
    "date": (
        "date", "time", "日期", "published", "时间", "发布时间", "发布日期",
        "published_at", "publish_time", "pub_date", "created_at", "datetime",
    ),
    "id": ("doc_id", "id", "url", "link", "链接"),
}  # fmt: skip

# A byte that is no UTF-8, as the decoder passes it on, and half of a pair, as JSON can spell it.
_BROKEN_BYTE = re.compile("[\udc80-\udcff]")
_SURROGATE = re.compile("[\ud800-\udfff]")

SYNTAX = "fields other than the text, and syntax of the records (characters)"


@dataclass(frozen=True, slots=True)
class Record:
    """A document of a records file; `size` counts the characters of its line or row."""

    number: int
    size: int
    text: str
    title: str
    date: str | None
    doc_id: str | None
    replaced: int = 0


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A line or row that gives no document, and why."""

    number: int
    size: int
    reason: str
    example: str


class RecordError(ValueError):
    """The file as a whole cannot be read as records; the message says why and the way out."""


def read_jsonl(
    stream: BinaryIO, settings: ReadingSettings, part: Part | None = None
) -> Iterator[Record | BadRecord]:
    """The records of a JSONL stream, one line in memory at a time. Blank lines count as BadRecord of no reason."""
    limit = settings.max_line_characters
    text = _text_stream(stream) if part is None else _text_of(stream, part)
    for number, line, size in _lines(text, limit, part.first_line if part else 1):
        if line is None:
            yield BadRecord(
                number,
                size,
                f"line longer than {limit:,} characters; split the document or raise max_line_characters",
                "",
            )
        elif not line.strip():
            yield BadRecord(number, size, "", "")
        else:
            yield _from_json(number, line, size, settings)


def _from_json(number: int, line: str, size: int, settings: ReadingSettings) -> Record | BadRecord:
    if _BROKEN_BYTE.search(line):
        return BadRecord(
            number, size, "line with bytes of another encoding; save the file as UTF-8", _clip(line)
        )
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        what = getattr(error, "msg", "nested too deeply")
        return BadRecord(number, size, f"line that is no JSON ({what}); correct or remove it", _clip(line))
    if not isinstance(value, dict):
        return BadRecord(number, size, "line that is no JSON object; write one object a line", _clip(line))
    return _record(number, size, value, settings, _clip(line))


def read_csv(stream: BinaryIO, settings: ReadingSettings) -> Iterator[Record | BadRecord]:
    """The rows of a CSV stream below its header row, one in memory at a time.

    The separator (comma, semicolon, tab) is the most frequent in the header. Raises RecordError where no column
    holds the text.
    """
    meter = _Meter(_text_stream(stream), settings.max_line_characters)
    header_line = meter.peek()
    separator = max(",;\t", key=header_line.count)
    csv.field_size_limit(settings.max_line_characters)
    rows = csv.reader(meter, delimiter=separator)
    header: list[str] | None = None
    number = 0
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRecord(number, meter.take(), f"row that is no CSV ({error}); correct or remove it", "")
            continue
        size = meter.take()
        if header is None:
            header = [name.strip().lstrip("\ufeff") for name in row]
            if _field(dict.fromkeys(header, ""), "text", settings) is None:
                names = _clip(", ".join(header[:8]), 120)
                raise RecordError(
                    f"no column with the text among {names}; name one of them 'text', or say "
                    "in the settings which one it is (fields: text = …)"
                )
            yield BadRecord(number, size, "", "")
        elif not any(row):
            yield BadRecord(number, size, "", "")
        else:
            yield _record(number, size, dict(zip(header, row, strict=False)), settings, _clip(",".join(row)))


def _record(
    number: int, size: int, value: Mapping[str, Any], settings: ReadingSettings, example: str
) -> Record | BadRecord:
    field = _field(value, "text", settings)
    if field is None:
        names = _clip(", ".join(map(str, list(value)[:8])), 120)
        return BadRecord(
            number,
            size,
            f"record without a text field (it has {names}); name the field in the settings (fields: text = …)",
            example,
        )
    text = value[field]
    if not isinstance(text, str):
        return BadRecord(number, size, f"record whose {field} is no text; write it as a string", example)
    if not text.strip():
        return BadRecord(
            number, size, f"record whose {field} is empty; fill it or remove the record", example
        )
    text, replaced = _SURROGATE.subn("\ufffd", text)
    date = _string(value, "date", settings)
    return Record(
        number,
        size,
        text,
        _string(value, "title", settings).strip(),
        parse_date(date) if date else None,
        _string(value, "id", settings).strip() or None,
        replaced,
    )


def _field(value: Mapping[str, Any], name: str, settings: ReadingSettings) -> str | None:
    mapped = settings.fields.get(name)
    if mapped is not None:
        return mapped if mapped in value else None
    folded = {str(key).strip().lower(): str(key) for key in value}
    return next((folded[known] for known in FIELDS[name] if known in folded), None)


def _string(value: Mapping[str, Any], name: str, settings: ReadingSettings) -> str:
    field = _field(value, name, settings)
    found = value[field] if field is not None else None
    text = str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""
    return text.encode("utf-8", "replace").decode("utf-8")


def _clip(text: str, length: int = 80) -> str:
    return text.strip()[:length].encode("utf-8", "replace").decode("utf-8")


def _text_stream(stream: BinaryIO) -> io.TextIOWrapper:
    """The stream as text in its detected encoding; broken bytes of UTF-8 stand as lone surrogates."""
    sample = stream.read(SAMPLE_BYTES)
    encoding = detect_encoding(sample)
    errors = "surrogateescape" if codecs.lookup(encoding).name.startswith("utf-8") else "replace"
    return io.TextIOWrapper(io.BufferedReader(_Rewound(sample, stream)), encoding, errors, newline="\n")


class _Rewound(io.RawIOBase):
    """A stream that gives `head` again before the rest, for streams that cannot seek (standard input)."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _text_of(stream: BinaryIO, part: Part) -> io.TextIOWrapper:
    stream.seek(part.start)
    part_of_it = io.BytesIO(stream.read(part.end - part.start))
    return io.TextIOWrapper(part_of_it, "utf-8", "surrogateescape", newline="\n")


def _lines(text: io.TextIOWrapper, limit: int, first: int) -> Iterator[tuple[int, str | None, int]]:
    """Number, text and size of every line; the text is None where it is longer than `limit`."""
    number = first - 1
    while line := text.readline(limit + 1):
        number += 1
        size = len(line)
        if size <= limit or line.endswith("\n"):
            yield number, line.removeprefix("\ufeff"), size
            continue
        while not line.endswith("\n") and (line := text.readline(limit + 1)):
            size += len(line)
        yield number, None, size


class _Meter:
    """Lines of a text stream for the CSV reader, counting the characters since the last row."""

    def __init__(self, text: io.TextIOWrapper, limit: int) -> None:
        self._text = text
        self._limit = limit
        self._first: str | None = None
        self._count = 0

    def peek(self) -> str:
        self._first = self._text.readline(self._limit)
        return self._first

    def __iter__(self) -> _Meter:
        return self

    def __next__(self) -> str:
        line, self._first = (
            (self._first, None) if self._first is not None else (self._text.readline(self._limit), None)
        )
        if not line:
            raise StopIteration
        self._count += len(line)
        return line

    def take(self) -> int:
        count, self._count = self._count, 0
        return count
