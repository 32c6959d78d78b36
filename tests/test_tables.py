"""Rows survive Parquet unchanged."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.schema import Action, RelationType, Status
from kg.tables import TABLES, Claim, Dropped, Span, arrow_schema, read_table, write_table

spans = st.builds(Span, st.integers(0, 10**6), st.integers(0, 10**6))
# Parquet strings are UTF-8; the reader lets no lone surrogate through.
texts = st.text(st.characters(exclude_categories=["Cs"]))
claims = st.builds(
    Claim,
    claim_id=texts,
    doc_id=texts,
    start=st.integers(0, 10**6),
    end=st.integers(0, 10**6),
    type=st.sampled_from(RelationType),
    head_mention=texts,
    tail_mention=texts,
    confidence=st.floats(0, 1),
    made_by=texts,
    status=st.sampled_from(Status),
    context=st.lists(spans).map(tuple),
    amount=st.none() | st.floats(0, 1e15),
    currency=st.none() | texts,
    action=st.none() | st.sampled_from(Action),
)


@given(rows=st.lists(claims))
@settings(max_examples=25, deadline=None)
def test_claims_are_read_as_they_were_written(tmp_path_factory, rows: list[Claim]) -> None:
    path = tmp_path_factory.mktemp("tables") / "claims.parquet"
    assert write_table(path, Claim, rows, batch=3) == len(rows)
    assert list(read_table(path, Claim, batch=2)) == rows
    assert not path.with_name("claims.parquet.tmp").exists()


def test_an_empty_table_has_its_columns(tmp_path: Path) -> None:
    for name, row_type in TABLES.items():
        path = tmp_path / f"{name}.parquet"
        assert write_table(path, row_type, []) == 0
        assert pq.read_schema(path).names == arrow_schema(row_type).names


def test_a_table_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "dropped.parquet"
    row = Dropped("a.txt", "read", "empty file", 1, "")
    write_table(path, Dropped, [row])

    def rows():
        yield row
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        write_table(path, Dropped, rows())
    assert list(read_table(path, Dropped)) == [row]
