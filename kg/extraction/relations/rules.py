"""All constructions of all relation types over the frames of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.extraction.relations import (
    competition,
    investment,
    models,
    partnership,
    places,
    policies,
    posts,
    regulation,
    structure,
)
from kg.extraction.relations.constructions import Construction, Finding, find
from kg.extraction.relations.frames import Frame

CONSTRUCTIONS: tuple[Construction, ...] = tuple(
    construction
    for module in (
        investment, regulation, competition, models, policies, posts, partnership, structure, places,
    )
    for construction in module.CONSTRUCTIONS
)  # fmt: skip


def find_all(frames: Sequence[Frame]) -> Iterator[Finding]:
    """What every construction finds in every frame with two names, words for names counted, or one that is implied."""
    for frame in frames:
        implied = any((frame.topic, frame.model, frame.authority))
        if max(len(frame.names), len(frame.slots)) + implied < 2:
            continue
        for construction in CONSTRUCTIONS:
            yield from find(construction, frame)
    yield from posts.find_reporters(list(frames))
    yield from structure.find_parts(frames)
