"""How likely the encoder thinks each relation between two names of a text, from the hidden states of the one pass.

`pair_scores` is for the relation component: it takes names and pairs of them and gives a probability for every label
of `kg.extraction.relations.labels`. Training shares `pair_inputs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kg.errors import KgError
from kg.schema import EntityType

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float32]

TYPES = tuple(EntityType)
DISTANCES: IntArray = np.array([0, 1, 2, 3, 5, 8, 12, 18, 26, 38, 56, 80, 120], dtype=np.int64)
COUNT_LIMIT, SENTENCE_LIMIT = 7, 3
FARTHEST = 160
"""Pairs more than so many pieces apart were not trained on."""

PAIRS_AT_A_TIME = 1024

SIZES = (len(TYPES) ** 2, len(DISTANCES) + 1, COUNT_LIMIT + 1, SENTENCE_LIMIT + 1)
"""How many values each column of `pair_inputs` takes."""


def pair_inputs(
    first: IntArray, last: IntArray, types: IntArray, breaks: Sequence[int], left: IntArray, right: IntArray
) -> IntArray:
    """What is told about each pair beside the hidden states: [pairs, 4] types, distance, names and sentences between.

    `first`, `last`, `types` [names] are the first and last piece and the type number of each name, in reading
    order; `left`, `right` [pairs] index them, left before right.
    """
    gap = np.maximum(first[right] - last[left] - 1, 0)
    starts = np.asarray(breaks, dtype=np.int64)
    sentences = np.searchsorted(starts, first[right], "right") - np.searchsorted(starts, last[left], "right")
    columns = [
        types[left] * len(TYPES) + types[right],
        np.searchsorted(DISTANCES, gap, "right"),
        np.clip(right - left - 1, 0, COUNT_LIMIT),
        np.clip(sentences, 0, SENTENCE_LIMIT),
    ]
    return np.stack(columns, axis=1).astype(np.int64)


@dataclass(frozen=True)
class PairModel:
    """Weights of the pair classifier, as trained together with the names.

    `first`, `second` [2 * width, h] project a name's first and last hidden state; `between` [width, h] the mean of
    the states between two names; `inputs` one table [values, h] a column of `pair_inputs`; `out` [h, labels];
    `allowed` [pairs of types, labels] 1 where the schema lets a label join the two types.
    """

    first: FloatArray
    second: FloatArray
    between: FloatArray
    inputs: tuple[FloatArray, ...]
    bias: FloatArray
    out: FloatArray
    out_bias: FloatArray
    allowed: FloatArray

    @classmethod
    def read(cls, path: Path) -> PairModel:
        """Read the weights from an `.npz` file of half-precision arrays. Raises KgError."""
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name].astype(np.float32) for name in file.files}
            tables = tuple(arrays.pop(f"inputs{i}") for i in range(len(SIZES)))
            return cls(inputs=tables, **arrays)
        except Exception as error:  # numpy and zipfile raise many kinds
            raise KgError(f"The pair model {path} is missing or damaged; reinstall the package.") from error

    def scores(
        self,
        hidden: FloatArray,
        first: IntArray,
        last: IntArray,
        inputs: IntArray,
        left: IntArray,
        right: IntArray,
    ) -> FloatArray:
        """Probabilities [pairs, labels]; the arguments as in `pair_inputs`, `hidden` [pieces, width].

        Pairs are taken some at a time in the order of the text, so that a document of any length fits in memory.
        """
        probabilities = np.empty((len(left), len(self.out_bias)), dtype=np.float32)
        in_order = np.lexsort((right, left))
        for at in range(0, len(left), PAIRS_AT_A_TIME):
            some = in_order[at : at + PAIRS_AT_A_TIME]
            probabilities[some] = self._scores(hidden, first, last, inputs[some], left[some], right[some])
        return probabilities

    def _scores(
        self,
        hidden: FloatArray,
        first: IntArray,
        last: IntArray,
        inputs: IntArray,
        left: IntArray,
        right: IntArray,
    ) -> FloatArray:
        begin, end = last[left] + 1, np.maximum(first[right], last[left] + 1)
        start = begin.min()
        near = hidden[start : end.max()]
        sums = np.concatenate([np.zeros((1, near.shape[1])), np.cumsum(near, axis=0, dtype=np.float64)])
        count = np.maximum(end - begin, 1)[:, None]
        middle = ((sums[end - start] - sums[begin - start]) / count).astype(np.float32)
        state = middle @ self.between + self.bias
        for names, weights in ((left, self.first), (right, self.second)):
            used, position = np.unique(names, return_inverse=True)
            state += (np.concatenate([hidden[first[used]], hidden[last[used]]], axis=1) @ weights)[position]
        for column, table in enumerate(self.inputs):
            state += table[inputs[:, column]]
        logits = np.maximum(state, 0.0) @ self.out + self.out_bias
        probabilities: FloatArray = (1.0 / (1.0 + np.exp(-logits))).astype(np.float32)
        return probabilities * self.allowed[inputs[:, 0]]


def name_pieces(offsets: IntArray, spans: Sequence[tuple[int, int]]) -> tuple[IntArray, IntArray]:
    """First and last piece of each character span (the nearest piece where a span has none)."""
    bounds = np.asarray(spans, dtype=np.int64).reshape(-1, 2)
    limit = max(len(offsets) - 1, 0)
    first = np.minimum(np.searchsorted(offsets[:, 1], bounds[:, 0], "right"), limit)
    last = np.maximum(np.searchsorted(offsets[:, 0], bounds[:, 1], "left") - 1, first)
    return first, np.minimum(last, limit)
