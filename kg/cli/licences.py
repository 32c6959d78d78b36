"""kg licences: under which terms the packages stand that kg runs with."""

from __future__ import annotations

import typer

from kg.cli.parameters import Json


def register(app: typer.Typer) -> None:
    """Add the command to the outline."""
    app.command(rich_help_panel="Look after")(licences)


def licences(json: Json = False) -> None:
    """List every installed package that kg needs at run time, with its licence."""
    from kg.cli.printing import console, print_json, table
    from kg.licences import licences

    columns, rows = ("package", "version", "licence"), licences()
    if json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        console().print(table(columns, rows))
