"""Neo4j servers for tests: one a version, started when first asked for, ended whatever happens to the tests.

`NEO4J_VERSIONS` (comma-separated) narrows the versions; without it both are used. With `NEO4J_TEST_HOMES` (a
folder) the servers live there and stay up between runs. Otherwise a small process waits at a pipe that ends with
the tests, also when they are killed, and then ends the server by its process id.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.stores import java, server
from kg.stores.connection import Connection

VERSIONS = tuple(os.environ.get("NEO4J_VERSIONS", ",".join(java.MAIN_CLASSES)).split(","))

#: Compiling less thoroughly makes the short life of a test server faster.
OPTIONS = ("-XX:TieredStopAtLevel=1",)

#: Encryption for who asks for it, by a certificate that the server's own home holds.
TLS = (
    "server.bolt.tls_level=OPTIONAL",
    "dbms.ssl.policy.bolt.enabled=true",
    "dbms.ssl.policy.bolt.base_directory=certificates/bolt",
    "dbms.ssl.policy.bolt.client_auth=NONE",
)

_WATCHDOG = """
import os, signal, sys
sys.stdin.read()
try:
    os.kill(int(sys.argv[1]), signal.SIGKILL)
except ProcessLookupError:
    pass
"""


def start(home: Path, version: str) -> server.Server:
    """A server that ends with this process; skips the test where there is no Java or no network."""
    try:
        running = up(home, version)
    except KgError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    watch(running.pid)
    return running


def up(home: Path, version: str) -> server.Server:
    """A server that takes encrypted connections, too; it stays as it is where it runs."""
    key, certificate = home / "certificates" / "bolt" / "private.key", certificate_of(home)
    if not certificate.exists():
        certificate.parent.mkdir(parents=True, exist_ok=True)
        words = "openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=localhost -addext"
        names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        subprocess.run(
            [*words.split(), names, "-keyout", key, "-out", certificate],
            check=True,
            capture_output=True,
        )
    return server.up(home, version, say=print, options=OPTIONS, settings=TLS)


def certificate_of(home: Path) -> Path:
    """The self-signed certificate of a test server."""
    return home / "certificates" / "bolt" / "public.crt"


def watch(pid: int) -> None:
    """End the process when this one ends."""
    # The pipe is kept open by this process alone, and closed by the system when it ends.
    watchdog = subprocess.Popen(
        [sys.executable, "-c", _WATCHDOG, str(pid)], stdin=subprocess.PIPE, start_new_session=True
    )
    _watchdogs.append(watchdog)


_watchdogs: list[subprocess.Popen[bytes]] = []


def connect(running: server.Server, password: str | None = None) -> Connection:
    """A connection to a test server."""
    return Connection(running.uri, "neo4j", running.password if password is None else password)


def wipe(target: Connection) -> None:
    """Delete every node and relationship."""
    from kg.stores.neo4j import query

    query(target, "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 2000 ROWS", write=True)


def drop_schema(target: Connection) -> None:
    """Drop every constraint and index but those that Neo4j comes with."""
    from kg.stores.neo4j import query

    for name in [row[0] for row in query(target, "SHOW CONSTRAINTS YIELD name")[1]]:
        query(target, f"DROP CONSTRAINT `{name}`", write=True)
    for name in [row[0] for row in query(target, "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'")[1]]:
        query(target, f"DROP INDEX `{name}`", write=True)


@pytest.fixture(scope="session", params=VERSIONS)
def running_neo4j(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[server.Server]:
    """A running server, in turn of every version."""
    if kept := os.environ.get("NEO4J_TEST_HOMES"):
        yield up(Path(kept) / request.param, request.param)
        return
    home = tmp_path_factory.mktemp("neo4j")
    yield start(home, request.param)
    server.down(home)


@pytest.fixture
def neo4j_connection(running_neo4j: server.Server) -> Connection:
    """A connection to a server whose database is as the last test left it."""
    return connect(running_neo4j)


@pytest.fixture
def empty_neo4j(neo4j_connection: Connection) -> Connection:
    """A connection to a database without data."""
    wipe(neo4j_connection)
    return neo4j_connection


@pytest.fixture
def bare_neo4j(empty_neo4j: Connection) -> Connection:
    """A connection to a database without data, constraints and indexes."""
    drop_schema(empty_neo4j)
    return empty_neo4j
