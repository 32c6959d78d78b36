"""What a rebuild would find changed since the last build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg import folder as layout
from kg.building import settings as build_settings
from kg.building.cache import Cache
from kg.building.reading import file_key


@dataclass(frozen=True, slots=True)
class Changes:
    """Source files by name: `changed` were never read as they are now, `gone` are no longer there."""

    changed: tuple[str, ...]
    gone: tuple[str, ...]


def changes(folder: Path) -> Changes:
    """Compare the sources with the last build. Raises KgError where a source itself is missing."""
    import pyarrow.parquet as pq

    from kg.documents import find_files

    settings = build_settings.load(folder)
    reading = build_settings.reading_settings(settings.configuration)
    files, _ = find_files(settings.sources, reading)
    keys = {file.name: file_key(file, reading) for file in files}
    read = Cache.known(folder / layout.CACHE, [key for key in keys.values() if key])
    built = pq.read_table(layout.table_path(folder, "documents"), columns=["source"])["source"].unique()
    return Changes(
        changed=tuple(name for name, key in keys.items() if key not in read),
        gone=tuple(sorted(set(built.to_pylist()) - set(keys))),
    )
