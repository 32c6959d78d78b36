"""Names found in whole documents, and exact-match scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

from kg.extraction.encoder_input import EncoderInput, owned, windows
from training.documents import TAGS, Annotated, Window, make_window, source
from training.network import Names, viterbi

LENGTHS = (*range(32, 256, 16), *range(256, 513, 32))
"""Windows are padded to one of these, so that the CPU kernels meet few shapes."""

Emit = Callable[[list[Window]], list[npt.NDArray[np.float32]]]


@torch.no_grad()
def emitter(model: Names, dtype: torch.dtype = torch.bfloat16) -> Emit:
    """A function from windows to their emissions [n - 2, tags], in batches of similar length."""

    def emit(items: list[Window]) -> list[npt.NDArray[np.float32]]:
        model.eval()
        result: list[npt.NDArray[np.float32]] = [np.empty(0, np.float32)] * len(items)
        order = sorted(range(len(items)), key=lambda i: len(items[i].ids))
        for at in range(0, len(order), 4):
            chosen = order[at : at + 4]
            ids, features, mask, _ = collate([items[i] for i in chosen], dtype)
            with torch.no_grad():
                _, emissions = model(ids, features, mask)
            for row, i in enumerate(chosen):
                result[i] = emissions[row, 1 : len(items[i].ids) - 1].float().numpy()
        return result

    return emit


def collate(
    items: list[Window], dtype: torch.dtype
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pad windows to one batch: ids, features, mask (1 for a piece), tags (of the pieces between the special ones)."""
    longest = next(length for length in LENGTHS if length >= max(len(item.ids) for item in items))
    ids = torch.zeros(len(items), longest, dtype=torch.long)
    features = torch.zeros(len(items), longest, items[0].features.shape[1], dtype=dtype)
    mask = torch.zeros(len(items), longest, dtype=dtype)
    tags = torch.zeros(len(items), longest - 2, dtype=torch.long)
    for row, item in enumerate(items):
        n = len(item.ids)
        ids[row, :n] = torch.from_numpy(item.ids)
        features[row, :n] = torch.from_numpy(item.features).to(dtype)
        mask[row, :n] = 1
        tags[row, : n - 2] = torch.from_numpy(item.tags)
    return ids, features, mask, tags


def document_emissions(
    documents: list[Annotated], inputs: EncoderInput, emit: Emit
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]]:
    """Offsets [n, 2] and emissions [n, tags] of each whole document, windows joined at the middle of their overlap."""
    items: list[Window] = []
    where: list[list[tuple[int, int]]] = []
    all_pieces = []
    for document in documents:
        pieces = inputs.pieces(document.text)
        spans = windows(len(pieces.ids), pieces.breaks)
        none = np.zeros(len(pieces.ids), dtype=np.int64)
        items += [make_window(pieces, none, start, end) for start, end in spans]
        where.append(spans)
        all_pieces.append(pieces)
    emissions = iter(emit(items))
    result = []
    for pieces, spans in zip(all_pieces, where, strict=True):
        joined = np.zeros((len(pieces.ids), len(TAGS)), dtype=np.float32)
        for (start, _), (own_start, own_end) in zip(spans, owned(spans), strict=True):
            joined[own_start:own_end] = next(emissions)[own_start - start : own_end - start]
        result.append((pieces.offsets, joined))
    return result


def spans_of(tags: list[int], offsets: npt.NDArray[np.int64]) -> set[tuple[int, int, str]]:
    """Names (start, end, type) that BIOES tags spell."""
    found, begin = set(), 0
    for i, number in enumerate(tags):
        tag = TAGS[number]
        if tag[0] in "BS":
            begin = i
        if tag[0] in "ES":
            found.add((int(offsets[begin][0]), int(offsets[i][1]), tag[2:]))
    return found


def predict(
    model: Names, documents: list[Annotated], inputs: EncoderInput, emit: Emit
) -> list[set[tuple[int, int, str]]]:
    """Names of each document."""
    with torch.no_grad():
        step, start, end = (part.float() for part in model.transitions())
    result = []
    for offsets, emissions in document_emissions(documents, inputs, emit):
        tags = viterbi(torch.from_numpy(emissions), step, start, end) if len(emissions) else []
        result.append(spans_of(tags, offsets))
    return result


def scores(
    documents: list[Annotated], found: list[set[tuple[int, int, str]]]
) -> dict[str, tuple[float, float, float]]:
    """Precision, recall, F1 of exact names: "all", each type, and each source as `source:NAME`."""
    right: Counter[str] = Counter()
    guessed: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for document, names in zip(documents, found, strict=True):
        truth = {(n.start, n.end, n.type) for n in document.names}
        for counter, items in ((right, truth & names), (guessed, names), (gold, truth)):
            for item in items:
                counter.update(["all", item[2], f"source:{source(document.doc_id)}"])
    result = {}
    for key in sorted(gold):
        precision = right[key] / guessed[key] if guessed[key] else 0.0
        recall = right[key] / gold[key]
        total = precision + recall
        result[key] = (precision, recall, 2 * precision * recall / total if total else 0.0)
    return result
