"""Which names are worth comparing: those that share something rare, found without looking at all pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kg.characters import is_han
from kg.linking.hashes import hash_of
from kg.linking.lists import unique
from kg.linking.nodes import Node
from kg.linking.occurrences import Name, Numbers
from kg.linking.places import of_character
from kg.linking.sounds import is_transliterated, sound
from kg.schema import EntityType

#: Names that share a gram with more than this many others are not compared for that gram alone.
COMMON = 60
#: Candidates kept for a name, best first.
KEPT = 30
#: Share of the poorer name's grams, by rarity, that two names must have in common.
SHARED = 0.12


def candidate_pairs(node: Numbers, gram: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Pairs of nodes (left < right) worth comparing. `node` and `gram` are the grams of all `count` nodes, one after
    the other; grams of two types are never equal.

    Each name gives grams: its pairs of neighbouring characters, its first character with each later one (so that
    乘联会 meets 乘用车市场信息联席会), its Latin words and initials, and its stem. Pairs are ranked by the rarity of
    what they share.
    """
    _, ids, counts = np.unique(gram, return_inverse=True, return_counts=True)
    frequency = counts[ids]
    left, right, weight = _pairs_by_gram(node, ids, frequency)
    code = left * count + right
    order = np.argsort(code, kind="stable")
    code, weight = code[order], weight[order]
    starts = np.flatnonzero(np.r_[True, code[1:] != code[:-1]][: len(code)])
    total = np.add.reduceat(weight, starts) if len(starts) else weight
    left, right = code[starts] // max(count, 1), code[starts] % max(count, 1)
    richness = np.bincount(node, weights=_rarity(frequency), minlength=count)
    enough = total >= SHARED * np.minimum(richness[left], richness[right])
    kept = _best(left[enough], right[enough], total[enough])
    return left[enough][kept], right[enough][kept]


def grams(node: Node) -> list[int]:
    """The grams under which a name of its type is looked for, each once, as hashes."""
    return sorted({_hash(f"{node.type.value} {gram}") for gram in _grams(node)})


_hash = lru_cache(maxsize=100_000)(hash_of)


def _grams(node: Node) -> Iterator[str]:
    parts = node.parts
    if node.type is EntityType.PERSON:
        yield from _person_grams(parts.words)
        return
    stem = parts.stem
    yield "=" + stem
    yield "=" + parts.key
    for text in {stem, parts.key} if len(parts.key) <= 24 else {stem[:40]}:
        for i in range(len(text) - 1):
            yield text[i : i + 2] if is_han(text[i]) or is_han(text[i + 1]) else "~" + text[i : i + 4]
        if text and is_han(text[0]) and len(text) <= 24:
            for character in text[2:]:
                yield text[0] + "*" + character
        if len(text) == 2:
            yield text[0] + "*" + text[1]
        elif 3 <= len(text) <= 5 and of_character(text[0]):
            # 渝农商行 meets 重庆农村商业银行 without its place.
            yield text[1] + "*" + text[2]
    if node.type in (EntityType.COMPANY, EntityType.REGION) and len(stem) <= 16:
        yield from _sound_grams(stem)
    for word in parts.words:
        if len(word) > 1:
            yield "w:" + word
    if len(parts.words) > 1:
        yield "i:" + "".join(w[0] for w in parts.words)
    if stem.isascii() and 2 <= len(stem) <= 6:
        yield "i:" + stem


def _person_grams(words: tuple[str, ...]) -> Iterator[str]:
    """Foreign names meet at a part of theirs; plain Chinese names only at the whole."""
    for word in words:
        if len(word) > 1:
            yield word
    yield from _sound_grams(words[-1] if words else "")


def _sound_grams(text: str) -> Iterator[str]:
    """What a Latin name and a transliteration may share: the first and the last two consonants."""
    if text.isascii() or is_transliterated(text):
        heard = sound(text)
        if len(heard) >= 2:
            yield "s:" + heard[:2]
            yield ":s" + heard[-2:]


def _rarity(frequency: Numbers) -> npt.NDArray[np.float64]:
    """What sharing a gram of so many names is worth; what is common, or one name's alone, is worth nothing."""
    return np.where((frequency > 1) & (frequency <= COMMON), 1.0 / np.log2(1.0 + frequency), 0.0)


def _pairs_by_gram(
    names: Numbers, ids: Numbers, frequency: Numbers
) -> tuple[Numbers, Numbers, npt.NDArray[np.float64]]:
    """All pairs of names under each gram that is not common, with the gram's weight (its rarity)."""
    keep = (frequency > 1) & (frequency <= COMMON)
    ids, names, frequency = ids[keep], names[keep], frequency[keep]
    order = np.lexsort((names, ids))
    names, frequency = names[order], frequency[order]
    lefts, rights, weights = [names[:0]], [names[:0]], [np.zeros(0)]
    for size in np.unique(frequency):
        block = names[frequency == size].reshape(-1, int(size))
        rows, columns = np.triu_indices(int(size), k=1)
        lefts.append(block[:, rows].ravel())
        rights.append(block[:, columns].ravel())
        weights.append(np.full(len(lefts[-1]), _rarity(size)))
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(weights)


def _best(left: Numbers, right: Numbers, weight: npt.NDArray[np.float64]) -> Numbers:
    """Positions of the pairs that are among the `KEPT` best of one of their two names."""
    both = np.concatenate([left, right])
    pair = np.concatenate([np.arange(len(left)), np.arange(len(left))])
    twice = np.concatenate([weight, weight])
    order = np.lexsort((pair, -twice, both))
    both, pair = both[order], pair[order]
    starts = np.flatnonzero(np.r_[True, both[1:] != both[:-1]][: len(both)])
    rank = np.arange(len(both)) - np.repeat(starts, np.diff(np.r_[starts, len(both)]))
    return unique(pair[rank < KEPT])


def alike(names: Sequence[Name]) -> Iterator[tuple[int, int]]:
    """Pairs of positions in the names of one document: of one type, one of them short and made of the other's
    characters."""
    characters = [frozenset(key) for _, key in names]
    for i, (type_, key) in enumerate(names):
        if len(key) <= 8:
            mine = characters[i]
            for j, (other, _) in enumerate(names):
                if i != j and other is type_ and mine <= characters[j]:
                    yield i, j
