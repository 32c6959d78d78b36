"""Cutting a long file of records into parts that are read by themselves, so that a change in one leaves the others."""

from __future__ import annotations

import codecs
import dataclasses
from collections.abc import Iterator
from typing import BinaryIO

from kg.documents.files import open_file
from kg.documents.model import STANDARD_INPUT, Part, SourceFile

#: Lines of a part. They are counted so that an edited line moves no border.
LINES = 250
#: A part is held in memory whole; a file whose lines are longer is read in one go, line by line.
_LARGEST = 64_000_000


def in_parts(file: SourceFile) -> list[SourceFile]:
    """The parts of a JSONL file, or the file as it is where it is short, has other lines or is of another kind.

    What is cut is UTF-8 whose first byte opens an object, so that each part can be read without the others.
    """
    if file.path == STANDARD_INPUT or file.path.suffix.lower() != ".jsonl":
        return [file]
    try:
        with open_file(file.path) as stream:
            if stream.read(1) != b"{":
                return [file]
            stream.seek(0)
            found = list(_cut(stream))
    except (OSError, ValueError):
        return [file]
    return [dataclasses.replace(file, part=part) for part in found] if len(found) > 1 else [file]


def _cut(stream: BinaryIO) -> Iterator[Part]:
    """Every so many lines; ValueError where one cannot be read by itself."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    start = end = number = 0
    first = 1
    while line := stream.readline(_LARGEST):
        if "\0" in decoder.decode(line):
            raise ValueError("binary content")
        end += len(line)
        if end - start > _LARGEST:
            raise ValueError("long lines")
        number += line.endswith(b"\n")
        if number == first + LINES - 1:
            yield Part(start, end, first)
            start, first = end, number + 1
    decoder.decode(b"", final=True)
    if end > start:
        yield Part(start, end, first)
