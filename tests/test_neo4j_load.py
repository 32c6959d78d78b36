"""Loading into a real Neo4j server: whole, incremental, safe for what is not ours, and atomic when killed."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import example_tables
import neo4j_server
import pytest
import synthetic_tables

from kg.errors import KgError
from kg.schema import EntityType, RelationType
from kg.stores import neo4j, offline, server
from kg.stores.connection import Connection
from kg.stores.queries import cypher_folder
from kg.stores.statements import schema

pytestmark = pytest.mark.neo4j


def ask(target: Connection, cypher: str, **parameters: Any) -> list[list[Any]]:
    return neo4j.query(target, cypher, parameters)[1]


def run(target: Connection, cypher: str, **parameters: Any) -> list[list[Any]]:
    return neo4j.query(target, cypher, parameters, write=True)[1]


def contents(target: Connection) -> list[list[Any]]:
    """Everything there is: nodes with labels and properties, relationships with ends; order and Build aside."""
    nodes = ask(target, "MATCH (n) WHERE NOT n:Build RETURN labels(n), properties(n)")
    edges = ask(
        target,
        "MATCH (s)-[r]->(e) RETURN type(r), s.id, e.id, properties(r)",
    )
    return sorted(([_sorted(row) for row in nodes + edges]), key=str)


def _sorted(row: list[Any]) -> list[Any]:
    return [
        sorted(value)
        if isinstance(value, list)
        else sorted(value.items())
        if isinstance(value, dict)
        else value
        for value in row
    ]


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return example_tables.write(tmp_path / "example")


def test_a_build_is_loaded_whole_and_loading_it_again_changes_nothing(
    empty_neo4j: Connection, example: Path
) -> None:
    report = neo4j.load(example, empty_neo4j)
    tables = example_tables.build()
    assert report.in_one_transaction and report.changed == report.removed == report.unchanged == 0
    for entity_type in EntityType:
        expected = sum(row.type is entity_type for row in tables["entities"])
        assert ask(empty_neo4j, f"MATCH (e:Entity:{entity_type}) RETURN count(e)") == [[expected]]
    for relation in RelationType:
        expected = sum(row.type is relation for row in tables["relations"])
        assert ask(empty_neo4j, f"MATCH (:Entity)-[r:{relation}]->(:Entity) RETURN count(r)") == [[expected]]
    for kind in ("HEAD", "TAIL", "STATED_IN"):
        assert ask(empty_neo4j, f"MATCH (:Claim)-[r:{kind}]->() RETURN count(r)") == [[len(tables["claims"])]]
    [[state, counted]] = ask(empty_neo4j, "MATCH (b:Build) RETURN b.state, b.claim")
    assert (state, counted) == ("complete", len(tables["claims"]))
    [[unmarked]] = ask(empty_neo4j, "MATCH (n) WHERE n.kg_hash IS NULL RETURN count(n)")
    unmarked_relations = "MATCH (:Entity)-[r]->() WHERE r.kg_hash IS NULL RETURN count(r)"
    [[untied]] = ask(empty_neo4j, unmarked_relations)
    assert (unmarked, untied) == (0, 0)

    before = contents(empty_neo4j)
    [[finished]] = ask(empty_neo4j, "MATCH (b:Build) RETURN b.finished")
    again = neo4j.load(example, empty_neo4j)
    assert (again.created, again.changed, again.removed) == (0, 0, 0)
    assert again.unchanged == report.created
    assert contents(empty_neo4j) == before
    assert ask(empty_neo4j, "MATCH (b:Build) RETURN b.finished") == [[finished]]


def test_the_schema_is_made_and_is_what_the_file_says(bare_neo4j: Connection, example: Path) -> None:
    neo4j.load(example, bare_neo4j)
    unique = ask(bare_neo4j, "SHOW CONSTRAINTS YIELD labelsOrTypes, properties, type RETURN *")
    assert {row[0][0] for row in unique} == {"Entity", "Claim", "Document", "Build", *RelationType}
    assert all("UNIQUENESS" in row[2] and row[1] == ["id"] for row in unique)
    assert ask(bare_neo4j, "SHOW INDEXES YIELD state WHERE state <> 'ONLINE' RETURN count(*)") == [[0]]
    found = ask(
        bare_neo4j, "CALL db.index.fulltext.queryNodes('entity_names', '智谱') YIELD node RETURN node.id"
    )
    assert found == [["zhipu"]]


def test_the_schema_file_agrees_with_the_model() -> None:
    lines = (cypher_folder() / "schema.cypher").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("//")] == [
        f"{statement};" for statement in schema()
    ]


@pytest.mark.parametrize("limit", [10**6, 0], ids=["in one transaction", "in batches"])
def test_only_what_changed_is_written(
    empty_neo4j: Connection, tmp_path: Path, example: Path, limit: int
) -> None:
    neo4j.load(example, empty_neo4j, limit=limit)
    before = contents(empty_neo4j)
    rows = example_tables.build(leave_out=["people.txt", "huafa.md"])
    fewer = example_tables.write_rows(tmp_path / "fewer", rows)
    report = neo4j.load(fewer, empty_neo4j, limit=limit)
    assert report.in_one_transaction == (limit > 0)
    gone = {
        key: len(example_tables.build()[key]) - len(rows[key]) for key in ("documents", "claims", "entities")
    }
    assert all(gone.values())
    for label, table in (("Document", "documents"), ("Claim", "claims"), ("Entity", "entities")):
        assert ask(empty_neo4j, f"MATCH (n:{label}) RETURN count(n)") == [[len(rows[table])]]
    assert report.removed > sum(gone.values()) and report.created == 0 and report.changed < 20

    # Some claims less, and the same facts again: everything is as it was.
    report = neo4j.load(example, empty_neo4j, limit=limit)
    assert report.removed == 0 and report.created > 0
    assert contents(empty_neo4j) == before


def test_the_last_load_is_remembered_only_while_it_is_the_last(
    empty_neo4j: Connection, tmp_path: Path
) -> None:
    """The same folder is loaded again and again, as a build folder is; every load gives what a fresh one gives."""
    everything = example_tables.build()
    fewer = example_tables.build(leave_out=["people.txt", "huafa.md"])
    folder, other = tmp_path / "build", tmp_path / "other"

    def loaded(tables: dict[str, list[Any]]) -> neo4j.LoadReport:
        return neo4j.load(example_tables.write_rows(folder, tables), empty_neo4j)

    changes, contents_of = [], []
    for tables in (everything, fewer, everything, everything):
        report = loaded(tables)
        changes.append((report.created > 0, report.removed > 0))
        contents_of.append(contents(empty_neo4j))
    assert changes == [(True, False), (False, True), (True, False), (False, False)]
    assert contents_of[0] == contents_of[2] == contents_of[3] != contents_of[1]
    # Another folder loads something else in between.
    neo4j.load(example_tables.write_rows(other, fewer), empty_neo4j)
    assert contents(empty_neo4j) == contents_of[1]
    assert loaded(everything).created and contents(empty_neo4j) == contents_of[0]
    # Somebody puts a relation of their own in the place of one of ours: the totals are right, ours comes back.
    run(
        empty_neo4j,
        "MATCH (a:Entity {id: 'huafa'})-[r:INVESTS_IN]->(b) DELETE r CREATE (a)-[:INVESTS_IN]->(b)",
    )
    loaded(everything)
    run(empty_neo4j, "MATCH ()-[r:INVESTS_IN]->() WHERE r.kg_hash IS NULL DELETE r")
    assert contents(empty_neo4j) == contents_of[0]
    # The database is emptied behind our back.
    neo4j_server.wipe(empty_neo4j)
    assert loaded(fewer).created and contents(empty_neo4j) == contents_of[1]


def test_every_kind_of_change_arrives(empty_neo4j: Connection, tmp_path: Path, example: Path) -> None:
    neo4j.load(example, empty_neo4j)
    tables = example_tables.build()
    entities, claims, relations = tables["entities"], tables["claims"], tables["relations"]
    entities[0] = dataclasses.replace(entities[0], name="智谱华章", aliases=(), type=EntityType.ORGANIZATION)
    claims[0] = dataclasses.replace(claims[0], amount=None, amount_text=None, currency=None, status="planned")
    # A merged entity: the relation keeps its key and gets another end.
    moved = next(i for i, row in enumerate(relations) if row.type is RelationType.USES)
    relations[moved] = dataclasses.replace(relations[moved], head="openai")
    # With the copy of the last load, and without it, the same is changed.
    neo4j.load(example_tables.write_rows(example, tables), empty_neo4j)
    neo4j.load(example_tables.write_rows(tmp_path / "changed", tables), empty_neo4j)
    [[labels, aliases, name]] = ask(
        empty_neo4j, "MATCH (e:Entity {id: 'zhipu'}) RETURN labels(e), e.aliases, e.name"
    )
    assert (sorted(labels), aliases, name) == (["Entity", "Organization"], None, "智谱华章")
    claim = "MATCH (c:Claim {id: $id})-[r]->() RETURN c.amount, c.status, count(r)"
    assert ask(empty_neo4j, claim, id=claims[0].claim_id) == [[None, "planned", 3]]
    ends = "MATCH (a)-[r:USES {id: $id}]->(b) RETURN a.id, b.id"
    assert ask(empty_neo4j, ends, id=relations[moved].relation_id) == [["openai", relations[moved].tail]]
    # And the fresh load of the same tables gives the same graph.
    changed = contents(empty_neo4j)
    neo4j_server.wipe(empty_neo4j)
    neo4j.load(tmp_path / "changed", empty_neo4j)
    assert contents(empty_neo4j) == changed


def test_what_is_not_ours_is_never_touched(empty_neo4j: Connection, tmp_path: Path, example: Path) -> None:
    run(
        empty_neo4j,
        "CREATE (:Company {name: '别人的公司'})-[:INVESTS_IN {id: 'x'}]->(:Entity {id: 'theirs'})",
    )
    run(empty_neo4j, "CREATE (:Claim {id: 'their claim'})-[:HEAD]->(:Note {text: '备注'})")
    neo4j.load(example, empty_neo4j)
    run(
        empty_neo4j,
        "MATCH (e:Entity {id: 'huafa'}) SET e.rating = 5, e:Favourite"
        " CREATE (:Note {text: '看好'})-[:ABOUT {since: 2025}]->(e)",
    )
    rows = example_tables.build(leave_out=["huafa.md"])
    neo4j.load(example_tables.write_rows(tmp_path / "fewer", rows), empty_neo4j)
    theirs = "MATCH (:Company {name: '别人的公司'})-[r:INVESTS_IN {id: 'x'}]->(:Entity {id: 'theirs'}) RETURN count(r)"
    assert ask(empty_neo4j, theirs) == [[1]]
    assert ask(empty_neo4j, "MATCH (:Claim {id: 'their claim'})-[r:HEAD]->(:Note) RETURN count(r)") == [[1]]
    # The stale node to which a note is tied stays, but is no longer one of our entities.
    [[labels, rating]] = ask(
        empty_neo4j, "MATCH (:Note {text: '看好'})-[:ABOUT]->(n) RETURN labels(n), n.rating"
    )
    assert (sorted(labels), rating) == (["Favourite", "Former"], 5)
    # It comes back as a new node; the note keeps the former one.
    neo4j.load(example, empty_neo4j)
    assert ask(empty_neo4j, "MATCH (e:Entity:Company {id: 'huafa'}) RETURN e.rating") == [[None]]


def test_additions_to_our_nodes_survive_a_change(
    empty_neo4j: Connection, tmp_path: Path, example: Path
) -> None:
    neo4j.load(example, empty_neo4j)
    run(empty_neo4j, "MATCH (e:Entity {id: 'zhipu'}) SET e.rating = 5, e:Favourite")
    tables = example_tables.build()
    tables["entities"][0] = dataclasses.replace(tables["entities"][0], name="智谱AI")
    neo4j.load(example_tables.write_rows(tmp_path / "changed", tables), empty_neo4j)
    [[labels, rating, name]] = ask(empty_neo4j, "MATCH (e {id: 'zhipu'}) RETURN labels(e), e.rating, e.name")
    assert (sorted(labels), rating, name) == (["Company", "Entity", "Favourite"], 5, "智谱AI")


def test_a_key_that_somebody_else_uses_stops_the_load(empty_neo4j: Connection, example: Path) -> None:
    run(empty_neo4j, "CREATE (:Entity {id: 'zhipu', name: '别人的'})")
    with pytest.raises(KgError, match=r"not ours under one of our keys.*as it was before"):
        neo4j.load(example, empty_neo4j)
    assert ask(empty_neo4j, "MATCH (n) RETURN count(n), collect(n.name)") == [[1, ["别人的"]]]


def test_data_that_our_constraints_forbid_stop_the_load(bare_neo4j: Connection, example: Path) -> None:
    run(bare_neo4j, "UNWIND [1, 2] AS i CREATE (:Document {id: 'same'})")
    with pytest.raises(KgError, match="unique keys do not allow"):
        neo4j.load(example, bare_neo4j)


def test_damage_is_found_by_the_counts_and_repaired(empty_neo4j: Connection, example: Path) -> None:
    neo4j.load(example, empty_neo4j)
    before = contents(empty_neo4j)
    run(empty_neo4j, "MATCH (:Claim)-[r:HEAD]->(:Entity {id: 'zhipu'}) DELETE r")
    run(empty_neo4j, "MATCH (:Entity {id: 'huafa'})-[r:INVESTS_IN]->() DELETE r")
    neo4j.load(example, empty_neo4j)
    assert contents(empty_neo4j) == before


NASTY = [
    "a'}) DETACH DELETE n //",
    '"}) MATCH (n) DETACH DELETE n //',
    "`) SET n:`Admin",
    "line\nbreak\r\n\ttab",
    "零\u200b宽\ufeff",
    "\u202eoppo\u202c 双向",
    "\\u0027}) RETURN 1 //",
    "$rows", "{}", "𠮷野家",
]  # fmt: skip


def test_names_are_values_only(empty_neo4j: Connection, tmp_path: Path) -> None:
    tables = example_tables.build()
    for i, name in enumerate(NASTY):
        tables["entities"][i] = dataclasses.replace(tables["entities"][i], name=name, aliases=(name,))
        tables["claims"][i] = dataclasses.replace(tables["claims"][i], role=name, deal_id=name)
        tables["documents"][i] = dataclasses.replace(tables["documents"][i], title=name)
    neo4j.load(example_tables.write_rows(tmp_path, tables), empty_neo4j)
    for i, name in enumerate(NASTY):
        key = tables["entities"][i].entity_id
        assert ask(empty_neo4j, "MATCH (e:Entity {id: $id}) RETURN e.name, e.aliases", id=key) == [
            [name, [name]]
        ]
        assert ask(empty_neo4j, "MATCH (e:Entity {name: $name}) RETURN e.id", name=name) == [[key]]
        title = "MATCH (d:Document {id: $id}) RETURN d.title"
        assert ask(empty_neo4j, title, id=tables["documents"][i].doc_id) == [[name]]
    assert ask(empty_neo4j, "MATCH (n:Admin) RETURN count(n)") == [[0]]


def test_two_loads_at_once_come_one_after_the_other(
    empty_neo4j: Connection, tmp_path: Path, example: Path
) -> None:
    rows = example_tables.build(leave_out=["huafa.md"])
    fewer = example_tables.write_rows(tmp_path / "fewer", rows)
    neo4j.load(example, empty_neo4j)
    one = contents(empty_neo4j)
    neo4j.load(fewer, empty_neo4j)
    other = contents(empty_neo4j)
    errors: list[BaseException] = []

    def load(tables: Path) -> None:
        try:
            neo4j.load(tables, empty_neo4j)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=load, args=(tables,)) for tables in (example, fewer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert contents(empty_neo4j) in (one, other)


_LOAD = """
import sys
from pathlib import Path
from kg.stores.connection import Connection
from kg.stores.neo4j import load

