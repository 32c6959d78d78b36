"""Asking a Neo4j server: what a read-only query may do, and every way in which a connection fails."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import example_tables
import neo4j_server
import pytest

from kg.errors import KgError
from kg.stores import connection as connections
from kg.stores import neo4j, server
from kg.stores.connection import Connection, connection, require_version


@pytest.fixture
def loaded(neo4j_connection: Connection, tmp_path: Path) -> Connection:
    neo4j.load(example_tables.write(tmp_path), neo4j_connection)
    return neo4j_connection


CHANGES = [
    "CREATE (n:Entity {id: 'x'})",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n:Entity) SET n.name = 'x'",
    "MERGE (n:Entity {id: 'x'})",
    "FOREACH (x IN [1] | CREATE (:X))",
    "CALL { MATCH (n) DETACH DELETE n } IN TRANSACTIONS",
    "PROFILE MATCH (n) DETACH DELETE n",
    "explain match (n) detach delete n",
    "/* RETURN */ CREATE (n)",
    "CYPHER runtime=slotted CREATE (n)",
    "DROP INDEX entity_name",
    "CREATE INDEX x FOR (n:X) ON (n.x)",
    "CREATE USER mallory SET PASSWORD 'abcdefgh12'",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b2345678'",
    "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "CALL db.createLabel('x')",
    "CALL dbms.killConnection('bolt-1')",
    "CALL db.clearQueryCaches()",
    "CALL dbms.listConfig('heap') YIELD name RETURN name",
    "MATCH (n) WITH n LIMIT 1 CALL db.create.setNodeVectorProperty(n, 'v', [1.0]) RETURN n",
]


@pytest.mark.neo4j
def test_queries_only_read_unless_told_to_write(loaded: Connection) -> None:
    counted = neo4j.query(loaded, "MATCH (n) RETURN count(n)")
    for cypher in CHANGES:
        with pytest.raises(KgError) as raised:
            neo4j.query(loaded, cypher)
        assert "add --write" in str(raised.value), cypher
    assert neo4j.query(loaded, "MATCH (n) RETURN count(n)") == counted
    neo4j.query(loaded, "CREATE (:Written {text: $text})", {"text": "x"}, write=True)
    assert neo4j.query(loaded, "MATCH (n:Written) RETURN n") == (
        ["n"],
        [[{"_label": "Written", "text": "x"}]],
    )
    neo4j.query(loaded, "MATCH (n:Written) DELETE n", write=True)


@pytest.mark.neo4j
def test_reading_in_every_way_is_allowed(loaded: Connection) -> None:
    for cypher in (
        "CALL db.labels()",
        "CALL db.index.fulltext.queryNodes('entity_names', '智谱')",
        "SHOW INDEXES",
        "CYPHER runtime=slotted MATCH (n:Entity) RETURN n LIMIT 1",
        "// a comment\nMATCH path = (:Entity)-[:INVESTS_IN]->() RETURN path LIMIT 1",
        "CALL { MATCH (n:Entity) RETURN n LIMIT 1 } RETURN n.name",
    ):
        columns, rows = neo4j.query(loaded, cypher)
        assert columns and rows
    [[path]] = neo4j.query(loaded, "MATCH p = (:Person {id: 'liang'})-[:WORKS_FOR]->() RETURN p")[1]
    assert [node["_label"] for node in path["nodes"]] == ["Person", "Company"]
    assert path["relationships"][0]["_label"] == "WORKS_FOR"


@pytest.mark.neo4j
def test_wrong_queries_say_where(loaded: Connection) -> None:
    for cypher, message in (
        ("MATCH (n:Entity RETURN n", "not valid: line 1, column 17: Invalid input 'RETURN'"),
        ("MATCH (n)\nRETURN m", "line 2, column 8: Variable `m` not defined"),
        ("RETURN $x", "Expected parameter.*x"),
        ("CALL no.such()", "no procedure with the name"),
    ):
        with pytest.raises(KgError, match=message):
            neo4j.query(loaded, cypher)


@pytest.mark.neo4j
def test_wrong_password_user_and_database(neo4j_connection: Connection) -> None:
    good = neo4j_connection
    with pytest.raises(KgError, match="refused the user neo4j: wrong user or password; set") as raised:
        neo4j.query(Connection(good.uri, "neo4j", "not the password"), "RETURN 1")
    assert "not the password" not in str(raised.value)
    with pytest.raises(KgError, match="refused the user nobody"):
        neo4j.query(Connection(good.uri, "nobody", "x"), "RETURN 1")
    with pytest.raises(KgError, match="no password was given"):
        neo4j.query(Connection(good.uri), "RETURN 1")
    with pytest.raises(KgError, match="no database nowhere at"):
        neo4j.query(Connection(good.uri, "neo4j", good.password, "nowhere"), "RETURN 1")
    assert neo4j.query(Connection(good.uri, "neo4j", good.password, "neo4j"), "RETURN 1 AS x") == (
        ["x"],
        [[1]],
    )


@pytest.mark.neo4j
def test_a_port_without_tls(running_neo4j: server.Server) -> None:
    for scheme in ("bolt+s", "neo4j+s", "bolt+ssc"):
        uri = f"{scheme}://127.0.0.1:{running_neo4j.http_port}"
        with pytest.raises(KgError, match=r"TLS|No Neo4j answers"):
            neo4j.query(Connection(uri, "neo4j", running_neo4j.password), "RETURN 1")


@pytest.mark.neo4j
def test_a_server_with_tls(
    running_neo4j: server.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by(scheme: str) -> Connection:
        return Connection(
            running_neo4j.uri.replace("bolt", scheme).replace("127.0.0.1", "localhost"),
            "neo4j",
            running_neo4j.password,
        )

    for scheme in ("bolt+s", "neo4j+s"):
        with pytest.raises(KgError, match=r"TLS.*: self-signed certificate; with .* use neo4j\+ssc://"):
            neo4j.query(by(scheme), "RETURN 1")
    for scheme in ("bolt+ssc", "neo4j+ssc"):
        assert neo4j.query(by(scheme), "RETURN 1")[1] == [[1]]
    # Once the machine trusts the certificate, it is checked and found good.
    monkeypatch.setenv("SSL_CERT_FILE", str(neo4j_server.certificate_of(running_neo4j.home)))
    for scheme in ("bolt+s", "neo4j+s"):
        assert neo4j.load(example_tables.write(tmp_path / scheme), by(scheme)).counts["Claim"]


def test_nobody_answers() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(KgError, match=f"No Neo4j answers at bolt://127.0.0.1:{port}.*kg neo4j up"):
        neo4j.query(Connection(f"bolt://127.0.0.1:{port}", "neo4j", "x"), "RETURN 1")


@pytest.fixture
def web_server() -> Iterator[int]:
    """Something that listens and is no Neo4j."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def answer() -> None:
            while True:
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                with client:
                    client.recv(100)
                    client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1]


