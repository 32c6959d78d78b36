"""Train the trees that judge candidate names, from annotated documents the encoder has not seen.

usage: python -m training.judging dump --gold GOLD.jsonl --out ROWS.npz [--held-out] [--rules-alone]
       python -m training.judging fit --rows ROWS.npz --out kg/resources/judging/NAME.json

`dump` runs the pipeline up to the judging and writes one row a candidate with whether it is right; it needs the
product alone. `fit` needs scikit-learn and nothing of the product; it prints cross-validated figures (documents kept
together) before it writes the trees.
"""

from __future__ import annotations

import argparse
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from training.split import held_out


def dump(gold: Path, out: Path, only_held_out: bool, encoder: bool) -> None:
    from kg.extraction.annotations import register_extensions
    from kg.extraction.evidence import FEATURES, evidence, proposals
    from kg.extraction.pipeline import name_candidates
    from kg.extraction.settings import ExtractionSettings

    register_extensions()
    nlp = name_candidates(ExtractionSettings(model=encoder))
    rows, right, groups, spans, missed = [], [], [], [], 0
    for line in gold.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        if only_held_out and not held_out(document["doc_id"]):
            continue
        doc = nlp(document["text"])
        found = proposals(doc._.candidates)
        names = {(m["start"], m["end"], m["type"]) for m in document["mentions"]}
        if found:
            rows.append(evidence(doc.text, doc._.folded, found, doc._.tag_scores))
        keys = [(p.start, p.end, p.type.value) for p in found]
        right += [key in names for key in keys]
        spans += [(p.start, p.end) for p in found]
        missed += len(names.difference(keys))
        groups += [zlib.crc32(document["doc_id"].encode())] * len(found)
    np.savez_compressed(
        out, rows=np.concatenate(rows), right=np.array(right), groups=np.array(groups), spans=np.array(spans),
        missed=missed, features=np.array(FEATURES),
    )  # fmt: skip
    print(f"{len(right)} candidates, {sum(right)} right, {missed} names not proposed")


def chosen_figures(
    probability: Any, spans: Any, right: Any, groups: Any, gold: int, threshold: float
) -> tuple[float, float, float]:
    """Precision, recall and F1 of the best non-overlapping candidates, as `choosing` takes them."""
    from kg.extraction.choosing import best_sum_indexes

    taken = hits = 0
    for group in np.unique(groups):
        index = np.flatnonzero((groups == group) & (probability >= threshold))
        chosen = best_sum_indexes(
            [(int(spans[i][0]), int(spans[i][1]), float(probability[i]) - threshold + 0.01) for i in index]
        )
        taken += len(chosen)
        hits += sum(bool(right[index[i]]) for i in chosen)
    precision, recall = hits / max(1, taken), hits / gold
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def fit(
    files: list[Path], out: Path | None, test: list[Path], trees: int, rate: float, leaves: int, folds: int
) -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import GroupKFold

    def load(paths: list[Path]) -> tuple[Any, Any, Any, Any, int, list[str]]:
        parts = [np.load(path) for path in paths]
        return (
            np.concatenate([p["rows"] for p in parts]), np.concatenate([p["right"] for p in parts]),
            np.concatenate([p["groups"] for p in parts]), np.concatenate([p["spans"] for p in parts]),
            sum(int(p["missed"]) for p in parts), [str(f) for f in parts[0]["features"]],
        )  # fmt: skip

    def model() -> Any:
        return HistGradientBoostingClassifier(
            max_iter=trees, learning_rate=rate, max_leaf_nodes=leaves, min_samples_leaf=12,
            l2_regularization=3.0, early_stopping=False, random_state=0,
        )  # fmt: skip

    rows, right, groups, spans, missed, features = load(files)
    gold = int(right.sum()) + missed
    if folds:
        probability = np.zeros(len(right))
        for train, held in GroupKFold(folds).split(rows, right, groups):
            probability[held] = model().fit(rows[train], right[train]).predict_proba(rows[held])[:, 1]
        report("cross-validated", probability, spans, right, groups, gold)
    final = model().fit(rows, right)
    if test:
        t_rows, t_right, t_groups, t_spans, t_missed, _ = load(test)
        report(
            "test",
            final.predict_proba(t_rows)[:, 1],
            t_spans,
            t_right,
            t_groups,
            int(t_right.sum()) + t_missed,
        )
    if out:
        write(final, features, out)
        print(f"wrote {out}")


def report(title: str, probability: Any, spans: Any, right: Any, groups: Any, gold: int) -> None:
    for threshold in (0.3, 0.35, 0.4, 0.45, 0.5):
        p, r, f = chosen_figures(probability, spans, right, groups, gold, threshold)
        print(f"{title}: threshold {threshold:.2f}  P {p:.3f}  R {r:.3f}  F1 {f:.3f}")
    bins = np.minimum((probability * 10).astype(int), 9)
    error = sum(
        abs(probability[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in range(10)
        if (bins == b).any()
    )
    print(
        f"{title}: expected calibration error {error:.3f} over {len(right)} candidates; "
        f"recall of all candidates {right.sum() / gold:.3f}"
    )


def write(model: Any, features: list[str], out: Path) -> None:
    """The trees as plain arrays, leaves leading to themselves."""
    trees = [predictor[0].nodes for predictor in model._predictors]
    width = max(map(len, trees))
    data: dict[str, Any] = {"features": features, "base": float(np.ravel(model._baseline_prediction)[0])}
    names = ("feature", "threshold", "left", "right", "value")
    columns: dict[str, list[list[float]]] = {name: [] for name in names}
    depth = 0
    for nodes in trees:
        tree: dict[str, list[float]] = {name: [] for name in names}
        for i in range(width):
            node = nodes[i] if i < len(nodes) else None
            leaf = node is None or bool(node["is_leaf"])
            tree["feature"].append(0 if leaf else int(node["feature_idx"]))
            tree["threshold"].append(0.0 if leaf else round(float(node["num_threshold"]), 6))
            tree["left"].append(i if leaf else int(node["left"]))
            tree["right"].append(i if leaf else int(node["right"]))
            tree["value"].append(round(float(node["value"]), 6) if node is not None and leaf else 0.0)
        depth = max(depth, int(nodes["depth"].max()))
        for name in names:
            columns[name].append(tree[name])
    data |= columns
    data["depth"] = depth
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    dumping = commands.add_parser("dump")
    dumping.add_argument("--gold", type=Path, required=True)
    dumping.add_argument("--out", type=Path, required=True)
    dumping.add_argument("--held-out", action="store_true", help="only what the encoder was not trained on")
    dumping.add_argument("--rules-alone", action="store_true")
    fitting = commands.add_parser("fit")
    fitting.add_argument("--rows", type=Path, nargs="+", required=True)
    fitting.add_argument("--test", type=Path, nargs="*", default=[])
    fitting.add_argument("--out", type=Path)
    fitting.add_argument("--trees", type=int, default=120)
    fitting.add_argument("--rate", type=float, default=0.06)
    fitting.add_argument("--leaves", type=int, default=10)
    fitting.add_argument("--folds", type=int, default=5, help="0 for no cross-validation")
    arguments = parser.parse_args()
    if arguments.command == "dump":
        dump(arguments.gold, arguments.out, arguments.held_out, not arguments.rules_alone)
    else:
        fit(
            arguments.rows,
            arguments.out,
            arguments.test,
            arguments.trees,
            arguments.rate,
            arguments.leaves,
            arguments.folds,
        )


if __name__ == "__main__":
    main()
