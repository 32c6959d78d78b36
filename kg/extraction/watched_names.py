"""The user's own names: `names.csv` with the columns name, aliases (separated by |), type, ticker, note."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError
from kg.schema import EntityType

COLUMNS = ("name", "aliases", "type", "ticker", "note")


@dataclass(frozen=True, slots=True)
class WatchedName:
    """One row of the watch list."""

    name: str
    aliases: tuple[str, ...]
    type: EntityType
    ticker: str
    note: str


def read_watch_list(path: Path) -> list[WatchedName]:
    """The rows of `names.csv`; raises KgError naming the file and line of what cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise KgError(
            f"The watch list {path} cannot be read ({error.strerror}); correct `names` in kg.toml or remove it."
        ) from error
    except UnicodeDecodeError as error:
        raise KgError(f"The watch list {path} is not UTF-8 text; save it as UTF-8 CSV.") from error
    rows = csv.DictReader(text.splitlines(), skipinitialspace=True)
    missing = {"name", "type"} - set(rows.fieldnames or ())
    if missing:
        raise KgError(
            f"The watch list {path} has no column {' or '.join(sorted(missing))}; "
            f"its first line must read {','.join(COLUMNS)}."
        )
    watched: list[WatchedName] = []
    seen: dict[str, tuple[int, EntityType]] = {}
    for row in rows:
        watched.append(_watched_name(row, f"{path} line {rows.line_num}"))
        entry = watched[-1]
        for name in (entry.name, *entry.aliases):
            line, type = seen.setdefault(name, (rows.line_num, entry.type))
            if line != rows.line_num:
                raise KgError(
                    f"{path} line {rows.line_num}: {name!r} already stands in line {line} as {type}; keep one of them."
                )
    return watched


def _watched_name(row: dict[str | None, str | None], place: str) -> WatchedName:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    if None in row:
        raise KgError(f"{place}: more cells than columns; put a name that holds a comma in double quotes.")
    if not cells["name"]:
        raise KgError(f"{place}: the name is empty; fill it in or delete the line.")
    types = {type.value.lower(): type for type in EntityType}
    if cells["type"].lower() not in types:
        raise KgError(
            f"{place}: unknown type {cells['type']!r}; use one of {', '.join(type.value for type in EntityType)}."
        )
    return WatchedName(
        name=cells["name"],
        aliases=tuple(alias.strip() for alias in cells["aliases"].split("|") if alias.strip()),
        type=types[cells["type"].lower()],
        ticker=cells["ticker"],
        note=cells["note"],
    )
