"""Reaching a Neo4j server: where, as whom, and every way in which that fails, in one sentence each."""

from __future__ import annotations

import logging
import os
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from kg.errors import KgError

if TYPE_CHECKING:
    import neo4j

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
OLDEST_VERSION = (5, 26)
_TIMEOUT_SECONDS = 30.0
_UNSEEN = logging.NullHandler()


@dataclass(frozen=True, slots=True)
class Connection:
    """A database on a server. `database` None is the server's default; `password` None means no authentication."""

    uri: str
    user: str = "neo4j"
    password: str | None = field(default=None, repr=False)
    database: str | None = None


def connection(
    uri: str | None = None,
    user: str | None = None,
    password: str | None = None,
    database: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Connection:
    """A connection from what was given and, for the rest, NEO4J_URI, NEO4J_USERNAME, NEO4J_PASSWORD, NEO4J_DATABASE.

    `neo4j://HOST/NAME` names the database in the address. Raises KgError for an address that is none, or that
    holds a password, which would stay in the shell's history.
    """
    environment = os.environ if environment is None else environment
    address = uri or environment.get("NEO4J_URI")
    if not address:
        raise KgError("Name the Neo4j server: neo4j://HOST:7687, or set NEO4J_URI.")
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES or not parts.hostname:
        shown = address if "@" not in address else f"{parts.scheme}://…"
        raise KgError(
            f"{shown} is no Neo4j address; it must read SCHEME://HOST, SCHEME being {', '.join(SCHEMES)}."
        )
    if parts.password is not None:
        raise KgError("Leave the password out of the address; set NEO4J_PASSWORD, or type it when asked.")
    host = parts.netloc.rpartition("@")[2]
    return Connection(
        uri=urlunsplit((parts.scheme, host, "", parts.query, "")),
        user=user or parts.username or environment.get("NEO4J_USERNAME") or "neo4j",
        password=environment.get("NEO4J_PASSWORD") if password is None else password,
        database=database or parts.path.strip("/") or environment.get("NEO4J_DATABASE") or None,
    )


@contextmanager
def opened(target: Connection) -> Iterator[neo4j.Driver]:
    """A driver for a server that answers, knows the user and is new enough; KgError for whatever goes wrong.

    Errors of the server inside the block are turned into KgError, too.
    """
    import neo4j
    from neo4j import exceptions

    # Without a handler the driver's warnings on retries would be printed.
    logging.getLogger("neo4j").addHandler(_UNSEEN)
    auth = None if target.password is None else (target.user, target.password)
    try:
        with neo4j.GraphDatabase.driver(
            target.uri,
            auth=auth,
            connection_timeout=_TIMEOUT_SECONDS,
            connection_acquisition_timeout=4 * _TIMEOUT_SECONDS,
            max_transaction_retry_time=2 * _TIMEOUT_SECONDS,
            notifications_min_severity="OFF",
            user_agent="kg-builder",
        ) as driver:
            # This fails at once where nobody answers; queries would be tried again for a minute.
            driver.verify_connectivity()
            require_version(server_version(driver, target.database))
            yield driver
    except exceptions.Neo4jError as error:
        raise KgError(_explain(error, target)) from error
    except exceptions.DriverError as error:
        raise KgError(_explain_unreachable(error, target)) from error


def server_version(driver: neo4j.Driver, database: str | None = None) -> str:
    """The version of the server, such as 5.26.30."""
    records, _, _ = driver.execute_query(
        "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0] AS version",
        database_=database,
        routing_="r",
    )
    return str(records[0]["version"])


def require_version(version: str) -> None:
    """KgError for a server older than the oldest that kg works with."""
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    if numbers < OLDEST_VERSION:
        raise KgError(_too_old(version))


def _too_old(version: str) -> str:
    oldest = ".".join(map(str, OLDEST_VERSION))
    return f"The server is Neo4j {version}; kg needs {oldest} (LTS) or newer: upgrade it, or run kg neo4j up."


def _explain(error: neo4j.exceptions.Neo4jError, target: Connection) -> str:
    from neo4j import exceptions

    code = error.code or ""
    message = " ".join((error.message or str(error)).splitlines()[:1])
    if isinstance(error, exceptions.AuthError) or "Security" in code:
        if "RateLimit" in code:
            return f"Neo4j at {target.uri} refuses after too many wrong passwords; wait a few seconds, then try again."
        if "CredentialsExpired" in code:
            return f"The password of {target.user} at {target.uri} must be changed first, in Neo4j Browser."
        if "Forbidden" in code:
            return f"The user {target.user} may not do that at {target.uri}: {message}"
        given = "no password was given" if target.password is None else "wrong user or password"
        return f"Neo4j at {target.uri} refused the user {target.user}: {given}; set NEO4J_USERNAME and NEO4J_PASSWORD."
    if "DatabaseNotFound" in code or "Database.DatabaseNotFound" in code:
        return f"There is no database {target.database} at {target.uri}; leave --database out for the default one."
    if "SyntaxError" in code or "Statement" in code:
        return invalid_query(message)
    return f"Neo4j at {target.uri} reports: {message} ({code})"


def invalid_query(message: str, prefix: int = 0) -> str:
    """The server's message on an invalid query; `prefix` characters of its first line are not the user's."""
    first = message.splitlines()[0]
    position = re.search(r" ?\(line (\d+), column (\d+) \(offset: \d+\)\)", first)
    if position is None or position[1] == "0":
        return f"The Cypher query is not valid: {first}"
    line, column = int(position[1]), int(position[2])
    said = first.replace(position[0], "")
    return f"The Cypher query is not valid: line {line}, column {column - prefix * (line == 1)}: {said}"


def _explain_unreachable(error: neo4j.exceptions.DriverError, target: Connection) -> str:
    from neo4j import exceptions

    text = str(error)
    if isinstance(error, exceptions.ConfigurationError):
        # Neo4j 4 speaks an older protocol, which lacks what the driver was told to use.
        if old := re.search(r"not supported for the Bolt Protocol [^(]*\b(\d+\.\d+)", text):
            return _too_old(old[1])
        return f"The address {target.uri} cannot be used: {text}"
    root = _root(error)
    if isinstance(root, ssl.SSLError):
        reason = getattr(root, "verify_message", None) or root.reason or root
        return (
            f"No trusted TLS connection to {target.uri}: {reason};"
            " with a self-signed certificate use neo4j+ssc:// or bolt+ssc://, without TLS neo4j:// or bolt://."
        )
    if isinstance(error, exceptions.ServiceUnavailable | exceptions.SessionExpired):
        return f"No Neo4j answers at {target.uri}; check the address, or start a server with: kg neo4j up DIR"
    return f"Neo4j at {target.uri} could not be used: {text.splitlines()[0]}"


def _root(error: BaseException) -> BaseException:
    """What lies at the bottom of an error: routing tells of each server that it asked in a group."""
    while inner := error.exceptions[0] if isinstance(error, BaseExceptionGroup) else error.__cause__:
        error = inner
    return error
