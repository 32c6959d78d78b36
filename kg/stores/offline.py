"""Replacing the graph of a server of our own in one step, whatever its size.

The build is imported beside the running server, into a folder of its own; then the server is ended, the folders of
the database are exchanged, and the server is started again. Readers see the old build, for some seconds no server,
then the new build. A process killed on the way leaves the old build, or an exchange that the next start finishes.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from kg.errors import KgError
from kg.stores import java, server
from kg.stores.connection import Connection
from kg.stores.elements import prepare
from kg.stores.import_files import import_arguments, write_import_files
from kg.stores.java import Say
from kg.stores.loader import LoadReport, load
from kg.stores.neo4j import query
from kg.stores.statements import MARK


def replace(tables: Path, home: Path, say: Say = lambda _: None, heap: str = "512m") -> LoadReport:
    """Make the running server in `home` hold the build whose tables lie in `tables`.

    Raises KgError where no server runs there, or its database holds elements that are not ours, which an import
    would not keep; load the build with `kg load` then.
    """
    home = home.resolve()
    running = server.status(home)
    if running is None:
        raise KgError(f"No server of {home} is running; start it with kg neo4j up.")
    _require_only_ours(running)
    with tempfile.TemporaryDirectory(dir=home, prefix=".import-") as name:
        workplace = Path(name)
        for part in ("files", "elements", "conf", "run", "logs"):
            (workplace / part).mkdir()
        say("Writing the files to import")
        write_import_files(prepare(tables, workplace / "elements"), workplace / "files")
        (workplace / "conf" / "neo4j.conf").touch()
        say("Importing beside the running server")
        java.admin(running.version, workplace, import_arguments(workplace / "files"), heap)
        following = home / server.FOLLOWING_DATA
        shutil.rmtree(following, ignore_errors=True)
        (workplace / "data").rename(following)
    say("Exchanging the database")
    server.down(home)
    running = server.up(home, running.version, heap, say)
    # Nothing is left to write: this makes constraints and indexes, and verifies.
    return load(tables, Connection(running.uri, server.USER, running.password))


def _require_only_ours(running: server.Server) -> None:
    target = Connection(running.uri, server.USER, running.password)
    for pattern in ("(x)", "()-[x]->()"):
        others = query(target, f"MATCH {pattern} WHERE x.{MARK} IS NULL RETURN count(x)")[1][0][0]
        if others:
            raise KgError(
                f"The database in {running.home} holds {others:,} elements that are not ours; they would not outlive"
                " an import. Load the build with kg load instead."
            )
