"""The learned score: how likely each relation is between the names of a candidate pair.

A small network over the pair's hashed grams, its indicators and the rules' hints gives log odds; the name encoder's
classifier of pairs gives others; a logistic regression a relation type joins the two. Plain numpy, one document at a
time: a pair's score depends on nothing but its own document.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import kg
from kg.errors import KgError
from kg.extraction.relations.candidates import INDICATORS, Pair
from kg.extraction.relations.labels import LABELS, possible

FloatArray = npt.NDArray[np.float32]

FOLDER = Path(kg.__file__).parent / "resources" / "model" / "relations"
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Network:
    """Sums of gram and column vectors, one hidden layer, and direct weights of the columns."""

    grams: FloatArray
    columns: FloatArray
    direct: FloatArray
    bias: FloatArray
    inner: FloatArray
    inner_bias: FloatArray
    outer: FloatArray
    outer_bias: FloatArray

    def odds(self, pairs: Sequence[Pair], hints: Sequence[list[int]]) -> FloatArray:
        """[pairs, labels] log odds."""
        sums = np.empty((len(pairs), len(self.bias)), np.float32)
        direct = np.empty((len(pairs), len(LABELS)), np.float32)
        for i, (pair, hinted) in enumerate(zip(pairs, hints, strict=True)):
            on = pair.indicators + [INDICATORS + column for column in hinted]
            scale = np.float32(4 / np.sqrt(max(len(pair.grams), 1)))
            sums[i] = self.grams[pair.grams].sum(0) * scale + self.columns[on].sum(0) + self.bias
            direct[i] = self.direct[on].sum(0)
        state = np.maximum(np.maximum(sums, 0) @ self.inner + self.inner_bias, 0)
        odds: FloatArray = state @ self.outer + self.outer_bias + direct
        return odds


@dataclass(frozen=True, slots=True)
class Scorer:
    """The network, how it is joined with the encoder's opinion, and the thresholds.

    `joined` [labels, 3] and `alone` [labels, 2] weigh (network, encoder, 1) and (network, 1); `thresholds` [labels]
    is the probability from which on a relation is stated.
    """

    network: Network
    joined: FloatArray
    alone: FloatArray
    thresholds: FloatArray
    constructions: tuple[str, ...]
    uses_encoder: bool

    def scores(
        self, pairs: Sequence[Pair], hints: Sequence[list[int]], opinions: FloatArray | None
    ) -> FloatArray:
        """[pairs, labels] probabilities, 0 where the schema forbids; `opinions` as `opinions.opinions` gives them."""
        if not pairs:
            return np.zeros((0, len(LABELS)), np.float32)
        odds = self.network.odds(pairs, hints)
        final = odds * self.alone[:, 0] + self.alone[:, 1]
        if opinions is not None:
            both = odds * self.joined[:, 0] + opinions * self.joined[:, 1] + self.joined[:, 2]
            final = np.where(np.isnan(opinions), final, both)
        allowed = np.zeros_like(final)
        for i, pair in enumerate(pairs):
            allowed[i, list(possible(pair.first.type, pair.second.type))] = 1
        scores: FloatArray = (allowed / (1 + np.exp(-final))).astype(np.float32)
        return scores


@lru_cache(maxsize=2)
def load_scorer(folder: Path = FOLDER) -> Scorer:
    """The trained score in `folder`; raises KgError where it is damaged or made for other code.

    Where it was fitted to another classifier of pairs than the one that ships, it goes without it, with a warning.
    """
    try:
        settings: dict[str, Any] = json.loads((folder / "relations.json").read_text(encoding="utf-8"))
        with np.load(folder / "relations.npz", allow_pickle=False) as arrays:
            network = Network(**{name: arrays[name].astype(np.float32) for name in arrays.files})
        if settings["format"] != FORMAT or settings["labels"] != [[x.type.value, x.turned] for x in LABELS]:
            raise ValueError("made for another version")
        matches = settings["encoder"] == encoder_hash(folder.parent)
        if not matches:
            warnings.warn(
                f"The relation model in {folder} was fitted to another classifier of pairs than "
                f"{folder.parent / 'pairs.npz'} and goes without it; run training.relations.join again.",
                stacklevel=2,
            )
        scorer = Scorer(
            network=network,
            joined=np.array(settings["joined"], np.float32),
            alone=np.array(settings["alone"], np.float32),
            thresholds=np.array(settings["thresholds"], np.float32),
            constructions=tuple(settings["constructions"]),
            uses_encoder=matches,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KgError(
            f"The relation model in {folder} is missing or damaged ({error}); reinstall the package."
        ) from error
    return scorer


def encoder_hash(folder: Path) -> str:
    """SHA-256 of the classifier of pairs, which is trained and exported together with the name model."""
    return hashlib.sha256((folder / "pairs.npz").read_bytes()).hexdigest()
