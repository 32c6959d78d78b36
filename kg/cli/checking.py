"""kg check, kg diff: whether a build holds together, and what has changed from one to another."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.parameters import Database, Folder, Json, User

if TYPE_CHECKING:
    from kg.building.checking import Checkup

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the commands to the outline."""
    panel = "Look after"
    app.command(rich_help_panel=panel)(check)


def check(
    folder: Folder,
    neo4j: Annotated[bool, typer.Option("--neo4j", help="Check what a Neo4j database holds, too.")] = False,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="neo4j://HOST",
            help="That database, as with kg load.",
            show_default="NEO4J_URI, or the folder's own",
        ),
    ] = None,
    user: User = None,
    database: Database = None,
    json: Json = False,
) -> None:
    """Verify everything that must hold in a build and its stores, and name what is broken.

    Exit code 1 where something is.
    """
    from kg.building import checking
    from kg.cli.connecting import connection
    from kg.cli.printing import print_json

    target = connection(folder, to, user, database) if neo4j or to else None
    found = checking.check(folder, target)
    if json:
        print_json(
            {
                "broken": found.counts.total(),
                "rows": found.rows,
                "skipped": found.skipped,
                "problems": [dataclasses.asdict(problem) for problem in found.problems],
            }
        )
    else:
        _print(found)
    if found.counts:
        raise typer.Exit(1)


def _print(found: Checkup) -> None:
    from kg.cli.printing import console, table

    out = console()
    for (rule, where), count in found.counts.items():
        rows = [p for p in found.problems if (p.rule, p.where) == (rule, where)][:_SHOWN]
        out.print(table((where, "what is broken"), ((p.id, p.sentence) for p in rows)))
        if count > len(rows):
            out.print(f"  … and {count - len(rows):,} more in {where} (kg check --json lists them)")
    for reason in found.skipped:
        out.print(f"Not checked: {reason}.")
    checked = ", ".join(f"{count:,} {name}" for name, count in found.rows.items())
    broken = found.counts.total()
    out.print(f"Checked {checked}: {f'{broken:,} broken' if broken else 'everything holds'}.")
