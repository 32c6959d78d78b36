"""What constructions, tables and the learned score hand on: a relation between two names, and where it is stated."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.extraction.relations.frames import Name
from kg.schema import RelationType
from kg.tables import Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """A relation between two names that the words `start`..`end` of the sentence state."""

    type: RelationType
    head: Name
    tail: Name
    sentence: Span
    start: int
    end: int
    made_by: str
    confidence: float
    context: tuple[Span, ...] = ()
    #: Attributes that a table's columns give, as spans of cells.
    cells: dict[str, Span] = field(default_factory=dict)
