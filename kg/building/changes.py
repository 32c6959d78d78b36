"""What a rebuild would do, stage by stage, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg import folder as layout
from kg.building import settings as build_settings
from kg.building.cache import Cache
from kg.building.inputs import REMOVED, STAGES, inputs, judged
from kg.building.reading import file_key


@dataclass(frozen=True, slots=True)
class Changes:
    """Source files by name: `changed` were never read as they are now, `gone` are no longer there. `stages` are
    those that a rebuild would run, each with its reasons; none where nothing has changed."""

    changed: tuple[str, ...]
    gone: tuple[str, ...]
    stages: dict[str, tuple[str, ...]]


def changes(folder: Path) -> Changes:
    """Compare everything a build is made from with the last one. Raises KgError where a source itself is missing."""
    import pyarrow.parquet as pq

    from kg.documents import find_files, in_parts

    settings = build_settings.load(folder)
    reading = build_settings.reading_settings(settings.configuration)
    files, _ = find_files(settings.sources, reading)
    keys = [(part.name, file_key(part, reading)) for file in files for part in in_parts(file)]
    read = Cache.known(folder / layout.CACHE, [key for _, key in keys if key])
    built = pq.read_table(layout.table_path(folder, "documents"), columns=["source"])["source"].unique()
    changed = tuple(dict.fromkeys(name for name, key in keys if key not in read))
    gone = tuple(sorted(set(built.to_pylist()) - {name for name, _ in keys}))
    before = layout.read_json(layout.current_path(folder, layout.MANIFEST)).get("inputs", {})
    now = inputs(settings, judged(folder, settings))
    differing = {stage: _differing(before.get(stage, {}), now[stage]) for stage in STAGES}
    return Changes(changed, gone, _stages(differing, len(changed), len(gone)))


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [name for name, value in now.items() if before.get(name) != value]


def _stages(differing: Mapping[str, list[str]], changed: int, gone: int) -> dict[str, tuple[str, ...]]:
    reasons = {stage: [f"{name} changed" for name in differing[stage]] for stage in STAGES}
    all_files = bool(set(differing["read"]) - {REMOVED})
    if all_files:
        reasons["read"].append("so all files are read anew")
    elif changed:
        reasons["read"].append(f"source files new or changed: {changed}")
    if gone:
        reasons["read"].append(f"source files gone: {gone}")
    if differing["extract"]:
        reasons["extract"].append("so all documents are extracted anew")
    elif all_files or changed:
        reasons["extract"].append("documents that are new or other than before")
    if reasons["read"] or reasons["extract"]:
        reasons["link"].append("documents or what they say changed")
    if reasons["link"]:
        reasons["store"].append("tables changed")
    return {stage: tuple(found) for stage, found in reasons.items() if found}