class Loud:
    def stage(self, name, total, unit):
        print(name, flush=True)
    def advance(self, count):
        print(count, flush=True)

uri, password, tables = sys.argv[1:]
import kg.stores.loader as loader
loader.BATCH = 100
load(Path(tables), Connection(uri, "neo4j", password), Loud())
print("loaded", flush=True)
"""


def loading(target: Connection, tables: Path) -> subprocess.Popen[str]:
    assert target.password
    return subprocess.Popen(
        [sys.executable, "-c", _LOAD, target.uri, target.password, str(tables)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_line(process: subprocess.Popen[str], number: int) -> str:
    """Wait until the load has told of `number` steps, or has ended; the last line read."""
    assert process.stdout is not None
    line = ""
    for _ in range(number):
        following = process.stdout.readline()
        if not following:
            break
        line = following.strip()
    return line


def kill_points(target: Connection, tables: Path, count: int) -> list[int]:
    """Load once, counting what it tells of (prepare, load, one line a batch); points spread over all of it."""
    process = loading(target, tables)
    said, errors = process.communicate()
    assert process.returncode == 0, errors
    steps = len(said.splitlines())
    return [2 + i * (steps - 2) // count for i in range(count)]


def kill_clients(target: Connection, tmp_path: Path, kills: int) -> None:
    """Kill -9 the loading process at points spread over the load; the old build must be whole every time."""
    old = synthetic_tables.write(tmp_path / "old", 200, 1000)
    new = synthetic_tables.write(tmp_path / "new", 250, 1500, seed=2)
    neo4j.load(old, target)
    before = contents(target)
    points = kill_points(target, new, kills)
    after = contents(target)
    assert before != after
    neo4j.load(old, target)
    survived = []
    for number in points:
        process = loading(target, new)
        said = wait_for_line(process, number)
        process.kill()
        process.wait()
        wait_until_idle(target)
        found = contents(target)
        survived.append((number, said, "old" if found == before else "new" if found == after else "HALF"))
        print("client killed", *survived[-1])
        assert found in (before, after), survived
        if found == after:
            neo4j.load(old, target)
    assert sum(state == "old" for _, _, state in survived) >= kills // 2, survived
    neo4j.load(new, target)
    assert contents(target) == after


def wait_until_idle(target: Connection) -> None:
    """Until the server has noticed that a client is gone."""
    for _ in range(100):
        if ask(target, "SHOW TRANSACTIONS YIELD currentQuery RETURN count(*)") <= [[1]]:
            return
        time.sleep(0.1)
    raise AssertionError("a transaction of a killed client is still open")


def kill_servers(target: Connection, home: Path, tmp_path: Path, kills: int) -> None:
    """Kill -9 the server at points spread over the load; after its restart the old build must be whole."""
    old = synthetic_tables.write(tmp_path / "old", 200, 1000)
    new = synthetic_tables.write(tmp_path / "new", 250, 1500, seed=2)
    points = kill_points(target, new, kills)
    after = contents(target)
    neo4j.load(old, target)
    before = contents(target)
    for number in points:
        process = loading(target, new)
        said = wait_for_line(process, number)
        running = server.status(home)
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        _, errors = process.communicate(timeout=120)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(running.pid, 0)
        again = server.up(home)
        neo4j_server.watch(again.pid)
        assert again.uri == target.uri
        found = contents(target)
        print(
            "server killed", number, said, "old" if found == before else "new" if found == after else "HALF"
        )
        assert found in (before, after)
        if process.returncode:
            assert "KgError" in errors, errors
        neo4j.load(old, target)
    neo4j.load(new, target)
    assert contents(target) == after


def test_a_killed_client_leaves_the_old_build(empty_neo4j: Connection, tmp_path: Path) -> None:
    kill_clients(empty_neo4j, tmp_path, 3)


def test_a_killed_server_leaves_the_old_build(
    empty_neo4j: Connection, running_neo4j: server.Server, tmp_path: Path
) -> None:
    kill_servers(empty_neo4j, running_neo4j.home, tmp_path, 1)


@pytest.mark.campaign
def test_clients_killed_at_twenty_points(empty_neo4j: Connection, tmp_path: Path) -> None:
    kill_clients(empty_neo4j, tmp_path, 20)


@pytest.mark.campaign
def test_servers_killed_at_ten_points(
    empty_neo4j: Connection, running_neo4j: server.Server, tmp_path: Path
) -> None:
    kill_servers(empty_neo4j, running_neo4j.home, tmp_path, 10)


def test_a_load_in_batches_goes_on_where_it_was_killed(empty_neo4j: Connection, tmp_path: Path) -> None:
    tables = synthetic_tables.write(tmp_path, 200, 1000)
    process = loading_in_batches(empty_neo4j, tables)
    wait_for_line(process, 12)
    process.kill()
    process.wait()
    wait_until_idle(empty_neo4j)
    assert ask(empty_neo4j, "MATCH (b:Build) RETURN b.state") == [["loading"]]
    report = neo4j.load(tables, empty_neo4j)
    assert report.unchanged >= 500
    assert ask(empty_neo4j, "MATCH (b:Build) RETURN b.state") == [["complete"]]
    assert ask(empty_neo4j, "MATCH (c:Claim) RETURN count(c)") == [[1000]]


def loading_in_batches(target: Connection, tables: Path) -> subprocess.Popen[str]:
    assert target.password
    text = _LOAD.replace("Loud())", "Loud(), limit=0)")
    return subprocess.Popen(
        [sys.executable, "-c", text, target.uri, target.password, str(tables)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_readers_never_see_a_morning_half_loaded(
    empty_neo4j: Connection, tmp_path: Path, example: Path
) -> None:
    """While a morning's changes are loaded again and again, every count that is read is of one build or the other."""
    rows = example_tables.build(leave_out=["people.txt", "huafa.md"])
    fewer = example_tables.write_rows(tmp_path / "fewer", rows)
    states = set()
    for tables in (example, fewer):
        neo4j.load(tables, empty_neo4j)
        states.add(_seen(empty_neo4j))
    assert len(states) == 2
    stop = threading.Event()

    def load() -> None:
        for _ in range(2):
            neo4j.load(example, empty_neo4j)
            neo4j.load(fewer, empty_neo4j)
        stop.set()

    loader = threading.Thread(target=load)
    loader.start()
    seen = []
    while not stop.is_set() and loader.is_alive():
        seen.append(_seen(empty_neo4j))
    loader.join()
    assert stop.is_set()
    assert len(seen) > 3
    assert set(seen) <= states


