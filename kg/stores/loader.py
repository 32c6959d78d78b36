"""Loading a build into Neo4j so that readers never see half of it.

The scheme, for one database of the Community Edition whose readers put no filter into their queries:

- What is stored is compared with the build first, by key and content hash, inside the transaction that will
  write, after taking a lock on the `(:Build)` node, so that two loads come one after the other. (Where the last
  load came from this build folder, its copy of what it wrote is compared instead: see `kg.stores.loaded`.)
- All changes up to `TRANSACTION_LIMIT` elements are made in one transaction, in which the counts are verified
  before it commits. A client or server killed at any moment leaves the previous build; the next load starts over.
  A morning's changes are a few thousand elements.
- Beyond the limit, or where the server's memory for transactions ends earlier, the loader says so first, marks
  `(:Build {state: 'loading'})`, and commits in batches: new elements first, stale ones last. What was committed
  is unchanged for the next load, which therefore goes on where this one ended. (Into a server of our own,
  `kg.stores.offline` imports beside the running database and exchanges the two instead.)

Two schemes were rejected. Labels that are flipped at the end: relationships cannot be hidden from
`MATCH ()-[r:INVESTS_IN]->()`, and the flip itself touches every node. A build number as a property: every query
would need the filter. Neo4j itself has no snapshot reads: a query that runs while a commit is being applied may
see part of it; that window is as short as the changes are few.

Elements without our mark are never changed or removed. Labels and properties that somebody added to a node of
ours stay; a stale node to which somebody tied a relationship loses our labels and mark and stays as `:Former`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.progress import Progress, Silent
from kg.stores import loaded, statements
from kg.stores.connection import Connection, opened
from kg.stores.elements import Elements, prepare
from kg.stores.model import NODES, RELATION_KINDS, RELATIONSHIPS
from kg.stores.plan import KINDS, Changes, Row, compare, picked, stored_hashes

if TYPE_CHECKING:
    import neo4j

#: Most elements that one transaction changes. A new element takes 4 kB of the server's heap before the commit, and
#: more during it: of a heap of 512 MB, 70 % may hold transactions, and 52,789 new elements did not fit.
TRANSACTION_LIMIT = 35_000
#: Rows a statement, and rows a transaction where a load is made in batches. The server spends 30 % more on a
#: claim in transactions of 5,000 of them, which outgrow its processor's caches.
BATCH = 2_000
#: Properties of the `(:Build)` node.
BUILD_PROPERTIES = ("id", "state", "kg_version", "started", "finished", *(label.lower() for label in NODES))


@dataclass(slots=True)
class LoadReport:
    """What a load did. Counts are of entities, documents, claims, relations and mentions; HEAD, TAIL and
    STATED_IN go with their claim. After an import (`imported`) all elements count as unchanged."""

    created: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    in_one_transaction: bool = True
    imported: bool = False
    seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        if self.imported:
            return (
                f"{self.unchanged:,} imported beside the running server and exchanged, {self.seconds:.1f} s"
            )
        how = "in one transaction" if self.in_one_transaction else "in batches"
        return (
            f"{self.created:,} created, {self.changed:,} changed, {self.removed:,} removed,"
            f" {self.unchanged:,} unchanged, {how}, {self.seconds:.1f} s"
        )


class TooLargeError(Exception):
    """The changes do not fit into one transaction, and batches were not allowed; nothing was changed."""


class _MismatchError(Exception):
    """The store does not hold the build's counts."""


@dataclass(slots=True)
class _Load:
    """A load under way."""

    driver: neo4j.Driver
    tables: Path
    target: Connection
    elements: Elements
    progress: Progress
    limit: int
    in_batches: bool = True
    report: LoadReport = field(default_factory=LoadReport)
    #: The moment at which the last load finished, by which that load is known; None while one is under way.
    finished: str | None = None
    #: Whether the database's elements were not read, and must be counted one by one.
    unread: bool = False

    def session(self) -> neo4j.Session:
        return self.driver.session(database=self.target.database)


def load(
    tables: Path,
    target: Connection,
    progress: Progress | None = None,
    limit: int = TRANSACTION_LIMIT,
    in_batches: bool = True,
) -> LoadReport:
    """Make the database hold the build whose Parquet tables lie in `tables`, and nothing else of ours.

    `limit` is the most elements that are changed in one transaction; beyond it the load is made in batches, or, if
    `in_batches` is false, TooLargeError is raised. Raises KgError where the tables are missing, the server cannot
    be reached or used, an element of somebody else has one of our keys, or the counts are wrong afterwards; the
    message says what state the graph is in and how to go on.
    """
    started = time.monotonic()
    progress = progress or Silent()
    with tempfile.TemporaryDirectory(prefix="kg-load-") as folder:
        progress.stage("prepare", 1, "build")
        elements = prepare(tables, Path(folder))
        progress.advance(1)
        with opened(target) as driver:
            run = _Load(driver, tables, target, elements, progress, limit, in_batches)
            _create_schema(run)
            try:
                _load(run)
            except (KgError, TooLargeError):
                raise
            except Exception as error:
                raise _explained(error, run) from error
            if run.finished and not loaded.find(tables, target, run.finished):
                loaded.keep(tables, target, run.finished, elements)
            run.report.seconds = time.monotonic() - started
            run.report.counts = dict(elements.counts)
            return run.report


