"""What the rules found, as indicators for the learned score: per pair and frame, and per pair in the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.extraction.relations.findings import Evidence
from kg.extraction.relations.labels import LABELS, label_of


class Hints:
    """Columns for a pair: which construction found it here (either direction), which label any found elsewhere.

    `constructions` is the fixed order of construction names that a trained model was made with.
    """

    def __init__(self, constructions: Sequence[str], evidence: Iterable[Evidence]) -> None:
        self._columns = {name: 2 * number for number, name in enumerate(constructions)}
        self._elsewhere = 2 * len(constructions)
        self._here: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        self._document: dict[tuple[int, int], set[int]] = {}
        for found in evidence:
            column = self._columns.get(found.made_by.removeprefix("rule:"))
            head, tail = found.head.entity, found.tail.entity
            for first, second, turned in ((head, tail, 0), (tail, head, 1)):
                if column is not None:
                    self._here.setdefault((first, second), []).append(
                        (column + turned, found.start, found.end)
                    )
                if found.confidence >= 0.4:
                    self._document.setdefault((first, second), set()).add(label_of(found.type, not turned))

    @staticmethod
    def width(constructions: Sequence[str]) -> int:
        """Number of columns."""
        return 2 * len(constructions) + len(LABELS)

    def of(self, first: int, second: int, start: int, end: int) -> list[int]:
        """The columns that are on for a pair of entities in the frame `start`..`end`."""
        here = {
            column
            for column, found_start, found_end in self._here.get((first, second), [])
            if found_start < end and start < found_end
        }
        elsewhere = self._document.get((first, second), ())
        return sorted(here | {self._elsewhere + label for label in elsewhere})
