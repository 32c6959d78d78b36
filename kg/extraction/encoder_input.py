"""What the encoder reads: word pieces of a text, hints from word lists, and windows of bounded length.

Training and extraction share this module, so that the model meets at run time what it was trained on.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from kg.characters import fold
from kg.errors import KgError

IntArray = npt.NDArray[np.int64]

CHANNELS = ("company", "person", "region", "organization", "noun", "other", "model", "english")
"""Word lists; each says of a character whether one of its words starts, continues or ends there."""

LEXICON_VALUES = 8
SHAPES = 10
GAPS = 4
FEATURE_SIZES = (*(LEXICON_VALUES for _ in CHANNELS), 2, SHAPES, GAPS)
FEATURE_OFFSETS: IntArray = np.cumsum([0, *FEATURE_SIZES[:-1]]).astype(np.int64)
FEATURE_ROWS = sum(FEATURE_SIZES)

CLS, SEP, UNKNOWN = 101, 102, 100
LONGEST_WINDOW = 256
"""Training saw windows of up to 318 pieces; longer ones are read less well."""
OVERLAP = 96

_STARTS = sum(0b001 << 3 * channel for channel in range(len(CHANNELS)))
_INSIDE = _STARTS << 1
_ENDS = _STARTS << 2
_SENTENCE_ENDS = frozenset("。!?;\n")
_QUOTES = str.maketrans(
    "“”", '""'
)  # the tokenizer's vocabulary lacks the Chinese ones; their side is a feature


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


class Lexicon:
    """Words with the lists that hold them, looked up at every position of a text.

    `words` maps a folded word without spaces to its lists, list `c` being bit `3 * c`.
    """

    def __init__(self, words: dict[str, int], surnames: frozenset[str]) -> None:
        self.words = words
        self.surnames = surnames
        longest: dict[str, int] = {}
        for word in words:
            key = word[:2]
            if longest.get(key, 0) < len(word):
                longest[key] = len(word)
        self._longest = longest

    @classmethod
    def read(cls, path: Path) -> Lexicon:
        """Read the word lists (gzip, one `word<TAB>lists` a line; `#surnames` first). Raises KgError."""
        try:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                surnames = frozenset(next(lines).rstrip("\n").split("\t")[1])
                words = {}
                for line in lines:
                    word, lists = line.rstrip("\n").split("\t")
                    words[word] = int(lists, 16)
        except (OSError, EOFError, ValueError, IndexError, StopIteration) as error:
            raise KgError(
                f"The word lists of the name model, {path}, are missing or damaged ({error}); reinstall the package."
            ) from error
        return cls(words, surnames)

    def codes(self, folded: str) -> IntArray:
        """[len(folded)] bits 3c, 3c+1, 3c+2: a word of list c starts, continues, ends at this character.

        Spaces and line breaks inside Chinese words are looked through; Latin words match whole.
        """
        kept = [
            i
            for i, character in enumerate(folded)
            if not character.isspace()
            or (0 < i < len(folded) - 1 and _is_latin(folded[i - 1]) and _is_latin(folded[i + 1]))
        ]
        text = "".join([folded[i] for i in kept])
        codes = [0] * len(text)
        words, longest = self.words, self._longest
        for i in range(len(text) - 1):
            limit = longest.get(text[i : i + 2])
            if limit is None or (i and _is_latin(text[i]) and _is_latin(text[i - 1])):
                continue
            for end in range(i + 2, min(i + limit, len(text)) + 1):
                lists = words.get(text[i:end])
                if lists is None or (end < len(text) and _is_latin(text[end]) and _is_latin(text[end - 1])):
                    continue
                codes[i] |= lists
                codes[end - 1] |= lists << 2
                for inside in range(i + 1, end - 1):
                    codes[inside] |= lists << 1
        result = np.zeros(len(folded), dtype=np.int64)
        result[kept] = codes
        return result


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text as the encoder sees it: `ids` [n], `offsets` [n, 2] in code points, `features` [n, len(FEATURE_SIZES)]."""

    ids: IntArray
    offsets: IntArray
    features: IntArray
    breaks: tuple[int, ...]
    """Piece indexes at which a sentence starts (never 0)."""


def _shape(text: str) -> int:
    if text in "“「『":
        return 8
    if text in "”」』":
        return 9
    if text.isdigit():
        return 1
    if not _is_latin(text[0]):
        return 0 if text[0].isalpha() else 2
    if text.islower():
        return 3
    if text.isupper():
        return 4 if len(text) > 1 else 5
    return 6 if text[0].isupper() else 7


class EncoderInput:
    """Turns texts into word pieces with their features; holds the tokenizer and the word lists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def tokenizer(self) -> Tokenizer:
        path = self.folder / "tokenizer.json"
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exception
            raise KgError(
                f"The tokenizer of the name model, {path}, is missing or damaged; reinstall the package."
            ) from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def lexicon(self) -> Lexicon:
        return Lexicon.read(self.folder / "lexicon.txt.gz")

    def pieces(self, text: str) -> Pieces:
        """Word pieces of `text`, without the special ones; characters that the tokenizer drops have none."""
        folded = fold(text)
        encoding = self.tokenizer.encode(folded.translate(_QUOTES), add_special_tokens=False)
        ids = np.asarray(encoding.ids, dtype=np.int64)
        offsets = np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        codes = self.lexicon.codes(folded)
        features = np.zeros((len(ids), len(FEATURE_SIZES)), dtype=np.int64)
        if len(ids):
            first, last = codes[offsets[:, 0]], codes[offsets[:, 1] - 1]
            merged = (first & (_STARTS | _INSIDE)) | (last & _ENDS)
            for channel in range(len(CHANNELS)):
                features[:, channel] = (merged >> 3 * channel) & 0b111
        breaks = []
        previous = 0
        for i, (start, end) in enumerate(encoding.offsets):
            gap = folded[previous:start]
            if gap:
                features[i, -1] = 1 if "\n" not in gap else 2 if gap.count("\n") == 1 else 3
            features[i, -2] = _shape(text[start:end])
            features[i, -3] = folded[start] in self.lexicon.surnames
            if i and ("\n" in gap or folded[start - len(gap) - 1] in _SENTENCE_ENDS):
                breaks.append(i)
            previous = end
        return Pieces(ids, offsets, features + FEATURE_OFFSETS, tuple(breaks))


def windows(count: int, breaks: tuple[int, ...], longest: int = LONGEST_WINDOW) -> list[tuple[int, int]]:
    """Cover pieces 0..count by overlapping windows of at most `longest` pieces, cut where sentences end if possible."""
    result = []
    start = 0
    cuts = np.asarray(breaks, dtype=np.int64)
    while count - start > longest:
        inside = cuts[(cuts > start + longest // 2) & (cuts <= start + longest)]
        end = int(inside[-1]) if len(inside) else start + longest
        result.append((start, end))
        target = end - OVERLAP
        inside = cuts[(cuts >= target - OVERLAP // 2) & (cuts < end - OVERLAP // 4) & (cuts > start)]
        start = int(inside[np.abs(inside - target).argmin()]) if len(inside) else target
    if count:
        result.append((start, count))
    return result


def owned(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The part of each window that speaks for its pieces: overlaps are shared out at their middle."""
    if not spans:
        return []
    middles = [(left[1] + right[0]) // 2 for left, right in pairwise(spans)]
    return list(pairwise([0, *middles, spans[-1][1]]))
