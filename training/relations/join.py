"""Joins the network's odds with those of the encoder's classifier of pairs, on documents neither was trained on.

    python -m training.relations.join ../shared/gold/train.jsonl [--check ../shared/gold/dev.jsonl]

For every relation type a logistic regression of three weights (network, encoder, 1), drawn towards (0.5, 0.5, 0), and
one of two where the encoder has no opinion; then the threshold with the best F1, drawn half-way towards 0.4. Writes
kg/resources/model/relations/relations.json. Run it again whenever `pairs.npz` or `relations.npz` is new.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kg.extraction.encoder import MODEL_FOLDER
from kg.extraction.relations.candidates import pairs_of
from kg.extraction.relations.hints import Hints
from kg.extraction.relations.labels import LABELS, possible
from kg.extraction.relations.learned import FOLDER, FORMAT, Network, encoder_hash
from kg.extraction.relations.opinions import opinions
from kg.schema import RelationType
from training.relations.data import evidence_of, load, prepare
from training.relations.dataset import NAMES, labels
from training.relations.scoring import Fact, best_facts, fact, report, stated, tune
from training.split import held_out

TYPES = list(RelationType)
OF_TYPE = {t: [i for i, label in enumerate(LABELS) if label.type is t] for t in TYPES}
UNSCORED = 0.7
"""What only rules say, about pairs that are not scored, is taken from this precision on (as in the component)."""


@dataclass
class Scored:
    """Pairs of all documents one after another: document, entities, odds of both scorers, labels, allowed."""

    documents: np.ndarray
    entities: np.ndarray
    network: np.ndarray
    encoder: np.ndarray
    labels: np.ndarray
    allowed: np.ndarray
    gold: set[Fact]
    rules: set[Fact]


def score(rows: list[dict[str, Any]], network: Network) -> Scored:
    parts: list[list[np.ndarray]] = []
    gold: set[Fact] = set()
    rules: set[Fact] = set()
    for number, (row, prepared) in enumerate(zip(rows, prepare(rows), strict=True)):
        gold |= {fact(number, t, h, tail) for t, h, tail in prepared.gold}
        pairs = list(pairs_of(prepared.frames))
        evidence = evidence_of(prepared)
        seen = {frozenset((p.first.entity, p.second.entity)) for p in pairs}
        rules |= {
            fact(number, e.type.value, e.head.entity, e.tail.entity)
            for e in evidence
            if e.confidence >= UNSCORED and frozenset((e.head.entity, e.tail.entity)) not in seen
        }
        if not pairs:
            continue
        hints = Hints(NAMES, evidence)
        hinted = [hints.of(p.first.entity, p.second.entity, p.frame.start, p.frame.end) for p in pairs]
        numbers = {prepared.doc._.clusters[n.mention_id]: n.entity for n in prepared.names}
        parts.append(
            [
                np.full(len(pairs), number),
                np.array([(p.first.entity, p.second.entity) for p in pairs]),
                network.odds(pairs, hinted),
                opinions(prepared.doc, prepared.names, pairs),
                labels(pairs, row, numbers),
                np.array(
                    [np.isin(np.arange(len(LABELS)), possible(p.first.type, p.second.type)) for p in pairs]
                ),
            ]
        )
    return Scored(*(np.concatenate(column) for column in zip(*parts, strict=True)), gold, rules)  # type: ignore[arg-type]


def fit(features: np.ndarray, right: np.ndarray, prior: np.ndarray, strength: float = 4.0) -> np.ndarray:
    """Logistic regression by damped Newton steps, with a Gaussian prior of precision `strength` around `prior`."""

    def loss(weights: np.ndarray) -> float:
        odds = features @ weights
        return float(
            (np.logaddexp(0, odds) - right * odds).sum() + strength / 2 * ((weights - prior) ** 2).sum()
        )

    weights = prior.copy()
    for _ in range(40):
        probability = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        gradient = features.T @ (probability - right) + strength * (weights - prior)
        curvature = (features * (probability * (1 - probability))[:, None]).T @ features
        step = np.linalg.solve(curvature + strength * np.eye(len(weights)), gradient)
        while loss(weights - step) > loss(weights) and np.abs(step).max() > 1e-9:
            step = step / 2
        weights = weights - step
    return weights


def join(data: Scored) -> tuple[np.ndarray, np.ndarray]:
    """Weights [labels, 3] of (network, encoder, 1) and [labels, 2] of (network, 1), one a relation type."""
    joined = np.zeros((len(LABELS), 3))
    alone = np.zeros((len(LABELS), 2))
    for columns in OF_TYPE.values():
        x, e, y = (a[:, columns].ravel() for a in (data.network, data.encoder, data.labels))
        known = y >= 0
        both = known & ~np.isnan(e)
        one = np.ones(len(x))
        joined[columns] = fit(np.stack([x, e, one], 1)[both], y[both], np.array([0.5, 0.5, 0.0]))
        alone[columns] = fit(np.stack([x, one], 1)[known], y[known], np.array([1.0, 0.0]))
    return joined, alone


def probabilities(data: Scored, joined: np.ndarray, alone: np.ndarray) -> np.ndarray:
    both = data.network * joined[:, 0] + data.encoder * joined[:, 1] + joined[:, 2]
    odds = np.where(np.isnan(data.encoder), data.network * alone[:, 0] + alone[:, 1], both)
    return data.allowed / (1 + np.exp(-odds))


def facts(data: Scored, scores: np.ndarray) -> dict[Fact, float]:
    return best_facts(data.documents, data.entities, [(x.type.value, x.turned) for x in LABELS], scores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--check", type=Path)
    arguments = parser.parse_args()
    with np.load(FOLDER / "relations.npz", allow_pickle=False) as arrays:
        network = Network(**{name: arrays[name].astype(np.float32) for name in arrays.files})
    np.seterr(over="ignore")
    data = score([r for r in load(arguments.gold) if held_out(r["doc_id"])], network)
    joined, alone = join(data)
    best = facts(data, probabilities(data, joined, alone))
    thresholds = tune(best, data.gold)
    settings = {
        "format": FORMAT,
        "encoder": encoder_hash(MODEL_FOLDER),
        "labels": [[x.type.value, x.turned] for x in LABELS],
        "thresholds": [thresholds[x.type.value] for x in LABELS],
        "joined": np.round(joined, 4).tolist(),
        "alone": np.round(alone, 4).tolist(),
        "constructions": NAMES,
    }
    text = json.dumps(settings, ensure_ascii=False, indent=1) + "\n"
    (FOLDER / "relations.json").write_text(text, encoding="utf-8")
    print({t.value: np.round(joined[OF_TYPE[t][0]], 2).tolist() for t in TYPES}, thresholds)
    report("held", stated(best, thresholds) | data.rules, data.gold)
    only_network = 1 / (1 + np.exp(-(data.network * alone[:, 0] + alone[:, 1]))) * data.allowed
    only_encoder = data.allowed * np.nan_to_num(1 / (1 + np.exp(-data.encoder)))
    for name, alternative in (("network", only_network), ("encoder", only_encoder)):
        best = facts(data, alternative)
        report(name, stated(best, tune(best, data.gold)) | data.rules, data.gold)
    if arguments.check:
        checked = score(load(arguments.check), network)
        best = facts(checked, probabilities(checked, joined, alone))
        report("check", stated(best, thresholds) | checked.rules, checked.gold)


if __name__ == "__main__":
    main()
