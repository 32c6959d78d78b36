"""What the learned score tells apart: every relation type in both directions, symmetric ones once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kg.schema import RELATIONS, EntityType, RelationType, allows


@dataclass(frozen=True, slots=True)
class Label:
    """A relation type and whether the second name of a pair is its head."""

    type: RelationType
    turned: bool


LABELS: tuple[Label, ...] = tuple(
    Label(type, turned)
    for type, definition in RELATIONS.items()
    for turned in ((False,) if definition.symmetric else (False, True))
)
LABEL_NUMBERS: dict[Label, int] = {label: number for number, label in enumerate(LABELS)}


@lru_cache(maxsize=64)
def possible(first: EntityType, second: EntityType) -> tuple[int, ...]:
    """The labels that the schema allows a pair of these types."""
    return tuple(
        number
        for number, label in enumerate(LABELS)
        if (allows(label.type, second, first) if label.turned else allows(label.type, first, second))
        or (RELATIONS[label.type].symmetric and allows(label.type, second, first))
    )


def label_of(type: RelationType, head_is_first: bool) -> int:
    """The number of the label for a relation whose head is the first (or second) of the pair."""
    return LABEL_NUMBERS[Label(type, not head_is_first and not RELATIONS[type].symmetric)]
