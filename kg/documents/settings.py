"""What the reader may be told: field names of records and the limits beyond which input is refused."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """Settings of the reading stage.

    `fields` maps our names of record fields (`text`, `title`, `date`, `id`) to the names that the user's JSONL or
    CSV files give them, where these are not recognised by themselves. The limits protect memory: sizes in bytes,
    lengths in characters.
    """

    fields: dict[str, str] = field(default_factory=dict)
    max_file_bytes: int = 100_000_000
    max_unpacked_bytes: int = 300_000_000
    max_line_characters: int = 10_000_000
    max_pages: int = 5_000
