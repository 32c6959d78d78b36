"""Folding characters without moving offsets: width, case, traditional script, look-alike punctuation.

Every function here maps one code point to exactly one code point, so an offset into the folded text is an
offset into the text.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PUNCTUATION = {
    "〈": "《",
    "〉": "》",
    "「": "“",
    "」": "”",
    "『": "“",
    "』": "”",
    "‘": "'",
    "’": "'",
    "•": "·",
    "・": "·",
    "‧": "·",
    "∙": "·",
    "−": "-",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "\u00a0": " ",
    "\u3000": " ",
}


@lru_cache(maxsize=1)
def _converter() -> object:
    import opencc

    return opencc.OpenCC("t2s")


def fold_character(character: str) -> str:
    """One code point to one code point: full width to half width, traditional to simplified, lower case."""
    character = _PUNCTUATION.get(character, character)
    compatible = unicodedata.normalize("NFKC", character)
    if len(compatible) == 1:
        character = _PUNCTUATION.get(compatible, compatible)
    if "\u3400" <= character <= "\u9fff" or character >= "\U00020000":
        simplified = _converter().convert(character)  # type: ignore[attr-defined]
        return simplified if len(simplified) == 1 else character
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


class _Folded(dict[int, str]):
    """Folded characters by code point, as `str.translate` asks for them."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = fold_character(chr(code))
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """`text` with every character folded; `len(fold(text)) == len(text)`."""
    return text.translate(_FOLDED)


def is_han(character: str) -> bool:
    """Whether `character` is a Chinese ideograph (unified, extension or compatibility block)."""
    return (
        "\u4e00" <= character <= "\u9fff"
        or "\u3400" <= character <= "\u4dbf"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U000323af"
        or character == "〇"
    )
