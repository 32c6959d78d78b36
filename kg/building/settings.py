"""What a build is asked to do: `kg.toml` for the user's choices, `settings.json` in the folder for rebuilds."""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kg import folder as layout
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.documents import ReadingSettings
    from kg.extraction import ExtractionSettings
    from kg.linking import LinkingSettings
    from kg.linking.known import KnownName


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
    from kg.documents import ReadingSettings
    from kg.extraction import ExtractionSettings
    from kg.linking import LinkingSettings

    _typed(ReadingSettings, configuration.reading, f"{origin}, [reading]")
    _typed(ExtractionSettings, configuration.names, f"{origin}, [names]")
    _typed(LinkingSettings, configuration.linking, f"{origin}, [linking]")


def reading_settings(configuration: Configuration) -> ReadingSettings:
    """The `[reading]` table as the reader's settings."""
    from kg.documents import ReadingSettings

    return _typed(ReadingSettings, configuration.reading, "[reading]")


def extraction_settings(configuration: Configuration) -> ExtractionSettings:
    """The `[names]` table as the extractor's settings."""
    from kg.extraction import ExtractionSettings

    return _typed(ExtractionSettings, configuration.names, "[names]")


def linking_settings(configuration: Configuration) -> LinkingSettings:
    """The `[linking]` table as the linker's settings."""
    from kg.linking import LinkingSettings

    return _typed(LinkingSettings, configuration.linking, "[linking]")


def watched_names(configuration: Configuration) -> tuple[KnownName, ...]:
    """The user's watch list as names that are known to be one thing; empty where there is none."""
    from kg.extraction.watched_names import read_watch_list
    from kg.linking.known import KnownName

    path = extraction_settings(configuration).watch_list
    if path is None:
        return ()
    return tuple(KnownName(row.type, (row.name, *row.aliases)) for row in read_watch_list(path))


SettingsType = TypeVar("SettingsType")


def _typed(settings_type: type[SettingsType], table: dict[str, Any], origin: str) -> SettingsType:
    """A table of a TOML or JSON file as a settings dataclass, every key and type checked."""
    hints = typing.get_type_hints(settings_type)
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in hints:
            raise KgError(f"{origin}: unknown key {name}; known are {', '.join(sorted(hints))}.")
        allowed = typing.get_args(hints[name]) if isinstance(hints[name], types.UnionType) else (hints[name],)
        classes = tuple(typing.get_origin(hint) or hint for hint in allowed)
        if Path in classes and isinstance(value, str):
            value = Path(value)
        elif tuple in classes and isinstance(value, list):
            value = tuple(value)
        elif float in classes and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, classes) or (isinstance(value, bool) and bool not in classes):
            wanted = " or ".join(c.__name__ for c in classes if c is not type(None))
            raise KgError(f"{origin}: {name} must be a {wanted}, not {value!r}.")
        values[name] = value
    return settings_type(**values)


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
        raise KgError(
            f"{path} is damaged; delete it and run kg build again with the same sources."
        ) from error
