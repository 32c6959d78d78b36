"""The embedded store: a LadybugDB file that any Cypher reader of the build opens without a server.

It is written anew for every build, by bulk COPY into a new file that is checkpointed, compared with the
tables, and renamed over the old one; readers of the old file are not disturbed. Queries open it read-only.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.stores.model import NODES, RELATIONSHIPS, Properties, PropertyType

if TYPE_CHECKING:
    import ladybug
    import pyarrow as pa

    from kg.stores.elements import Elements

#: Most memory that pages of the file may take, in bytes.
_BUFFER_POOL = 512 << 20

#: On a disk with fewer bytes left, what cannot be written does not fit.
_ROOM = 4 << 20

_TYPES = {
    PropertyType.STRING: "STRING",
    PropertyType.STRINGS: "STRING[]",
    PropertyType.INTEGER: "INT64",
    PropertyType.NUMBER: "DOUBLE",
}
#: A query's parts: what only looks like words (comments, texts, quoted names), names with their properties, labels.
_TOKEN = re.compile(
    r"(?P<quoted>/\*.*?\*/|//[^\r\n]*|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`)"
    r"|(?P<word>[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*)|(?P<other>[:$]\s*\w+|\w+|\S)",
    re.DOTALL,
)
_BEGINNINGS = frozenset(("MATCH", "OPTIONAL", "RETURN", "WITH", "UNWIND", "CALL", "EXPLAIN", "PROFILE"))
#: What touches files, networks and other databases, or settles the file; opening it read-only does not prevent that.
_BEYOND_THE_STORE = frozenset((
    "ANALYZE", "ATTACH", "BEGIN", "CHECKPOINT", "COMMIT", "COPY", "EXPORT", "IMPORT", "INSTALL",
    "LOAD", "ROLLBACK", "UNINSTALL", "UPDATE", "USE",
))  # fmt: skip
_WRITING = frozenset((
    "ALTER", "COMMENT", "CREATE", "DELETE", "DETACH", "DROP", "MERGE", "REMOVE", "SET",
))  # fmt: skip
#: Procedures that tell of the store alone.
_PROCEDURES = frozenset((
    "CURRENT_SETTING", "DB_VERSION", "SHOW_CONNECTION", "SHOW_FUNCTIONS", "SHOW_INDEXES",
    "SHOW_TABLES", "STORAGE_INFO", "TABLE_INFO",
))  # fmt: skip
_READ_ONLY = "The embedded store is read-only: every build writes it anew; change sources or decisions."
_POSITION = re.compile(r" *\(line: (\d+), offset: (\d+)\)")


def write(tables: Path, target: Path) -> None:
    """Write the store of the build whose Parquet tables lie in the folder `tables` to the file `target`.

    Raises KgError where the tables are missing or damaged, the file cannot be written, or what was stored is
    not what the tables say, and OSError where the disk is full; the file that was there before is still there, whole.
    """
    from kg.stores.elements import prepare

    temporary = target.with_name(target.name + ".tmp")
    try:
        _remove(temporary)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".elements-") as folder:
            elements = prepare(tables, Path(folder))
            with _opened(temporary, read_only=False) as connection:
                _fill(connection, elements)
            with _opened(temporary, read_only=True) as connection:
                _verify(connection, elements)
        _write_ahead_log(target).unlink(missing_ok=True)
        temporary.replace(target)
    except (OSError, RuntimeError) as error:
        if shutil.disk_usage(target.parent).free < _ROOM:  # LadybugDB says this in many ways
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target)) from error
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise KgError(f"The store {target} could not be written: {reason}.") from error
    finally:
        _remove(temporary)


def query(
    target: Path, cypher: str, parameters: Mapping[str, Any] | None = None
) -> tuple[list[str], list[list[Any]]]:
    """Column names and rows of a read-only Cypher query on the store `target`.

    Nodes and relationships come as dictionaries of their properties, with `_label`. Raises KgError where
    there is no store, the query is not valid (with the position), lacks a parameter, or would write.
    """
    if not target.is_file():
        raise KgError(f"There is no store {target}; make a build with: kg build SOURCE... --out DIR")
    _require_reading(cypher)
    given = dict(parameters or {})
    missing = sorted(set(re.findall(r"\$(\w+)", cypher)) - set(given))
    if missing:
        raise KgError(f"The query needs a value for ${missing[0]}; give it with --param {missing[0]}=VALUE.")
    with _opened(target, read_only=True) as connection:
        try:
            result = connection.execute(cypher, given)
            assert not isinstance(result, list)
            columns = result.get_column_names()
            rows = [[_plain(value) for value in row] for row in result.get_all()]
        except RuntimeError as error:
            raise KgError(_explain(str(error))) from error
    return columns, rows


def _require_reading(cypher: str) -> None:
    """KgError unless the query is one statement whose words can only read the store."""
    tokens = [match for match in _TOKEN.finditer(cypher) if match.lastgroup != "quoted"]
    while tokens and tokens[-1][0] == ";":
        tokens.pop()
    if any(token[0] == ";" for token in tokens):
        raise KgError("A query is one statement; this text holds several, apart by ;.")
    words = [token[0].upper() if token.lastgroup == "word" else "" for token in tokens]
    for word, following in pairwise([*words, ""]):
        if word in _WRITING:
            raise KgError(_READ_ONLY)
        if word in _BEYOND_THE_STORE:
            raise KgError(
                f"{word} reaches beyond the store; as a name, write it in backquotes: `{word.lower()}`."
            )
        if word == "CALL" and following not in _PROCEDURES:
            raise KgError(
                f"{following or 'That'} is no procedure that a query may call; those are "
                f"{', '.join(sorted(_PROCEDURES))}."
            )
    if words[:1] and words[0] not in _BEGINNINGS:
        raise KgError(f"A query begins with {', '.join(sorted(_BEGINNINGS))}, not with {tokens[0][0]}.")


def definitions() -> Iterator[str]:
    """The statements that create the tables of an empty store."""
    for node in NODES.values():
        yield f"CREATE NODE TABLE {node.label}({_columns(node.properties)}, PRIMARY KEY(id))"
    for relationship in RELATIONSHIPS.values():
        ends = f"FROM {relationship.start} TO {relationship.end}"
        columns = f", {_columns(relationship.properties)}" if relationship.properties else ""
        yield f"CREATE REL TABLE {relationship.type}({ends}{columns})"


def _columns(properties: Properties) -> str:
    return ", ".join(f"`{name}` {_TYPES[property_type]}" for name, property_type in properties.items())


def _sources() -> Iterator[tuple[str, str, list[str]]]:
    """Every table: its name, the element file it is filled from, and the columns of that file."""
    for label, node in NODES.items():
        yield label, label, list(node.properties)
    for kind, relationship in RELATIONSHIPS.items():
        if kind in _CLAIM_END:
            yield kind, "Claim", ["id", _CLAIM_END[kind]]
        else:
            yield kind, kind, ["start", "end", *relationship.properties]


_CLAIM_END = {"HEAD": "head", "TAIL": "tail", "STATED_IN": "document"}


def _fill(connection: ladybug.Connection, elements: Elements) -> None:
    for statement in definitions():
        connection.execute(statement)
    for table, file, columns in _sources():
        path = str(elements.path(file)).replace("\\", "\\\\").replace("'", "\\'")
        names = ", ".join(f"`{name}`" for name in columns)
        connection.execute(f"COPY {table} FROM (LOAD FROM '{path}' RETURN {names})")
    connection.execute("CHECKPOINT")


def _verify(connection: ladybug.Connection, elements: Elements) -> None:
    """Compare every row and property with the files that the store was filled from."""
    import pyarrow.parquet as pq

    for table, file, columns in _sources():
        expected = pq.read_table(elements.path(file), columns=columns)
        if table in NODES:
            pattern, values = f"(n:{table})", [f"n.`{name}`" for name in columns]
        else:
            pattern = f"(s)-[r:{table}]->(e)"
            values = ["s.id", "e.id", *(f"r.`{name}`" for name in columns[2:])]
        result: Any = connection.execute(f"MATCH {pattern} RETURN {', '.join(values)}")
        stored = result.get_as_arrow().rename_columns(columns).cast(expected.schema)
        if len(stored) != len(expected):
            raise RuntimeError(f"{table} holds {len(stored)} rows of {len(expected)}")
        if not _sorted(stored).equals(_sorted(expected)):
            raise RuntimeError(f"{table} does not hold what the tables say")


def _sorted(table: pa.Table) -> pa.Table:
    keys = [name for name in table.column_names if name in ("id", "start", "end", "head", "tail", "document")]
    return table.sort_by([(name, "ascending") for name in keys]).combine_chunks()


@contextmanager
def _opened(path: Path, read_only: bool) -> Iterator[ladybug.Connection]:
    import ladybug

    try:
        database = ladybug.Database(path, read_only=read_only, buffer_pool_size=_BUFFER_POOL)
    except RuntimeError as error:
        if not read_only:
            raise
        raise KgError(
            f"{path} is not a store of this version or is in use; run kg rebuild ({error})."
        ) from error
    try:
        connection = ladybug.Connection(database)
        try:
            yield connection
        finally:
            connection.close()
    finally:
        database.close()


def _explain(message: str) -> str:
    """The store's message as one sentence, with line and column where it gives them."""
    if "read-only" in message:
        return _READ_ONLY
    position = _POSITION.search(message)
    # What follows the position is a drawing of the query.
    said = message[: position.start()] if position else message.splitlines()[0]
    where = f" at line {position[1]}, column {int(position[2]) + 1}" if position else ""
    return f"The Cypher query is not valid{where}: {' '.join(said.partition(': ')[2].split()).rstrip('.')}."


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        plain = {
            key: _plain(item) for key, item in value.items() if key not in ("_ID", "_SRC", "_DST", "_LABEL")
        }
        return {"_label": value["_LABEL"], **plain} if "_LABEL" in value else plain
    if isinstance(value, Decimal):  # sums of integers
        return int(value) if value == value.to_integral_value() else float(value)
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _write_ahead_log(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _write_ahead_log(path).unlink(missing_ok=True)
