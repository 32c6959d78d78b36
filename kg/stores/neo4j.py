"""Neo4j: loading a build into it, and asking it questions that change nothing unless they are told to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.stores.connection import Connection, connection, invalid_query, opened
from kg.stores.loader import LoadReport, create_schema, load

if TYPE_CHECKING:
    import neo4j

__all__ = ["Connection", "LoadReport", "connection", "create_schema", "load", "query"]

#: Procedures of Neo4j itself whose mode says that they only read.
_READ = "READ"
_OWN = ("db.", "dbms.", "tx.")
_EXPLAIN = "EXPLAIN "


def query(
    target: Connection, cypher: str, parameters: Mapping[str, Any] | None = None, write: bool = False
) -> tuple[list[str], list[list[Any]]]:
    """Column names and rows of a Cypher query.

    Without `write` the query must only read the graph: it is explained first, and refused where it writes,
    changes the schema or settings, loads a file or an address (LOAD CSV), or calls a procedure that does more
    than read; the server, too, is told that the session reads. Nodes, relationships and paths come as
    dictionaries of their properties with `_label`. Raises KgError where the query is not valid or is refused.
    """
    from neo4j import READ_ACCESS, WRITE_ACCESS

    given = dict(parameters or {})
    with opened(target) as driver:
        access = WRITE_ACCESS if write else READ_ACCESS
        with driver.session(database=target.database, default_access_mode=access) as session:
            if not write:
                _require_reading(session, cypher, given)
            result = session.run(cypher, given)
            columns = list(result.keys())
            return columns, [[_plain(value) for value in record.values()] for record in result]


def _require_reading(session: neo4j.Session, cypher: str, parameters: Mapping[str, Any]) -> None:
    """KgError unless the plan of the query only reads the graph."""
    from neo4j.exceptions import CypherSyntaxError

    explained = re.sub(r"^\s*(EXPLAIN|PROFILE)\b", "", cypher, flags=re.IGNORECASE)
    try:
        summary = session.run(f"{_EXPLAIN}{explained}", dict(parameters)).consume()
    except CypherSyntaxError as error:
        raise KgError(invalid_query(error.message or str(error), len(_EXPLAIN))) from error
    if summary.query_type != "r":
        raise KgError("The query would change the store; add --write if it is meant to.")
    procedures = set()
    for operator in _operators(summary.plan):
        name = operator["operatorType"].partition("@")[0]
        if name == "LoadCSV":
            raise KgError("LOAD CSV reads files and addresses of the server; add --write if it is meant to.")
        if name.startswith("Terminate"):
            raise KgError("The query would end transactions of others; add --write if it is meant to.")
        if name == "ProcedureCall":
            procedures.add(str(operator["args"].get("Details", "")).partition("(")[0].strip())
    if not procedures:
        return
    modes = session.run(
        "SHOW PROCEDURES YIELD name, mode WHERE name IN $names RETURN name, mode", names=sorted(procedures)
    )
    # What plug-ins call reading may read files and addresses (apoc.load.json).
    reading = {name for name, mode in modes.values() if mode == _READ and name.startswith(_OWN)}
    for name in sorted(procedures - reading):
        raise KgError(f"The procedure {name} may do more than read; add --write if it is meant to.")


def _operators(plan: Any) -> list[dict[str, Any]]:
    """The operators of a plan, root first."""
    found = []
    waiting = [plan] if plan else []
    while waiting:
        operator = waiting.pop()
        found.append(operator)
        waiting += operator.get("children", ())
    return found


def _plain(value: Any) -> Any:
    from neo4j import graph, time

    if isinstance(value, graph.Path):
        return {"nodes": _plain(list(value.nodes)), "relationships": _plain(list(value.relationships))}
    if isinstance(value, graph.Node):
        labels = [label for label in value.labels if label != "Entity"] or ["Entity"]
        return {"_label": min(labels), **_plain(dict(value))}
    if isinstance(value, graph.Relationship):
        return {"_label": value.type, **_plain(dict(value))}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, time.DateTime | time.Date | time.Time | time.Duration):
        return value.iso_format()
    return [_plain(item) for item in value] if isinstance(value, list) else value
