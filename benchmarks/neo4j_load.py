"""How fast a build is loaded into Neo4j: kg's loader against a plain UNWIND loader and a naive one, in one run.

    python benchmarks/neo4j_load.py --entities 100000 --facts 500000

Starts a server of its own (or takes --uri with NEO4J_PASSWORD), empties it before each loader, gives every loader
the same constraints, and prints elements a second. The naive loader writes a sample of `--naive` facts.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import neo4j as driver_package

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import neo4j_server  # noqa: E402
import synthetic_tables  # noqa: E402

from kg.stores import java, neo4j, server  # noqa: E402
from kg.stores.connection import Connection  # noqa: E402
from kg.stores.elements import Elements, prepare  # noqa: E402
from kg.stores.model import RELATION_KINDS  # noqa: E402

_BATCH = 1_000


def main() -> None:
    """Run the loaders that were asked for and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entities", type=int, default=100_000)
    parser.add_argument("--facts", type=int, default=500_000, help="claims, and as many relations")
    parser.add_argument("--naive", type=int, default=2_000, help="facts that the naive loader writes")
    parser.add_argument("--version", default=java.LONG_TERM_SUPPORT)
    parser.add_argument("--heap", default="512m")
    parser.add_argument("--uri")
    parser.add_argument("--loaders", default="kg,unwind,naive")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-benchmark-") as name:
        folder = Path(name)
        tables = synthetic_tables.write(folder / "tables", options.entities, options.facts)
        sample = synthetic_tables.write(folder / "sample", max(10, options.naive // 5), options.naive)
        if options.uri:
            target = Connection(options.uri, "neo4j", os.environ["NEO4J_PASSWORD"])
        else:
            running = server.up(folder / "server", options.version, options.heap, print)
            neo4j_server.watch(running.pid)
            target = neo4j_server.connect(running)
        loaders: dict[str, tuple[Path, Callable[[Path, Connection], Any]]] = {
            "kg": (tables, neo4j.load),
            "unwind": (tables, load_with_unwind),
            "naive": (sample, load_naively),
        }
        for _, load in loaders.values():
            # A server that has just started is slow; every loader warms it up with its own statements.
            neo4j_server.wipe(target)
            neo4j.create_schema(target)
            load(sample, target)
        print(f"{'loader':<8} {'elements':>10} {'seconds':>8} {'elements/s':>11} {'memory':>8}", flush=True)
        rates = {}
        for loader in options.loaders.split(","):
            source, load = loaders[loader]
            neo4j_server.wipe(target)
            neo4j.create_schema(target)
            started = time.perf_counter()
            load(source, target)
            seconds = time.perf_counter() - started
            rates[loader] = _report(loader, _count(target), seconds)
            if loader == "kg":
                started = time.perf_counter()
                load(source, target)
                _report("kg again", _count(target), time.perf_counter() - started)
        for other in ("unwind", "naive"):
            if "kg" in rates and other in rates:
                print(f"kg is {rates['kg'] / rates[other]:.1f} times as fast as {other}")
        if not options.uri:
            server.down(folder / "server")


def _report(loader: str, elements: int, seconds: float) -> float:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{loader:<8} {elements:>10,} {seconds:>8.1f} {elements / seconds:>11,.0f} {memory:>5} MB", flush=True
    )
    return elements / seconds


def _count(target: Connection) -> int:
    nodes = neo4j.query(target, "MATCH (n) RETURN count(n)")[1][0][0]
    relationships = neo4j.query(target, "MATCH ()-[r]->() RETURN count(r)")[1][0][0]
    return int(nodes + relationships)


def load_with_unwind(tables: Path, target: Connection) -> None:
    """What most loaders do: UNWIND maps, MERGE nodes, then MATCH both ends and CREATE, one kind after the other."""

    def write(session: driver_package.Session, cypher: str, rows: Iterator[list[dict[str, Any]]]) -> None:
        for batch in rows:
            session.execute_write(lambda tx, batch=batch: tx.run(cypher, rows=batch).consume())

    _load_plainly(tables, target, write)


def load_naively(tables: Path, target: Connection) -> None:
    """One statement and one transaction a row."""

    def write(session: driver_package.Session, cypher: str, rows: Iterator[list[dict[str, Any]]]) -> None:
        for batch in rows:
            for row in batch:
                session.run(cypher, rows=[row]).consume()

    _load_plainly(tables, target, write)


Write = Callable[[driver_package.Session, str, Iterator[list[dict[str, Any]]]], None]


def _load_plainly(tables: Path, target: Connection, write: Write) -> None:
    with tempfile.TemporaryDirectory() as name:
        elements = prepare(tables, Path(name))
        assert target.password
        with (
            driver_package.GraphDatabase.driver(target.uri, auth=(target.user, target.password)) as driver,
            driver.session() as session,
        ):
            for label in ("Entity", "Document", "Claim"):
                drop = ("head", "tail", "document")
                rows = _maps(elements, label, drop)
                write(session, f"UNWIND $rows AS row MERGE (n:{label} {{id: row.id}}) SET n += row", rows)
            for kind, end, label in (
                ("HEAD", "head", "Entity"),
                ("TAIL", "tail", "Entity"),
                ("STATED_IN", "document", "Document"),
            ):
                cypher = (
                    f"UNWIND $rows AS row MATCH (a:Claim {{id: row.id}}) MATCH (b:{label} {{id: row.{end}}})"
                    f" CREATE (a)-[:{kind}]->(b)"
                )
                write(session, cypher, _columns(elements, "Claim", ["id", end]))
            for kind in (*RELATION_KINDS, "MENTIONED_IN"):
                label = "Document" if kind == "MENTIONED_IN" else "Entity"
                cypher = (
                    "UNWIND $rows AS row MATCH (a:Entity {id: row.start})"
                    f" MATCH (b:{label} {{id: row.end}}) CREATE (a)-[r:{kind}]->(b) SET r += row.properties"
                )
                write(session, cypher, _with_properties(elements, kind))


def _maps(elements: Elements, kind: str, drop: tuple[str, ...]) -> Iterator[list[dict[str, Any]]]:
    for batch in elements.batches(kind, _BATCH):
        yield [{k: v for k, v in row.items() if k not in drop} for row in batch]


def _columns(elements: Elements, kind: str, names: list[str]) -> Iterator[list[dict[str, Any]]]:
    for batch in elements.batches(kind, _BATCH):
        yield [{name: row[name] for name in names} for row in batch]


def _with_properties(elements: Elements, kind: str) -> Iterator[list[dict[str, Any]]]:
    for batch in elements.batches(kind, _BATCH):
        yield [
            {
                "start": row["start"],
                "end": row["end"],
                "properties": {k: v for k, v in row.items() if k not in ("start", "end")},
            }
            for row in batch
        ]


if __name__ == "__main__":
    main()
