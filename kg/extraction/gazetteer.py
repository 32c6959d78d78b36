"""Names from word lists: places, organisations, policies, AI models, well-known entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.annotations import add_candidate
from kg.extraction.matching import NameMatcher
from kg.resources import gazetteers
from kg.resources.aliases import load_aliases
from kg.schema import EntityType

MADE_BY = "gazetteer"

#: How often a listed name that stands in a text is a mention of its type (measured on training documents).
SURE, LIKELY, DOUBTFUL = 0.9, 0.8, 0.3


@dataclass(frozen=True, slots=True)
class Listed:
    """What a word list says of a name; `level` orders places from countries (0) to zones (4)."""

    type: EntityType
    confidence: float
    level: int | None = None


@lru_cache(maxsize=1)
def matcher() -> NameMatcher[Listed]:
    """The matcher over all shipped lists."""
    return NameMatcher(dict.fromkeys(_listed()))


def _listed() -> Iterator[tuple[str, Listed]]:
    doubtful = gazetteers.ambiguous()

    def listed(names: Iterable[str], type: EntityType, confidence: float) -> Iterator[tuple[str, Listed]]:
        for name in names:
            short = len(name) < 2 or (name.isascii() and len(name) < 3)
            yield name, Listed(type, DOUBTFUL if short or name in doubtful else confidence)

    for name, level in (*gazetteers.world_regions(), *gazetteers.divisions()):
        yield name, Listed(EntityType.REGION, DOUBTFUL if name in doubtful else SURE, level)
    yield from listed(gazetteers.names("organizations.txt"), EntityType.ORGANIZATION, SURE)
    yield from listed(gazetteers.names("policies.txt"), EntityType.POLICY, LIKELY)
    models = gazetteers.sections("models.txt")
    yield from listed(models["chinese"], EntityType.MODEL, LIKELY)
    yield from listed(gazetteers.column("models_dev.csv", "name"), EntityType.MODEL, LIKELY)
    for entry in load_aliases():
        if entry.type is not EntityType.REGION:
            yield from listed((entry.name, *entry.aliases), entry.type, SURE)


@Language.component(MADE_BY)
def gazetteer(doc: Doc) -> Doc:
    """Propose every listed name; a chain of places from large to small (上海浦东新区) is one place."""
    text = doc._.text
    places: list[tuple[int, int, int]] = []
    for start, end, listed in matcher().find(text, doc._.folded):
        add_candidate(doc, start, end, listed.type, listed.confidence, MADE_BY)
        if listed.level is not None:
            places.append((start, end, listed.level))
            if text.startswith("地区", end):
                add_candidate(doc, start, end + 2, listed.type, listed.confidence, MADE_BY)
    for start, end in _chains(places):
        add_candidate(doc, start, end, EntityType.REGION, SURE, MADE_BY)
    return doc


def _chains(places: list[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """Places that follow one another without a gap, each smaller than the one before it, as one stretch."""
    by_start: dict[int, list[tuple[int, int]]] = {}
    for start, end, level in places:
        by_start.setdefault(start, []).append((end, level))
    for start, end, level in places:
        chain_end, chain_level = end, level
        while following := [p for p in by_start.get(chain_end, ()) if p[1] > chain_level]:
            chain_end, chain_level = max(following)
        if chain_end > end:
            yield start, chain_end