def _seen(target: Connection) -> tuple[Any, ...]:
    counts = " ".join(
        f"CALL () {{ MATCH (n:{label}) RETURN count(n) AS {label.lower()}s }}"
        for label in ("Entity", "Claim", "Document")
    )
    return tuple(ask(target, f"{counts} RETURN entitys, claims, documents")[0])


def test_an_offline_import_gives_the_same_graph(
    empty_neo4j: Connection, running_neo4j: server.Server, tmp_path: Path, example: Path
) -> None:
    """The real neo4j-admin import, beside the running server, then the exchange; a load finds nothing to do."""
    neo4j.load(example, empty_neo4j)
    before = contents(empty_neo4j)
    rows = example_tables.build(leave_out=["huafa.md"])
    neo4j.load(example_tables.write_rows(tmp_path / "fewer", rows), empty_neo4j)
    killed = running_neo4j.home / server.FOLLOWING_DATA
    killed.mkdir()  # as an import leaves it that is killed before the exchange
    report = offline.load(example, running(running_neo4j.home), limit=0)
    neo4j_server.watch(running(running_neo4j.home).pid)
    assert report.imported and str(report).startswith(f"{report.unchanged} imported")
    assert not killed.exists()
    assert contents(empty_neo4j) == before
    assert not offline.load(example, running(running_neo4j.home), limit=0).imported
    assert running(running_neo4j.home).heap == running_neo4j.heap


