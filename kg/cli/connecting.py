"""A Neo4j connection from options, environment and, on a terminal, a prompt; the password is never echoed."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.stores.neo4j import Connection


def connection(uri: str, user: str | None, database: str | None) -> Connection:
    """The connection to `uri`; the password comes from NEO4J_PASSWORD or a prompt, from nowhere else."""
    from kg.stores.neo4j import Connection

    password = os.environ.get("NEO4J_PASSWORD")
    if password is None:
        if not sys.stdin.isatty():
            raise KgError(f"No password for {uri}: set NEO4J_PASSWORD, or run kg on a terminal to be asked.")
        import getpass

        password = getpass.getpass(f"Password for {uri}: ")
    return Connection(
        uri=uri,
        user=user or os.environ.get("NEO4J_USERNAME", "neo4j"),
        password=password,
        database=database or os.environ.get("NEO4J_DATABASE"),
    )
