"""kg query, kg show."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

import typer

from kg.cli.parameters import Database, Folder, Json, User
from kg.errors import KgError


def register(app: typer.Typer) -> None:
    """Add the commands to the outline."""
    panel = "Ask"
    app.command(rich_help_panel=panel)(query)
    app.command(rich_help_panel=panel)(show)


def query(
    folder: Folder,
    text: Annotated[
        str | None,
        typer.Argument(metavar="NAME|CYPHER", help="A named query or Cypher; none lists the named ones."),
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="KEY=VALUE", help="A parameter.")
    ] = None,
    store: Annotated[
        str | None, typer.Option(help="Ask this Neo4j server instead of the embedded store.")
    ] = None,
    user: User = None,
    database: Database = None,
    write: Annotated[bool, typer.Option("--write", help="Let the query change a Neo4j store.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
    json: Json = False,
) -> None:
    """Answer a named query or Cypher from the embedded store, or from Neo4j."""
    from kg import folder as layout
    from kg.cli.printing import print_csv, print_json, print_rows
    from kg.stores import queries

    layout.require_build(folder)
    if text is None:
        _list_queries(json)
        return
    kind = queries.NEO4J if store else queries.EMBEDDED
    cypher, parameters = queries.resolve(text, _parameters(param or []), kind)
    if store:
        from kg.cli.connecting import connection
        from kg.stores import neo4j

        columns, rows = neo4j.query(connection(folder, store, user, database), cypher, parameters, write)
    else:
        from kg.stores import embedded

        if write:
            raise KgError("--write needs --store: the embedded store belongs to its build and is only read.")
        columns, rows = layout.steadily(
            folder, lambda: embedded.query(layout.current_path(folder, layout.STORE), cypher, parameters)
        )
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif csv:
        print_csv(columns, rows)
    else:
        print_rows(columns, rows)


def _list_queries(json: bool) -> None:
    from kg.cli.printing import console, print_json, table
    from kg.stores import queries

    found = queries.named_queries().values()
    if json:
        print_json([dataclasses.asdict(query) for query in found])
        return
    rows = (
        (q.name, f"{q.english}\n{q.chinese}", "\n".join(f"{p.name}={p.default}" for p in q.parameters))
        for q in found
    )
    console().print(table(("name", "question", "parameters"), rows))


def _parameters(pairs: list[str]) -> dict[str, Any]:
    """`key=value` pairs; a value that is JSON (a number, a list, true) is taken as such, else as text."""
    from json import loads

    parameters: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise KgError(f"--param {pair}: write it as key=value.")
        try:
            parameters[key] = loads(value)
        except ValueError:
            parameters[key] = value
    return parameters


def show(
    folder: Folder,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A name, alias or id of an entity.", show_default=False)
    ],
    limit: Annotated[int, typer.Option(min=1, help="Relations to show.")] = 20,
    json: Json = False,
) -> None:
    """Show an entity: its names, its relations and the sentences that state them."""
    from kg import open_graph
    from kg.cli.card import card_rows, print_card
    from kg.cli.printing import print_json
    from kg.folder import require_build

    graph = open_graph(require_build(folder))
    rows = card_rows(graph, name, limit)
    if json:
        print_json(rows)
    else:
        print_card(rows)
