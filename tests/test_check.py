"""`kg check` on a real build, whole and then broken in one place after the other: each is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ladybug
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import ROOT, answers, kg, refuses, succeeds

from kg import folder as layout
from kg import open_graph
from kg.building.checking import check
from kg.stores import neo4j
from kg.stores.connection import Connection
from kg.tables import TABLES, arrow_schema


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build with companies, people, tables, copies of a story, and decisions."""
    folder = tmp_path_factory.mktemp("check") / "out"
    news = ROOT / "examples" / "news"
    sources = [news / name for name in ("2025-funding-rounds.md", "2025-02-11-musk-openai-a.txt")]
    copied = shutil.copy(sources[1], folder.parent / "copied.txt")
    succeeds("build", *sources, copied, "--out", folder, "--jobs", "1")
    claims = sorted(open_graph(folder).claims["claim_id"])
    succeeds("decide", folder, "claim", claims[0], "reject")
    succeeds("decide", folder, "claim", claims[-1], "confirm")
    succeeds("rebuild", folder)
    return folder


@pytest.fixture
def build(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "out"))


def edit(folder: Path, name: str, change: Callable[[list[dict[str, Any]]], Any]) -> None:
    """Change the rows of a table, in place, as no stage would."""
    rows = pq.read_table(folder / f"{name}.parquet").to_pylist()
    change(rows)
    columns = {column: [row[column] for row in rows] for column in arrow_schema(TABLES[name]).names}
    path = folder / f"{name}.parquet"
    pq.write_table(pa.table(columns, schema=arrow_schema(TABLES[name])), path)
    sizes_as_they_are(folder)


def sizes_as_they_are(folder: Path) -> None:
    manifest = json.loads((folder / layout.MANIFEST).read_text())
    for file in manifest["files"]:
        if (folder / file).exists():
            manifest["files"][file] = (folder / file).stat().st_size
    (folder / layout.MANIFEST).write_text(json.dumps(manifest))


def set_value(table: str, column: str, value: Any) -> Callable[[Path], None]:
    """Give the first row of a table another value; a function is given the old one."""

    def change(rows: list[dict[str, Any]]) -> None:
        rows[0][column] = value(rows[0][column]) if callable(value) else value

    return lambda folder: edit(folder, table, change)


def found(folder: Path) -> set[tuple[str, str]]:
    return {(problem.rule, problem.where) for problem in check(folder).problems}


def test_a_finished_build_holds_together(whole: Path) -> None:
    assert check(whole).problems == []
    assert "everything holds" in succeeds("check", whole)
    said = answers("check", whole)
    assert (said["broken"], said["problems"], said["skipped"]) == (0, [], [])
    assert said["rows"]["documents"] == 3


def drop_first(rows: list[Any]) -> None:
    del rows[0]


def repeat_first(rows: list[Any]) -> None:
    rows.append(rows[0])


def shift_context(rows: list[dict[str, Any]]) -> None:
    claim = next(row for row in rows if row["context"])
    claim["context"] = [{"start": 5, "end": 1_000_000}]


def swap_symmetric(rows: list[dict[str, Any]]) -> None:
    relation = next(row for row in rows if row["type"] == "COMPETES_WITH")
    relation["head"], relation["tail"] = relation["tail"], relation["head"]


def give_foreign_mention(rows: list[dict[str, Any]]) -> None:
    """A claim whose head stands in another document."""
    other = next(row for row in rows if row["doc_id"] != rows[0]["doc_id"])
    rows[0]["head_mention"] = other["head_mention"]


def first_amount(rows: list[dict[str, Any]]) -> None:
    next(row for row in rows if row["amount"])["amount"] += 1


def other_deal(rows: list[dict[str, Any]]) -> None:
    next(row for row in rows if row["deal_id"])["deal_id"] = "deal-000000000000"


