"""What the name encoder's own classifier of pairs says about candidate pairs, from the one pass over the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

from kg.extraction.encoder import MODEL_FOLDER, NameModel
from kg.extraction.encoder_pairs import FARTHEST, TYPES, PairModel, name_pieces, pair_inputs
from kg.extraction.relations.candidates import Pair
from kg.extraction.relations.frames import Name
from kg.extraction.relations.labels import LABELS, label_of

FloatArray = npt.NDArray[np.float32]

#: For every label, the label of the same relation with the names of the pair exchanged.
_EXCHANGED = [label_of(label.type, label.turned) for label in LABELS]


@dataclass(frozen=True, slots=True)
class _Pieces:
    hidden: FloatArray
    offsets: npt.NDArray[np.int64]
    breaks: Sequence[int]


def opinions(doc: Doc, names: Sequence[Name], pairs: Sequence[Pair]) -> FloatArray:
    """[pairs, labels] log odds that the encoder gives each relation; NaN where the names are too far apart."""
    result = np.full((len(pairs), len(LABELS)), np.nan, dtype=np.float32)
    if not pairs:
        return result
    pieces = _pieces(doc)
    number = {name.mention_id: i for i, name in enumerate(names)}
    ends = np.array(
        [(number[p.first.mention_id], number[p.second.mention_id]) for p in pairs], dtype=np.int64
    )
    left, right = ends.min(axis=1), ends.max(axis=1)
    first, last = name_pieces(pieces.offsets, [(n.start, n.end) for n in names])
    types = np.array([TYPES.index(n.type) for n in names], dtype=np.int64)
    near = first[right] - last[left] <= FARTHEST
    if not near.any():
        return result
    left, right = left[near], right[near]
    inputs = pair_inputs(first, last, types, pieces.breaks, left, right)
    scores = _pair_model().scores(pieces.hidden, first, last, inputs, left, right)
    odds = np.log(np.clip(scores, 1e-6, 1 - 1e-6) / np.clip(1 - scores, 1e-6, 1))
    turned = ends[near, 0] > ends[near, 1]
    odds[turned] = odds[turned][:, _EXCHANGED]
    result[near] = odds
    return result


def _pieces(doc: Doc) -> _Pieces:
    """The encoder's states, from the name component where it ran, else computed here."""
    states = doc._.hidden if Doc.has_extension("hidden") else None
    if states is not None:
        return _Pieces(states, doc._.hidden_offsets, doc._.hidden_breaks)
    encoded = _name_model().encode(doc._.text)
    return _Pieces(encoded.hidden, encoded.offsets, encoded.breaks)


@lru_cache(maxsize=1)
def _name_model() -> NameModel:
    return NameModel()


@lru_cache(maxsize=1)
def _pair_model() -> PairModel:
    return PairModel.read(MODEL_FOLDER / "pairs.npz")
