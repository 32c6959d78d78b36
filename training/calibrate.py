"""Fit the confidence of the exported model on the second development part; report scores and write the card's figures.

usage: calibrate.py [--model FOLDER] [--report FILE]
Probabilities of names come from the CRF; per type a slope and an offset of their log odds are fitted, so that
among names of confidence 0.8 about 80 % are right. The expected calibration error is measured on dev.jsonl.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.extraction.encoder import LEAST, MODEL_FOLDER, NameModel
from kg.extraction.encoder_tags import TaggedSpan, decode
from kg.schema import EntityType
from training.augmentation import add_noise
from training.documents import Annotated, read_documents
from training.scoring import scores
from training.split import held_out

FloatArray = npt.NDArray[np.float64]


def found_spans(
    model: NameModel, documents: list[Annotated]
) -> tuple[list[set[tuple[int, int, str]]], list[tuple[TaggedSpan, bool]]]:
    """Names of each document, and every span with whether it is right."""
    names, judged = [], []
    for document in documents:
        encoded = model.encode(document.text)
        truth = {(n.start, n.end, n.type) for n in document.names}
        own = set()
        for span in decode(model.tag_model, encoded.emissions, encoded.stops, LEAST):
            key = (int(encoded.offsets[span.first][0]), int(encoded.offsets[span.last][1]), span.label)
            if span.best:
                own.add(key)
            judged.append((span, key in truth))
        names.append(own)
    return names, judged


def log_odds(probabilities: FloatArray) -> FloatArray:
    clipped = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.log(clipped / (1 - clipped))


def fit(
    odds: FloatArray, right: FloatArray, prior: tuple[float, float], weight: float
) -> tuple[float, float]:
    """Slope and offset of a logistic regression, drawn towards `prior` with the weight of `weight` names."""
    x = np.stack([odds, np.ones_like(odds)], axis=1)
    centre = np.array(prior)
    scale = np.array([weight * 0.5, weight * 0.05])

    def loss(values: FloatArray) -> float:
        line = x @ values
        return float(np.logaddexp(0, line).sum() - right @ line + scale @ (values - centre) ** 2 / 2)

    parameters = centre.copy()
    for _ in range(50):
        guess = 1 / (1 + np.exp(-(x @ parameters)))
        gradient = x.T @ (guess - right) + scale * (parameters - centre)
        hessian = (x * (guess * (1 - guess))[:, None]).T @ x + np.diag(scale)
        step = np.linalg.solve(hessian, gradient)
        while loss(parameters - step) > loss(parameters) and np.abs(step).max() > 1e-9:
            step /= 2  # a full Newton step may overshoot
        parameters = parameters - step
    return round(float(parameters[0]), 4), round(float(parameters[1]), 4)


def calibration_error(
    confidence: FloatArray, right: FloatArray, bins: int = 10
) -> tuple[float, list[tuple[float, float, int]]]:
    """Expected calibration error over equal bins, and each bin's mean confidence, share right and size."""
    error, rows = 0.0, []
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    for i in range(bins):
        chosen = index == i
        if chosen.any():
            mean, share = float(confidence[chosen].mean()), float(right[chosen].mean())
            rows.append((mean, share, int(chosen.sum())))
            error += chosen.mean() * abs(mean - share)
    return error, rows


def plot(rows: list[tuple[float, float, int]], error: float) -> str:
    """A reliability diagram as SVG: confidence to the right, share of right names upwards, area by number of names."""
    size, edge = 320, 40
    total = sum(count for _, _, count in rows)

    def at(x: float, y: float) -> tuple[float, float]:
        return edge + x * size, edge + (1 - y) * size

    dots = "".join(
        f'<circle cx="{at(mean, share)[0]:.1f}" cy="{at(mean, share)[1]:.1f}" r="{4 + 16 * (count / total) ** 0.5:.1f}"'
        ' fill="#4C78A8" fill-opacity="0.6"/>'
        for mean, share, count in rows
    )
    ticks = "".join(
        f'<text x="{at(v, 0)[0]:.0f}" y="{edge + size + 16}" text-anchor="middle">{v:g}</text>'
        f'<text x="{edge - 6}" y="{at(0, v)[1] + 4:.0f}" text-anchor="end">{v:g}</text>'
        for v in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size + 2 * edge}" height="{size + 2 * edge}"'
        ' font-family="sans-serif" font-size="11">'
        f'<rect x="{edge}" y="{edge}" width="{size}" height="{size}" fill="none" stroke="#999"/>'
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="#999" stroke-dasharray="4"/>{dots}{ticks}'
        f'<text x="{edge + size / 2}" y="{edge - 14}" text-anchor="middle">Share of right names by confidence, dev'
        f" (expected calibration error {error:.3f})</text></svg>\n"
    )


def noisy(documents: list[Annotated]) -> list[Annotated]:
    """Each document with one kind of noise, always the same."""
    return [add_noise(d, random.Random(f"noise {d.doc_id}")) for d in documents]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--gold", type=Path, default=Path(__file__).parent.parent.parent / "shared/gold")
    parser.add_argument("--report", type=Path)
    parser.add_argument("--robustness", action="store_true", help="score perturbed texts too")
    arguments = parser.parse_args()
    model = NameModel(arguments.model)
    second = [d for d in read_documents(arguments.gold / "train.jsonl") if held_out(d.doc_id)]
    dev = read_documents(arguments.gold / "dev.jsonl")

    second_names, judged = found_spans(model, second)
    odds = log_odds(np.array([span.probability for span, _ in judged]))
    right = np.array([float(ok) for _, ok in judged])
    labels = np.array([span.label for span, _ in judged])
    whole = fit(odds, right, (1.0, 0.0), 1.0)
    calibration = {
        t.value: list(fit(odds[labels == t.value], right[labels == t.value], whole, 20.0)) for t in EntityType
    }
    settings = json.loads((arguments.model / "names.json").read_text(encoding="utf-8"))
    settings["calibration"] = calibration
    (arguments.model / "names.json").write_text(
        json.dumps(settings, ensure_ascii=False) + "\n", encoding="utf-8"
    )

    model = NameModel(arguments.model)
    dev_names, dev_judged = found_spans(model, dev)
    chosen = [(model.confidence(span), float(ok)) for span, ok in dev_judged if span.best]
    error, rows = calibration_error(np.array([c for c, _ in chosen]), np.array([ok for _, ok in chosen]))
    (arguments.model / "calibration.svg").write_text(plot(rows, error), encoding="utf-8")
    report: dict[str, Any] = {"calibration": calibration, "calibration_error_dev": round(error, 4)}
    parts = [("second", second, second_names), ("dev", dev, dev_names)]
    if arguments.robustness:
        for name, documents in (("second noisy", noisy(second)), ("dev noisy", noisy(dev))):
            parts.append((name, documents, found_spans(model, documents)[0]))
    for name, documents, found in parts:
        report[name] = {
            key: [round(100 * v, 1) for v in values] for key, values in scores(documents, found).items()
        }
    text = json.dumps(report, ensure_ascii=False, indent=1)
    if arguments.report:
        arguments.report.write_text(text + "\n", encoding="utf-8")
    for name, _, _ in parts:
        print(name, {key: values[2] for key, values in report[name].items()})
    print("expected calibration error on dev:", report["calibration_error_dev"])


if __name__ == "__main__":
    main()
