"""The user's choices for linking: the table [linking] of `kg.toml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkingSettings:
    """`curated_names`: use the shipped list of known aliases. `threshold`: log-odds from which two names are one;
    higher merges less (0 is even odds)."""

    curated_names: bool = True
    threshold: float = 0.5

    def __post_init__(self) -> None:
        if not isinstance(self.curated_names, bool):
            raise TypeError(f"curated_names is true or false, not {self.curated_names!r}")
        if isinstance(self.threshold, bool) or not isinstance(self.threshold, (int, float)):
            raise TypeError(f"threshold is a number, not {self.threshold!r}")
