"""`aliases.csv`: well-known entities with the names that texts use for them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from kg.resources import FOLDER
from kg.schema import EntityType


@dataclass(frozen=True, slots=True)
class AliasEntry:
    """One entity: its usual name, other names, Wikidata id, the name of its parent, and a note (each maybe empty)."""

    type: EntityType
    name: str
    aliases: tuple[str, ...]
    wikidata: str
    parent: str
    note: str


@lru_cache(maxsize=1)
def load_aliases() -> tuple[AliasEntry, ...]:
    """The entries of `aliases.csv` in the order of the file."""
    path = FOLDER / "aliases.csv"
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            AliasEntry(
                type=EntityType(row["type"]),
                name=row["name"].strip(),
                aliases=tuple(a.strip() for a in (row["aliases"] or "").split("|") if a.strip()),
                wikidata=(row.get("wikidata") or "").strip(),
                parent=(row.get("parent") or "").strip(),
                note=(row.get("note") or "").strip(),
            )
            for row in csv.DictReader(file)
        )
