"""Annotated documents: reading, the second development part, and windows of pieces with tags."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.extraction.encoder_input import CLS, FEATURE_ROWS, LONGEST_WINDOW, SEP, EncoderInput, Pieces
from kg.extraction.encoder_pairs import FARTHEST, TYPES, name_pieces, pair_inputs
from kg.schema import EntityType

TAGS = ("O", *(f"{position}-{type.value}" for type in EntityType for position in "BIES"))
TAG_INDEX = {tag: i for i, tag in enumerate(TAGS)}


@dataclass(frozen=True)
class Name:
    """A gold mention: code points `start`..`end` of the text, its type, and the entity it belongs to."""

    start: int
    end: int
    type: str
    entity: str = ""


@dataclass(frozen=True)
class Annotated:
    """A text with its names and the relations between their entities; not `complete` where it has other names too."""

    doc_id: str
    text: str
    names: tuple[Name, ...]
    relations: tuple[dict[str, object], ...] = ()
    complete: bool = True


def annotated(row: dict[str, Any]) -> Annotated:
    """A row of the annotation format with offsets."""
    names = tuple(
        Name(m["start"], m["end"], m["type"], m.get("entity", ""))
        for m in sorted(row["mentions"], key=lambda m: m["start"])
    )
    return Annotated(row["doc_id"], row["text"], names, tuple(row.get("relations", ())))


def read_documents(path: Path) -> list[Annotated]:
    """Documents of a JSONL file in the annotation format with offsets."""
    return [annotated(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def source(doc_id: str) -> str:
    """Which kind of text a document is: the letters its id begins with."""
    match = re.match(r"[a-z]+", doc_id)
    return match.group() if match else ""


@dataclass(frozen=True)
class Targets:
    """Pairs of names by index, left before right: `right_labels`, `known` [pairs, labels] 0 or 1."""

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    right_labels: npt.NDArray[np.uint8]
    known: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class WindowPairs:
    """Pairs of names inside one window: pieces of both [pairs, 4], `pair_inputs` [pairs, 4], labels as in `Targets`."""

    pieces: npt.NDArray[np.int64]
    inputs: npt.NDArray[np.int64]
    right_labels: npt.NDArray[np.uint8]
    known: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Window:
    """Pieces of one window with special ones at both ends: `ids` [n], `features` [n, FEATURE_ROWS], `tags` [n - 2],
    which tell nothing where not `tagged`."""

    ids: npt.NDArray[np.int64]
    features: npt.NDArray[np.uint8]
    tags: npt.NDArray[np.int64]
    pairs: WindowPairs | None = None
    tagged: bool = True


def tag_pieces(pieces: Pieces, names: tuple[Name, ...]) -> npt.NDArray[np.int64]:
    """BIOES tags [n] of the pieces; a name that does not end with a piece is widened to it."""
    tags = np.zeros(len(pieces.ids), dtype=np.int64)
    for name in names:
        first = int(np.searchsorted(pieces.offsets[:, 1], name.start, side="right"))
        last = int(np.searchsorted(pieces.offsets[:, 0], name.end, side="left")) - 1
        if last < first or tags[first : last + 1].any():  # no piece of its own
            continue
        if first == last:
            tags[first] = TAG_INDEX[f"S-{name.type}"]
        else:
            tags[first + 1 : last] = TAG_INDEX[f"I-{name.type}"]
            tags[first] = TAG_INDEX[f"B-{name.type}"]
            tags[last] = TAG_INDEX[f"E-{name.type}"]
    return tags


def multi_hot(features: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """[n, f] feature numbers to [n, FEATURE_ROWS] of 0 and 1."""
    result = np.zeros((len(features), FEATURE_ROWS), dtype=np.uint8)
    np.put_along_axis(result, features, 1, axis=1)
    return result


def make_window(
    pieces: Pieces,
    tags: npt.NDArray[np.int64],
    start: int,
    end: int,
    pairs: WindowPairs | None = None,
    tagged: bool = True,
) -> Window:
    """The window of the pieces `start`..`end`."""
    features = np.zeros((end - start + 2, FEATURE_ROWS), dtype=np.uint8)
    features[1:-1] = multi_hot(pieces.features[start:end])
    ids = np.concatenate([[CLS], pieces.ids[start:end], [SEP]])
    return Window(ids, features, tags[start:end], pairs, tagged)


def window_pairs(
    pieces: Pieces, document: Annotated, targets: Targets, start: int, end: int
) -> WindowPairs | None:
    """The pairs with both names in the window, piece numbers counted with the special one before."""
    first, last = name_pieces(pieces.offsets, [(n.start, n.end) for n in document.names])
    left, right = targets.left, targets.right
    chosen = (first[left] >= start) & (last[right] < end) & (first[right] - last[left] <= FARTHEST)
    if not chosen.any():
        return None
    left, right = left[chosen], right[chosen]
    types = np.array([TYPES.index(EntityType(n.type)) for n in document.names], dtype=np.int64)
    return WindowPairs(
        np.stack([first[left], last[left], first[right], last[right]], axis=1) - start + 1,
        pair_inputs(first, last, types, pieces.breaks, left, right),
        targets.right_labels[chosen],
        targets.known[chosen],
    )


def training_windows(
    inputs: EncoderInput,
    document: Annotated,
    targets: Targets | None,
    longest: int = LONGEST_WINDOW,
    first: int | None = None,
) -> list[Window]:
    """Cut a document where sentences end, without overlap and never through a name; `first` bounds the first window."""
    pieces = inputs.pieces(document.text)
    tags = tag_pieces(pieces, document.names)
    result, start, limit = [], 0, first or longest
    while start < len(pieces.ids):
        end = min(start + limit, len(pieces.ids))
        if end < len(pieces.ids):
            end = max((b for b in pieces.breaks if start + limit // 2 < b <= end), default=end)
        while end < len(tags) and end > start + 1 and TAGS[tags[end]][0] in "IE":
            end -= 1
        pairs = window_pairs(pieces, document, targets, start, end) if targets is not None else None
        result.append(make_window(pieces, tags, start, end, pairs, document.complete))
        start, limit = end, longest
    return result