def test_something_else_answers(web_server: int) -> None:
    with pytest.raises(KgError, match=f"127.0.0.1:{web_server}"):
        neo4j.query(Connection(f"bolt://127.0.0.1:{web_server}", "neo4j", "x"), "RETURN 1")


@pytest.mark.parametrize("version", ["4.4.38", "5.25.1", "3.5.0"])
def test_a_server_that_is_too_old(version: str) -> None:
    with pytest.raises(KgError, match=rf"Neo4j {version}; kg needs 5\.26 \(LTS\) or newer"):
        require_version(version)


@pytest.mark.parametrize("version", ["5.26.0", "5.26.30", "2025.01.0", "2026.08.1"])
def test_a_server_that_is_new_enough(version: str) -> None:
    require_version(version)


def test_a_connection_from_options_and_environment() -> None:
    environment = {
        "NEO4J_URI": "neo4j+s://12ab34cd.databases.neo4j.io",
        "NEO4J_USERNAME": "12ab34cd",
        "NEO4J_PASSWORD": "secret",
        "NEO4J_DATABASE": "12ab34cd",
    }
    assert connection(environment=environment) == Connection(
        "neo4j+s://12ab34cd.databases.neo4j.io", "12ab34cd", "secret", "12ab34cd"
    )
    given = connection("bolt://ann@localhost:7688/news", environment=environment)
    assert given == Connection("bolt://localhost:7688", "ann", "secret", "news")
    given = connection("neo4j://localhost", "bob", "other", "work", environment)
    assert given == Connection("neo4j://localhost", "bob", "other", "work")
    assert connection("neo4j://[::1]:7687", environment={}) == Connection("neo4j://[::1]:7687")


def test_a_connection_never_shows_its_password() -> None:
    assert "secret" not in repr(Connection("bolt://localhost", "neo4j", "secret"))
    with pytest.raises(KgError, match="Leave the password out") as raised:
        connection("bolt://neo4j:secret@localhost", environment={})
    assert "secret" not in str(raised.value)
    with pytest.raises(KgError) as raised:
        connection("http://neo4j:secret@localhost", environment={})
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("uri", ["localhost:7687", "http://localhost:7474", "neo4j://", "bolt", ""])
def test_an_address_that_is_none(uri: str) -> None:
    with pytest.raises(KgError, match=r"no Neo4j address|Name the Neo4j server"):
        connection(uri, environment={})


def test_every_scheme_of_the_driver_is_accepted() -> None:
    for scheme in connections.SCHEMES:
        assert connection(f"{scheme}://host:7687", environment={}).uri == f"{scheme}://host:7687"
