"""What the last linking worked out about documents, names and pairs of names, for the next one to take as it is.

Every value is kept under a key that stands for all that it was made from beside code, weights and word lists; so a
memory made with the same of these is never wrong, only partly unused. What a linking did not use is not in the memory
that it leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.linking.hashes import Hashes
from kg.parts import Parts, parts_from_tables, parts_to_tables, tables_from_bytes, tables_to_bytes


@dataclass(slots=True)
class Kept:
    """Numbers by 64-bit hash, the hashes sorted. `made` counts those that the last linking made anew."""

    keys: Hashes
    values: npt.NDArray[Any]
    made: int = 0

    def get(self, keys: Hashes, make: Callable[[Sequence[int]], Sequence[float]]) -> npt.NDArray[Any]:
        """The value of each key; `make` gives those at the positions that are not known. Only these keys are kept."""
        values = np.zeros(len(keys), dtype=self.values.dtype)
        known = np.zeros(len(keys), dtype=bool)
        if len(self.keys):
            at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
            known = self.keys[at] == keys
            values[known] = self.values[at[known]]
        new = np.flatnonzero(~known)
        values[new] = make(new.tolist())
        self.made = len(new)
        self.keys, first = np.unique(keys, return_index=True)
        self.values = values[first]
        return values


def _kept(dtype: npt.DTypeLike) -> Kept:
    return Kept(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=dtype))


@dataclass(slots=True)
class Memory:
    """`documents`, by what `made_from` says that they were made from; `names` by the identity of a node; `relations`
    (positions in `kinds`) by pair of names; `scores` by pair and what the documents say of it; `blocks` by node and all
    that says how its block is clustered: which of the block's nodes is the first of its cluster."""

    made_from: Mapping[str, str] = field(default_factory=dict)
    documents: Parts | None = None
    names: Parts | None = None
    kinds: list[str] = field(default_factory=list)
    relations: Kept = field(default_factory=lambda: _kept(np.uint16))
    scores: Kept = field(default_factory=lambda: _kept(np.float64))
    blocks: Kept = field(default_factory=lambda: _kept(np.int64))

    def to_bytes(self) -> bytes:
        """What was worked out by a linking, for `memory_from_bytes`."""
        import pyarrow as pa

        assert self.documents is not None and self.names is not None
        return tables_to_bytes(
            [
                *parts_to_tables(self.names),
                pa.table({"kind": pa.array(self.kinds, pa.string())}),
                *(
                    pa.table({"key": k.keys, "value": k.values})
                    for k in (self.relations, self.scores, self.blocks)
                ),
                *parts_to_tables(self.documents),
            ]
        )


def memory_from_bytes(content: bytes, made_from: Mapping[str, str]) -> Memory:
    """The memory that `to_bytes` wrote. `made_from` gives, by document, a key for its text, mentions and claims as they
    are now."""
    keys, grams, stems, kinds, relations, scores, blocks, *documents = tables_from_bytes(content)
    return Memory(
        made_from,
        parts_from_tables(documents),
        parts_from_tables([keys, grams, stems]),
        kinds["kind"].to_pylist(),
        *(Kept(table["key"].to_numpy(), table["value"].to_numpy()) for table in (relations, scores, blocks)),
    )
