"""What a load has to change: the build compared with what the store holds, element by element."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.stores.elements import Elements
from kg.stores.model import NODES, RELATION_KINDS, RELATIONSHIPS

#: Changes with every way in which the same tables give other elements, so that all are written again.
LOADER_VERSION = "1"

#: Node labels and relationship types that are compared; the claims stand for HEAD, TAIL and STATED_IN, too.
KINDS = (*NODES, *RELATION_KINDS, "MENTIONED_IN")

Row = list[Any]
Key = Any


@dataclass(frozen=True, slots=True)
class Changes:
    """One kind's changes: row numbers of its element file to create and to change, keys of stale elements."""

    kind: str
    created: array[int] = field(default_factory=lambda: array("L"))
    changed: array[int] = field(default_factory=lambda: array("L"))
    stale: list[Key] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.created) + len(self.changed) + len(self.stale)


def compare(elements: Elements, kind: str, stored: dict[Key, int], rewrite: bool = False) -> Changes:
    """The changes of one kind, given key and hash of what is stored (used up by this).

    `rewrite` writes every element again, whatever its stored hash says. Memory: some 200 bytes a stored element
    of this kind and 8 bytes a change.
    """
    changes = Changes(kind)
    if not stored:
        changes.created.extend(range(elements.counts[kind]))
        return changes
    number = 0
    for rows in row_batches(elements, kind):
        for row in rows:
            before = stored.pop(_key(kind, row), None)
            if before is None:
                changes.created.append(number)
            elif rewrite or before != row[-1]:
                changes.changed.append(number)
            number += 1
    changes.stale.extend(stored)
    return changes


def picked(elements: Elements, kind: str, numbers: array[int], size: int) -> Iterator[list[Row]]:
    """The rows with these ascending numbers, `size` at a time."""
    batch: list[Row] = []
    first = position = 0
    for records, start in _records(elements, kind) if numbers else ():
        end = bisect_left(numbers, first + len(records), position)
        wanted = [number - first for number in numbers[position:end]]
        if wanted:
            batch += _rows(records if len(wanted) == len(records) else records.take(wanted), start)
        first, position = first + len(records), end
        while len(batch) >= size:
            yield batch[:size]
            batch = batch[size:]
    if batch:
        yield batch


def row_batches(elements: Elements, kind: str) -> Iterator[list[Row]]:
    """The rows of an element file as lists: its columns, then the content hash (a signed 64-bit integer)."""
    for records, start in _records(elements, kind):
        yield _rows(records, start)


def _records(elements: Elements, kind: str) -> Iterator[tuple[pa.RecordBatch, Any]]:
    """The batches of an element file, and the hash with which the hash of each of its rows begins."""
    with pq.ParquetFile(elements.path(kind)) as file:
        names = [LOADER_VERSION, kind, *file.schema_arrow.names]
        start = hashlib.blake2b("|".join(names).encode(), digest_size=8)
        for records in file.iter_batches():
            yield records, start


def _rows(records: pa.RecordBatch, start: Any) -> list[Row]:
    columns = [_values(column) for column in records.columns]
    return [[*row, _hash(start, row)] for row in zip(*columns, strict=True)]


def _values(column: pa.Array) -> list[Any]:
    """A column as Python values; an empty list is as good as no property, and no property is smaller."""
    values: list[Any] = column.to_pylist()
    return [value or None for value in values] if pa.types.is_list(column.type) else values


def _hash(start: Any, row: tuple[Any, ...]) -> int:
    digest = start.copy()
    digest.update(repr(row).encode())
    return int.from_bytes(digest.digest(), "big", signed=True)


def _key(kind: str, row: Row) -> Key:
    if kind in RELATIONSHIPS:
        return (row[0], row[1]) if kind == "MENTIONED_IN" else row[2]
    return row[0]


def stored_hashes(kind: str, records: Iterable[Any]) -> dict[Key, int]:
    """Key → hash from the rows of `kg.stores.statements.stored`."""
    if kind == "MENTIONED_IN":
        return {(start, end): content for start, end, content in records}
    return dict(iter(records))
