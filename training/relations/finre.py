"""Writes the candidate pairs of FinRE's sentences as arrays for training the learned score.

python -m training.relations.finre FINRE/train.jsonl GOLD/train.jsonl training/data/relations-finre.npz
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from kg.extraction.relations.candidates import Pair
from training.finre import documents, pair_labels
from training.relations.dataset import write


def labels(pairs: list[Pair], row: dict[str, Any], numbers: dict[str, int]) -> np.ndarray:
    """[pairs, labels] right, wrong or unknown, by the instances of the row."""
    name = {number: entity for entity, number in numbers.items()}
    return pair_labels([(name[p.first.entity], name[p.second.entity]) for p in pairs], row["instances"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("finre", type=Path)
    parser.add_argument("annotated", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    write(documents(arguments.finre, arguments.annotated), labels, arguments.target)


if __name__ == "__main__":
    main()
