"""The files for neo4j-admin: what is in them; the real import is in `test_neo4j_load.py`."""

from __future__ import annotations

import csv
import dataclasses
import shlex
from pathlib import Path

import example_tables
import pytest

from kg import open_graph
from kg.errors import KgError
from kg.exports import neo4j_import
from kg.stores.elements import prepare
from kg.stores.import_files import write_import_files
from kg.stores.model import NODES, RELATIONSHIPS
from kg.stores.statements import schema


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build = example_tables.write(tmp_path / "build")
    neo4j_import.write(open_graph(build), tmp_path / "a folder")
    return tmp_path / "a folder"


def test_one_file_a_label_and_a_relationship_type(folder: Path) -> None:
    tables = example_tables.build()
    assert {path.stem for path in folder.glob("*.csv")} == {"Build", *NODES, *RELATIONSHIPS}
    assert len(rows(folder / "Entity.csv")) == len(tables["entities"])
    for kind in ("HEAD", "TAIL", "STATED_IN", "Claim"):
        assert len(rows(folder / f"{kind}.csv")) == len(tables["claims"])
    zhipu = next(row for row in rows(folder / "Entity.csv") if row["id:ID(Entity)"] == "zhipu")
    assert zhipu[":LABEL"] == "Entity\x1fCompany"
    assert zhipu["aliases:string[]"] == "北京智谱华章科技有限公司\x1f智谱"
    assert int(zhipu["kg_hash:long"])
    softbank = next(row for row in rows(folder / "INVESTS_IN.csv") if row[":START_ID(Entity)"] == "softbank")
    assert softbank["amount:double"] in ("40000000000.0", "6500000000.0")


def test_the_command_names_every_file_that_was_written(folder: Path) -> None:
    text = (folder / neo4j_import.COMMAND_FILE).read_text(encoding="utf-8")
    command = shlex.split(text.split("\n\n")[0].partition("\n")[2].replace("\\\n", " "))
    assert command[:5] == ["neo4j-admin", "database", "import", "full", "neo4j"]
    named = {Path(word.rpartition("=")[2]) for word in command if ".csv" in word}
    assert named == set(folder.glob("*.csv"))
    statements = (folder / neo4j_import.SCHEMA_FILE).read_text(encoding="utf-8").splitlines()
    assert statements == [f"{statement};" for statement in schema()]


def test_quotes_line_breaks_and_empty_texts_stay(tmp_path: Path) -> None:
    tables = example_tables.build()
    name = '他说："好",\n\r\n;第二行\\'
    tables["entities"][0] = dataclasses.replace(tables["entities"][0], name=name, aliases=("", '"'))
    build = example_tables.write_rows(tmp_path / "build", tables)
    (tmp_path / "elements").mkdir()
    write_import_files(prepare(build, tmp_path / "elements"), tmp_path)
    zhipu = next(row for row in rows(tmp_path / "Entity.csv") if row["id:ID(Entity)"] == "zhipu")
    assert zhipu["name:string"] == name
    assert zhipu["aliases:string[]"] == '\x1f"'


def test_a_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    build = example_tables.write(tmp_path / "build")
    (tmp_path / "neo4j-import").write_text("mine", encoding="utf-8")
    with pytest.raises(KgError, match="name a folder"):
        neo4j_import.write(open_graph(build), tmp_path / "neo4j-import")
