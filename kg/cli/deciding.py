"""kg decide, merge, split, explain, review: what people know better than the linker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.parameters import Folder, Json
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.linking.decisions import Decision

Name = Annotated[str, typer.Argument(metavar="NAME", help="A name, alias or id.", show_default=False)]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="Another one.", show_default=False)]
Who = Annotated[str | None, typer.Option(help="Who decides; the user's login name otherwise.")]
Note = Annotated[str, typer.Option(help="Why.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the outline."""
    panel = "Decide"
    app.command(rich_help_panel=panel)(decide)
    app.command(rich_help_panel=panel)(merge)
    app.command(rich_help_panel=panel)(split)
    app.command(rich_help_panel=panel)(explain)
    app.command(rich_help_panel=panel)(review)


def decide(
    folder: Folder,
    left: Annotated[
        str,
        typer.Argument(
            metavar="A|claim|type|name", help="An entity, or what is decided.", show_default=False
        ),
    ],
    right: Annotated[
        str, typer.Argument(metavar="B|ID|NAME", help="The other entity, or which.", show_default=False)
    ],
    judgement: Annotated[
        str,
        typer.Argument(
            metavar="JUDGEMENT",
            help="same different unsure | reject confirm | a type | a name",
            show_default=False,
        ),
    ],
    who: Who = None,
    note: Note = "",
) -> None:
    """Write down a decision; the next kg rebuild obeys it.

    kg decide DIR 智谱 智谱华章 same · kg decide DIR claim ID reject ·
    kg decide DIR type 豆包 Model · kg decide DIR name 智谱 北京智谱华章
    """
    from kg.building import deciding

    if left == "claim":
        decision = deciding.on_claim(folder, right, judgement)
    elif left == "type":
        decision = deciding.on_type(folder, right, judgement)
    elif left == "name":
        decision = deciding.on_name(folder, right, judgement)
    else:
        decision = deciding.on_pair(folder, left, right, judgement)
    _write(folder, decision, who, note)


def merge(folder: Folder, name: Name, other: Other, who: Who = None, note: Note = "") -> None:
    """Say that two entities are one: kg decide DIR NAME OTHER same."""
    from kg.building import deciding

    _write(folder, deciding.on_pair(folder, name, other, "same"), who, note)


def split(
    folder: Folder,
    name: Name,
    alias: Annotated[
        str, typer.Argument(metavar="ALIAS", help="The alias that is another thing.", show_default=False)
    ],
    who: Who = None,
    note: Note = "",
) -> None:
    """Say that an alias of an entity names something else."""
    from kg.building import deciding

    _write(folder, deciding.on_alias(folder, name, alias), who, note)


def _write(folder: Path, decision: Decision, who: str | None, note: str) -> None:
    from kg.building import deciding
    from kg.cli.printing import console, plain

    written = deciding.write(folder, decision, who, note)
    console().print(
        f"Wrote to {folder / 'decisions.csv'}: {plain(written.left)} {plain(written.right)} {written.judgement.value}"
    )
    console().print(f"It takes effect with: kg rebuild {folder}")


def explain(
    folder: Folder,
    name: Name,
    other: Annotated[str | None, typer.Argument(metavar="[OTHER]", help="Compare with this one.")] = None,
    json: Json = False,
) -> None:
    """Why names were joined, or two entities were not: the evidence, weight by weight."""
    from dataclasses import asdict
    from itertools import accumulate

    from kg.building.explaining import explanation
    from kg.cli.printing import console, plain, print_json, table

    found = explanation(folder, name, other)
    if json:
        print_json([asdict(pair) for pair in found])
        return
    if not found:
        console().print(f"{plain(name)} has one name only; nothing was joined.")
    for pair in found:
        sums = accumulate(step.weight for step in pair.steps)
        rows = (
            (
                step.evidence,
                *((f"{step.weight:+.1f}", f"{total:+.1f}") if step.weight else ("", "")),
                step.detail,
            )
            for step, total in zip(pair.steps, sums, strict=True)
        )
        title = f"{plain(pair.left)} / {plain(pair.right)}"
        console().print(table(("evidence", "weight", "sum", "what it saw"), rows, title))
        verdict = f"{'one entity' if pair.joined else 'apart'} by {pair.because}"
        console().print(f"  {pair.total:+.1f} in all, one entity above {pair.threshold:+.1f}: {verdict}")


def review(folder: Folder) -> None:
    """Decide on the most valuable uncertain pairs in a terminal screen (s same, d different, u unsure)."""
    import sys

    from kg.building.explaining import questions
    from kg.cli.printing import console
    from kg.folder import DECISIONS, require_build

    require_build(folder)
    if not sys.stdin.isatty():
        raise KgError("kg review needs a terminal; in a script use: kg decide DIR A B same|different")
    found = questions(folder)
    if not found:
        console().print("No pair of names wants a decision.")
        return
    import getpass

    from kg.linking.review import review as ask

    decided = ask(folder / DECISIONS, found, getpass.getuser())
    console().print(f"{decided} decided; they take effect with: kg rebuild {folder}")
