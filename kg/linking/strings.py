"""How one string relates to another: part of it, its abbreviation, its initials, nearly equal."""

from __future__ import annotations

from functools import lru_cache

from kg.linking.places import official
from kg.linking.words import GENERAL_WORDS, INDUSTRY_WORDS, LEGAL_FORMS, MODEL_WORDS, UNIT_WORDS

_INDUSTRY = frozenset(INDUSTRY_WORDS)
_GENERAL = frozenset(GENERAL_WORDS)
_UNIT = frozenset(UNIT_WORDS)
_LONG_UNITS = tuple(sorted(w for w in UNIT_WORDS if len(w) > 1))
_LEGAL = frozenset(LEGAL_FORMS) | frozenset(MODEL_WORDS)
_LONGEST = 8


def runs(short: str, long: str) -> int:
    """In how few stretches of `long` all of `short` stands in order; 0 where it does not."""
    if not short or not is_subsequence(short, long):
        return 0
    infinity = len(short) + 1
    # best[j]: fewest runs so far with the last character at j of long
    best = [1 if c == short[0] else infinity for c in long]
    for character in short[1:]:
        lowest, following = infinity, [infinity] * len(long)
        for j in range(1, len(long)):
            lowest = min(lowest, best[j - 2] if j > 1 else infinity)
            if long[j] == character:
                following[j] = min(best[j - 1], lowest + 1)
        best = following
    return min(best)


def is_subsequence(short: str, long: str) -> bool:
    """Whether all characters of `short` stand in `long` in order."""
    rest = iter(long)
    return all(c in rest for c in short)


def part_of(short: str, long: str) -> str:
    """begins, ends, inside, or "" where `short` is no proper part of `long`."""
    if not short or len(short) >= len(long):
        return ""
    if long.startswith(short):
        return "begins"
    if long.endswith(short):
        return "ends"
    return "inside" if short in long else ""


@lru_cache(maxsize=100_000)
def kind_of_rest(rest: str) -> str:
    """What is left of a longer name beside the shorter: legal, general, industry, unit, place, digits, latin or other.

    A rest of several words has the kind of the most telling one. One that ends in a word for a unit is a unit.
    """
    if not rest:
        return "legal"
    if any(c.isdigit() for c in rest):
        return "digits"
    kinds = set()
    if any(rest.endswith(word) and word not in _INDUSTRY for word in _LONG_UNITS):
        return "unit"
    while rest:
        for length in range(min(_LONGEST, len(rest)), 0, -1):
            kind = _kind_of_word(rest[:length])
            if kind:
                kinds.add(kind)
                rest = rest[length:]
                break
        else:
            return "latin" if rest.isascii() else "other"
    return next(k for k in ("unit", "place", "both", "industry", "general", "legal") if k in kinds)


@lru_cache(maxsize=100_000)
def is_distinctive(stem: str) -> bool:
    """Whether a name has more to it than places and words for a trade or a kind of body (中国银行 has not)."""
    return kind_of_rest(stem) in ("other", "latin", "digits")


def _kind_of_word(word: str) -> str:
    if word in _LEGAL:
        return "legal"
    if word in _UNIT:
        return "both" if word in _INDUSTRY else "unit"
    if word in _GENERAL:
        return "general"
    if word in _INDUSTRY:
        return "industry"
    return "place" if official(word) else ""


def initials(words: tuple[str, ...]) -> str:
    """The first letters of Latin words, small words left out."""
    return "".join(
        w[0] for w in words if w not in ("of", "the", "and", "for", "in", "on", "de") and w[0].isalpha()
    )
