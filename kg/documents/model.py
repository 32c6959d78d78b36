"""What passes between the parts of the reading stage: a file, its blocks, and the articles they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from kg.tables import Document, Dropped, Section, SectionKind

STAGE = "read"

#: Path of `SourceFile` that stands for standard input.
STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a UTF-8 file: the bytes from `start` to `end`, and the number of the first of the lines."""

    start: int
    end: int
    first_line: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, or a part of one, and its name, the source-relative path with forward slashes."""

    path: Path
    name: str
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A document and what its stretches are."""

    document: Document
    sections: list[Section]


@dataclass(slots=True)
class Block:
    """A heading, paragraph, caption or table of a file, in reading order.

    `size` counts the source characters that the block stands for, line breaks and markup included, so that the
    sizes of all blocks of a file add up to what was decoded. `level` is the depth of a heading where the format
    states it (1 is the highest). `rows` are the cells of a table. `dropped` is the reason why the block goes into no
    document.
    """

    kind: SectionKind
    text: str
    size: int
    page: int | None = None
    level: int | None = None
    rows: list[list[str]] = field(default_factory=list)
    dropped: str | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """What a format reader gives: the blocks of a file and what the file says about itself.

    `size` is the number of decoded characters; `skipped` names the parts that are in no block, by reason.
    """

    blocks: list[Block]
    size: int
    title: str | None = None
    date: str | None = None
    skipped: list[Dropped] = field(default_factory=list)