BREAKS: list[tuple[str, Callable[[Path], Any], str, str, str]] = [
    ("table cut off", lambda d: _cut(d / "claims.parquet"), "files", "claims", "cannot be read"),
    ("table missing", lambda d: (d / "mentions.parquet").unlink(), "files", "mentions", "is missing"),
    ("column missing", lambda d: _without(d, "entities", "aliases"), "files", "entities", "lacks the columns aliases"),
    ("file cut off", lambda d: _cut(d / "report.json", 1), "files", "report.json", "was published with"),
    ("no JSON", lambda d: _cut(d / "report.json", 9), "files", "report.json", "is damaged"),
    ("settings", lambda d: (d / "settings.json").write_text("{}"), "files", "settings.json", "is damaged"),
    ("decisions", lambda d: (d / "decisions.csv").write_text("what\n"), "files", "decisions.csv", "line 1"),
    ("unknown type", set_value("entities", "type", "Firm"), "values", "entities", "'Firm'"),
    ("confidence", set_value("mentions", "confidence", 1.5), "values", "mentions", "from 0 to 1"),
    ("date", set_value("documents", "date", "2025-13-01"), "values", "documents", "a date"),
    ("id twice", lambda d: edit(d, "mentions", repeat_first), "ids", "mentions", "2 rows"),
    ("document gone", lambda d: edit(d, "documents", drop_first), "references", "mentions", "is not in documents"),
    ("document gone", lambda d: edit(d, "documents", drop_first), "references", "sections", "is not in documents"),
    ("entity gone", lambda d: edit(d, "entities", drop_first), "references", "mention_entities", "not in entities"),
    ("head gone", set_value("relations", "head", "e-1"), "references", "relations", "e-1 is not in entities"),
    ("best claim gone", set_value("relations", "best_claim", "c"), "references", "relations", "not in claims"),
    ("identity", set_value("identities", "entity_id", "e-1"), "references", "identities", "e-1"),
    ("former id", set_value("entities", "former_ids", ["a", "a"]), "ids", "entities", "former id"),
    ("no entity", lambda d: edit(d, "mention_entities", drop_first), "orphans", "mentions", "no entity"),
    ("text", set_value("documents", "text", lambda t: "一" + t), "offsets", "documents", "content_hash"),
    ("offset", set_value("mentions", "start", lambda n: n + 1), "offsets", "mentions", "where"),
    ("section", set_value("sections", "end", 1_000_000), "offsets", "sections", "outside its document"),
    ("claim span", set_value("claims", "end", 1_000_000), "offsets", "claims", "sentence"),
    ("context", lambda d: edit(d, "claims", shift_context), "offsets", "claims", "context"),
    ("claim's name", lambda d: edit(d, "claims", give_foreign_mention), "offsets", "claims", "another document"),
    ("schema", set_value("relations", "type", "DEVELOPS"), "schema", "relations", "DEVELOPS"),
    ("symmetry", lambda d: edit(d, "relations", swap_symmetric), "schema", "relations", "symmetric"),
    ("mentions counted", set_value("entities", "mentions", 99), "entities", "entities", "mentions is 99"),
    ("documents counted", set_value("entities", "documents", 99), "entities", "entities", "documents is 99"),
    ("aliases", set_value("entities", "aliases", ["无"]), "entities", "entities", "aliases is ['无']"),
    ("claims counted", set_value("relations", "claims", 99), "relations", "relations", "claims is 99"),
    ("sum", lambda d: edit(d, "relations", first_amount), "relations", "relations", "amount is"),
    ("status", set_value("relations", "status", "denied"), "relations", "relations", "status is 'denied'"),
    ("deal", lambda d: edit(d, "claims", other_deal), "claims", "claims", "deal_id is"),
    ("relation gone", lambda d: edit(d, "relations", drop_first), "relations", "relations", "is missing"),
    ("rejection forgotten", lambda d: edit(d, "dropped", list.clear), "relations", "relations", "claims is 1"),
    ("first seen", lambda d: (d / "first_seen.json").write_text("{}"), "report", "first_seen.json", "first read"),
    ("report", lambda d: _recount(d), "report", "report.json", "says 99"),
    ("store gone", lambda d: (d / "graph.lbug").unlink(), "store", "graph.lbug", "cannot be read"),
    ("store cut off", lambda d: _cut(d / "graph.lbug", 2_900_000), "store", "graph.lbug", "cannot be read"),
]  # fmt: skip


def _cut(path: Path, by: int = 200) -> None:
    path.write_bytes(path.read_bytes()[:-by])


def _without(folder: Path, name: str, column: str) -> None:
    path = folder / f"{name}.parquet"
    pq.write_table(pq.read_table(path).drop_columns(column), path)


def _recount(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text())
    (folder / "report.json").write_text(json.dumps({**report, "documents": 99}))


@pytest.mark.parametrize(("_what", "damage", "rule", "where", "said"), BREAKS, ids=[b[0] for b in BREAKS])
def test_what_is_broken_is_named(
    build: Path, _what: str, damage: Callable[[Path], Any], rule: str, where: str, said: str
) -> None:
    damage(build)
    problems = check(build).problems
    assert any(said in p.sentence and (p.rule, p.where) == (rule, where) for p in problems), problems


def test_the_embedded_store_is_compared_element_by_element(build: Path) -> None:
    database = ladybug.Database(build / layout.STORE)
    connection = ladybug.Connection(database)
    connection.execute("MATCH (d:Document) WHERE d.title CONTAINS '马斯克' SET d.title = '别的'")
    connection.execute("CREATE (:Entity {id: 'e-stale', name: '旧'})")
    connection.execute("MATCH ()-[r:STATED_IN]->() DELETE r")
    connection.close()
    database.close()
    sentences = {(p.where, p.sentence.partition(" ")[0]) for p in check(build).problems if p.rule == "store"}
    assert ("Document", "title") in sentences
    assert ("Entity", "is") in sentences, "an element too many"
    assert ("STATED_IN", "is") in sentences, "relationships too few"


def test_the_command_ends_with_1_and_names_table_id_and_reason(build: Path) -> None:
    set_value("entities", "mentions", 99)(build)
    done = kg("check", build)
    assert done.returncode == 1
    assert "mentions is 99" in done.stdout
    said = json.loads(kg("check", build, "--json").stdout)
    problem = next(p for p in said["problems"] if p["where"] == "entities")
    assert problem["id"] in set(open_graph(build).entities["entity_id"])
    assert "kg build" in refuses("check", build / "absent")


@pytest.mark.neo4j
def test_a_neo4j_database_is_compared_property_by_property(whole: Path, empty_neo4j: Connection) -> None:
    assert "missing" in check(whole, empty_neo4j).problems[0].sentence
    neo4j.load(whole, empty_neo4j)
    neo4j.query(empty_neo4j, "CREATE (:Document {id: 'somebody else'})", write=True)
    assert check(whole, empty_neo4j).problems == []
    neo4j.query(empty_neo4j, "MATCH (e:Entity) WITH e LIMIT 1 SET e.name = '别的'", write=True)
    neo4j.query(empty_neo4j, "MATCH (c:Claim) WITH c LIMIT 1 DETACH DELETE c", write=True)
    problems = check(whole, empty_neo4j).problems
    assert any(p.where == "Entity" and "name is '别的'" in p.sentence for p in problems)
    assert any(p.where == "Claim" and "not in the store" in p.sentence for p in problems)
    assert {p.rule for p in problems} == {"neo4j"}
