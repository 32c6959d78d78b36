"""Pairs of names that may stand in a relation, and what the learned score is told about each.

Pairs are formed of the slots of a frame, and between a frame's slots and what it may be about without saying so: its
topic, the heading above it, the frame before. Of one pair of entities a frame gives the closest pair of names. The
first of a pair stands before the second in the text, virtual partners first.

Each pair has *indicators* (few, named by position) and *grams* (hashed pieces of the skeleton around it, of which
names are but their types).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kg.extraction.relations.frames import TYPE_LETTERS, Frame, FrameKind, Name

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float32]

#: Hashed grams fall into this many buckets.
BUCKETS = 1 << 16
KINDS = ("same", "list", "anaphor", "topic", "heading", "previous")
_TYPES = list(TYPE_LETTERS)
_NEAR = 20
_SIDE = 12
_LARGEST_LIST = 14
_GAP_STEPS = (0, 2, 5, 10, 20, 40)
_SLOT_FIRST, _SLOT_LAST = "\ue000", "\ue005"


@dataclass(slots=True)
class Pair:
    """Two names that may stand in a relation."""

    first: Name
    second: Name
    frame: Frame
    kind: str
    #: Skeleton positions of the slots, -1 for a virtual partner.
    left: int
    right: int
    grams: IntArray
    #: Columns of the indicators that are on.
    indicators: list[int]


def pairs_of(frames: Sequence[Frame]) -> Iterator[Pair]:
    """The candidate pairs of a document, frame by frame."""
    heading: Frame | None = None
    for number, frame in enumerate(frames):
        grams = _FrameGrams(frame)
        best: dict[tuple[int, int], tuple[tuple[int, int], Pair]] = {}
        previous = frames[number - 1] if number else None
        for rank, pair in _frame_pairs(frame, previous, heading, grams):
            key = (
                min(pair.first.entity, pair.second.entity),
                max(pair.first.entity, pair.second.entity),
            )
            known = best.get(key)
            if known is None or rank < known[0]:
                best[key] = (rank, pair)
        for _, pair in best.values():
            yield pair
        if frame.kind is FrameKind.HEADING and frame.slots:
            heading = frame


def _frame_pairs(
    frame: Frame, previous: Frame | None, heading: Frame | None, grams: _FrameGrams
) -> Iterator[tuple[tuple[int, int], Pair]]:
    positions = sorted(frame.slots)
    order = 0
    for i, left in enumerate(positions):
        slot = frame.slots[left]
        if 1 < len(slot.names) <= _LARGEST_LIST:
            shared = grams.list_grams(left)
            base = _indicators(frame, "list", left, left, len(slot.names), len(slot.names), positions)
            for a, first in enumerate(slot.names):
                for second in slot.names[a + 1 :]:
                    if first.entity != second.entity:
                        order += 1
                        yield (1, order), _pair(first, second, frame, "list", left, left, shared, base)
        for right in positions[i + 1 :]:
            other = frame.slots[right]
            kind = "anaphor" if slot.antecedent is not None or other.antecedent is not None else "same"
            shared = grams.pair_grams(left, right)
            base = _indicators(frame, kind, left, right, len(slot.names), len(other.names), positions)
            for first in slot.names:
                for second in other.names:
                    if first.entity != second.entity:
                        order += 1
                        rank = (0 if kind == "same" else 1, right - left)
                        yield rank, _pair(first, second, frame, kind, left, right, shared, base)
    if not positions:
        return
    for virtual, kind in _virtual_partners(frame, previous, heading):
        for right in positions:
            shared = grams.virtual_grams(right, kind)
            base = _indicators(frame, kind, -1, right, 1, len(frame.slots[right].names), positions)
            for second in frame.slots[right].names:
                if virtual.entity != second.entity:
                    order += 1
                    rank = (2 + KINDS.index(kind), right)
                    yield rank, _pair(virtual, second, frame, kind, -1, right, shared, base)


def _virtual_partners(
    frame: Frame, previous: Frame | None, heading: Frame | None
) -> Iterator[tuple[Name, str]]:
    seen: set[int] = {n.entity for n in frame.names}
    if frame.topic is not None and frame.topic.entity not in seen:
        seen.add(frame.topic.entity)
        yield frame.topic, "topic"
    if heading is not None:
        for position in sorted(heading.slots)[:2]:
            name = heading.slots[position].names[0]
            if name.entity not in seen:
                seen.add(name.entity)
                yield name, "heading"
    if previous is not None:
        positions = sorted(previous.slots)
        for position in dict.fromkeys([*positions[:2], *positions[-2:]]):
            for name in previous.slots[position].names[:2]:
                if name.entity not in seen:
                    seen.add(name.entity)
                    yield name, "previous"


def _pair(
    first: Name,
    second: Name,
    frame: Frame,
    kind: str,
    left: int,
    right: int,
    grams: IntArray,
    base: list[int],
) -> Pair:
    own = [BLOCKS["types"] + _TYPES.index(first.type) * 6 + _TYPES.index(second.type)]
    a, b = first.text, second.text
    if len(a) > 1 and a in b:
        own.append(BLOCKS["names"])
    if len(b) > 1 and b in a:
        own.append(BLOCKS["names"] + 1)
    if len(a) > 1 and len(b) > 1 and a[:2] == b[:2]:
        own.append(BLOCKS["names"] + 2)
    return Pair(
        first, second, frame, kind, left, right, np.concatenate([grams, _name_grams(a, b)]), base + own
    )


@lru_cache(maxsize=65536)
def _word_bucket(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass")) % BUCKETS


def _name_grams(a: str, b: str) -> IntArray:
    words = (f"1={a}", f"2={b}", f"1<{a[:2]}", f"1>{a[-2:]}", f"2<{b[:2]}", f"2>{b[-2:]}", f"12={a}={b}")
    return np.array([_word_bucket(w) for w in words], dtype=np.int64)


# --- indicators ------------------------------------------------------------------------------------------------

_SIZES = {
    "types": 36,
    "names": 3,
    "kind": len(KINDS),
    "gap": len(_GAP_STEPS) + 1,
    "slots_between": 5,
    "types_between": 6,
    "clauses": 3,
    "lists": 4,
    "crowd": 4,
    "heading": 1,
    "place": 4,
    "row": 1,
}
BLOCKS: dict[str, int] = {}
INDICATORS = 0
for _name, _size in _SIZES.items():
    BLOCKS[_name] = INDICATORS
    INDICATORS += _size


def _indicators(
    frame: Frame, kind: str, left: int, right: int, left_size: int, right_size: int, positions: list[int]
) -> list[int]:
    skeleton = frame.skeleton
    between = skeleton[left + 1 : right] if right > left else ""
    inner = [c for c in between if _SLOT_FIRST <= c <= _SLOT_LAST]
    on = [
        BLOCKS["kind"] + KINDS.index(kind),
        BLOCKS["gap"] + sum(len(between) > step for step in _GAP_STEPS),
        BLOCKS["slots_between"] + min(len(inner), 4),
        BLOCKS["clauses"] + min(sum(between.count(c) for c in ",;:"), 2),
        BLOCKS["crowd"] + min(len(positions) // 3, 3),
    ]
    on += [BLOCKS["types_between"] + ord(c) - 0xE000 for c in sorted(set(inner))]
    if left_size > 1:
        on.append(BLOCKS["lists"])
    if right_size > 1:
        on.append(BLOCKS["lists"] + 1)
    if max(left_size, right_size) > 4:
        on.append(BLOCKS["lists"] + 2)
    if frame.kind is FrameKind.HEADING:
        on.append(BLOCKS["heading"])
    if left == positions[0]:
        on.append(BLOCKS["place"])
    if right == positions[-1]:
        on.append(BLOCKS["place"] + 1)
    if left == 0:
        on.append(BLOCKS["place"] + 2)
    if right == len(skeleton.rstrip("。!?")) - 1:
        on.append(BLOCKS["place"] + 3)
    if "|" in skeleton:
        on.append(BLOCKS["row"])
    return on


# --- grams -----------------------------------------------------------------------------------------------------

_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIX2 = np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(29)
_DOWN = np.uint64(64 - 16)


@lru_cache(maxsize=256)
def _salts(tag: str) -> tuple[np.uint64, ...]:
    return tuple(np.uint64(zlib.crc32(f"{tag}{n}".encode()) * 0x9E3779B1) for n in (1, 2, 3))


class _FrameGrams:
    """One-, two- and three-character grams of a frame's skeleton, hashed once, cut per pair."""

    def __init__(self, frame: Frame) -> None:
        codes = np.frombuffer(frame.skeleton.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        codes = codes.astype(np.uint64) + np.uint64(1)
        self._length = len(codes)
        self._orders = [codes * _MIX]
        for n in (1, 2):
            last = self._orders[-1]
            mixed = last[: max(len(codes) - n, 0)]
            self._orders.append((mixed ^ (mixed >> _SHIFT)) * _MIX2 + codes[n:])
        pairs = self._orders[1][:120]
        self._sentence = _hashed([pairs], [_salts("S")[1]], [len(pairs)])

    def _cut(self, *regions: tuple[str, int, int]) -> IntArray:
        """The grams within the regions (tag, start, end), and those of the whole sentence."""
        parts, salts, counts = [], [], []
        for tag, start, end in regions:
            start, end = max(start, 0), min(end, self._length)
            for n in range(min(3, end - start)):
                parts.append(self._orders[n][start : end - n])
                salts.append(_salts(tag)[n])
                counts.append(end - n - start)
        return np.concatenate([self._sentence, _hashed(parts, salts, counts)]) if parts else self._sentence

    def pair_grams(self, left: int, right: int) -> IntArray:
        if right - left - 1 > 2 * _NEAR:
            between = [("B", left + 1, left + 1 + _NEAR), ("B", right - _NEAR, right)]
        else:
            between = [("B", left + 1, right)]
        return self._cut(
            *between,
            ("b", left + 1, min(left + 4, right)),
            ("e", max(right - 3, left + 1), right),
            ("L", left - _SIDE, left),
            ("l", left - 2, left),
            ("R", right + 1, right + 1 + _SIDE),
            ("r", right + 1, right + 4),
        )

    def list_grams(self, position: int) -> IntArray:
        return self._cut(
            ("A", position - _SIDE, position),
            ("Z", position + 1, position + 1 + _SIDE),
            ("z", position + 1, position + 4),
        )

    def virtual_grams(self, position: int, kind: str) -> IntArray:
        return self._cut(
            ("V", position - _NEAR, position),
            ("v", position - 3, position),
            ("W", position + 1, position + 1 + _SIDE),
            ("w", position + 1, position + 4),
            ("F" + kind, 0, 6),
        )


def _hashed(parts: list[npt.NDArray[np.uint64]], salts: list[np.uint64], counts: list[int]) -> IntArray:
    mixed = np.concatenate(parts) + np.repeat(np.array(salts, dtype=np.uint64), counts)
    mixed = (mixed ^ (mixed >> _SHIFT)) * _MIX
    return (mixed >> _DOWN).astype(np.int64)
