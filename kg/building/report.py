"""What a build did and what it left out, with reasons."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kg.tables import Claim, Document, Dropped, Entity, Mention, Relation, Rows, Section, SectionKind


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source file gave."""

    source: str
    documents: int
    tables: int
    characters: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a stage left out for one reason: how much (in the unit that the reason names) and an example."""

    stage: str
    reason: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Report:
    """The build report; counts by type are in the order of the schema."""

    documents: int
    duplicates: int
    characters: int
    extracted: int
    reused: int
    mentions: dict[str, int]
    entities: dict[str, int]
    claims: dict[str, int]
    relations: dict[str, int]
    sources: tuple[SourceReport, ...]
    left_out: tuple[LeftOut, ...]
    seconds: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Plain values, for `report.json` and `--json`."""
        return dataclasses.asdict(self)


def report_from_json(content: dict[str, Any]) -> Report:
    """The report that `as_json` wrote."""
    return Report(
        **{
            **content,
            "sources": tuple(SourceReport(**s) for s in content["sources"]),
            "left_out": tuple(LeftOut(**item) for item in content["left_out"]),
        }
    )


def summarise_sources(documents: Iterable[Document], sections: Iterable[Section]) -> tuple[SourceReport, ...]:
    """Documents, tables and characters by source file, in the order of the sources."""
    tables: dict[str, set[int | None]] = {}
    for section in sections:
        if section.kind == SectionKind.TABLE:
            tables.setdefault(section.doc_id, set()).add(section.table_id)
    rows: dict[str, list[int]] = {}
    for document in documents:
        row = rows.setdefault(document.source, [0, 0, 0])
        row[0] += 1
        row[1] += len(tables.get(document.doc_id, ()))
        row[2] += len(document.text)
    return tuple(SourceReport(source, *row) for source, row in rows.items())


def summarise_dropped(dropped: Iterable[Dropped]) -> tuple[LeftOut, ...]:
    """What was left out by stage and reason, in the order of the stages, most first."""
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for row in dropped:
        counts[row.stage, row.reason] += row.count
        examples.setdefault(
            (row.stage, row.reason), f"{row.doc_id}: {row.example}" if row.example else row.doc_id
        )
    stages = list(dict.fromkeys(stage for stage, _ in counts))
    ordered = sorted(counts, key=lambda k: (stages.index(k[0]), -counts[k], k[1]))
    return tuple(
        LeftOut(stage, reason, counts[stage, reason], examples[stage, reason]) for stage, reason in ordered
    )


def count_by_type(
    rows: Sequence[Mention | Entity | Claim | Relation], types: Iterable[str]
) -> dict[str, int]:
    """How many rows have each type, every type of the schema listed."""
    counts = rows.counts("type") if isinstance(rows, Rows) else Counter(str(row.type) for row in rows)
    return {str(t): counts.get(str(t), 0) for t in types}
