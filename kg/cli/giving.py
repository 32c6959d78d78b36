"""kg load, export, report: the graph for other programs and for the morning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.parameters import Database, Folder, Quiet, User


def register(app: typer.Typer) -> None:
    """Add the commands to the outline."""
    panel = "Give away"
    app.command(rich_help_panel=panel)(load)
    app.command(rich_help_panel=panel, epilog=_formats())(export)
    app.command(rich_help_panel=panel)(report)


def _formats() -> str:
    from kg.exports import formats

    return "\n\n".join(f"[bold]{f.name}[/bold] ({' '.join(f.suffixes)}): {f.opens_with}" for f in formats())


def load(
    folder: Folder,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="neo4j://HOST", help="The server.", show_default="NEO4J_URI, or the folder's own"
        ),
    ] = None,
    user: User = None,
    database: Database = None,
    quiet: Quiet = False,
) -> None:
    """Load the build into Neo4j; what does not carry our mark there is never touched.

    The password comes from NEO4J_PASSWORD or is asked for.
    """
    load_into(folder, to, user, database, quiet)


def load_into(folder: Path, uri: str | None, user: str | None, database: str | None, quiet: bool) -> None:
    """Load a build into a Neo4j server and say what changed there."""
    from kg.cli.connecting import SERVER_FOLDER, connection
    from kg.cli.printing import console, progress
    from kg.folder import require_build, writing
    from kg.stores import loader, offline, server

    require_build(folder)
    target = connection(folder, uri, user, database)
    own = server.status(folder / SERVER_FOLDER)
    # The lock keeps a rebuild from replacing the tables while they are loaded.
    with writing(folder), progress(quiet) as bars:
        if own is not None and own.uri == target.uri and target.database in (None, "neo4j"):
            report = offline.load(folder, own, bars)
        else:
            report = loader.load(folder, target, bars)
    console(error=True).print(f"{target.uri}: {report}")


def export(
    folder: Folder,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; the suffix tells the format.")],
    format: Annotated[str | None, typer.Option(help="The format, where the suffix serves several.")] = None,
    subgraph: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only what lies around this entity.")
    ] = None,
    depth: Annotated[int, typer.Option(min=1, help="How many steps around it.")] = 1,
    types: Annotated[
        list[str] | None, typer.Option("--types", metavar="TYPE", help="Only these entity or relation types.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only facts of that day or later.")
    ] = None,
) -> None:
    """Write the graph to a file for another program; the formats and what opens them stand below."""
    from kg import open_graph
    from kg.cli.printing import console
    from kg.exports import export as write
    from kg.exports.selection import Selection
    from kg.folder import require_build

    chosen = tuple(name for value in types or [] for name in value.split(","))
    graph = Selection(subgraph, depth, chosen, since).apply(open_graph(require_build(folder)))
    for path in write(graph, file, format):
        console().print(f"Wrote {path}")


def report(
    folder: Folder,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .html or .md file.", show_default=False)],
    since: Annotated[
        str, typer.Option(metavar="DATE", help="What texts of that day or later add.", show_default=False)
    ],
    first_seen: Annotated[
        bool,
        typer.Option("--first-seen", help="Count from when the build first read a text, not from its date."),
    ] = False,
) -> None:
    """Write the morning page: new facts, deals, regulation and entities, each with its sentence and source."""
    from kg import open_graph
    from kg.building.explaining import questions
    from kg.cli.printing import console
    from kg.exports.report import write
    from kg.folder import first_seen_dates, require_build

    graph = open_graph(require_build(folder))
    read_on = first_seen_dates(folder) if first_seen else None
    for path in write(graph, file, since, read_on=read_on, questions=questions(folder, 10)):
        console().print(f"Wrote {path}")
