"""What the reader may be told: field names of records and the limits beyond which input is refused."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from kg.errors import KgError


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """Settings of the reading stage.

    `fields` maps our names of record fields (`text`, `title`, `date`, `id`) to the names that the user's JSONL or
    CSV files give them, where these are not recognised by themselves. The limits bound what one file can take:
    sizes in bytes, lengths in characters. `max_file_bytes` is for files that are read whole, `max_records_bytes`
    for JSONL and CSV. Reading a file may take `max_seconds` of processor time for each 10 MB of it that
    are begun (ten times that by the clock), and `max_memory_bytes` (Linux can hold a process to them).
    """

    fields: dict[str, str] = field(default_factory=dict)
    max_file_bytes: int = 100_000_000
    max_records_bytes: int = 20_000_000_000
    max_unpacked_bytes: int = 300_000_000
    max_line_characters: int = 10_000_000
    max_document_characters: int = 4_000_000
    max_pages: int = 5_000
    max_seconds: float = 60.0
    max_memory_bytes: int = 4_000_000_000

    def __post_init__(self) -> None:
        """Raise KgError for a limit that lets nothing through."""
        for limit in fields(self):
            if limit.name != "fields" and getattr(self, limit.name) <= 0:
                raise KgError(f"[reading]: {limit.name} must be above 0.")
