"""What the last linking worked out about names and pairs of names, for the next one to take as it is.

Every value is kept under a hash of all that it was made from beside code, weights and word lists; so a memory made with
the same of these is never wrong, only partly unused. What a linking did not use is not in the memory it leaves.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(slots=True)
class Kept(Generic[Key, Value]):
    """Values by key: those of the last time, and those that were asked for since."""

    before: Mapping[Key, Value] = field(default_factory=dict)
    asked: dict[Key, Value] = field(default_factory=dict)

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value under `key`, made where it is new."""
        value = self.asked.get(key)
        if value is None:
            value = self.before.get(key)
            self.asked[key] = value = make() if value is None else value
        return value


@dataclass(slots=True)
class Memory:
    """`grams` by the identity of a name; `relations` by pair of names; `scores` by pair and what the documents say
    of it. All keys are 64-bit hashes."""

    grams: Kept[int, list[str]] = field(default_factory=Kept)
    relations: Kept[int, str] = field(default_factory=Kept)
    scores: Kept[tuple[int, int], float] = field(default_factory=Kept)

    def to_bytes(self) -> bytes:
        """What was asked for, for `memory_from_bytes`."""
        relations, scores = self.relations.asked, self.scores.asked
        kinds = {kind: number for number, kind in enumerate(dict.fromkeys(relations.values()))}
        texts = json.dumps([list(kinds), list(self.grams.asked.values())], ensure_ascii=False)
        content = io.BytesIO()
        np.savez(
            content,
            texts=np.frombuffer(texts.encode("utf-8", "surrogatepass"), np.uint8),
            names=_hashes(self.grams.asked),
            pairs=_hashes(relations),
            kinds=np.fromiter((kinds[kind] for kind in relations.values()), np.uint16, len(relations)),
            scored=_hashes(pair for pair, _ in scores),
            contexts=_hashes(context for _, context in scores),
            scores=np.fromiter(scores.values(), np.float64, len(scores)),
        )
        return content.getvalue()


def memory_from_bytes(content: bytes) -> Memory:
    """The memory that `to_bytes` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        kinds, grams = json.loads(arrays["texts"].tobytes().decode("utf-8", "surrogatepass"))
        keys = zip(arrays["scored"].tolist(), arrays["contexts"].tolist(), strict=True)
        return Memory(
            Kept(dict(zip(arrays["names"].tolist(), grams, strict=True))),
            Kept(
                {p: kinds[k] for p, k in zip(arrays["pairs"].tolist(), arrays["kinds"].tolist(), strict=True)}
            ),
            Kept(dict(zip(keys, arrays["scores"].tolist(), strict=True))),
        )


def _hashes(values: Iterable[int]) -> npt.NDArray[np.uint64]:
    return np.array(list(values), dtype=np.uint64)
