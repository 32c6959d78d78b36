"""Replacing the graph of a server of our own in one step, where the changes are too many for one transaction.

The build is imported beside the running server, into a folder of its own; then the server is ended, the folders of
the database are exchanged, and the server is started again. Readers see the old build, for some seconds no server,
then the new build. A process killed on the way leaves the old build, or an exchange that the next start finishes.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from kg.errors import KgError
from kg.progress import Progress, Silent
from kg.schema import ENTITIES
from kg.stores import java, loader, server, statements
from kg.stores.connection import Connection
from kg.stores.elements import prepare
from kg.stores.import_files import import_arguments, write_import_files
from kg.stores.loader import LoadReport
from kg.stores.model import NODES, RELATIONSHIPS
from kg.stores.neo4j import query


def load(
    tables: Path,
    running: server.Server,
    progress: Progress | None = None,
    limit: int = loader.TRANSACTION_LIMIT,
) -> LoadReport:
    """Make a running server of our own hold the build whose tables lie in `tables`; readers never see half of it.

    Up to `limit` changes are loaded in one transaction, more are imported and exchanged. Only where the database
    holds something that an import would not keep does the load go on in batches. Raises as `kg.stores.loader.load`.
    """
    progress = progress or Silent()
    target = _connection(running)
    # An exchange that a killed process left for the next start would undo this load.
    shutil.rmtree(running.home / server.FOLLOWING_DATA, ignore_errors=True)
    try:
        return loader.load(tables, target, progress, limit, in_batches=False)
    except loader.TooLargeError:
        if found := not_ours(running):
            progress.stage(f"{found}, which an import would not keep", 1, "build")
            return loader.load(tables, target, progress, limit)
        return replace(tables, running.home, progress)


def replace(tables: Path, home: Path, progress: Progress | None = None) -> LoadReport:
    """Make the running server in `home` hold the build whose tables lie in `tables`, by an import.

    Raises KgError where no server runs there, or its database holds something that an import would not keep.
    """
    started = time.monotonic()
    progress = progress or Silent()
    home = home.resolve()
    running = server.status(home)
    if running is None:
        raise KgError(f"No server of {home} is running; start it with kg neo4j up.")
    if found := not_ours(running):
        raise KgError(
            f"The database in {home} holds {found}, which an import would not keep; load the build with kg load."
        )
    with tempfile.TemporaryDirectory(dir=home, prefix=".import-") as name:
        workplace = Path(name)
        for part in ("files", "elements", "conf", "run", "logs"):
            (workplace / part).mkdir()
        progress.stage("too many changes for one transaction: import beside the running server", 1, "build")
        write_import_files(prepare(tables, workplace / "elements"), workplace / "files")
        (workplace / "conf" / "neo4j.conf").touch()
        java.admin(running.version, workplace, import_arguments(workplace / "files"))
        following = home / server.FOLLOWING_DATA
        shutil.rmtree(following, ignore_errors=True)
        (workplace / "data").rename(following)
        progress.advance(1)
    progress.stage("exchange the database", 1, "build")
    server.down(home)
    running = server.up(home)
    progress.advance(1)
    # Nothing is left to write: this makes constraints and indexes, and verifies.
    report = loader.load(tables, _connection(running), progress)
    report.imported = report.created == report.changed == 0
    report.seconds = time.monotonic() - started
    return report


def not_ours(running: server.Server) -> str:
    """What the database holds that an import would not keep, in words; empty where there is nothing of the kind."""
    target = _connection(running)
    names = {*statements.named_schema()}
    made = "SHOW {} YIELD name, type WHERE type <> 'LOOKUP' AND NOT name IN $names RETURN count(*)"
    for kind in ("CONSTRAINTS", "INDEXES"):
        if count := query(target, made.format(kind), {"names": sorted(names)})[1][0][0]:
            return f"{count:,} {kind.lower()} of somebody else"
    known = {
        "labels": ["Build", *NODES, *ENTITIES],
        "properties": [
            statements.MARK,
            *loader.BUILD_PROPERTIES,
            *{name for node in NODES.values() for name in node.properties},
            *{name for kind in RELATIONSHIPS.values() for name in kind.properties},
        ],
    }
    for cypher, what in zip(statements.count_others(), ("nodes", "relationships"), strict=True):
        if count := query(target, cypher, known)[1][0][0]:
            return f"{count:,} {what} with something that is not ours"
    return ""


def _connection(running: server.Server) -> Connection:
    return Connection(running.uri, server.USER, running.password)
