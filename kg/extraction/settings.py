"""What a user can set for extraction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ExtractionSettings:
    """Settings of the extraction pipeline.

    `watch_list` is the user's `names.csv` (None for none). Mentions below `min_confidence` (0..1) are left
    out and counted as dropped; the watch list's own names always stay. `model` False runs the rules alone.
    """

    watch_list: Path | None = None
    min_confidence: float = 0.0
    model: bool = True
