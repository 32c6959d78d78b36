"""Train the name model.

usage: train.py --config FILE [--out FOLDER]
Writes `model.pt` (weights as tensors only), `log.jsonl` and the scores of every epoch to the folder.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from kg.extraction.encoder_input import EncoderInput
from training import finre, own
from training.augmentation import Pools, vary
from training.documents import (
    Annotated,
    Name,
    Window,
    annotated,
    read_documents,
    training_windows,
)
from training.network import Names
from training.pairs import targets
from training.scoring import LENGTHS, collate, emitter, predict, scores
from training.split import held_out


def batches(items: list[Window], pieces: int, chooser: random.Random) -> list[list[Window]]:
    """Batches of one padded length and about `pieces` pieces each, in random order; leftovers go one length up."""
    result: list[list[Window]] = []
    waiting: list[Window] = []
    shorter = 0
    for length in LENGTHS:
        waiting += [item for item in items if shorter < len(item.ids) <= length]
        shorter = length
        chooser.shuffle(waiting)
        size = max(1, pieces // length)
        full = len(waiting) - len(waiting) % size
        result += [waiting[at : at + size] for at in range(0, full, size)]
        waiting = waiting[full:]
    if waiting:
        result.append(waiting)
    chooser.shuffle(result)
    return result


class Masters:
    """Full-precision copies of the weights for the optimiser, and their moving average; the model computes in
    bfloat16."""

    def __init__(self, model: Names, config: dict[str, Any]) -> None:
        self.pairs: list[tuple[str, torch.nn.Parameter, torch.Tensor]] = []
        groups = []
        for name, parameter in model.named_parameters():
            if not parameter.requires_grad:
                continue
            master = parameter.detach().float().clone()
            self.pairs.append((name, parameter, master))
            if name.startswith("encoder.layers"):
                depth = len(model.encoder.layers) - 1 - int(name.split(".")[2])
                rate = config["rate"] * config["layer_decay"] ** depth
            elif name.startswith("encoder") and "features" not in name:
                rate = config["rate"] * config["layer_decay"] ** len(model.encoder.layers)
            else:
                rate = config["head_rate"]
            decay = 0.0 if master.ndim == 1 else config["weight_decay"]
            groups.append({"params": [master], "lr": rate, "weight_decay": decay})
        self.optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
        self.rates = [group["lr"] for group in groups]
        self.average = [master.clone() for _, _, master in self.pairs]

    def step(self, share: float, clip: float) -> None:
        """One update with learning rates scaled by `share`."""
        for _, parameter, master in self.pairs:
            master.grad = None if parameter.grad is None else parameter.grad.float()
            parameter.grad = None
        torch.nn.utils.clip_grad_norm_([master for _, _, master in self.pairs], clip)
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * share
        self.optimiser.step()
        with torch.no_grad():
            torch._foreach_copy_([p.data for _, p, _ in self.pairs], [m for _, _, m in self.pairs])

    @torch.no_grad()
    def update_average(self, decay: float) -> None:
        torch._foreach_lerp_(self.average, [m for _, _, m in self.pairs], 1 - decay)

    @torch.no_grad()
    def load(self, averaged: bool) -> None:
        """Put the averaged or the current weights into the model."""
        values = self.average if averaged else [m for _, _, m in self.pairs]
        torch._foreach_copy_([p.data for _, p, _ in self.pairs], values)


def to_compute(model: Names) -> Names:
    """bfloat16 in the encoder, single precision in the head."""
    model.encoder.to(torch.bfloat16)
    return model


def full_state(model: Names, masters: Masters) -> dict[str, torch.Tensor]:
    """All weights in single precision, averaged."""
    state = {name: value.detach().float().clone() for name, value in model.state_dict().items()}
    for (name, _, _), value in zip(masters.pairs, masters.average, strict=True):
        state[name] = value.clone()
    return state


def pair_loss(model: Names, hidden: torch.Tensor, batch: list[Window]) -> torch.Tensor:
    """Summed cross-entropy of the known labels of all pairs in a batch."""
    found = [(row, item.pairs) for row, item in enumerate(batch) if item.pairs is not None]
    if not found:
        return torch.zeros(())
    rows = torch.cat([torch.full((len(pairs.pieces),), row) for row, pairs in found])
    pieces, inputs, right, known = (
        torch.from_numpy(np.concatenate([getattr(pairs, name) for _, pairs in found]))
        for name in ("pieces", "inputs", "right_labels", "known")
    )
    logits = model.pairs(hidden.float(), rows, pieces, inputs)
    losses = binary_cross_entropy_with_logits(logits, right.float(), reduction="none")
    return (losses * known).sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    config = tomllib.loads(arguments.config.read_text(encoding="utf-8"))
    out: Path = arguments.out or Path(__file__).parent / "runs" / arguments.config.stem
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(config["threads"])
    torch.manual_seed(config["seed"])
    chooser = random.Random(config["seed"])
    root = Path(__file__).parent.parent
    gold, data = root / config["gold"], root / config["data"]

    inputs = EncoderInput(root / "kg/resources/model")
    documents = read_documents(gold / "train.jsonl")
    second = [d for d in documents if held_out(d.doc_id)]
    dev = read_documents(gold / "dev.jsonl")
    train = [d for d in documents if config["train_on_all"] or not held_out(d.doc_id)]
    train += [annotated(row) for row in own.rows(gold.parent / "corpora")]
    extra: list[Annotated] = []
    for path in config["extra"]:
        for line in (root / path).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            extra.append(Annotated(row["doc_id"], row["text"], tuple(Name(*name) for name in row["names"])))
    related = {d.doc_id: targets(d) for d in train}
    if config["finre"]:
        for row in finre.documents(data / "finre/train.jsonl", gold / "train.jsonl"):
            extra.append(replace(annotated(row), complete=False))
            related[row["doc_id"]] = finre.targets(row)
    pools = Pools.gather(
        [d for d in train if not held_out(d.doc_id)],
        data,
        {w: m for w, m in inputs.lexicon.words.items() if m & ~1},
    )
    print(f"{len(train)} documents to train on, {len(extra)} more, {len(second)} second dev", flush=True)

    model = Names(config["dropout"], config["head_dropout"])
    model.encoder.load_onnx(root / config["encoder"])
    if "start_from" in config:
        model.load_state_dict(torch.load(root / config["start_from"], weights_only=True), strict=False)
    model.encoder.words.weight.requires_grad_(not config["freeze_words"])
    to_compute(model)
    masters = Masters(model, config)

    epochs = config["epochs"]
    log = (out / "log.jsonl").open("a", encoding="utf-8")
    step = 0
    began = time.time()
    for epoch in range(min(epochs, config.get("stop_after", epochs))):
        items: list[Window] = []
        for document in train + extra:
            version = vary(document, pools, chooser, config["replacing"], config["noise"])
            items += training_windows(
                inputs,
                version,
                related.get(document.doc_id),
                chooser.randint(160, 318),
                chooser.randint(60, 318),
            )
        order = batches(items, config["batch_pieces"], chooser)
        total = epochs * len(order)
        warmup = config["warmup"] * total
        model.train()
        running, count = np.zeros(2), 0
        for number, batch in enumerate(order):
            ids, features, mask, tags = collate(batch, torch.bfloat16)
            drop = torch.rand(len(batch), 1, 1) < config["feature_dropout"]
            features = features.masked_fill(drop, 0)
            hidden, emissions = model(ids, features, mask)
            kept = mask[:, 2:].bool()
            tagged = torch.tensor([item.tagged for item in batch])
            total_loss = (model.loss(emissions[:, 1:-1], kept, tags) * tagged).sum()
            related_loss = pair_loss(model, hidden, batch)
            loss = (total_loss + config["pair_weight"] * related_loss) / kept.sum()
            loss.backward()
            share = min(1.0, (step + 1) / warmup) * max(0.0, 1 - step / total)
            masters.step(share, config["clip"])
            step += 1
            if step % 4 == 0:
                masters.update_average(min(config["average"], step / (step + 40)))
            running += np.array([float(total_loss.detach()), float(related_loss.detach())])
            count += int(kept.sum())
            if number % 10 == 0:
                losses = np.round(running / count, 4).tolist()
                print(
                    f"epoch {epoch} {number}/{len(order)} loss {losses} {time.time() - began:.0f}s",
                    flush=True,
                )
        masters.load(averaged=True)
        report: dict[str, Any] = {
            "epoch": epoch,
            "loss": np.round(running / count, 5).tolist(),
            "seconds": round(time.time() - began),
        }
        if epoch % config["score_every"] == 0 or epoch == epochs - 1:
            for name, part in (("second", second), ("dev", dev)):
                result = scores(part, predict(model, part, inputs, emitter(model)))
                report[name] = {key: [round(100 * v, 1) for v in values] for key, values in result.items()}
        torch.save(full_state(model, masters), out / "model.pt")
        masters.load(averaged=False)
        log.write(json.dumps(report, ensure_ascii=False) + "\n")
        log.flush()
        print(json.dumps(report, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
