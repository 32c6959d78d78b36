"""The `kg` command: its outline, and how errors end it."""

from __future__ import annotations

import errno
import os
import sys
from typing import Annotated

import typer

from kg import __version__
from kg.cli import asking, building, checking, deciding, evaluating, giving, interrupts, licences, server
from kg.errors import KgError

app = typer.Typer(
    name="kg",
    help=(
        "Build a knowledge graph of companies, people, regions, AI models and policies"
        " from Chinese finance and AI-industry text.\n\n"
        "Start with:  kg build examples/news --out demo   then:  kg query demo   kg show demo 智谱"
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

for module in (building, asking, deciding, giving, checking, evaluating, licences):
    module.register(app)
app.add_typer(server.app, name="neo4j")


#: What a disk may say to whoever writes.
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Only `--version`."""


def main() -> None:
    """Run `kg`: exit code 2 and one sentence for bad input, 130 when interrupted, no traceback for either."""
    # Worker processes look for modules nowhere but where this one does: not in the folder one stands in.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    # Names may hold any character; a terminal that cannot show one gets a replacement, never a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    interrupts.install()
    try:
        app()
    except KgError as error:
        from kg.cli.printing import plain

        print(f"kg: {plain(str(error))}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except KeyboardInterrupt:
        interrupts.end()
    except SystemExit as ended:
        if ended.code == interrupts.INTERRUPTED:  # typer makes this of a KeyboardInterrupt
            interrupts.end()
        raise
    except Exception as error:
        if os.environ.get("KG_TRACEBACK"):
            raise
        if isinstance(error, OSError) and error.errno in _DISK:
            place = f"{error.filename or 'a file'} ({error.strerror})"
            print(f"kg: Cannot write {place}; make room, or see who may write there.", file=sys.stderr)
            sys.exit(2)
        print(
            f"kg: an error of ours, {type(error).__name__}: {error}. Set KG_TRACEBACK=1 to see where, and report it.",
            file=sys.stderr,
        )
        sys.exit(1)
