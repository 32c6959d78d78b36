"""What extraction depends on beside the text, each thing under the name that people know it by."""

from __future__ import annotations

import hashlib

from kg.errors import KgError
from kg.extraction.settings import ExtractionSettings
from kg.resources import FOLDER
from kg.versions import CONTRACTS, code_version

#: What was trained, in `kg/resources`; all else there are word lists.
_TRAINED = ("judging", "model", "relations")


def inputs(settings: ExtractionSettings) -> dict[str, str]:
    """Hashes of everything extraction works with, by name."""
    return {
        "schema and tables": code_version(*CONTRACTS),
        "code of extraction": code_version("extraction"),
        "trained model": code_version(*(f"resources/{name}" for name in _TRAINED)),
        "word lists": word_lists(),
        "settings of names": f"{settings.min_confidence!r} {settings.model!r}",
        "watch list": watch_list(settings),
    }


def extraction_version(settings: ExtractionSettings) -> str:
    """16 hex digits over everything extraction depends on: code, model, word lists, watch list, settings."""
    return hashlib.sha256(repr(sorted(inputs(settings).items())).encode()).hexdigest()[:16]


def word_lists() -> str:
    """Hash of the shipped word lists and aliases."""
    places = sorted(path.name for path in FOLDER.iterdir() if path.name not in _TRAINED)
    return code_version(*(f"resources/{name}" for name in places))


def watch_list(settings: ExtractionSettings) -> str:
    """Hash of the user's own names, "" where there are none; a KgError where they cannot be read."""
    if settings.watch_list is None:
        return ""
    try:
        return hashlib.sha256(settings.watch_list.read_bytes()).hexdigest()
    except OSError as error:
        raise KgError(
            f"The watch list {settings.watch_list} cannot be read ({error.strerror}); "
            "correct `names` in kg.toml or remove it."
        ) from error
