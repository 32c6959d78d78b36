"""How foreign names sound, so that 马斯克 meets Musk: consonants in coarse classes, vowels left out."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from kg.characters import is_han
from kg.linking.words import TRANSLITERATION

_CLASSES = (
    (re.compile("sch|tch|zh|ch|sh|[sczxqj]"), "s"),
    (re.compile("ph|[fvwh]"), "h"),
    (re.compile("th|[td]"), "t"),
    (re.compile("ck|gh|kh|[ckgq]"), "k"),
    (re.compile("[bp]"), "p"),
    (re.compile("er$|[lr]"), "l"),
    (re.compile("m"), "m"),
    (re.compile("ng|n"), "n"),
)
_HARD_C = re.compile("c(?=[aouklr]|$)")
_VOWELS = re.compile("[aeiouyü]")


def is_transliterated(text: str) -> bool:
    """Whether a Chinese name is written with the characters of foreign names (two thirds or more of them)."""
    letters = [c for c in text if is_han(c)]
    return len(letters) >= 2 and sum(c in TRANSLITERATION for c in letters) * 3 >= len(letters) * 2


@lru_cache(maxsize=50_000)
def sound(text: str) -> str:
    """The consonant classes of a Latin word or a Chinese transliteration, equal neighbours once."""
    if any(map(is_han, text)):
        from pypinyin import Style, lazy_pinyin

        # 尔 is the l or r of the original, not a syllable of its own.
        spelled = "".join("l" if s == "er" else s for s in lazy_pinyin(text, style=Style.NORMAL))
    else:
        spelled = _HARD_C.sub("k", text.lower())
    for pattern, letter in _CLASSES:
        spelled = pattern.sub(letter.upper(), spelled)
    consonants = _VOWELS.sub("", spelled)
    return re.sub(r"(.)\1+", r"\1", "".join(c for c in consonants if c.isupper()))


def likeness(left: str, right: str) -> float:
    """How alike two names sound, 0 to 1; 0 where one of them has less than two consonants."""
    a, b = sound(left), sound(right)
    if min(len(a), len(b)) < 2:
        return 0.0
    return 1.0 - Levenshtein.distance(a, b) / max(len(a), len(b))
