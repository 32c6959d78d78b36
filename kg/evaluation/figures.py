"""Which figures a stage has: what does not apply is None, printed as `-`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kg.evaluation.score import Figure, Scores
from kg.evaluation.stage import Stage


def applicable(scores: Scores, attributes: dict[str, Figure], stage: Stage) -> dict[str, Any]:
    """Scores as plain values, in the shape of the reference scorer's JSON, with None for what does not apply."""
    names = stage in (Stage.ALL, Stage.NAMES)
    linking = stage in (Stage.ALL, Stage.LINKING)
    relations = stage in (Stage.ALL, Stage.RELATIONS)
    return {
        "entities": {name: asdict(f) if names else None for name, f in scores.entities.items()},
        "linking": {**asdict(scores.linking), "alias_pairs": asdict(scores.alias_pairs)} if linking else None,
        "relations": {name: asdict(f) if relations else None for name, f in scores.relations.items()},
        "attributes": {name: asdict(f) if relations else None for name, f in attributes.items()},
    }
