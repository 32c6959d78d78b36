"""Finding thousands of names in one pass over the folded text, white space inside a name tolerated."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

import ahocorasick_rs

from kg.characters import fold

Label = TypeVar("Label")


class NameMatcher(Generic[Label]):
    """Every place where one of `names` stands in a text.

    Text and names are compared folded and without white space (hard-wrapped Chinese breaks names anywhere), but a
    Latin word matches whole, and words that the text sets apart are not glued together.
    """

    def __init__(self, names: Iterable[tuple[str, Label]]) -> None:
        labels: dict[str, list[tuple[str, Label]]] = {}
        for name, label in names:
            labels.setdefault(_squeeze(fold(name)), []).append((name, label))
        labels.pop("", None)
        self._labels = list(labels.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(labels)) if labels else None

    def find(self, text: str, folded: str) -> Iterator[tuple[int, int, Label]]:
        """(start, end, label) of every match, overlapping ones too, in offsets of `text`."""
        if self._automaton is None:
            return
        kept = [i for i, character in enumerate(folded) if not character.isspace()]
        squeezed = "".join(itertools.compress(folded, (not c.isspace() for c in folded)))
        for number, begin, stop in self._automaton.find_matches_as_indexes(squeezed, overlapping=True):
            start, end = kept[begin], kept[stop - 1] + 1
            if _inside_word(text, start, end):
                continue
            surface = text[start:end]
            for name, label in self._labels[number]:
                if _same_words(name, surface):
                    yield start, end, label


def _squeeze(text: str) -> str:
    return "".join(text.split())


def is_latin(character: str) -> bool:
    """A letter that is no ideograph."""
    return character.isalpha() and character < "\u2e80"


def _inside_word(text: str, start: int, end: int) -> bool:
    """Whether the match begins or ends within a Latin word or a number."""
    if start and _joins(text[start - 1], text[start]):
        return True
    return end < len(text) and _joins(text[end - 1], text[end])


def _joins(left: str, right: str) -> bool:
    if left.isdigit():
        return right.isdigit() or is_latin(right)
    return is_latin(left) and is_latin(right)


def _same_words(name: str, surface: str) -> bool:
    """Whether spaces and capitals agree as far as they must.

    Within Latin text a space may be missing (GPT4o, OpenAI) only where the name has one; a name with a capital
    does not match a word without any (Meta, but not meta).
    """
    if not any(map(is_latin, name)):
        return True
    if any(map(str.isupper, name)) and not any(map(str.isupper, surface)):
        return False
    if " " not in surface and "\n" not in surface:
        return True
    return surface.count(" ") <= name.count(" ") or not _latin_gap(surface, name)


def _latin_gap(surface: str, name: str) -> bool:
    """Whether the surface has a space between Latin words that the name does not have."""
    gaps = sum(
        1
        for left, gap, right in zip(surface, surface[1:], surface[2:], strict=False)
        if gap.isspace() and left < "\u2e80" and right < "\u2e80"
    )
    return gaps > name.count(" ")
