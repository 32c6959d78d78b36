"""The rows that pass between stages, their Parquet schemas, and how a table is written and read.

A row is a frozen dataclass; its Parquet schema is derived from the field types. Offsets are code points of the
document's text, end exclusive, so that `text[start:end] == mention.text`.
"""

from __future__ import annotations

import dataclasses
import operator
import types
import typing
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from kg.schema import Action, EntityType, RelationType, Status

if TYPE_CHECKING:
    import pyarrow as pa


class SectionKind(StrEnum):
    """What a stretch of a document is."""

    TITLE = "title"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    CAPTION = "caption"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text, in code points, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One article.

    `doc_id` is the source-relative path, then article title and ordinal where a file holds several, or the
    given id. `date` is ISO (YYYY-MM-DD) or None. `content_hash` is SHA-256 of the text. `duplicate_of` is the
    doc_id of the first near-identical text, so that evidence counts independent texts.
    """

    doc_id: str
    source: str
    title: str
    date: str | None
    language: str
    text: str
    content_hash: str
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document with a kind; the cells of a table are one row each, with row, column and header."""

    doc_id: str
    start: int
    end: int
    kind: SectionKind
    page: int | None = None
    table_id: int | None = None
    row: int | None = None
    column: int | None = None
    header: str | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a stage left out: how many (`count`, in the unit the reason names), why, and one example."""

    doc_id: str
    stage: str
    reason: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a document. `made_by` is the component that found it; `confidence` in 0..1."""

    mention_id: str
    doc_id: str
    start: int
    end: int
    type: EntityType
    text: str
    confidence: float
    made_by: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One fact as one sentence (or table cell) states it.

    `start`/`end` is the sentence; `context` holds further spans that it needs (heading, antecedent, header).
    `amount`/`amount_max` are numbers in units of `currency` (ISO 4217), `amount_text` as written; `stake` is in
    percent; `date` is ISO (YYYY, YYYY-MM or YYYY-MM-DD), `date_text` as written. Claims of one event share a
    `deal_id`, which linking gives.
    """

    claim_id: str
    doc_id: str
    start: int
    end: int
    type: RelationType
    head_mention: str
    tail_mention: str
    confidence: float
    made_by: str
    status: Status = Status.COMPLETED
    context: tuple[Span, ...] = ()
    amount: float | None = None
    amount_max: float | None = None
    currency: str | None = None
    amount_text: str | None = None
    stake: float | None = None
    date: str | None = None
    date_text: str | None = None
    round: str | None = None
    role: str | None = None
    action: Action | None = None
    deal_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One real-world thing. `mentions` and `documents` are counts."""

    entity_id: str
    type: EntityType
    name: str
    aliases: tuple[str, ...]
    former_ids: tuple[str, ...]
    mentions: int
    documents: int


@dataclass(frozen=True, slots=True)
class MentionEntity:
    """Which entity a mention names."""

    mention_id: str
    entity_id: str


@dataclass(frozen=True, slots=True)
class Relation:
    """Claims grouped by type, head and tail. `claims` and `independent_documents` are counts."""

    relation_id: str
    type: RelationType
    head: str
    tail: str
    status: Status
    first_date: str | None
    last_date: str | None
    amount: float | None
    currency: str | None
    claims: int
    independent_documents: int
    best_claim: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The id an entity had in the last build and a mention key (`Type:name@document`) it is recognised by."""

    entity_id: str
    key: str


Row = TypeVar("Row")

#: Table name to row type, in the order of the stages that write them.
TABLES: dict[str, type[Any]] = {
    "documents": Document,
    "sections": Section,
    "dropped": Dropped,
    "mentions": Mention,
    "claims": Claim,
    "entities": Entity,
    "mention_entities": MentionEntity,
    "relations": Relation,
    "identities": Identity,
}


def arrow_schema(row_type: type[Any]) -> pa.Schema:
    """The Parquet schema of a row type: enums are strings, tuples lists, spans structs of two integers."""
    import pyarrow as pa

    hints = typing.get_type_hints(row_type)
    return pa.schema(
        [pa.field(field.name, *_arrow_type(hints[field.name])) for field in dataclasses.fields(row_type)]
    )


def _arrow_type(hint: Any) -> tuple[pa.DataType, bool]:
    """Arrow type and nullability of a field's type hint."""
    import pyarrow as pa

    arguments = typing.get_args(hint)
    if isinstance(hint, types.UnionType):
        return _arrow_type(next(a for a in arguments if a is not type(None)))[0], True
    if typing.get_origin(hint) is tuple:
        return pa.list_(_arrow_type(arguments[0])[0]), False
    if hint is Span:
        return pa.struct([("start", pa.int64()), ("end", pa.int64())]), False
    if isinstance(hint, type) and issubclass(hint, str):
        return pa.string(), False
    return {int: pa.int64(), float: pa.float64(), bool: pa.bool_()}[hint], False


