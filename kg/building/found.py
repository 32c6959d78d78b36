"""What extraction gave for each document, as tables; those of the last build spare reading what has not changed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.building.cache import Cache
from kg.errors import KgError
from kg.parts import Parts, arrange, parts_from_tables, parts_to_tables, tables_from_bytes, tables_to_bytes
from kg.tables import Claim, Dropped, Mention, Rows, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

    from kg.building.extracting import Task

_TYPES: dict[str, type[Any]] = {"mentions": Mention, "claims": Claim, "dropped": Dropped}
#: Documents that are decoded at a time.
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """Mentions, claims and what extraction left out; the parts are documents, their keys those of the cache."""

    parts: Parts

    @property
    def mentions(self) -> Rows[Mention]:
        """All mentions, document by document."""
        return Rows(Mention, self.parts.tables["mentions"])

    @property
    def claims(self) -> Rows[Claim]:
        """All claims, document by document."""
        return Rows(Claim, self.parts.tables["claims"])

    @property
    def dropped(self) -> Rows[Dropped]:
        """What extraction left out."""
        return Rows(Dropped, self.parts.tables["dropped"])

    def to_bytes(self) -> bytes:
        """All of it, for `found_from_bytes`."""
        return tables_to_bytes(parts_to_tables(self.parts))


def found_from_bytes(content: bytes) -> Found:
    """What `to_bytes` wrote."""
    return Found(parts_from_tables(tables_from_bytes(content)))


def find(tasks: Sequence[Task], cache: Cache, before: Found | None) -> Found:
    """What extraction found in the documents of `tasks`, in their order. `before` is what was found in the last build;
    the rest comes from the cache."""
    known = set() if before is None else set(before.parts.keys)
    new = [task for task in tasks if task.key not in known]
    pieces = [_parts([], []), *([before.parts] if before else []), *_decoded(new, cache)]
    return Found(arrange(pieces, [task.key for task in tasks]))


def _decoded(tasks: Sequence[Task], cache: Cache) -> Iterator[Parts]:
    for start in range(0, len(tasks), _BATCH):
        batch = tasks[start : start + _BATCH]
        values = []
        for task in batch:
            rows = cache.get(task.key)
            if rows is None:
                raise KgError(f"The cache lost {task.document.doc_id}; run kg rebuild once more.")
            values.append(rows)
        yield _parts([task.key for task in batch], values)


def _parts(keys: Sequence[str], values: Sequence[list[list[list[Any]]]]) -> Parts:
    """Entries of the cache as parts; each holds the rows of all three tables."""
    tables, counts = {}, {}
    for i, (name, row_type) in enumerate(_TYPES.items()):
        tables[name] = _table(row_type, list(itertools.chain.from_iterable(rows[i] for rows in values)))
        counts[name] = np.array([len(rows[i]) for rows in values], dtype=np.int64)
    return Parts(keys, tables, counts)


def _table(row_type: type[Any], rows: list[list[Any]]) -> pa.Table:
    """Rows of plain values, as `encode_rows` gives them, as a table."""
    import pyarrow as pa

    schema = arrow_schema(row_type)
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = []
    for field, values in zip(schema, columns, strict=True):
        if pa.types.is_list(field.type):
            values = [[dict(zip(("start", "end"), span, strict=True)) for span in spans] for spans in values]
        arrays.append(pa.array(values, type=field.type))
    return pa.table(arrays, schema=schema)
