"""Which names are worth comparing: those that share something rare, found without looking at all pairs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from kg.characters import is_han
from kg.linking.nodes import Node
from kg.linking.places import of_character
from kg.linking.sounds import is_transliterated, sound
from kg.schema import EntityType

#: Names that share a gram with more than this many others are not compared for that gram alone.
COMMON = 60
#: Candidates kept for a name, best first.
KEPT = 30
#: Share of the poorer name's grams, by rarity, that two names must have in common.
SHARED = 0.12


def candidate_pairs(nodes: Sequence[Node], grams_of: Sequence[list[str]]) -> list[tuple[int, int]]:
    """Pairs of positions (left < right) of nodes of one type worth comparing, sorted. `grams_of` are the nodes' grams.

    Each name gives grams: its pairs of neighbouring characters, its first character with each later one (so that
    乘联会 meets 乘用车市场信息联席会), its Latin words and initials, and its stem. Pairs are ranked by the rarity of
    what they share.
    """
    found: list[tuple[int, int]] = []
    for type_ in EntityType:
        members = [i for i, node in enumerate(nodes) if node.type is type_]
        found.extend(_pairs_of_type(grams_of, members))
    return sorted(found)


def grams(node: Node) -> list[str]:
    """The grams under which a name is looked for, each once, sorted."""
    return sorted(set(_grams(node)))


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


def _pairs_of_type(grams_of: Sequence[list[str]], members: Sequence[int]) -> Iterator[tuple[int, int]]:
    gram_ids: dict[str, int] = {}
    names: list[int] = []
    ids: list[int] = []
    for member in members:
        for gram in grams_of[member]:
            names.append(member)
            ids.append(gram_ids.setdefault(gram, len(gram_ids)))
    if not ids:
        return
    name_array = np.asarray(names, dtype=np.int64)
    id_array = np.asarray(ids, dtype=np.int64)
    frequency = np.bincount(id_array, minlength=len(gram_ids))
    left, right, weight = _pairs_by_gram(name_array, id_array, frequency)
    if not len(left):
        return
    code = left * len(grams_of) + right
    order = np.argsort(code, kind="stable")
    code, weight = code[order], weight[order]
    starts = np.flatnonzero(np.r_[True, code[1:] != code[:-1]])
    total = np.add.reduceat(weight, starts)
    left, right = code[starts] // len(grams_of), code[starts] % len(grams_of)
    richness = np.bincount(name_array, weights=_rarity(frequency[id_array]), minlength=len(grams_of))
    enough = total >= SHARED * np.minimum(richness[left], richness[right])
    yield from _best(left[enough], right[enough], total[enough])


def _rarity(frequency: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """What sharing a gram of so many names is worth; what is common, or one name's alone, is worth nothing."""
    return np.where((frequency > 1) & (frequency <= COMMON), 1.0 / np.log2(1.0 + frequency), 0.0)


def _pairs_by_gram(
    names: npt.NDArray[np.int64], ids: npt.NDArray[np.int64], frequency: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """All pairs of names under each gram that is not common, with the gram's weight (its rarity)."""
    keep = (frequency[ids] > 1) & (frequency[ids] <= COMMON)
    order = np.lexsort((names[keep], ids[keep]))
    ids, names = ids[keep][order], names[keep][order]
    lefts, rights, weights = [], [], []
    for size in np.unique(frequency[ids]):
        block = names[frequency[ids] == size].reshape(-1, int(size))
        rows, columns = np.triu_indices(int(size), k=1)
        lefts.append(block[:, rows].ravel())
        rights.append(block[:, columns].ravel())
        weights.append(np.full(len(lefts[-1]), _rarity(size)))
    if not lefts:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, np.zeros(0)
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(weights)


def _best(
    left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], weight: npt.NDArray[np.float64]
) -> Iterator[tuple[int, int]]:
    """The pairs that are among the `KEPT` best of one of their two names."""
    both = np.concatenate([left, right])
    pair = np.concatenate([np.arange(len(left)), np.arange(len(left))])
    twice = np.concatenate([weight, weight])
    order = np.lexsort((pair, -twice, both))
    both, pair = both[order], pair[order]
    starts = np.flatnonzero(np.r_[True, both[1:] != both[:-1]])
    rank = np.arange(len(both)) - np.repeat(starts, np.diff(np.r_[starts, len(both)]))
    kept = np.unique(pair[rank < KEPT])
    yield from zip(left[kept].tolist(), right[kept].tolist(), strict=True)


def local_pairs(nodes: Sequence[Node]) -> list[tuple[int, int]]:
    """Pairs of names of one type in one document of which one is short and made of the other's characters. `nodes` are
    sorted."""
    characters = [frozenset(node.parts.key) for node in nodes]
    found: set[tuple[int, int]] = set()
    for _, of_type in groupby(range(len(nodes)), key=lambda i: nodes[i].type):
        by_document: dict[str, list[int]] = defaultdict(list)
        for i in of_type:
            for doc_id in nodes[i].documents:
                by_document[doc_id].append(i)
        for members in by_document.values():
            for i in members if len(members) > 1 else ():
                if len(nodes[i].parts.key) > 8:
                    continue
                mine = characters[i]
                for j in members:
                    if i != j and mine <= characters[j]:
                        found.add((i, j) if i < j else (j, i))
    return sorted(found)
