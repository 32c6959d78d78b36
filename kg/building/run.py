"""One build from sources to published tables and store: read, extract, link, write, publish."""

from __future__ import annotations

import dataclasses
import errno
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import __version__
from kg import folder as layout
from kg.building import settings as build_settings
from kg.building.cache import Cache, decode_rows, key
from kg.building.extracting import Task, extract_missing, task_for
from kg.building.reading import Reading, keep_standard_input, read
from kg.building.report import (
    Report,
    count_by_type,
    report_from_json,
    summarise_dropped,
    summarise_sources,
)
from kg.building.settings import BuildSettings
from kg.building.versions import code_version
from kg.errors import KgError
from kg.progress import Progress
from kg.schema import EntityType, RelationType
from kg.tables import TABLES, Claim, Dropped, Identity, Mention, read_table, write_table

if TYPE_CHECKING:
    from kg.building.workers import Workers
    from kg.linking import Decisions, LinkingSettings
    from kg.linking.known import KnownName


@dataclass(frozen=True, slots=True)
class Outcome:
    """The report of the current build, and whether this run changed anything."""

    report: Report
    changed: bool


def build(
    folder: Path, settings: BuildSettings, workers: Workers, progress: Progress, *, may_be_empty: bool
) -> Outcome:
    """Bring `folder` up to date with its sources; the last finished build stays readable until the new one is whole.

    Raises KgError where a source is missing, nothing could be read (unless `may_be_empty`), another kg writes to
    the folder, or the disk is full.
    """
    build_settings.check_configuration(settings.configuration, "configuration")
    with layout.writing(folder):
        settings = dataclasses.replace(settings, sources=keep_standard_input(folder, settings.sources))
        try:
            return _build(folder, settings, workers, progress, may_be_empty)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise KgError(_disk_full(folder)) from error
            raise
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise KgError(_disk_full(folder)) from error
            raise


def _build(
    folder: Path, settings: BuildSettings, workers: Workers, progress: Progress, may_be_empty: bool
) -> Outcome:
    from kg.extraction import extraction_version
    from kg.linking import read_decisions

    reading_settings = build_settings.reading_settings(settings.configuration)
    extraction_settings = build_settings.extraction_settings(settings.configuration)
    judged = _Judged(
        build_settings.linking_settings(settings.configuration),
        build_settings.watched_names(settings.configuration),
        read_decisions(folder / layout.DECISIONS),
    )
    cache = Cache(folder / layout.CACHE)
    try:
        clock = _Clock()
        reading = read(settings.sources, settings.removed, reading_settings, cache, workers, progress)
        if not reading.documents and not may_be_empty:
            raise KgError(_nothing_read(reading))
        build_settings.save(folder, settings)
        clock.lap("read")
        version = extraction_version(extraction_settings)
        tasks = [task_for(version, d, reading.sections[d.doc_id]) for d in reading.documents]
        fingerprint = _fingerprint(tasks, reading, judged)
        if (current := _unchanged(folder, fingerprint)) is not None:
            return Outcome(current, changed=False)
        extracted = extract_missing(tasks, extraction_settings, cache, workers, progress)
        clock.lap("extract")
        report = _link_and_publish(
            folder, reading, tasks, extracted, judged, cache, fingerprint, progress, clock
        )
        cache.keep_only(reading.cache_keys | {task.key for task in tasks})
        return Outcome(report, changed=True)
    finally:
        cache.close()


def _nothing_read(reading: Reading) -> str:
    if not reading.dropped:
        from kg.documents import SUFFIXES

        return f"No documents were found in the sources; name files or folders that hold {' '.join(sorted(SUFFIXES))}."
    first = reading.dropped[0]
    return f"No document could be read. {first.doc_id}: {first.reason}."