THEIRS = [
    "CREATE (:Note {text: '备注'})",
    "MATCH (e:Entity {id: 'zhipu'}) SET e.rating = 5",
    "MATCH (e:Entity {id: 'zhipu'}) SET e:Favourite",
    "MATCH (a:Entity {id: 'zhipu'}), (b:Entity {id: 'openai'}) CREATE (a)-[:KNOWS]->(b)",
    "MATCH (:Claim)-[r:HEAD]->() WITH r LIMIT 1 SET r.weight = 1",
    "CREATE INDEX theirs IF NOT EXISTS FOR (n:Note) ON (n.text)",
]


def test_what_is_not_ours_keeps_a_load_from_importing(
    empty_neo4j: Connection, running_neo4j: server.Server, tmp_path: Path, example: Path
) -> None:
    home = running_neo4j.home
    for theirs in THEIRS:
        neo4j_server.wipe(empty_neo4j)
        neo4j.load(example, empty_neo4j)
        assert offline.not_ours(running(home)) == ""
        run(empty_neo4j, theirs)
        assert offline.not_ours(running(home)).startswith("1 "), theirs
    run(empty_neo4j, THEIRS[1])
    with pytest.raises(KgError, match="1 indexes of somebody else, which an import would not keep"):
        offline.replace(example, home)
    run(empty_neo4j, "DROP INDEX theirs")
    rows = example_tables.build(leave_out=["huafa.md"])
    report = offline.load(example_tables.write_rows(tmp_path / "fewer", rows), running(home), limit=0)
    assert not report.imported and not report.in_one_transaction and report.removed
    assert ask(empty_neo4j, "MATCH (e:Entity {id: 'zhipu'}) RETURN e.rating") == [[5]]


def running(home: Path) -> server.Server:
    """The server of `home` as it runs now: another process than before, where it was started again."""
    found = server.status(home)
    assert found is not None
    return found
