"""What was read and extracted, kept by content in one SQLite file, so that nothing is done twice.

An entry's key is a hash of everything it was made from; an entry is therefore never wrong, only unused. The file
may be deleted at any time. Payloads are compressed JSON.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import sqlite3
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.schema import Action, EntityType, RelationType, Status
from kg.tables import Claim, Document, Mention, Section, SectionKind, Span

#: SQLite takes no longer values; bytes.
LARGEST_PAYLOAD = 1_000_000_000


class Cache:
    """Key-value store in SQLite; every `put` is durable once `commit` returned."""

    def __init__(self, path: Path) -> None:
        self._connection = self._open(path)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        for attempt in (1, 2):
            try:
                connection = sqlite3.connect(path)
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=NORMAL")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, payload BLOB NOT NULL) WITHOUT ROWID"
                )
                return connection
            except sqlite3.DatabaseError:
                # A damaged cache costs time, never a result.
                if attempt == 2:
                    raise
                for suffix in ("", "-wal", "-shm"):
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
        raise AssertionError("unreachable")

    @staticmethod
    def known(path: Path, keys: Iterable[str]) -> set[str]:
        """Those of `keys` that the cache at `path` holds, without writing to it: also on a full or read-only disk."""
        if not path.exists():
            return set()
        # A database in WAL mode wants to write beside it even to be read, unless it is said not to change.
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            return _held(connection, keys)
        except sqlite3.DatabaseError:
            return set()
        finally:
            connection.close()

    def get(self, key: str) -> Any | None:
        """The value under `key`, or None."""
        payload = self.payload(key)
        return None if payload is None else unpack(payload)

    def payload(self, key: str) -> bytes | None:
        """What was put under `key`, as it was put, or None."""
        row = self._connection.execute("SELECT payload FROM entry WHERE key = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    def has(self, keys: Iterable[str]) -> set[str]:
        """Those of `keys` that have an entry."""
        return _held(self._connection, keys)

    def put(self, key: str, payload: bytes) -> None:
        """Store bytes under `key`; those of a JSON value come from `pack`."""
        self._connection.execute("INSERT OR REPLACE INTO entry VALUES (?, ?)", (key, payload))

    def commit(self) -> None:
        """Make what was put durable."""
        self._connection.commit()

    def keep_only(self, keys: Iterable[str]) -> None:
        """Forget every entry that is not named."""
        kept = set(keys)
        unused = [k for (k,) in self._connection.execute("SELECT key FROM entry") if k not in kept]
        self._connection.executemany("DELETE FROM entry WHERE key = ?", ((k,) for k in unused))
        self._connection.commit()

    def close(self) -> None:
        """Commit and close."""
        self._connection.commit()
        self._connection.close()


def _held(connection: sqlite3.Connection, keys: Iterable[str]) -> set[str]:
    found: set[str] = set()
    wanted = list(keys)
    for i in range(0, len(wanted), 500):
        part = wanted[i : i + 500]
        marks = ",".join("?" * len(part))
        found.update(k for (k,) in connection.execute(f"SELECT key FROM entry WHERE key IN ({marks})", part))
    return found


def pack(value: Any) -> bytes:
    """A JSON value as the payload of an entry."""
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8"), 1)


def unpack(payload: bytes) -> Any:
    """The JSON value that `pack` was given."""
    return json.loads(zlib.decompress(payload))


def key(*parts: str) -> str:
    """A key over ordered parts; no two different lists of parts share one."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little"))
        digest.update(encoded)
    return digest.hexdigest()


def encode_rows(rows: Iterable[Any]) -> list[list[Any]]:
    """Rows of one type as lists of plain values."""
    return [[_plain(getattr(row, f.name)) for f in dataclasses.fields(row)] for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        return [value.start, value.end]
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def encode_document(document: Document, sections: Iterable[Section]) -> list[Any]:
    """A document and its sections as lists of plain values."""
    return [*encode_rows([document]), encode_rows(sections)]


def decode_document(values: list[Any]) -> tuple[Document, list[Section]]:
    """What `encode_document` was given."""
    document, sections = values
    return next(decode_rows(Document, [document])), list(decode_rows(Section, sections))


def decode_rows(row_type: type[Any], rows: Iterable[list[Any]]) -> Iterator[Any]:
    """The rows that `encode_rows` wrote."""
    decode = _DECODERS.get(row_type)
    return itertools.starmap(row_type, map(decode, rows) if decode else rows)


def _decode_mention(values: list[Any]) -> tuple[Any, ...]:
    mention_id, doc_id, start, end, entity_type, text, confidence, made_by = values
    # Millions of mentions hold few different ones of these.
    doc_id, text, made_by = sys.intern(doc_id), sys.intern(text), sys.intern(made_by)
    return mention_id, doc_id, start, end, _ENTITY_TYPES[entity_type], text, confidence, made_by


def _decode_claim(values: list[Any]) -> list[Any]:
    at = _POSITION[Claim]
    for column in ("doc_id", "made_by"):
        values[at[column]] = sys.intern(values[at[column]])
    values[at["type"]] = RelationType(values[at["type"]])
    values[at["status"]] = Status(values[at["status"]])
    values[at["context"]] = tuple(Span(*v) for v in values[at["context"]])
    if values[at["action"]] is not None:
        values[at["action"]] = Action(values[at["action"]])
    return values


def _decode_section(values: list[Any]) -> list[Any]:
    values[_POSITION[Section]["kind"]] = SectionKind(values[_POSITION[Section]["kind"]])
    return values


_ENTITY_TYPES = {entity_type.value: entity_type for entity_type in EntityType}
_POSITION = {t: {f.name: i for i, f in enumerate(dataclasses.fields(t))} for t in (Claim, Section)}
_DECODERS: dict[type[Any], Any] = {Mention: _decode_mention, Claim: _decode_claim, Section: _decode_section}
