"""What a database was last loaded with, kept in the build folder, so that a few changes are found without reading
the database.

The copy counts only while the database's `(:Build)` says that the load that made the copy was the last one; the
counts of the database are verified all the same. Without it, the database's own hashes are read.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from array import array
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kg.stores.connection import Connection
from kg.stores.elements import Elements
from kg.stores.plan import KINDS, LOADER_VERSION, Changes

_FOLDER = "loaded"
_TOKEN = "load.txt"
#: Joins the items of a list, and the two keys of a pair: a control character that no name holds.
_SEPARATOR = "\x1f"


def find(tables: Path, target: Connection, load: str | None) -> Path | None:
    """The folder of the element files that the load named `load` put into the database, if it is kept."""
    folder = _folder(tables, target)
    with contextlib.suppress(OSError):
        if load and (folder / _TOKEN).read_text(encoding="utf-8") == load:
            return folder
    return None


def keep(tables: Path, target: Connection, load: str, elements: Elements) -> None:
    """Keep the element files that the load named `load` left in the database; a folder that is read-only stays so."""
    folder = _folder(tables, target)
    following = folder.with_name(folder.name + ".tmp")
    with contextlib.suppress(OSError):
        shutil.rmtree(following, ignore_errors=True)
        shutil.copytree(elements.folder, following)
        (following / _TOKEN).write_text(load, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        following.rename(folder)


def compare(before: Path, elements: Elements) -> list[Changes] | None:
    """The changes of every kind from the element files in `before`; None where those are of another version."""
    plan = []
    for kind in KINDS:
        try:
            old = pq.read_table(before / f"{kind}.parquet").combine_chunks()
        except (OSError, pa.ArrowInvalid):
            return None
        new = pq.read_table(elements.path(kind)).combine_chunks()
        if old.schema != new.schema:
            return None
        plan.append(_changes(kind, old, new))
    return plan


def _changes(kind: str, old: pa.Table, new: pa.Table) -> Changes:
    changes = Changes(kind)
    if old.equals(new):
        return changes
    old_keys, new_keys = _keys(old), _keys(new)
    place = pc.index_in(new_keys, value_set=old_keys)
    there = pc.is_valid(place)
    changes.created.extend(_numbers(pc.invert(there)))
    rows = pc.indices_nonzero(there)
    kept, former = new.take(rows), old.take(place.drop_null())
    differs = pa.array([False] * len(rows), pa.bool_())
    for name in new.column_names:
        differs = pc.or_(differs, _differs(kept.column(name), former.column(name)))
    changes.changed.extend(rows.filter(differs).to_pylist())
    gone = old.filter(pc.invert(pc.is_in(old_keys, value_set=new_keys)))
    if "id" in old.column_names:
        changes.stale.extend(gone.column("id").to_pylist())
    else:
        pairs = zip(gone.column("start").to_pylist(), gone.column("end").to_pylist(), strict=True)
        changes.stale.extend(pairs)
    return changes


def _keys(table: pa.Table) -> pa.Array:
    if "id" in table.column_names:
        return table.column("id").combine_chunks()
    joined = pc.binary_join_element_wise(table.column("start"), table.column("end"), _SEPARATOR)
    return joined.combine_chunks()


def _differs(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_list(one.type):
        one, other = pc.binary_join(one, _SEPARATOR), pc.binary_join(other, _SEPARATOR)
    unequal = pc.fill_null(pc.not_equal(one, other), False)
    return pc.or_(unequal, pc.xor(pc.is_null(one), pc.is_null(other))).combine_chunks()


def _numbers(mask: pa.Array) -> array[int]:
    return array("L", pc.indices_nonzero(mask).to_pylist())


def _folder(tables: Path, target: Connection) -> Path:
    name = "|".join([LOADER_VERSION, target.uri, target.database or ""])
    return tables / _FOLDER / hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
