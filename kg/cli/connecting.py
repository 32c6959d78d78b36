"""A Neo4j connection from options, environment and, on a terminal, a prompt; the password is never echoed."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.stores.connection import Connection

SERVER_FOLDER = "neo4j"


def connection(folder: Path, uri: str | None, user: str | None, database: str | None) -> Connection:
    """The connection to `uri`, or else to NEO4J_URI, or else to the build folder's own server if it runs.

    The password comes from NEO4J_PASSWORD or a prompt; that of the folder's own server from its private file.
    """
    import os

    from kg.stores import connection as stores
    from kg.stores import server

    own = server.status(folder / SERVER_FOLDER)
    if uri is None and "NEO4J_URI" not in os.environ:
        if own is None:
            raise KgError(
                f"Name the server with --to neo4j://HOST, or start one of your own: kg neo4j up {folder}"
            )
        uri = own.uri
    found = stores.connection(uri, user, None, database)
    if own is not None and found.uri == own.uri:
        return dataclasses.replace(found, password=own.password)
    if found.password is not None:
        return found
    if not sys.stdin.isatty():
        raise KgError(
            f"No password for {found.uri}: set NEO4J_PASSWORD, or run kg on a terminal to be asked."
        )
    import getpass

    return dataclasses.replace(found, password=getpass.getpass(f"Password of {found.user} at {found.uri}: "))