def create_schema(target: Connection) -> None:
    """Make the constraints and indexes that are not there yet, and wait until they can be used."""
    with opened(target) as driver:
        _create_schema(_Load(driver, Path(), target, Elements(Path()), Silent(), 0))


def _create_schema(run: _Load) -> None:
    from neo4j.exceptions import Neo4jError

    with run.session() as session:
        there = {
            *session.run("SHOW CONSTRAINTS YIELD name").value(),
            *session.run("SHOW INDEXES YIELD name").value(),
        }
        for name, statement in statements.named_schema().items():
            if name in there:
                continue
            try:
                session.run(statement).consume()
            except Neo4jError as error:
                if "Creation" not in (error.code or ""):
                    raise
                raise KgError(
                    f"{run.target.uri} holds data of somebody else that our unique keys do not allow"
                    f" ({error.message}); load into another database."
                ) from error
        session.run("CALL db.awaitIndexes(600)").consume()


def _load(run: _Load) -> None:
    from neo4j.exceptions import Neo4jError

    try:
        with run.session() as session:
            try:
                session.execute_write(_in_one_transaction, run, False)
            except _MismatchError:
                session.execute_write(_in_one_transaction, run, True)
        return
    except TooLargeError:
        if not run.in_batches:
            raise
    except Neo4jError as error:
        if "MemoryPool" not in (error.code or ""):
            raise
        if not run.in_batches:
            raise TooLargeError from error
    _in_batches(run)


def _in_one_transaction(tx: neo4j.ManagedTransaction, run: _Load, rewrite: bool) -> None:
    run.report = LoadReport()
    # Setting a property takes the lock that orders loads; removing it again leaves nothing changed.
    tx.run("MERGE (b:Build {id: 'kg'}) SET b.locked = true REMOVE b.locked").consume()
    state, finished = tx.run("MATCH (b:Build {id: 'kg'}) RETURN b.state, toString(b.finished)").single(
        strict=True
    )
    run.finished = finished if state == "complete" else None
    plan = _plan(tx, run, rewrite)
    total = sum(map(len, plan))
    if total > run.limit:
        raise TooLargeError
    if total == 0 and run.finished:
        _verify(tx, run)
        return
    run.progress.stage("load", total, "elements")

    def write(texts: tuple[str, ...], rows: list[Any]) -> None:
        _run_all(tx, texts, rows)

    _apply(run, plan, write)
    _verify(tx, run)
    _set_state(tx, run, "complete")


def _in_batches(run: _Load) -> None:
    run.report = LoadReport(in_one_transaction=False)
    run.finished = None
    with run.session() as session:
        session.execute_write(_set_state, run, "loading")
        for rewrite in (False, True):
            plan = session.execute_read(_plan, run, rewrite)
            total = sum(map(len, plan))
            run.progress.stage("too many changes for one transaction: load in batches", total, "elements")

            def write(texts: tuple[str, ...], rows: list[Any]) -> None:
                session.execute_write(_run_all, texts, rows)

            _apply(run, plan, write)
            try:
                session.execute_read(_verify, run)
                break
            except _MismatchError:
                if rewrite:
                    raise
        session.execute_write(_set_state, run, "complete")


def _plan(tx: neo4j.ManagedTransaction, run: _Load, rewrite: bool) -> list[Changes]:
    report = LoadReport(in_one_transaction=run.report.in_one_transaction)
    before = loaded.find(run.tables, run.target, run.finished)
    plan = loaded.compare(before, run.elements) if before and not rewrite else None
    run.unread = plan is not None
    if plan is None:
        totals = _totals(tx)
        plan = []
        for kind in KINDS:
            found = tx.run(statements.stored(kind)) if totals[kind] else ()
            stored = stored_hashes(kind, (record.values() for record in found))
            plan.append(compare(run.elements, kind, stored, rewrite))
    for changes in plan:
        report.created += len(changes.created)
        report.changed += len(changes.changed)
        report.removed += len(changes.stale)
        report.unchanged += run.elements.counts[changes.kind] - len(changes.created) - len(changes.changed)
    run.report = report
    return plan


Write = Callable[[tuple[str, ...], list[Any]], None]


