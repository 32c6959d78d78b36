"""The tables of a build joined into the elements of the graph, as Parquet files that stores read in a stream.

One file a node label, one a relation type, and MENTIONED_IN. Columns are the properties of
`kg.stores.model`; relationship files begin with `start` and `end` (keys of the two nodes), the claims end
with `head`, `tail` and `document`, from which HEAD, TAIL and STATED_IN are made. Rows are sorted by key
(relationships by start, end), so that equal builds give equal files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kg.errors import KgError
from kg.folder import table_path
from kg.stores.model import NODES, RELATION_KINDS, RELATIONSHIPS, Properties, PropertyType

#: Rows of a Parquet row group and of a streamed batch.
BATCH = 10_000
CLAIM_ENDS = ("head", "tail", "document")

_ARROW = {
    PropertyType.STRING: pa.string(),
    PropertyType.STRINGS: pa.list_(pa.string()),
    PropertyType.INTEGER: pa.int64(),
    PropertyType.NUMBER: pa.float64(),
}


@dataclass(frozen=True, slots=True)
class Elements:
    """A folder of element files. `counts` is by node label and relationship type.

    `left_out` counts claims that are in no relation because a person's decision or the linker left one of
    their two names without an entity.
    """

    folder: Path
    counts: dict[str, int] = field(default_factory=dict)
    left_out: int = 0

    def path(self, kind: str) -> Path:
        """The file of a node label or relationship type."""
        return self.folder / f"{kind}.parquet"

    def batches(self, kind: str, size: int = BATCH) -> Iterator[list[dict[str, Any]]]:
        """The rows of a file as dictionaries, `size` at a time."""
        with pq.ParquetFile(self.path(kind)) as file:
            for records in file.iter_batches(batch_size=size):
                yield records.to_pylist()


def prepare(tables: Path, folder: Path) -> Elements:
    """Write the element files of the build whose tables lie in `tables` into `folder`.

    Raises KgError where a table is missing, cannot be read, or names something that no other table holds.
    """
    for kind in ("documents", "mentions", "claims", "entities", "mention_entities", "relations"):
        if not table_path(tables, kind).exists():
            raise KgError(
                f"{tables} holds no {kind}.parquet; make a build with: kg build SOURCE... --out DIR"
            )
    try:
        return _prepare(tables, folder)
    except pa.ArrowInvalid as error:
        raise KgError(f"A table in {tables} is damaged ({error}); run kg rebuild.") from error


def _prepare(tables: Path, folder: Path) -> Elements:
    elements = Elements(folder)
    entities = _read(tables, "entities", None).rename_columns(_renamed(tables, "entities", "entity_id"))
    elements.counts["Entity"] = _write(elements, "Entity", NODES["Entity"].properties, entities, ["id"])
    documents = _read(tables, "documents", [n for n in _names(tables, "documents") if n != "text"])
    documents = documents.rename_columns(["id" if n == "doc_id" else n for n in documents.column_names])
    properties = NODES["Document"].properties
    elements.counts["Document"] = _write(elements, "Document", properties, documents, ["id"])

    entity_of = _read(tables, "mention_entities", None)
    claims, left_out = _claims(tables, entity_of)
    ends = dict.fromkeys(CLAIM_ENDS, PropertyType.STRING)
    written = _write(elements, "Claim", NODES["Claim"].properties | ends, claims, ["id"])
    elements.counts.update(dict.fromkeys(("Claim", "HEAD", "TAIL", "STATED_IN"), written))

    mentioned = _mentioned_in(tables, entity_of)
    elements.counts["MENTIONED_IN"] = _write_relationship(elements, "MENTIONED_IN", mentioned)
    relations = _relations(tables, claims)
    known = entities.column("id").combine_chunks()
    for end in ("start", "end"):
        unknown = pc.filter(relations.column(end), pc.invert(pc.is_in(relations.column(end), known)))
        if len(unknown):
            raise KgError(f"{tables}: a relation names the unknown entity {unknown[0]}; run kg rebuild.")
    for kind in RELATION_KINDS:
        of_kind = relations.filter(pc.equal(relations.column("type"), kind))
        elements.counts[kind] = _write_relationship(elements, kind, of_kind)
    return Elements(folder, elements.counts, left_out)


def _names(tables: Path, name: str) -> list[str]:
    return list(pq.read_schema(table_path(tables, name)).names)


def _renamed(tables: Path, name: str, key: str) -> list[str]:
    return ["id" if column == key else column for column in _names(tables, name)]


def _read(tables: Path, name: str, columns: list[str] | None) -> pa.Table:
    return pq.read_table(table_path(tables, name), columns=columns)


def _claims(tables: Path, entity_of: pa.Table) -> tuple[pa.Table, int]:
    """Claims with their sentence and the keys of their ends; how many have an end without an entity."""
    claims = _read(tables, "claims", [n for n in _names(tables, "claims") if n != "context"])
    claims = claims.append_column("sentence", _sentences(tables, claims))
    for end in ("head", "tail"):
        claims = claims.append_column(end, _entities(entity_of, claims.column(f"{end}_mention")))
    linked = claims.filter(pc.and_(pc.is_valid(claims.column("head")), pc.is_valid(claims.column("tail"))))
    names = {"claim_id": "id", "doc_id": "document"}
    return linked.rename_columns([names.get(n, n) for n in linked.column_names]), len(claims) - len(linked)


def _entities(entity_of: pa.Table, mentions: pa.ChunkedArray) -> pa.ChunkedArray:
    """The entity of each mention; null where it has none."""
    rows = pc.index_in(mentions, value_set=entity_of.column("mention_id").combine_chunks())
    return entity_of.column("entity_id").take(rows)


def _sentences(tables: Path, claims: pa.Table) -> pa.Array:
    """The stretch of text that each claim cites; documents are read one batch at a time."""
    wanted: dict[str, list[int]] = {}
    for row, doc_id in enumerate(claims.column("doc_id").to_pylist()):
        wanted.setdefault(doc_id, []).append(row)
    starts, ends = claims.column("start").to_pylist(), claims.column("end").to_pylist()
    sentences: list[str | None] = [None] * len(claims)
    with pq.ParquetFile(table_path(tables, "documents")) as file:
        for batch in file.iter_batches(batch_size=256, columns=["doc_id", "text"]):
            for document in batch.to_pylist():
                for row in wanted.pop(document["doc_id"], ()):
                    sentences[row] = document["text"][starts[row] : ends[row]]
    if wanted:
        raise KgError(f"{tables}: claims cite the unknown document {min(wanted)}; run kg rebuild.")
    return pa.array(sentences, pa.string())


def _mentioned_in(tables: Path, entity_of: pa.Table) -> pa.Table:
    mentions = _read(tables, "mentions", ["mention_id", "doc_id"])
    pairs = mentions.append_column("entity_id", _entities(entity_of, mentions.column("mention_id")))
    linked = pairs.filter(pc.is_valid(pairs.column("entity_id")))
    counted = linked.group_by(["entity_id", "doc_id"]).aggregate([([], "count_all")])
    return counted.select(["entity_id", "doc_id", "count_all"]).rename_columns(["start", "end", "mentions"])


def _relations(tables: Path, claims: pa.Table) -> pa.Table:
    """Relations with what their best claim says."""
    relations = _read(tables, "relations", None)
    shown = {name for kind in RELATION_KINDS.values() for name in kind.properties} - set(
        relations.column_names
    )
    best = claims.select(["id", *sorted(shown - {"id"})]).rename_columns({"id": "best_claim"})
    joined = relations.join(best, keys="best_claim", join_type="left outer")
    names = {"relation_id": "id", "head": "start", "tail": "end"}
    return joined.rename_columns([names.get(n, n) for n in joined.column_names])


def _write_relationship(elements: Elements, kind: str, table: pa.Table) -> int:
    ends = dict.fromkeys(("start", "end"), PropertyType.STRING)
    keys = ["start", "end", "id"] if "id" in table.column_names else ["start", "end"]
    return _write(elements, kind, ends | RELATIONSHIPS[kind].properties, table, keys)


def _write(elements: Elements, kind: str, columns: Properties, table: pa.Table, sort_by: list[str]) -> int:
    schema = pa.schema([(name, _ARROW[property_type]) for name, property_type in columns.items()])
    ordered = table.select(schema.names).cast(schema).sort_by([(name, "ascending") for name in sort_by])
    pq.write_table(ordered, elements.path(kind), compression="zstd", row_group_size=BATCH)
    return len(ordered)
