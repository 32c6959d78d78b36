"""From documents to mentions and claims: a spaCy pipeline for Chinese.

The names below are imported on first use, so that importing `kg.extraction` does not load spaCy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.extraction.settings import ExtractionSettings
from kg.extraction.version import extraction_version

if TYPE_CHECKING:
    from kg.extraction.pipeline import (
        Extraction,
        claims_between,
        extract,
        load_pipeline,
    )

__all__ = [
    "Extraction",
    "ExtractionSettings",
    "claims_between",
    "extract",
    "extraction_version",
    "load_pipeline",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from kg.extraction import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
