"""Train the linker's weights on annotated documents and write `kg/linking/data/weights.json`.

usage: python training/linking.py GOLD.jsonl [--folds 5] [--write]

The model is a logistic regression over the named features of `kg.linking.features`, fitted by Newton's
method with L2 from zero, so that the same data gives the same weights to the last digit. Only spans, types and the
entity of each mention are read; a pair of names is one thing if most of their mentions share an entity.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from kg.linking.known import KnownNames
from kg.linking.nodes import sort_mentions
from kg.linking.partition import Evidence, gather, join
from kg.linking.scoring import Weights
from kg.schema import EntityType
from kg.tables import Mention

#: Log-odds that are not learnt: what somebody wrote down is nearly sure.
GIVEN = {
    "known alias": 9.0,
    "known as two things": -9.0,
    "defined: cue in brackets": 9.0,
    "defined: cue": 7.0,
    "defined: that is": 5.0,
    "defined: Chinese and Latin name together": 7.0,
    "Region: one division": 9.0,
    "Region: two divisions": -9.0,
}
TARGET = Path(__file__).parent.parent / "kg" / "linking" / "data" / "weights.json"


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def mentions_of(documents: list[dict]) -> tuple[list[Mention], dict[str, str], dict[str, str]]:
    """Mentions (sorted), texts by document, gold entity by mention id."""
    mentions, texts, gold = [], {}, {}
    for document in documents:
        doc_id = document["doc_id"]
        texts[doc_id] = document["text"]
        for m in document["mentions"]:
            mention_id = f"{doc_id}:{m['start']}:{m['end']}"
            surface = document["text"][m["start"] : m["end"]]
            mentions.append(
                Mention(mention_id, doc_id, m["start"], m["end"], EntityType(m["type"]), surface, 1.0, "gold")
            )
            gold[mention_id] = m["entity"]
    return sort_mentions(mentions), texts, gold


def evidence_of(documents: list[dict], known: KnownNames) -> tuple[Evidence, list[Mention], dict[str, str]]:
    mentions, texts, gold = mentions_of(documents)
    return gather(mentions, [m.type for m in mentions], texts, known, {}), mentions, gold


def labels_of(
    evidence: Evidence, mentions: list[Mention], gold: dict[str, str]
) -> dict[tuple[int, int], int]:
    entities = [Counter(gold[mentions[p].mention_id] for p in node.mentions) for node in evidence.nodes]
    return {(i, j): int(bool(entities[i].keys() & entities[j].keys())) for i, j in evidence.pairs}


def is_reliable(features: dict[str, float], label: int) -> bool:
    """Whether a label can be learnt from: the annotators joined names within documents, so that names that never stand
    in one document are apart in the gold even where they are one thing (浙江 and 浙江省)."""
    apart = not any(name.endswith(": in one document") for name in features)
    return bool(label) or not (
        apart and any(": same stem" in n or n.endswith("is a full legal name") for n in features)
    )


def fit(rows: list[dict[str, float]], labels: list[int], l2: float = 1.0, rounds: int = 25) -> Weights:
    """Newton's method on the L2-penalised logistic loss; the types' own weights are hardly penalised."""
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, n in counts.items() if n >= 2 and name not in GIVEN)
    column = {name: k for k, name in enumerate(names)}
    # Equal rows are counted, not repeated; what is given is added to their log-odds.
    grouped: Counter[tuple] = Counter()
    for row, label in zip(rows, labels, strict=True):
        cells = tuple(sorted((column[n], v) for n, v in row.items() if n in column))
        grouped[cells, sum(GIVEN.get(n, 0.0) * v for n, v in row.items()), label] += 1
    matrix = np.zeros((len(grouped), len(names)))
    offset, target, times = np.zeros(len(grouped)), np.zeros(len(grouped)), np.zeros(len(grouped))
    for r, ((cells, given, label), n) in enumerate(sorted(grouped.items())):
        for k, value in cells:
            matrix[r, k] = value
        offset[r], target[r], times[r] = given, label, n
    penalty = np.asarray([0.05 if name in set(EntityType) else l2 for name in names])

    def loss(weight: np.ndarray) -> float:
        odds = matrix @ weight + offset
        return float(times @ (np.logaddexp(0, odds) - target * odds) + penalty @ weight**2 / 2)

    weight = np.zeros(len(names))
    for _ in range(rounds):
        probability = 1 / (1 + np.exp(-np.clip(matrix @ weight + offset, -30, 30)))
        gradient = matrix.T @ (times * (probability - target)) + penalty * weight
        if np.abs(gradient).max() < 1e-6:
            break
        curvature = (matrix * (times * probability * (1 - probability))[:, None]).T @ matrix + np.diag(
            penalty
        )
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while loss(weight - size * step) > loss(weight) and size > 1e-6:
            size /= 2
        weight = weight - size * step
    learnt = {name: round(float(w), 3) for name, w in zip(names, weight, strict=True)}
    return Weights({**learnt, **GIVEN})


def score(
    documents: list[dict],
    evidence: Evidence,
    mentions: list[Mention],
    gold: dict[str, str],
    clusters: list[int],
) -> str:
    import re

    cluster_of = {
        mentions[p].mention_id: f"e{clusters[i]}"
        for i, node in enumerate(evidence.nodes)
        for p in node.mentions
    }
    pairs = [(gold[m.mention_id], cluster_of[m.mention_id]) for m in mentions]
    both, g, s = Counter(pairs), Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    p = sum(n * n / s[b] for (_, b), n in both.items()) / len(pairs)
    r = sum(n * n / g[a] for (a, _), n in both.items()) / len(pairs)
    surfaces = [(m.type.value, re.sub(r"\s+", "", m.text).lower()) for m in mentions]

    def alias(side: int) -> set:
        groups: dict = {}
        for pair, surface in zip(pairs, surfaces, strict=True):
            groups.setdefault(pair[side], set()).add(surface)
        return {(a, b) for names in groups.values() for a in names for b in names if a < b and a[0] == b[0]}

    ga, pa = alias(0), alias(1)
    tp = len(ga & pa)
    f = 2 * tp / (len(ga) + len(pa)) if ga or pa else 0.0
    per = {
        t.value: (
            len({x for x in ga & pa if x[0][0] == t}),
            len({x for x in pa if x[0][0] == t}),
            len({x for x in ga if x[0][0] == t}),
        )
        for t in EntityType
    }
    score.wrong = sorted(pa - ga)
    score.missed = sorted(ga - pa)
    return f"B3 {p:.4f} {r:.4f} {2 * p * r / (p + r):.4f}  alias p {tp / max(len(pa), 1):.3f} r {tp / max(len(ga), 1):.3f} F1 {f:.3f}  {per}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--check", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--l2", type=float, default=0.2)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--errors", type=Path)
    parser.add_argument("--curated", action="store_true")
    arguments = parser.parse_args()
    documents = read(arguments.gold)
    known = KnownNames()
    if arguments.curated:
        from kg.resources.aliases import load_aliases
        from kg.linking.known import known_names, KnownName

        known = known_names(KnownName(e.type, (e.name, *e.aliases)) for e in load_aliases())
    evidence, mentions, gold = evidence_of(documents, known)
    labels = labels_of(evidence, mentions, gold)
    pairs = sorted(evidence.pairs)
    print(
        f"{len(evidence.nodes)} nodes, {len(pairs)} pairs, {sum(labels.values())} of them one thing",
        file=sys.stderr,
    )
    learnt = [p for p in pairs if is_reliable(evidence.pairs[p], labels[p])]
    weights = fit([evidence.pairs[p] for p in learnt], [labels[p] for p in learnt], arguments.l2)
    clusters, _ = join(evidence, weights, 0.0)
    print("train (fitted)   ", score(documents, evidence, mentions, gold, clusters))
    if arguments.errors:
        with arguments.errors.open("w") as file:
            for kind, items in (("wrong", score.wrong), ("missed", score.missed)):
                for (t, a), (_, b) in items:
                    file.write(f"{kind}\t{t}\t{a}\t{b}\n")
    if arguments.folds > 1:
        # Names of one fold are scored by weights that never saw a pair of theirs.
        import hashlib

        def fold(node_key: str) -> int:
            return int(hashlib.sha1(node_key.encode()).hexdigest(), 16) % arguments.folds

        scores = {}
        for k in range(arguments.folds):
            inside = [p for p in learnt if fold(evidence.nodes[p[0]].key) != k]
            w = fit([evidence.pairs[p] for p in inside], [labels[p] for p in inside], arguments.l2)
            scores.update(
                {p: w.score(evidence.pairs[p]) for p in pairs if fold(evidence.nodes[p[0]].key) == k}
            )
        from kg.linking.clustering import cluster
        from kg.linking.features import cannot_be_one

        nodes = evidence.nodes
        clusters, _ = cluster(
            len(nodes), scores, 0.0, contradicts=lambda i, j: cannot_be_one(nodes[i], nodes[j])
        )
        print("train (folds)    ", score(documents, evidence, mentions, gold, clusters))
    if arguments.check:
        other = read(arguments.check)
        evidence, mentions, gold = evidence_of(other, known)
        clusters, _ = join(evidence, weights, 0.0)
        print("check            ", score(other, evidence, mentions, gold, clusters))
        if arguments.errors:
            for kind, items in (("wrong", score.wrong), ("missed", score.missed)):
                for (t, a), (_, b) in items:
                    print(kind, t, a, b)
    if arguments.write:
        content = {
            "made_by": "training/linking.py",
            "meaning": "log-odds by feature; see kg/linking/features.py",
            "weights": dict(sorted(weights.values.items())),
        }
        TARGET.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
