"""kg check, kg diff: whether a build holds together, and what has changed from one to another."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.parameters import Database, Folder, Json, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.building.checking import Checkup
    from kg.building.comparing import Change, Differences, Side
    from kg.tables import Entity, Relation

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the commands to the outline."""
    panel = "Look after"
    app.command(rich_help_panel=panel)(check)
    app.command(rich_help_panel=panel)(diff)


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


def diff(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR_A", help="The build to start from.", show_default=False)
    ],
    other: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR_B",
            help="The build to compare it with; without it, DIR_A's last build with the one before.",
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show of each kind.")] = _SHOWN,
    json: Json = False,
) -> None:
    """List the entities and relations that came, went or changed from one build to another."""
    from kg.building import comparing
    from kg.cli.printing import print_json

    before = comparing.current_side(folder) if other else comparing.previous_side(folder)
    now = comparing.current_side(other or folder)
    found = comparing.compare(before, now)
    if json:
        print_json(comparing.as_json(before, now, found))
    else:
        _print_differences(before, now, found, limit)


def _print_differences(before: Side, now: Side, found: Differences, limit: int) -> None:
    from kg.cli.printing import console

    out = console()
    out.print(f"From {before.label}, finished {before.finished}\n  to {now.label}, finished {now.finished}")
    renamed, counted = [], 0
    for old, new, changes in found.changed:
        telling = {name: change for name, change in changes.items() if name not in ("mentions", "documents")}
        counted += not telling
        if telling:
            renamed.append((new.type, old.name, _told(telling)))
    _print_rows("Entities that came", ("type", "name", "mentions"), _entity_rows(found.came), limit)
    _print_rows("Entities that went", ("type", "name", "mentions"), _entity_rows(found.went), limit)
    merged = [(old.type, old.name, new.name) for old, new in found.merged]
    _print_rows("Entities that became one with another", ("type", "name", "is now"), merged, limit)
    split = [(new.type, new.name, old.name) for old, new in found.split]
    _print_rows("Entities that were part of another", ("type", "name", "was"), split, limit)
    _print_rows("Entities that changed", ("type", "name", "how"), renamed, limit)
    facts = ("relation", "head", "tail", "status", "amount", "claims")
    _print_rows("Relations that came", facts, _relation_rows(found.relations_came, now), limit)
    _print_rows("Relations that went", facts, _relation_rows(found.relations_went, before), limit)
    changed = [
        (new.type, now.entities[new.head].name, now.entities[new.tail].name, _told(changes))
        for _, new, changes in found.relations_changed
    ]
    _print_rows("Relations that changed", ("relation", "head", "tail", "how"), changed, limit)
    if counted:
        out.print(f"{counted:,} more entities are mentioned more or less often.")
    if not any(getattr(found, f.name) for f in dataclasses.fields(found)):
        out.print("The graph is the same.")


def _print_rows(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], limit: int) -> None:
    from kg.cli.printing import console, table

    rows = list(rows)
    if not rows:
        return
    console().print(f"\n{title}: {len(rows):,}")
    console().print(table(columns, rows[:limit]))
    if len(rows) > limit:
        console().print(f"  … and {len(rows) - limit:,} more (--limit shows more of them, --json all)")


def _entity_rows(entities: Iterable[Entity]) -> Iterator[tuple[Any, ...]]:
    return ((entity.type, entity.name, entity.mentions) for entity in entities)


def _relation_rows(relations: Iterable[Relation], side: Side) -> Iterator[tuple[Any, ...]]:
    for row in relations:
        head, tail = side.entities[row.head].name, side.entities[row.tail].name
        amount = None if row.amount is None else f"{row.amount:,.0f} {row.currency}"
        yield row.type, head, tail, row.status, amount, row.claims


def _told(changes: Change) -> str:
    return "\n".join(_change(name, old, new) for name, (old, new) in changes.items())


def _change(name: str, old: Any, new: Any) -> str:
    if isinstance(old, tuple):
        gone, added = sorted(set(old) - set(new)), sorted(set(new) - set(old))
        parts = [f"no longer {', '.join(gone)}"] * bool(gone) + [f"also {', '.join(added)}"] * bool(added)
        return "; ".join(parts)
    shown = [("none" if v is None else f"{v:,.0f}" if isinstance(v, float) else str(v)) for v in (old, new)]
    return f"{name} {shown[0]} → {shown[1]}"
