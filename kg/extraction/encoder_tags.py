"""Decoding of the name model: a CRF over BIOES tags, with the probability of each name found.

Where a piece is known to belong to no name (a full stop), the sequence is cut; the stretches between cuts are short
and decoded side by side, in memory that does not grow with the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TagModel:
    """Tags (`O`, `B-Company`, …) and the scores between them, forbidden steps strongly negative."""

    tags: tuple[str, ...]
    step: FloatArray
    start: FloatArray
    end: FloatArray


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """Pieces `first`..`last` (inclusive) spell a name of `label` with a probability; `best`: on the best path."""

    first: int
    last: int
    label: str
    probability: float
    best: bool = True


def decode(
    model: TagModel,
    emissions: npt.NDArray[np.float32],
    outside: npt.NDArray[np.bool_],
    least: float = 1.0,
) -> list[TaggedSpan]:
    """The names on the best path through `emissions` [n, tags], in order, each with its marginal probability.

    No name holds a piece that `outside` [n] marks. Names off the best path follow where they are at least `least`
    probable; they may overlap the others.
    """
    stretches = _stretches(outside)
    spans: list[TaggedSpan] = []
    at = 0
    while at < len(stretches):
        # Stretches of similar length together, so that little is padded.
        length = stretches[at][1] - stretches[at][0]
        group = [s for s in stretches[at:] if s[1] - s[0] >= length * 0.7][:64]
        spans += _decode_group(model, emissions, group, least)
        at += len(group)
    return sorted(spans, key=lambda span: (not span.best, span.first, span.last, span.label))


def _stretches(outside: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of pieces that may belong to a name; longest first."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], outside, [True]]).astype(np.int8)))
    runs = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return sorted(runs, key=lambda run: (run[0] - run[1], run[0]))


def _decode_group(
    model: TagModel, emissions: npt.NDArray[np.float32], group: list[tuple[int, int]], least: float
) -> list[TaggedSpan]:
    lengths = np.array([end - start for start, end in group])
    longest, count = int(lengths.max()), len(group)
    scores = np.zeros((longest, count, len(model.tags)))
    for row, (start, end) in enumerate(group):
        scores[: end - start, row] = emissions[start:end]
    inside = np.arange(longest)[:, None] < lengths[None, :]
    step = model.step
    # A stretch begins and ends at the text's edge or beside a piece outside every name.
    starts = np.array([model.start if start == 0 else step[0] for start, _ in group])
    ends = np.array([model.end if end == len(emissions) else step[:, 0] for _, end in group])

    peak = scores.max(axis=2, keepdims=True)
    weights = np.exp(scores - peak)
    moves, stops = np.exp(step), np.exp(ends)
    best = scores[0] + starts
    alpha = np.exp(starts) * weights[0]
    alpha /= alpha.sum(axis=1, keepdims=True)
    alphas, pointers, totals = [alpha], [], [np.ones((count, 1))]
    for t in range(1, longest):
        through = best[:, :, None] + step
        pointer = through.argmax(axis=1)
        live = inside[t][:, None]
        best = np.where(live, np.take_along_axis(through, pointer[:, None, :], 1)[:, 0] + scores[t], best)
        pointers.append(pointer)
        new = (alpha @ moves) * weights[t]
        total = new.sum(axis=1, keepdims=True)
        alpha = np.where(live, new / total, alpha)
        totals.append(np.where(live, total, 1.0))
        alphas.append(alpha)
    finish = (alpha * stops).sum(axis=1, keepdims=True)
    beta = stops / finish
    betas = [beta]
    for t in range(longest - 1, 0, -1):
        beta = np.where(inside[t][:, None], ((weights[t] * beta) @ moves.T) / totals[t], beta)
        betas.append(beta)
    betas.reverse()

    alpha_all, beta_all = np.stack(alphas), np.stack(betas)
    # Moving on to piece t multiplies by its weight over the running total.
    gains = weights / np.stack(totals)
    spans = []
    last = (best + ends).argmax(axis=1)
    for row, (start, _) in enumerate(group):
        tag = int(last[row])
        path = [tag]
        for t in range(int(lengths[row]) - 1, 0, -1):
            tag = int(pointers[t - 1][row, tag])
            path.append(tag)
        path.reverse()
        chosen: set[tuple[int, int, str]] = set()
        begin = 0
        for i, number in enumerate(path):
            name = model.tags[number]
            if name[0] in "BS":
                begin = i
            if name[0] in "ES":
                probability = alpha_all[begin, row, path[begin]] * beta_all[i, row, number]
                for t in range(begin + 1, i + 1):
                    probability *= moves[path[t - 1], path[t]] * gains[t, row, path[t]]
                chosen.add((begin, i, name[2:]))
                spans.append(TaggedSpan(start + begin, start + i, name[2:], float(min(probability, 1.0))))
        if least < 1.0:
            length = int(lengths[row])
            arrays = (alpha_all[:length, row], beta_all[:length, row], gains[:length, row])
            for begin, end, label, probability in _likely(model.tags, moves, *arrays, least):
                if (begin, end, label) not in chosen:
                    spans.append(TaggedSpan(start + begin, start + end, label, probability, False))
    return spans


def _likely(
    tags: tuple[str, ...],
    moves: FloatArray,
    alpha: FloatArray,
    beta: FloatArray,
    gains: FloatArray,
    least: float,
) -> Iterator[tuple[int, int, str, float]]:
    """Names (first, last, label, probability) of one stretch that are at least `least` probable."""
    number = {tag: i for i, tag in enumerate(tags)}
    for begin, tag in zip(*np.nonzero(alpha * beta >= least), strict=True):
        position, label = tags[tag][0], tags[tag][2:]
        if position == "S":
            yield int(begin), int(begin), label, float(alpha[begin, tag] * beta[begin, tag])
        if position != "B":
            continue
        inside, end = number[f"I-{label}"], number[f"E-{label}"]
        weight, current = alpha[begin, tag], int(tag)
        for t in range(begin + 1, len(alpha)):
            probability = weight * moves[current, end] * gains[t, end] * beta[t, end]
            if probability >= least:
                yield int(begin), t, label, float(min(probability, 1.0))
            weight *= moves[current, inside] * gains[t, inside]
            current = inside
            if weight * beta[t, inside] < least:
                break
