"""What each stage of a build works with beside what the stage before it gives, so that a change can be named."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg import folder as layout
from kg.building import settings as build_settings
from kg.building.settings import BuildSettings
from kg.versions import CONTRACTS, code_version

if TYPE_CHECKING:
    from kg.linking import Decisions, LinkingSettings
    from kg.linking.known import KnownName

STAGES = ("read", "extract", "link", "store")
REMOVED = "documents removed by hand"
#: What says, beside the mentions and claims themselves, what linking makes of two names.
LINKING_CODE = ("schema and tables", "code of the linker", "word lists")


@dataclass(frozen=True, slots=True)
class Judged:
    """What people say about linking: settings, the names of their watch list, their decisions."""

    settings: LinkingSettings
    watch_list: tuple[KnownName, ...]
    decisions: Decisions


def judged(folder: Path, settings: BuildSettings) -> Judged:
    """Read it; a KgError names a bad line of the watch list or of the decisions."""
    from kg.linking import read_decisions

    return Judged(
        build_settings.linking_settings(settings.configuration),
        build_settings.watched_names(settings.configuration),
        read_decisions(folder / layout.DECISIONS),
    )


def inputs(settings: BuildSettings, said: Judged) -> dict[str, dict[str, str]]:
    """By stage and name, a hash of each thing; the sources themselves are left out."""
    from kg.extraction.version import inputs as extraction_inputs
    from kg.extraction.version import word_lists

    contracts = {"schema and tables": code_version(*CONTRACTS)}
    return {
        "read": contracts
        | {
            "code of the reader": code_version("documents"),
            "settings of reading": _hash(build_settings.reading_settings(settings.configuration)),
            REMOVED: _hash(sorted(settings.removed)),
        },
        "extract": extraction_inputs(build_settings.extraction_settings(settings.configuration)),
        "link": contracts
        | {
            "code of the linker": code_version("linking"),
            "word lists": word_lists(),
            "settings of linking": _hash(said.settings),
            "watch list": _hash(said.watch_list),
            "decisions": _hash(said.decisions),
        },
        "store": contracts | {"code of the stores": code_version("stores")},
    }


def _hash(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