def to_arrow(row_type: type[Any], rows: Iterable[Any]) -> pa.Table:
    """Rows as an Arrow table with the row type's schema, whatever their number (zero included)."""
    import pyarrow as pa

    schema = arrow_schema(row_type)
    rows = list(rows)
    columns = []
    for field in schema:
        values = list(map(operator.attrgetter(field.name), rows))
        if pa.types.is_list(field.type):
            values = [list(map(_plain, value)) for value in values]
        columns.append(pa.array(values, type=field.type))
    return pa.table(columns, schema=schema)


def _plain(value: Any) -> Any:
    return {"start": value.start, "end": value.end} if isinstance(value, Span) else value


class Rows(Sequence[Row]):
    """Rows of one type in an Arrow table, which become dataclasses only where they are looked at."""

    def __init__(self, row_type: type[Row], table: pa.Table) -> None:
        self.row_type, self.table = row_type, table

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[Row]:
        for batch in self.table.to_batches(max_chunksize=_BATCH):
            yield from _decode(self.row_type, batch)

    @overload
    def __getitem__(self, position: int) -> Row: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Row]: ...
    def __getitem__(self, position: int | slice) -> Row | Sequence[Row]:
        chosen = range(len(self))[position]
        if isinstance(chosen, range):
            return Rows(self.row_type, self.table.take(list(chosen)))
        return next(_decode(self.row_type, self.table.slice(chosen, 1)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and self.table.equals(other.table)

    __hash__ = None  # type: ignore[assignment]

    def counts(self, column: str) -> dict[str, int]:
        """How often each value of a column of strings occurs."""
        import pyarrow.compute as pc

        counted = pc.value_counts(self.table[column])
        return dict(
            zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)
        )


def as_rows(row_type: type[Row], rows: Sequence[Row]) -> Rows[Row]:
    """The same rows in an Arrow table."""
    return rows if isinstance(rows, Rows) else Rows(row_type, to_arrow(row_type, rows))


_BATCH = 20_000


def write_table(path: Path, row_type: type[Any], rows: Iterable[Any], batch: int = _BATCH) -> int:
    """Stream rows to a Parquet file by way of a temporary name; returns how many."""
    import itertools

    import pyarrow.parquet as pq

    temporary = path.with_name(path.name + ".tmp")
    count = 0
    with pq.ParquetWriter(temporary, arrow_schema(row_type), compression="zstd") as writer:
        if isinstance(rows, Rows):
            count = len(rows)
            for start in range(0, count, batch):
                writer.write_table(rows.table.slice(start, batch))
        else:
            iterator = iter(rows)
            while chunk := list(itertools.islice(iterator, batch)):
                writer.write_table(to_arrow(row_type, chunk))
                count += len(chunk)
    temporary.replace(path)
    return count


def read_table(path: Path, row_type: type[Row], batch: int = _BATCH) -> Iterator[Row]:
    """Stream the rows of a Parquet file back as dataclasses."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for records in file.iter_batches(batch_size=batch):
            yield from _decode(row_type, records)


def open_table(path: Path, row_type: type[Row]) -> Rows[Row]:
    """The rows of a Parquet file, which become dataclasses where they are looked at."""
    import pyarrow.parquet as pq

    return Rows(row_type, pq.read_table(path, columns=[f.name for f in dataclasses.fields(row_type)]))  # type: ignore[arg-type]


def _decode(row_type: type[Row], records: pa.RecordBatch | pa.Table) -> Iterator[Row]:
    hints = typing.get_type_hints(row_type)
    columns = []
    for field in dataclasses.fields(row_type):  # type: ignore[arg-type]
        converter = _converter(hints[field.name])
        values = records.column(field.name).to_pylist()
        columns.append(map(converter, values) if converter else values)
    return map(row_type, *columns)


def _converter(hint: Any) -> Any:
    """How a plain value becomes the field's type, or None where it already has it."""
    arguments = typing.get_args(hint)
    if isinstance(hint, types.UnionType):
        inner = _converter(next(a for a in arguments if a is not type(None)))
        return (lambda value: None if value is None else inner(value)) if inner else None
    if typing.get_origin(hint) is tuple:
        return _spans if arguments[0] is Span else tuple
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    return None


def _spans(values: list[dict[str, int]]) -> tuple[Span, ...]:
    return tuple(Span(v["start"], v["end"]) for v in values)
