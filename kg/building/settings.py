"""What a build is asked to do: `kg.toml` for the user's choices, `settings.json` in the folder for rebuilds."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.building import folder as layout
from kg.errors import KgError


@dataclass(frozen=True, slots=True)
class Configuration:
    """The content of a `kg.toml`, checked. Paths are absolute."""

    reading: dict[str, Any] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    linking: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """Sources (absolute paths), the configuration, documents that were removed by hand, and a store to load."""

    sources: tuple[str, ...]
    configuration: Configuration = field(default_factory=Configuration)
    removed: tuple[str, ...] = ()
    store: str | None = None


def read_configuration(path: Path) -> Configuration:
    """Read a `kg.toml`; unknown tables and keys, wrong types and missing files are KgErrors naming them."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise KgError(f"Cannot read the configuration {path} ({error.strerror}); check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KgError(f"{path} is not valid TOML ({error}); correct that place.") from error
    tables = {f.name for f in dataclasses.fields(Configuration)}
    for name, table in content.items():
        if name not in tables or not isinstance(table, dict):
            raise KgError(f"{path}: unknown table [{name}]; known are {', '.join(sorted(tables))}.")
    configuration = Configuration(**content)
    watch_list = configuration.names.get("watch_list")
    if watch_list is not None:
        configuration.names["watch_list"] = str((path.parent / str(watch_list)).resolve())
    check_configuration(configuration, str(path))
    return configuration


def check_configuration(configuration: Configuration, origin: str) -> None:
    """Raise a KgError that names the first unknown key or wrong value."""
    for table, settings_type in _settings_types().items():
        values = getattr(configuration, table)
        known = {f.name: f for f in dataclasses.fields(settings_type)}
        for key in values:
            if key not in known:
                raise KgError(f"{origin}: unknown key {key} in [{table}]; known are {', '.join(sorted(known))}.")
        try:
            settings_type(**values)
        except (TypeError, ValueError) as error:
            raise KgError(f"{origin}: wrong value in [{table}]: {error}") from error


def _settings_types() -> dict[str, Any]:
    from kg.documents import ReadingSettings
    from kg.extraction import ExtractionSettings
    from kg.linking import LinkingSettings

    return {"reading": ReadingSettings, "names": ExtractionSettings, "linking": LinkingSettings}


def save(folder: Path, settings: BuildSettings) -> None:
    """Write `settings.json`."""
    layout.write_json(
        folder / layout.SETTINGS, {"format_version": layout.FORMAT_VERSION, **dataclasses.asdict(settings)}
    )


def load(folder: Path) -> BuildSettings:
    """Read `settings.json`; a KgError where the folder was never built."""
    path = folder / layout.SETTINGS
    if not path.exists():
        raise KgError(f"{folder} is not a build folder; make one with: kg build SOURCE... --out {folder}")
    content = layout.read_json(path)
    try:
        return BuildSettings(
            sources=tuple(content["sources"]),
            configuration=Configuration(**content["configuration"]),
            removed=tuple(content["removed"]),
            store=content["store"],
        )
    except (KeyError, TypeError) as error:
        raise KgError(f"{path} is damaged; delete it and run kg build again with the same sources.") from error