def _apply(run: _Load, plan: list[Changes], write: Write) -> None:
    """Make the changes: nodes before what joins them, new before stale."""
    by_kind = {changes.kind: changes for changes in plan}
    for kind in ("Document", "Entity", "Claim", *RELATION_KINDS, "MENTIONED_IN"):
        changes = by_kind[kind]
        for numbers, texts in ((changes.created, _create), (changes.changed, _change)):
            for rows in _ahead(picked(run.elements, kind, numbers, BATCH)):
                for entity_type, part in _by_type(kind, rows):
                    write(texts(kind, entity_type), part)
                run.progress.advance(len(rows))
    for kind in (*RELATION_KINDS, "MENTIONED_IN", "Claim", "Entity", "Document"):
        keys = by_kind[kind].stale
        for first in range(0, len(keys), BATCH):
            part = keys[first : first + BATCH]
            write(_delete(kind), [list(key) if isinstance(key, tuple) else key for key in part])
            run.progress.advance(len(part))


def _create(kind: str, entity_type: str | None) -> tuple[str, ...]:
    if kind == "Claim":
        return (statements.create_claim(),)
    if kind in NODES:
        return (statements.create_node(kind, entity_type),)
    return (statements.create_relationship(kind),)


def _change(kind: str, entity_type: str | None) -> tuple[str, ...]:
    if kind == "Claim":
        keys = statements.unlink_claims().replace("$rows AS key", "[row IN $rows | row[0]] AS key")
        return keys, statements.change_claim()
    if kind in NODES:
        return (statements.change_node(kind, entity_type),)
    change = statements.change_relationship(kind)
    return (statements.delete_moved(kind), change) if kind in RELATION_KINDS else (change,)


def _delete(kind: str) -> tuple[str, ...]:
    if kind in RELATIONSHIPS:
        return (statements.delete_relationship(kind),)
    unlink = (statements.unlink_claims(),) if kind == "Claim" else ()
    return (*unlink, statements.delete_node(kind), statements.let_go(kind))


def _by_type(kind: str, rows: list[Row]) -> Iterator[tuple[str | None, list[Row]]]:
    """Entities one type at a time: a label cannot be a parameter."""
    if kind != "Entity":
        yield None, rows
        return
    position = list(NODES["Entity"].properties).index("type")
    by_type: dict[str, list[Row]] = {}
    for row in rows:
        by_type.setdefault(row[position], []).append(row)
    yield from by_type.items()


def _ahead(batches: Iterator[list[Row]]) -> Iterator[list[Row]]:
    """The same batches, the next one read while the server works on this one."""
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(next, batches, None)
        while (batch := following.result()) is not None:
            following = pool.submit(next, batches, None)
            yield batch


def _totals(tx: neo4j.ManagedTransaction) -> dict[str, int]:
    return {record["kind"]: record["number"] for record in tx.run(statements.totals())}


def _verify(tx: neo4j.ManagedTransaction, run: _Load) -> None:
    """Compare the store's counts with the build's; _MismatchError where they differ."""
    totals = _totals(tx)
    for kind, expected in run.elements.counts.items():
        found = totals[kind]
        # Where somebody else uses the label, too, ours are counted one by one.
        if found != expected or run.unread:
            found = tx.run(statements.count_ours(kind)).single(strict=True)[0]
        if found != expected:
            raise _MismatchError(f"{found:,} {kind} of {expected:,}")


def _set_state(tx: neo4j.ManagedTransaction, run: _Load, state: str) -> None:
    from kg import __version__

    properties = {
        statements.MARK: 0,
        "state": state,
        "kg_version": __version__,
        **{name.lower(): count for name, count in run.elements.counts.items() if name in NODES},
    }
    moment = "started" if state == "loading" else "finished"
    run.finished = tx.run(
        f"MERGE (b:Build {{id: 'kg'}}) SET b += $properties, b.{moment} = datetime() RETURN toString(b.{moment})",
        properties=properties,
    ).single(strict=True)[0]


def _run_all(tx: neo4j.ManagedTransaction, texts: tuple[str, ...], rows: list[Any]) -> None:
    for text in texts:
        tx.run(text, rows=rows).consume()


def _explained(error: Exception, run: _Load) -> Exception:
    """The error as a KgError that says what state the graph is in; others pass."""
    from neo4j import exceptions

    if run.report.in_one_transaction:
        state = "The graph there is as it was before this load; run the same command again."
    else:
        state = "The load is half done, (:Build).state says so; the same command goes on from here."
    if isinstance(error, _MismatchError):
        return KgError(f"After loading, {run.target.uri} would hold {error}. {state}")
    if isinstance(error, exceptions.ConstraintError):
        return KgError(
            f"{run.target.uri} holds an element that is not ours under one of our keys ({error.message});"
            f" load into another database. {state}"
        )
    if isinstance(error, exceptions.IncompleteCommit):
        return KgError(
            f"The connection to {run.target.uri} broke while the load was being committed: it was made whole or"
            " not at all. Run the same command again to be sure."
        )
    if isinstance(error, exceptions.ServiceUnavailable | exceptions.SessionExpired):
        return KgError(f"Neo4j at {run.target.uri} stopped answering during the load. {state}")
    if isinstance(error, exceptions.Neo4jError) and not isinstance(error, exceptions.AuthError):
        return KgError(f"Neo4j at {run.target.uri} ended the load: {error.message} ({error.code}). {state}")
    return error
