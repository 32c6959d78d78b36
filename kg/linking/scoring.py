"""From evidence to log-odds: a logistic model whose weights a person can read in `data/weights.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds by feature name; an unknown feature weighs nothing. Made by `training/linking.py`."""

    values: Mapping[str, float]

    def score(self, features: Mapping[str, float]) -> float:
        """The log-odds that two names with this evidence are one thing."""
        values = self.values
        return sum(values.get(name, 0.0) * value for name, value in features.items())


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The shipped weights."""
    text = (resources.files("kg.linking") / "data" / "weights.json").read_text(encoding="utf-8")
    return Weights(json.loads(text)["weights"])
