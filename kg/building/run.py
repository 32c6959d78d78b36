"""One build from sources to published tables and store: read, extract, link, write, publish."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import gc
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import __version__
from kg import folder as layout
from kg.building import settings as build_settings
from kg.building.cache import LARGEST_PAYLOAD, Cache, key
from kg.building.extracting import Task, extract_missing, task_for
from kg.building.found import Found, find, found_from_bytes
from kg.building.inputs import LINKING_CODE, Judged, inputs, judged
from kg.building.reading import Reading, keep_standard_input, read
from kg.building.report import (
    Report,
    count_by_type,
    report_from_json,
    summarise_dropped,
    summarise_sources,
)
from kg.building.settings import BuildSettings
from kg.errors import KgError
from kg.progress import Progress
from kg.schema import EntityType, RelationType
from kg.tables import TABLES, Dropped, Identity, open_table, write_table
from kg.versions import CONTRACTS, code_version

if TYPE_CHECKING:
    from kg.building.workers import Workers
    from kg.linking import Linking, Memory


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
    with layout.writing(folder), _collecting_seldom():
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

    extraction_settings = build_settings.extraction_settings(settings.configuration)
    said = judged(folder, settings)
    cache = Cache(folder / layout.CACHE)
    try:
        clock = _Clock()
        reading_settings = build_settings.reading_settings(settings.configuration)
        reading = read(settings.sources, settings.removed, reading_settings, cache, workers, progress)
        if not reading.documents and not may_be_empty:
            raise KgError(_nothing_read(reading))
        build_settings.save(folder, settings)
        clock.lap("read")
        version = extraction_version(extraction_settings)
        tasks = [task_for(version, d, reading.sections[d.doc_id]) for d in reading.documents]
        made_from = inputs(settings, said)
        fingerprint = _fingerprint(tasks, reading, made_from["link"])
        found_key = key("what was found", code_version(*CONTRACTS, "parts.py", "building/found.py"))
        memory_key = key(
            "linking memory", code_version("parts.py"), *(made_from["link"][name] for name in LINKING_CODE)
        )
        last = layout.whole_manifest(folder)
        if last.get("fingerprint") == fingerprint:
            report = report_from_json(layout.read_json(layout.current_path(folder, layout.REPORT)))
            if last.get("inputs") == made_from:
                return Outcome(report, changed=False)
            staged = layout.staging(folder)
            if last.get("inputs", {}).get("store") != made_from["store"]:
                _write_store(folder, staged, progress)
        else:
            extracted = extract_missing(tasks, extraction_settings, cache, workers, progress)
            clock.lap("extract")
            remembered = cache.payload(found_key)
            found = find(tasks, cache, found_from_bytes(remembered) if remembered else None)
            memory = _memory(cache.payload(memory_key), {task.document.doc_id: task.key for task in tasks})
            linking = _link(folder, reading, found, said, memory, progress)
            for kept_as, content in ((found_key, found.to_bytes()), (memory_key, memory.to_bytes())):
                if len(content) < LARGEST_PAYLOAD:
                    cache.put(kept_as, content)
            clock.lap("link")
            staged = layout.staging(folder)
            progress.stage("write", len(TABLES) + 1, "files")
            _write_tables(staged, reading, found, linking, progress)
            _write_store(staged, staged, progress)
            clock.lap("write")
            report = _report(reading, found, linking, extracted, clock.seconds)
            _write_first_seen(folder, staged, reading)
        layout.write_json(staged / layout.REPORT, report.as_json())
        layout.write_json(staged / layout.MANIFEST, _manifest(fingerprint, made_from))
        layout.publish(folder)
        cache.keep_only(reading.cache_keys | {task.key for task in tasks} | {found_key, memory_key})
        return Outcome(report, changed=True)
    finally:
        cache.close()


@contextlib.contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Garbage is collected seldom: a build's rows hold no cycles, and going over them takes a quarter of its time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


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


def _fingerprint(tasks: Sequence[Task], reading: Reading, linked_with: Mapping[str, str]) -> str:
    """Everything the tables are made from, except the ids of the last build."""
    return key(
        str(layout.FORMAT_VERSION),
        repr(sorted(linked_with.items())),
        *(f"{task.key} {task.document.source} {task.document.duplicate_of}" for task in tasks),
        *(f"{d.doc_id} {d.reason} {d.count}" for d in reading.dropped),
    )


def _manifest(fingerprint: str, made_from: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {
        "format_version": layout.FORMAT_VERSION,
        "kg_version": __version__,
        "fingerprint": fingerprint,
        "inputs": made_from,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _memory(payload: bytes | None, made_from: Mapping[str, str]) -> Memory:
    from kg.linking import Memory, memory_from_bytes

    return Memory(made_from) if payload is None else memory_from_bytes(payload, made_from)


def _link(
    folder: Path, reading: Reading, found: Found, said: Judged, memory: Memory, progress: Progress
) -> Linking:
    from kg.linking import link

    progress.stage("link", len(found.mentions), "mentions")
    path = layout.table_path(folder, "identities")
    identities = open_table(path, Identity) if path.exists() else []
    linking = link(
        found.mentions,
        found.claims,
        reading.documents,
        said.decisions,
        identities,
        said.settings,
        said.watch_list,
        memory,
    )
    progress.advance(len(found.mentions))
    return linking


def _write_tables(staged: Path, reading: Reading, found: Found, linking: Linking, progress: Progress) -> None:
    rows: dict[str, Iterable[Any]] = {
        "documents": reading.documents,
        "sections": (section for d in reading.documents for section in reading.sections[d.doc_id]),
        "dropped": _all_dropped(reading, found, linking),
        "mentions": found.mentions,
        "claims": linking.claims,
        "entities": linking.entities,
        "mention_entities": linking.mention_entities,
        "relations": linking.relations,
        "identities": linking.identities,
    }
    for name, row_type in TABLES.items():
        write_table(staged / f"{name}.parquet", row_type, rows[name])
        progress.advance(1)


def _all_dropped(reading: Reading, found: Found, linking: Linking) -> list[Dropped]:
    return [*reading.dropped, *found.dropped, *linking.dropped]


def _write_store(tables: Path, staged: Path, progress: Progress) -> None:
    from kg.stores import embedded

    embedded.write(tables, staged / layout.STORE)
    progress.advance(1)


def _report(
    reading: Reading, found: Found, linking: Linking, extracted: int, seconds: dict[str, float]
) -> Report:
    documents = reading.documents
    return Report(
        documents=len(documents),
        duplicates=sum(d.duplicate_of is not None for d in documents),
        characters=sum(len(d.text) for d in documents),
        extracted=extracted,
        reused=len(documents) - extracted,
        mentions=count_by_type(found.mentions, EntityType),
        entities=count_by_type(linking.entities, EntityType),
        claims=count_by_type(linking.claims, RelationType),
        relations=count_by_type(linking.relations, RelationType),
        sources=summarise_sources(documents, (s for parts in reading.sections.values() for s in parts)),
        left_out=summarise_dropped(_all_dropped(reading, found, linking)),
        seconds=seconds,
    )


def _write_first_seen(folder: Path, staged: Path, reading: Reading) -> None:
    known = layout.first_seen_dates(folder)
    today = datetime.now(UTC).date().isoformat()
    layout.write_json(
        staged / layout.FIRST_SEEN, {d.doc_id: known.get(d.doc_id, today) for d in reading.documents}
    )


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now
