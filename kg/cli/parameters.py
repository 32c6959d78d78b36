"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The build folder.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        min=1,
        help="Processes that extract at a time.",
        show_default="the cores there are, 1 GB each",
    ),
]
Database = Annotated[str | None, typer.Option("--database", help="Neo4j database; NEO4J_DATABASE otherwise.")]
User = Annotated[str | None, typer.Option("--user", help="Neo4j user; NEO4J_USERNAME otherwise, or neo4j.")]
MinConfidence = Annotated[
    float | None,
    typer.Option(
        "--min-confidence", min=0.0, max=1.0, help="Leave out names that are less sure.", show_default="all"
    ),
]