def _disk_full(folder: Path) -> str:
    return (
        f"The disk that holds {folder} is full; make room and run kg rebuild {folder}"
        " (the last finished build is untouched)."
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """What people say about linking: settings, the names of their watch list, their decisions."""

    settings: LinkingSettings
    watch_list: tuple[KnownName, ...]
    decisions: Decisions


def _fingerprint(tasks: Sequence[Task], reading: Reading, judged: _Judged) -> str:
    """Everything the tables are made from, except the ids of the last build."""
    return key(
        str(layout.FORMAT_VERSION),
        code_version("linking", "resources", "stores"),
        repr(judged),
        *(f"{task.key} {task.document.source} {task.document.duplicate_of}" for task in tasks),
        *(f"{d.doc_id} {d.reason} {d.count}" for d in reading.dropped),
    )


def _unchanged(folder: Path, fingerprint: str) -> Report | None:
    """The report of the current build where it was made from the same things and is whole."""
    if layout.whole_manifest(folder).get("fingerprint") != fingerprint:
        return None
    return report_from_json(layout.read_json(layout.current_path(folder, layout.REPORT)))


def _link_and_publish(
    folder: Path,
    reading: Reading,
    tasks: Sequence[Task],
    extracted: int,
    judged: _Judged,
    cache: Cache,
    fingerprint: str,
    progress: Progress,
    clock: _Clock,
) -> Report:
    from kg.linking import link
    from kg.stores import embedded

    mentions, claims, dropped = _extractions(tasks, cache)
    progress.stage("link", len(mentions), "mentions")
    identities_path = layout.table_path(folder, "identities")
    identities = list(read_table(identities_path, Identity)) if identities_path.exists() else []
    linking = link(
        mentions,
        claims,
        reading.documents,
        judged.decisions,
        identities,
        judged.settings,
        judged.watch_list,
    )
    progress.advance(len(mentions))
    clock.lap("link")
    progress.stage("write", len(TABLES) + 1, "files")
    all_dropped = [*reading.dropped, *dropped, *linking.dropped]
    staged = layout.staging(folder)
    rows: dict[str, Any] = {
        "documents": reading.documents,
        "sections": (section for d in reading.documents for section in reading.sections[d.doc_id]),
        "dropped": all_dropped,
        "mentions": mentions,
        "claims": linking.claims,
        "entities": linking.entities,
        "mention_entities": linking.mention_entities,
        "relations": linking.relations,
        "identities": linking.identities,
    }
    for name, row_type in TABLES.items():
        write_table(staged / f"{name}.parquet", row_type, rows[name])
        progress.advance(1)
    embedded.write(staged, staged / layout.STORE)
    progress.advance(1)
    clock.lap("write")
    report = Report(
        documents=len(reading.documents),
        duplicates=sum(d.duplicate_of is not None for d in reading.documents),
        characters=sum(len(d.text) for d in reading.documents),
        extracted=extracted,
        reused=len(tasks) - extracted,
        mentions=count_by_type(mentions, EntityType),
        entities=count_by_type(linking.entities, EntityType),
        claims=count_by_type(linking.claims, RelationType),
        relations=count_by_type(linking.relations, RelationType),
        sources=summarise_sources(
            reading.documents, (s for parts in reading.sections.values() for s in parts)
        ),
        left_out=summarise_dropped(all_dropped),
        seconds=clock.seconds,
    )
    now = datetime.now(UTC)
    known = layout.first_seen_dates(folder)
    today = now.date().isoformat()
    first_seen = {d.doc_id: known.get(d.doc_id, today) for d in reading.documents}
    layout.write_json(staged / layout.FIRST_SEEN, first_seen)
    layout.write_json(staged / layout.REPORT, report.as_json())
    layout.write_json(
        staged / layout.MANIFEST,
        {
            "format_version": layout.FORMAT_VERSION,
            "kg_version": __version__,
            "fingerprint": fingerprint,
            "finished": now.isoformat(timespec="seconds"),
        },
    )
    layout.publish(folder)
    return report


def _extractions(tasks: Sequence[Task], cache: Cache) -> tuple[list[Mention], list[Claim], list[Dropped]]:
    mentions: list[Mention] = []
    claims: list[Claim] = []
    dropped: list[Dropped] = []
    for task in tasks:
        found = cache.get(task.key)
        if found is None:
            raise KgError(f"The cache lost {task.document.doc_id}; run kg rebuild once more.")
        mentions += decode_rows(Mention, found[0])
        claims += decode_rows(Claim, found[1])
        dropped += decode_rows(Dropped, found[2])
    return mentions, claims, dropped


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now
