"""How sure to be of each candidate, given everything that was proposed: boosted trees over `evidence`.

The trees are trained by `training/judging.py` on annotated documents that the encoder has not seen, once with and
once without the encoder. Their output is a probability, so that a mention's confidence means what it says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction import watch_list
from kg.extraction.annotations import Candidate
from kg.extraction.evidence import FEATURES, Proposal, evidence, proposals
from kg.resources import FOLDER
from kg.schema import EntityType

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trees:
    """Boosted trees as arrays [trees, nodes]; a leaf's `left` and `right` lead to itself."""

    base: float
    feature: IntArray
    threshold: FloatArray
    left: IntArray
    right: IntArray
    value: FloatArray
    depth: int

    def probability(self, rows: npt.NDArray[np.float32]) -> FloatArray:
        """Probabilities [n] for rows [n, features]."""
        trees = np.arange(len(self.feature))
        nodes = np.zeros((len(rows), len(trees)), dtype=np.int64)
        samples = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            below = rows[samples, self.feature[trees, nodes]] <= self.threshold[trees, nodes]
            nodes = np.where(below, self.left[trees, nodes], self.right[trees, nodes])
        # Summed in a fixed order, so that a document's confidences never depend on its neighbours.
        score = self.base + self.value[trees, nodes].cumsum(axis=1)[:, -1]
        return np.asarray(1.0 / (1.0 + np.exp(-score)), dtype=np.float64)


@lru_cache(maxsize=2)
def load_trees(name: str) -> Trees:
    """The trained trees `with_encoder` or `rules_alone`."""
    data: dict[str, Any] = json.loads((FOLDER / "judging" / f"{name}.json").read_text(encoding="utf-8"))
    if tuple(data["features"]) != FEATURES:
        raise RuntimeError(f"kg/resources/judging/{name}.json was trained for other features; train it again")
    return Trees(
        base=data["base"],
        feature=np.array(data["feature"], dtype=np.int64),
        threshold=np.array(data["threshold"], dtype=np.float64),
        left=np.array(data["left"], dtype=np.int64),
        right=np.array(data["right"], dtype=np.int64),
        value=np.array(data["value"], dtype=np.float64),
        depth=data["depth"],
    )


class NameJudge:
    """Component that replaces the candidates by one for each stretch and type, with its probability.

    `made_by` lists the components that proposed it, the surest first. The watch list's names stay as they are.
    """

    def __init__(self, trees: Trees) -> None:
        self._trees = trees

    def __call__(self, doc: Doc) -> Doc:
        watched = [c for c in doc._.candidates if c.made_by == watch_list.MADE_BY]
        found = proposals([c for c in doc._.candidates if c.made_by != watch_list.MADE_BY])
        if found:
            probabilities = self._trees.probability(
                evidence(doc._.text, doc._.folded, found, doc._.tag_scores)
            )
            _trust_definitions(doc._.folded, found, probabilities)
            watched += [
                Candidate(p.start, p.end, p.type, round(float(probability), 4), _made_by(p.confidence))
                for p, probability in zip(found, probabilities, strict=True)
            ]
        doc._.candidates = watched
        return doc


def _trust_definitions(folded: str, found: list[Proposal], probabilities: FloatArray) -> None:
    """Make an alias as sure wherever it stands as where the text defines it (以下简称“…”)."""
    defined: dict[tuple[str, EntityType], float] = {}
    keys = [("".join(folded[p.start : p.end].split()), p.type) for p in found]
    for proposal, key, probability in zip(found, keys, probabilities, strict=True):
        if "definitions:explicit" in proposal.confidence and probability >= 0.5:
            defined[key] = max(float(probability), defined.get(key, 0.0))
    for i, key in enumerate(keys):
        if key in defined:
            probabilities[i] = max(float(probabilities[i]), 0.95 * defined[key])


def _made_by(confidence: dict[str, float]) -> str:
    makers = sorted(confidence, key=lambda maker: (-confidence[maker], maker))
    return "+".join(dict.fromkeys(maker.split(":")[0] for maker in makers))


@Language.factory("judge_names", default_config={"encoder": True})
def create_judge(nlp: Language, name: str, encoder: bool) -> NameJudge:
    """spaCy's factory; `encoder` says whether the encoder is among the components."""
    return NameJudge(load_trees("with_encoder" if encoder else "rules_alone"))
