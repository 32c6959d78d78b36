"""The embedded store: a build's tables in, Cypher answers out, and how it fails."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import example_tables
import pytest

from kg.errors import KgError
from kg.schema import EntityType, RelationType
from kg.stores import embedded
from kg.tables import TABLES, write_table


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = example_tables.write(tmp_path_factory.mktemp("build's 文件夹"))
    embedded.write(folder, folder / "graph.lbug")
    return folder / "graph.lbug"


def test_every_element_of_the_tables_is_there(store: Path) -> None:
    tables = example_tables.build()
    assert embedded.query(store, "MATCH (e:Entity) RETURN count(*) AS n") == (
        ["n"],
        [[len(tables["entities"])]],
    )
    assert embedded.query(store, "MATCH (d:Document) RETURN count(*)")[1] == [[len(tables["documents"])]]
    for kind in ("HEAD", "TAIL", "STATED_IN"):
        assert embedded.query(store, f"MATCH ()-[r:{kind}]->() RETURN count(*)")[1] == [
            [len(tables["claims"])]
        ]
    for relation in RelationType:
        expected = sum(row.type is relation for row in tables["relations"])
        assert embedded.query(store, f"MATCH ()-[r:{relation}]->() RETURN count(*)")[1] == [[expected]]
    for entity_type in EntityType:
        expected = sum(row.type is entity_type for row in tables["entities"])
        found = embedded.query(store, "MATCH (e:Entity {type: $t}) RETURN count(*)", {"t": entity_type.value})
        assert found[1] == [[expected]]


def test_a_relation_shows_its_best_sentence_and_amount(store: Path) -> None:
    cypher = (
        "MATCH (a:Entity)-[r:INVESTS_IN]->(b:Entity {name: '月之暗面'}) WHERE a.name = '阿里巴巴' RETURN r"
    )
    columns, [[relation]] = embedded.query(store, cypher)
    assert columns == ["r"]
    assert relation["_label"] == "INVESTS_IN"
    assert relation["claims"] == 2
    assert relation["amount"] in (8e8, 7.9e8)
    assert "月之暗面" in relation["sentence"] and relation["amount_text"] in relation["sentence"]


def test_mentions_are_counted_by_document(store: Path) -> None:
    cypher = (
        "MATCH (:Entity {name: '北京智谱华章科技有限公司'})-[m:MENTIONED_IN]->(d:Document)"
        " RETURN d.id, m.mentions ORDER BY d.id"
    )
    # zhipu.md names it in the title, twice at the start of the text, once in each of the two other sentences.
    assert ["zhipu.md", 5] in embedded.query(store, cypher)[1]


def test_rewriting_replaces_the_store_and_leaves_no_other_files(tmp_path: Path) -> None:
    target = tmp_path / "out" / "graph.lbug"
    target.parent.mkdir()
    embedded.write(example_tables.write(tmp_path / "all"), target)
    rows = example_tables.build(leave_out=["huafa.md", "people.txt"])
    embedded.write(example_tables.write_rows(tmp_path / "fewer", rows), target)
    assert embedded.query(target, "MATCH (d:Document) RETURN count(*)")[1] == [[11]]
    assert [path.name for path in target.parent.iterdir()] == ["graph.lbug"]


def test_a_build_without_rows_gives_an_empty_store(tmp_path: Path) -> None:
    for name, row_type in TABLES.items():
        write_table(tmp_path / f"{name}.parquet", row_type, [])
    embedded.write(tmp_path, tmp_path / "graph.lbug")
    assert embedded.query(tmp_path / "graph.lbug", "MATCH (n) RETURN count(*)")[1] == [[0]]


NASTY = [
    "a'}) DETACH DELETE n //",
    "`back` ``ticks``",
    "line\nbreak\r\n\ttab",
    "零\u200b宽\ufeff",
    "\u202eoppo\u202c 双向",
    '"quotes", commas; and \\ backslashes \\\' \\n',
    "null", "NULL", "[a, b]", "{x: 1}", "𠮷野家", " 空格 ",
]  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_names_are_stored_as_they_are(tmp_path: Path, name: str) -> None:
    tables = example_tables.build()
    tables["entities"][0] = dataclasses.replace(tables["entities"][0], name=name, aliases=(name, "乙"))
    embedded.write(example_tables.write_rows(tmp_path, tables), tmp_path / "graph.lbug")
    found = embedded.query(tmp_path / "graph.lbug", "MATCH (e:Entity {id: 'zhipu'}) RETURN e.name, e.aliases")
    assert found[1] == [[name, [name, "乙"]]]


def test_a_failed_write_leaves_the_old_store(tmp_path: Path) -> None:
    target = tmp_path / "graph.lbug"
    embedded.write(example_tables.write(tmp_path), target)
    tables = example_tables.build()
    tables["relations"][0] = dataclasses.replace(tables["relations"][0], head="nobody")
    example_tables.write_rows(tmp_path, tables)
    with pytest.raises(KgError, match="unknown entity nobody; run kg rebuild"):
        embedded.write(tmp_path, target)
    assert embedded.query(target, "MATCH (d:Document) RETURN count(*)")[1] == [[13]]
    assert not list(tmp_path.glob("graph.lbug.tmp*"))


def test_a_double_key_is_an_error(tmp_path: Path) -> None:
    tables = example_tables.build()
    tables["entities"].append(tables["entities"][0])
    example_tables.write_rows(tmp_path, tables)
    with pytest.raises(KgError, match="could not be written"):
        embedded.write(tmp_path, tmp_path / "graph.lbug")
    assert not (tmp_path / "graph.lbug").exists()


def test_missing_and_damaged_tables(tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"holds no documents\.parquet"):
        embedded.write(tmp_path, tmp_path / "graph.lbug")
    example_tables.write(tmp_path)
    (tmp_path / "claims.parquet").write_bytes(b"no parquet")
    with pytest.raises(KgError, match="damaged"):
        embedded.write(tmp_path, tmp_path / "graph.lbug")


@pytest.mark.parametrize(
    ("cypher", "message"),
    [
        ("MATCH (e:Entity RETURN e", "not valid at line 1, column 17"),
        ("MATCH (e:Entity)\nWHERE e.name = RETURN e", "not valid at line 2, column"),
        ("MATCH (e:Enity) RETURN e", "Enity does not exist"),
        ("MATCH (e:Entity) RETURN e.colour", "colour"),
        ("MATCH (e:Entity {id: $key}) RETURN e", r"needs a value for \$key; give it with --param key=VALUE"),
        ("CREATE (:Entity {id: 'x'})", "read-only"),
        ("MATCH (e:Entity) DETACH DELETE e", "read-only"),
        ("COPY (MATCH (e:Entity) RETURN e.id) TO 'out.csv'", "COPY reaches beyond the store"),
        ("// note\n/* x */ load from '/etc/passwd' (file_format='csv') return *", "LOAD reaches beyond"),
        ("MATCH (e:Entity) RETURN 1; MATCH (e:Entity) RETURN 2", "one statement"),
    ],
)
def test_wrong_queries_say_what_is_wrong(store: Path, cypher: str, message: str) -> None:
    with pytest.raises(KgError, match=message):
        embedded.query(store, cypher)


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (e:Entity) WITH count(e) AS c LOAD FROM '{file}' RETURN *",
        "UNWIND [1] AS x LOAD FROM '{file}' RETURN *",
        "RETURN 1 AS a UNION ALL LOAD FROM '{file}' RETURN 1 AS a",
        "MATCH (e:Entity) WHERE e.mentions > 1. LOAD FROM '{file}' RETURN *",
        "\u00a0/* RETURN */ LOAD FROM '{file}' RETURN *",
        "PROFILE COPY (RETURN 1 AS a) TO '{file}'",
        "EXPLAIN COPY (RETURN 1 AS a) TO '{file}'",
        "RETURN 1; COPY (RETURN 1 AS a) TO '{file}'",
        "RETURN 'a/*b'; COPY (RETURN 1 AS a) TO '{file}' //*/",
        "RETURN ';'; EXPORT DATABASE '{file}'",
        "CALL READ_CSV_SERIAL('{file}') RETURN *",
        "CALL file_info('{file}') RETURN *",
        "CALL home_directory='{file}'",
        "CALL threads=1",
        "INSTALL httpfs",
        "ATTACH '{file}' AS other",
        "CHECKPOINT",
        "BEGIN TRANSACTION",
        "PREPARE x AS RETURN 1",
        "CREATE MACRO f(x) AS x + 1",
        "COMMENT ON TABLE Entity IS 'x'",
    ],
)
def test_no_query_reaches_files_or_settles_the_store(store: Path, tmp_path: Path, cypher: str) -> None:
    file = tmp_path / "private.csv"
    file.write_text("private,1\n")
    before = sorted((path.name, path.stat().st_size) for path in store.parent.iterdir())
    with pytest.raises(KgError, match=r"reaches beyond|one statement|no procedure|begins with|read-only"):
        embedded.query(store, cypher.replace("{file}", str(file)))
    assert file.read_text() == "private,1\n" and len(list(tmp_path.iterdir())) == 1
    assert sorted((path.name, path.stat().st_size) for path in store.parent.iterdir()) == before


def test_words_that_only_look_dangerous_are_let_through(store: Path) -> None:
    cypher = "MATCH (e:Entity {id: 'zhipu'}) /* LOAD; */ RETURN 'COPY; LOAD' AS `load`, e.name AS name; // CHECKPOINT"
    assert embedded.query(store, cypher)[0] == ["load", "name"]
    assert embedded.query(store, "CALL show_tables() RETURN name")[1]


def test_a_missing_or_foreign_store(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="There is no store"):
        embedded.query(tmp_path / "graph.lbug", "RETURN 1")
    (tmp_path / "graph.lbug").write_bytes(b"something else" * 1000)
    with pytest.raises(KgError, match="not a store of this version"):
        embedded.query(tmp_path / "graph.lbug", "RETURN 1")


def test_readers_keep_the_old_store_while_a_new_one_is_written(tmp_path: Path) -> None:
    import ladybug

    target = tmp_path / "graph.lbug"
    embedded.write(example_tables.write(tmp_path), target)
    connection = ladybug.Connection(ladybug.Database(target, read_only=True, buffer_pool_size=64 << 20))
    embedded.write(example_tables.write_rows(tmp_path, example_tables.build(["huafa.md"])), target)
    assert connection.execute("MATCH (d:Document) RETURN count(*)").get_all() == [[13]]
    assert embedded.query(target, "MATCH (d:Document) RETURN count(*)")[1] == [[12]]
