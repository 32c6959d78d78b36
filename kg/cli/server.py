"""kg neo4j: a server of our own for people who have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.parameters import Folder, Json

if TYPE_CHECKING:
    from kg.stores.server import Server

app = typer.Typer(
    help="A local Neo4j server for a build, from Python packages alone (pip install 'kg-builder\\[server]').",
    no_args_is_help=True,
)


@app.command()
def up(
    folder: Folder,
    version: Annotated[
        str | None,
        typer.Option(help="Neo4j version: 5.26.30 (long-term support) or 2026.08.1.", show_default="newest"),
    ] = None,
    heap: Annotated[
        str | None, typer.Option(help="Memory for the server.", show_default="512m, or as last time")
    ] = None,
) -> None:
    """Start the server whose data lie in the build folder, and load the build into it."""
    from kg.cli.connecting import SERVER_FOLDER
    from kg.cli.giving import load_into
    from kg.cli.printing import console
    from kg.folder import require_build
    from kg.stores import server

    require_build(folder)
    say = console(error=True).print
    running = server.up(folder / SERVER_FOLDER, version, heap, say)
    load_into(folder, running.uri, None, None, quiet=False)
    _print_server(running)


@app.command()
def down(folder: Folder) -> None:
    """Stop the server of a build folder; its data stay."""
    from kg.cli.connecting import SERVER_FOLDER
    from kg.cli.printing import console
    from kg.stores import server

    stopped = server.down(folder / SERVER_FOLDER)
    console().print(
        f"The server of {folder} is stopped." if stopped else f"No server of {folder} was running."
    )


@app.command()
def status(folder: Folder, json: Json = False) -> None:
    """Whether the server of a build folder runs, and where."""
    from kg.cli.connecting import SERVER_FOLDER
    from kg.cli.printing import console, print_json
    from kg.stores import server

    running = server.status(folder / SERVER_FOLDER)
    if json:
        where = (
            {} if running is None else {"uri": running.uri, "browser": running.browser, "pid": running.pid}
        )
        print_json({"running": running is not None, **where})
    elif running is None:
        console().print(f"No server of {folder} is running; start it with: kg neo4j up {folder}")
    else:
        _print_server(running)


@app.command(name="open")
def open_browser(
    folder: Folder,
    query: Annotated[
        str, typer.Option(help="The named query to put into the editor.")
    ] = "neighbourhood-graph",
    guide: Annotated[bool, typer.Option("--guide", help="Play the guide instead, until Ctrl-C.")] = False,
    launch: Annotated[bool, typer.Option(help="Open a browser; the address is printed either way.")] = True,
) -> None:
    """Open Neo4j Browser on the build folder's server with a query filled in, or with the guide."""
    import sys
    import webbrowser

    from kg.cli.connecting import SERVER_FOLDER
    from kg.cli.printing import console
    from kg.errors import KgError
    from kg.stores import browser, server

    running = server.status(folder / SERVER_FOLDER)
    if running is None:
        raise KgError(f"No server of {folder} is running; start it with: kg neo4j up {folder}")

    def show(address: str) -> None:
        console().print(address, soft_wrap=True)
        if launch and sys.stdout.isatty():
            webbrowser.open(address)

    if not guide:
        show(browser.address(running.browser, running.uri, query))
        return
    with browser.serving() as address:
        show(browser.guide_address(running.browser, running.uri, address))
        console(error=True).print("Serving the guide; end with Ctrl-C")
        browser.wait()


def _print_server(running: Server) -> None:
    """Where the server is; its password only to a person at a terminal."""
    import sys

    from kg.cli.printing import console

    console().print(f"Neo4j Browser  {running.browser}\nfor programs   {running.uri}\nuser           neo4j")
    if sys.stdout.isatty():
        console().print(f"password       {running.password}")
    else:
        console().print(f"password       in {running.home / 'password'}")
