"""Weights for further training from the model that ships, where the run it came from is gone.

usage: restore.py [--model FOLDER] --out RUN/model.pt

The int8 matrices are taken times their scales: what rounding lost stays lost (a tenth of a point of F1).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from kg.extraction.encoder import MODEL_FOLDER
from training.network import Names, Shape


def restore(folder: Path) -> Names:
    """The network whose `training.export.export` the files in `folder` are."""
    shape = Shape()
    model = Names()
    constants = {
        tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).astype(np.float32))
        for tensor in onnx.load(str(folder / "names.onnx")).graph.initializer
    }

    def matrix(name: str) -> torch.Tensor:
        return (constants[f"{name}.weight_quantized"] * constants[f"{name}.weight_scale"]).T.contiguous()

    state = model.state_dict()
    state["encoder.words.weight"] = constants["words"] * constants["word_scales"]
    state["encoder.positions.weight"] = constants["positions"][0]
    state["encoder.features.weight"] = constants["hints.weight"].T.contiguous()
    state["emit.weight"] = constants["emissions.weight"].T.contiguous()
    state["emit.bias"] = constants["emissions.bias"]
    norms = {"encoder.norm": "embedded.norm"}
    for i in range(shape.layers):
        part, own = f"encoder.layers.{i}", f"layer{i}"
        weights, biases = (
            [matrix(f"{own}.{name}") for name in "qkv"],
            [constants[f"{own}.{name}.bias"] for name in "qkv"],
        )
        root = (shape.width // shape.heads) ** 0.5
        state[f"{part}.qkv.weight"] = torch.cat([root * weights[0], *weights[1:]])
        state[f"{part}.qkv.bias"] = torch.cat([root * biases[0], *biases[1:]])
        for name in ("attended", "up", "down"):
            state[f"{part}.{name}.weight"] = matrix(f"{own}.{name}")
            state[f"{part}.{name}.bias"] = constants[f"{own}.{name}.bias"]
        norms[f"{part}.norm1"] = f"{own}.norm1"
        norms[f"{part}.norm2"] = "hidden" if i == shape.layers - 1 else f"{own}.norm2"
    for name, written in norms.items():
        state[f"{name}.weight"], state[f"{name}.bias"] = (
            constants[f"{written}.scale"],
            constants[f"{written}.shift"],
        )
    settings = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    for name in ("step", "start", "end"):
        state[name] = torch.tensor(settings[name]) - state[f"{name}_grammar"]
    with np.load(folder / "pairs.npz", allow_pickle=False) as file:
        pairs = {name: torch.from_numpy(file[name].astype(np.float32)) for name in file.files}
    for name in ("first", "second", "between", "out"):
        state[f"pairs.{name}.weight"] = pairs[name].T.contiguous()
    state["pairs.first.bias"], state["pairs.out.bias"] = pairs["bias"], pairs["out_bias"]
    for i in range(len(model.pairs.inputs)):
        state[f"pairs.inputs.{i}.weight"] = pairs[f"inputs{i}"]
    model.load_state_dict(state)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(restore(arguments.model).state_dict(), arguments.out)


if __name__ == "__main__":
    main()
