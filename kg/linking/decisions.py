"""`decisions.csv`: what people decided, as lines that they can read, edit and keep in git.

Columns: left, right, type, judgement, who, when, note. `left` and `right` are entity ids or mention keys
(`Type:name@document`). On a pair of entities the judgement is same, different or unsure; on a claim (`left` its id,
`type` the word claim) reject or confirm; on one entity `type` (`right` the right type) or `name` (`right` the name).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import Enum
from pathlib import Path

from kg.errors import KgError
from kg.schema import EntityType


class Judgement(Enum):
    """What a line says."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    REJECT = "reject"
    CONFIRM = "confirm"
    TYPE = "type"
    NAME = "name"

    def __add__(self, other: Judgement) -> Judgement:
        """What A–B and B–C say of A–C: same + same is same, same + different is different, else unsure."""
        pair = {self, other}
        if pair == {Judgement.SAME}:
            return Judgement.SAME
        if pair == {Judgement.SAME, Judgement.DIFFERENT}:
            return Judgement.DIFFERENT
        return Judgement.UNSURE

    @property
    def on_pair(self) -> bool:
        """Whether it is said of two entities."""
        return self in (Judgement.SAME, Judgement.DIFFERENT, Judgement.UNSURE)


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of `decisions.csv`. `when` is ISO date or date-time, as written."""

    left: str
    right: str
    type: str
    judgement: Judgement
    who: str = ""
    when: str = ""
    note: str = ""


COLUMNS = tuple(f.name for f in fields(Decision))


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions; where several lines speak of one pair, claim or entity, the last counts."""

    rows: tuple[Decision, ...] = field(default=())

    def pairs(self) -> list[Decision]:
        """The standing judgements on pairs, unsure ones left out; the order of a pair does not matter."""
        last: dict[tuple[str, str], Decision] = {}
        for row in self.rows:
            if row.judgement.on_pair:
                left, right = sorted((row.left, row.right))
                last[left, right] = row
        return [last[k] for k in sorted(last) if last[k].judgement is not Judgement.UNSURE]

    def unsure(self) -> set[tuple[str, str]]:
        """The pairs whose last judgement is unsure, each in sorted order."""
        last: dict[tuple[str, str], Judgement] = {}
        for row in self.rows:
            if row.judgement.on_pair:
                left, right = sorted((row.left, row.right))
                last[left, right] = row.judgement
        return {pair for pair, judgement in last.items() if judgement is Judgement.UNSURE}

    def rejected_claims(self) -> set[str]:
        """Ids of the claims whose last judgement is reject."""
        return {claim for claim, judgement in self._claims().items() if judgement is Judgement.REJECT}

    def confirmed_claims(self) -> set[str]:
        """Ids of the claims whose last judgement is confirm."""
        return {claim for claim, judgement in self._claims().items() if judgement is Judgement.CONFIRM}

    def _claims(self) -> dict[str, Judgement]:
        return {
            row.left: row.judgement
            for row in self.rows
            if row.judgement in (Judgement.REJECT, Judgement.CONFIRM)
        }

    def types(self) -> dict[str, EntityType]:
        """Entity id or mention key to the type a person gave it."""
        return {row.left: EntityType(row.right) for row in self.rows if row.judgement is Judgement.TYPE}

    def names(self) -> dict[str, str]:
        """Entity id or mention key to the name a person gave it."""
        return {row.left: row.right for row in self.rows if row.judgement is Judgement.NAME}


def read_decisions(path: Path) -> Decisions:
    """Read `decisions.csv`; none where the file is missing. A bad line is a KgError that names it."""
    if not path.exists():
        return Decisions()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KgError(f"Cannot read {path}: {error}. Save it as UTF-8 text.") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, None)
    if header is None:
        return Decisions()
    names = [column.strip() for column in header]
    missing = {"left", "right", "type", "judgement"} - set(names)
    if missing:
        raise KgError(
            f"{path}, line 1: column {', '.join(sorted(missing))} is missing; the columns are {', '.join(COLUMNS)}."
        )
    rows = []
    for values in reader:
        if any(value.strip() for value in values) and not values[0].lstrip().startswith("#"):
            rows.append(_decision(dict(zip(names, values, strict=False)), f"{path}, line {reader.line_num}"))
    return Decisions(tuple(rows))


def _decision(values: dict[str, str], place: str) -> Decision:
    content = {name: (values.get(name) or "").strip() for name in COLUMNS}
    try:
        judgement = Judgement(content.pop("judgement"))
    except ValueError:
        raise KgError(
            f"{place}: unknown judgement {values.get('judgement') or '(empty)'}; "
            f"known are {', '.join(j.value for j in Judgement)}."
        ) from None
    decision = Decision(judgement=judgement, **content)
    check(decision, place)
    return decision


def check(decision: Decision, place: str) -> None:
    """Raise a KgError that names `place` where the decision lacks something or contradicts itself."""
    if not decision.left:
        raise KgError(f"{place}: left is empty; write an entity id, a Type:name@document or a claim id.")
    if decision.judgement.on_pair:
        if not decision.right:
            raise KgError(f"{place}: right is empty; write an entity id or a Type:name@document.")
        if decision.left == decision.right:
            raise KgError(f"{place}: left and right are both {decision.left}; a decision needs two entities.")
    elif decision.judgement is Judgement.TYPE and decision.right not in set(EntityType):
        raise KgError(
            f"{place}: unknown type {decision.right or '(empty)'}; known are {', '.join(EntityType)}."
        )
    elif decision.judgement is Judgement.NAME and not decision.right:
        raise KgError(f"{place}: right is empty; write the name of the entity there.")


def append_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Add lines to `decisions.csv` (with a header where the file is new)."""
    rows = list(decisions)
    for row in rows:
        check(row, "The decision")
    new = not path.exists() or path.stat().st_size == 0
    unfinished = not new and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8", newline="") as file:
        if unfinished:
            file.write("\n")
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow(
                [*(getattr(row, c) if c != "judgement" else row.judgement.value for c in COLUMNS)]
            )
