"""Tables whose rows belong to parts, such as documents, so that the rows of a part are taken over as they are."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Parts:
    """The key of each part; by name, a table with the rows of part after part, and how many rows each part has."""

    keys: Sequence[Any]
    tables: Mapping[str, pa.Table]
    counts: Mapping[str, Counts]


def arrange(pieces: Sequence[Parts], keys: Sequence[Any]) -> Parts:
    """The parts with these keys, in this order; each must be in one of the pieces, of which there is at least one."""
    import pyarrow as pa

    found = {key: i for i, key in enumerate(key for piece in pieces for key in piece.keys)}
    order = np.array([found[key] for key in keys], dtype=np.int64)
    tables, counts = {}, {}
    for name in pieces[0].tables:
        lengths = np.concatenate([piece.counts[name] for piece in pieces])
        counts[name] = lengths[order]
        together = pa.concat_tables([piece.tables[name] for piece in pieces])
        tables[name] = _stretches(together, np.cumsum(lengths)[order], counts[name])
    return Parts(keys, tables, counts)


def _stretches(table: pa.Table, ends: Counts, lengths: Counts) -> pa.Table:
    """Stretches of a table one after the other."""
    import pyarrow as pa

    starts = ends - lengths
    # Neighbours that stay neighbours are moved together.
    first = np.flatnonzero(np.r_[True, starts[1:] != ends[:-1]][: len(starts)])
    last = np.r_[first[1:], len(starts)][: len(first)] - 1
    runs = zip(starts[first].tolist(), ends[last].tolist(), strict=True)
    slices = [table.slice(start, end - start) for start, end in runs if end > start]
    return pa.concat_tables([table.slice(0, 0), *slices]).combine_chunks()


def parts_to_tables(parts: Parts) -> list[pa.Table]:
    """The parts as tables, for `parts_from_tables`."""
    import pyarrow as pa

    return [pa.table({"key": pa.array(parts.keys), **parts.counts}), *parts.tables.values()]


def parts_from_tables(tables: Sequence[pa.Table]) -> Parts:
    """What `parts_to_tables` was given."""
    keys, *rows = tables
    names = keys.column_names[1:]
    return Parts(
        keys["key"].to_pylist(),
        dict(zip(names, rows, strict=True)),
        {name: keys[name].to_numpy() for name in names},
    )


def tables_to_bytes(tables: Sequence[pa.Table]) -> bytes:
    """Tables one after the other, for `tables_from_bytes`."""
    import pyarrow as pa

    content = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for table in tables:
        with pa.ipc.new_stream(content, table.schema, options=options) as writer:
            writer.write_table(table)
    return content.getvalue()


def tables_from_bytes(content: bytes) -> list[pa.Table]:
    """The tables that `tables_to_bytes` was given."""
    import pyarrow as pa

    stream, tables = pa.BufferReader(content), []
    while stream.tell() < stream.size():
        tables.append(pa.ipc.open_stream(stream).read_all())
    return tables
