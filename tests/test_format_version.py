"""A build folder says which format it has: an older kg refuses a newer one, a newer kg upgrades an older one."""

import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command import answers, refuses, succeeds

from kg import folder as layout
from kg import open_graph
from kg.tables import TABLES, arrow_schema

TEXT = "2025年3月3日，示例财经。智谱宣布完成新一轮融资，由杭州城投产业基金投资10亿元。\n"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    succeeds("build", tmp_path / "a.txt", "--out", tmp_path / "out")
    return tmp_path / "out"


def restate(folder: Path, version: int) -> None:
    for file in (layout.MANIFEST, layout.SETTINGS):
        content = json.loads((folder / file).read_text())
        assert content["format_version"] == layout.FORMAT_VERSION
        (folder / file).write_text(json.dumps({**content, "format_version": version}))


def test_a_newer_folder_is_refused_by_readers_and_writers_and_left_as_it_is(built: Path) -> None:
    restate(built, layout.FORMAT_VERSION + 1)
    before = {path.name: path.read_bytes() for path in built.iterdir()}
    for command in (
        ("rebuild", built),
        ("status", built),
        ("show", built, "智谱"),
        ("query", built),
        ("export", built, built.parent / "graph.json"),
        ("remove", built, "a.txt"),
        ("build", built.parent / "a.txt", "--out", built),
    ):
        assert "written by a newer kg" in refuses(*command)
    assert {path.name: path.read_bytes() for path in built.iterdir()} == before


def test_an_older_folder_says_how_to_upgrade_it_and_keeps_its_ids(built: Path) -> None:
    ids = set(open_graph(built).entities["entity_id"])
    # A format whose entities had no former ids.
    path = built / "entities.parquet"
    pq.write_table(pq.read_table(path).drop_columns("former_ids"), path)
    restate(built, layout.FORMAT_VERSION - 1)
    for command in (("show", built, "智谱"), ("export", built, built.parent / "graph.json")):
        assert f"kg rebuild {built}" in refuses(*command)
    succeeds("rebuild", built)
    assert answers("show", built, "智谱")["relations"]
    assert set(open_graph(built).entities["entity_id"]) == ids
    assert answers("status", built)["format_version"] == layout.FORMAT_VERSION


def test_other_columns_are_another_format() -> None:
    """An older kg cannot read a table that has changed: count FORMAT_VERSION up and add the line here."""
    known = {1: "be1d54be8cac"}
    columns = "\n".join(f"{name}: {arrow_schema(row_type)}" for name, row_type in TABLES.items())
    assert known[layout.FORMAT_VERSION] == hashlib.sha256(columns.encode()).hexdigest()[:12], columns
