"""Trains the learned score of relations and writes it where the product reads it.

    python -m training.relations.train --config training/relations.toml

On all but the held-out part, which `training.relations.join` then uses. Several networks with seeds that follow each
other are averaged. The result is one file of float16 arrays, no pickle.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.relations.scoring import CORE, TYPES, Fact, best_facts, fact, figures, report, stated, tune
from training.split import held_out

Arrays = dict[str, Any]


def read(path: Path) -> Arrays:
    with np.load(path, allow_pickle=False) as file:
        data = {name: file[name] for name in file.files}
    data["meta"] = json.loads(str(data["meta"]))
    return data


def append(data: Arrays, extra: Arrays, weight: float) -> None:
    """Add the pairs of `extra` to `data` as documents of their own, each counting `weight`."""
    documents = len(data["meta"]["doc_ids"])
    added = np.full(len(extra["documents"]), weight, np.float32)
    data["weights"] = np.concatenate([data["weights"], added])
    extra["documents"] = extra["documents"] + documents
    data["meta"]["doc_ids"] = data["meta"]["doc_ids"] + extra["meta"]["doc_ids"]
    for name in ("grams", "columns"):
        offsets = f"{name[:-1]}_offsets"
        data[offsets] = np.concatenate([data[offsets], extra[offsets][1:] + data[offsets][-1]])
        data[name] = np.concatenate([data[name], extra[name]])
    for name in ("documents", "entities", "labels", "possible"):
        data[name] = np.concatenate([data[name], extra[name]])


class Network(nn.Module):
    """Sums of gram and column vectors, one hidden layer, direct weights."""

    def __init__(self, width: int, inner: int, columns: int, labels: int, dropout: float) -> None:
        super().__init__()
        self.grams = nn.EmbeddingBag(1 << 16, width, mode="sum", sparse=True)
        self.columns = nn.EmbeddingBag(columns, width, mode="sum")
        self.direct = nn.EmbeddingBag(columns, labels, mode="sum")
        self.bias = nn.Parameter(torch.zeros(width))
        self.inner = nn.Linear(width, inner)
        self.outer = nn.Linear(inner, labels)
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.grams.weight, 0, 0.02)
        nn.init.normal_(self.columns.weight, 0, 0.05)
        nn.init.zeros_(self.direct.weight)
        nn.init.constant_(self.outer.bias, -3.0)

    def forward(self, grams: Tensor, gram_starts: Tensor, columns: Tensor, column_starts: Tensor) -> Tensor:
        counts = torch.diff(gram_starts, append=torch.tensor([len(grams)])).clamp(min=1).unsqueeze(1)
        total = (
            self.grams(grams, gram_starts) * (4 / counts.sqrt())
            + self.columns(columns, column_starts)
            + self.bias
        )
        state = self.dropout(torch.relu(total))
        state = self.dropout(torch.relu(self.inner(state)))
        return self.outer(state) + self.direct(columns, column_starts)


def collate(
    data: Arrays, rows: np.ndarray, rng: np.random.Generator | None, settings: dict[str, Any]
) -> list[Tensor]:
    """The inputs of the network for `rows`; with `rng`, some grams, hints are dropped."""
    flat = []
    for name, offsets, rate in (
        ("grams", "gram_offsets", "gram_dropout"),
        ("columns", "column_offsets", "hint_dropout"),
    ):
        parts = [data[name][data[offsets][i] : data[offsets][i + 1]] for i in rows]
        if rng is not None:
            parts = [p[rng.random(len(p)) >= settings[rate]] for p in parts]
        flat.append(torch.from_numpy(np.concatenate(parts).astype(np.int64)))
        flat.append(torch.from_numpy(np.cumsum([0, *map(len, parts)])[:-1].astype(np.int64)))
    return flat


def train(data: Arrays, rows: np.ndarray, settings: dict[str, Any], watch: Any) -> Network:
    torch.manual_seed(settings["seed"])
    rng = np.random.default_rng(settings["seed"])
    network = Network(
        settings["width"],
        settings["inner"],
        data["meta"]["width"],
        len(data["meta"]["labels"]),
        settings["dropout"],
    )
    dense = [p for n, p in network.named_parameters() if n != "grams.weight"]
    optimizer = torch.optim.AdamW(dense, lr=settings["rate"], weight_decay=settings["weight_decay"])
    sparse = torch.optim.SparseAdam([network.grams.weight], lr=settings["gram_rate"])
    batch, epochs = settings["batch"], settings["epochs"]
    steps = epochs * -(-len(rows) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings["rate"], total_steps=steps, pct_start=0.1
    )
    started = time.time()
    for epoch in range(epochs):
        network.train()
        order, total = rng.permutation(rows), 0.0
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            wanted = torch.from_numpy(data["labels"][chosen].astype(np.float32))
            known = (wanted >= 0).float() * torch.from_numpy(data["weights"][chosen]).unsqueeze(1)
            logits = network(*collate(data, chosen, rng, settings))
            loss = (
                functional.binary_cross_entropy_with_logits(logits, wanted.clamp(min=0), reduction="none")
                * known
            ).sum() / len(chosen)
            optimizer.zero_grad()
            sparse.zero_grad()
            loss.backward()
            optimizer.step()
            sparse.param_groups[0]["lr"] = (
                optimizer.param_groups[0]["lr"] * settings["gram_rate"] / settings["rate"]
            )
            sparse.step()
            schedule.step()
            total += loss.item()
        print(
            f"epoch {epoch} loss {total:.1f} {time.time() - started:.0f}s {watch(network) if watch else ''}",
            flush=True,
        )
    return network


def predict(network: Network, data: Arrays, rows: np.ndarray, settings: dict[str, Any]) -> np.ndarray:
    """[rows, labels] probabilities, 0 where the schema forbids."""
    network.eval()
    with torch.no_grad():
        parts = [
            torch.sigmoid(network(*collate(data, rows[i : i + 2048], None, settings))).numpy()
            for i in range(0, len(rows), 2048)
        ]
    return np.concatenate(parts) * data["possible"][rows]


def relations(data: Arrays, rows: np.ndarray, scores: np.ndarray) -> dict[Fact, float]:
    """Every fact with its best probability over its document."""
    return best_facts(data["documents"][rows], data["entities"][rows], data["meta"]["labels"], scores)


def annotated(data: Arrays, documents: np.ndarray) -> set[Fact]:
    """What is annotated in the documents that `documents` [documents] marks."""
    return {
        fact(document, TYPES[type], head, tail)
        for document, type, head, tail in data["gold"]
        if documents[document]
    }


def merged(networks: list[Network]) -> dict[str, np.ndarray]:
    """Networks side by side as one: their vectors joined, inner layers on the diagonal, outputs averaged."""
    states = [{n: p.detach().numpy() for n, p in network.named_parameters()} for network in networks]
    share = 1 / len(states)

    def joined(name: str) -> np.ndarray:
        return np.concatenate([state[name] for state in states], axis=-1)

    return {
        "grams": joined("grams.weight"),
        "columns": joined("columns.weight"),
        "direct": share * sum(state["direct.weight"] for state in states),
        "bias": joined("bias"),
        "inner": torch.block_diag(*[torch.from_numpy(s["inner.weight"].T) for s in states]).numpy(),
        "inner_bias": joined("inner.bias"),
        "outer": share * np.concatenate([s["outer.weight"].T for s in states]),
        "outer_bias": share * sum(s["outer.bias"] for s in states),
    }


def save(networks: list[Network], data: Arrays, settings: dict[str, Any]) -> None:
    """Write the weights in half precision; rows of grams that no pair has are zero and cost no room."""
    target = Path(settings["target"])
    target.mkdir(parents=True, exist_ok=True)
    arrays = merged(networks)
    used = np.zeros(1 << 16, bool)
    used[np.unique(data["grams"])] = True
    arrays["grams"] = arrays["grams"] * used[:, None]
    np.savez_compressed(target / "relations.npz", **{n: a.astype(np.float16) for n, a in arrays.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("training/relations.toml"))
    parser.add_argument("--check", type=Path, help="a data set to score once at the end")
    arguments = parser.parse_args()
    settings = tomllib.loads(arguments.config.read_text(encoding="utf-8"))
    torch.set_num_threads(settings["threads"])
    data = read(Path(settings["train"]))
    # Written for training, and far denser in relations than what is read.
    written = np.array([bool(re.match("own-[a-z]-", i)) for i in data["meta"]["doc_ids"]])
    data["weights"] = np.where(written[data["documents"]], settings["written_weight"], 1).astype(np.float32)
    if settings["extra"]:
        append(data, read(Path(settings["extra"])), settings["extra_weight"])
    held = np.array([held_out(i) for i in data["meta"]["doc_ids"]])
    rows = np.arange(len(data["documents"]))
    held_rows = rows[held[data["documents"]]]
    gold = annotated(data, held)

    def watch(network: Network) -> str:
        found = relations(data, held_rows, predict(network, data, held_rows, settings))
        guessed = stated(found, tune(found, gold))
        return f"held all {figures(guessed, gold, TYPES)[2]:.3f} core {figures(guessed, gold, CORE)[2]:.3f}"

    learning = rows[~held[data["documents"]]]
    networks = [
        train(data, learning, {**settings, "seed": settings["seed"] + n}, watch)
        for n in range(settings["networks"])
    ]
    save(networks, data, settings)

    def together(data: Arrays, rows: np.ndarray) -> np.ndarray:
        return np.mean([predict(network, data, rows, settings) for network in networks], axis=0)

    found = relations(data, held_rows, together(data, held_rows))
    thresholds = tune(found, gold)
    print(thresholds)
    report("held", stated(found, thresholds), gold)
    if arguments.check:
        check = read(arguments.check)
        found = relations(
            check, np.arange(len(check["documents"])), together(check, np.arange(len(check["documents"])))
        )
        report(
            "check", stated(found, thresholds), annotated(check, np.ones(len(check["meta"]["doc_ids"]), bool))
        )


if __name__ == "__main__":
    main()
