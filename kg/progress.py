"""How long work tells of itself; the CLI draws it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives the stages of a build as they go."""

    def stage(self, name: str, total: int, unit: str) -> None:
        """A stage begins: its name and how many units it will count."""

    def advance(self, count: int) -> None:
        """So many units of the current stage are done."""


class Silent:
    """Says nothing."""

    def stage(self, name: str, total: int, unit: str) -> None:
        """Ignored."""

    def advance(self, count: int) -> None:
        """Ignored."""
