"""Which documents a person means when removing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.errors import KgError
from kg.folder import table_path


def document_ids(folder: Path, names: Sequence[str]) -> list[str]:
    """The ids of the documents that `names` mean: each an id, or a source whose documents all go.

    Raises KgError for a name that is neither, with the nearest id.
    """
    import pyarrow.parquet as pq

    rows = pq.read_table(table_path(folder, "documents"), columns=["doc_id", "source"]).to_pylist()
    found: list[str] = []
    for name in names:
        ids = [row["doc_id"] for row in rows if name in (row["doc_id"], row["source"])]
        if not ids:
            from rapidfuzz import process

            nearest = process.extractOne(name, [row["doc_id"] for row in rows])
            hint = f"; did you mean {nearest[0]}?" if nearest else "."
            raise KgError(f"There is no document {name} in {folder}{hint}")
        found += ids
    return found
