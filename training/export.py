"""Turn trained weights into what ships: an ONNX file with int8 weights, and the settings of the decoder.

usage: export.py --weights RUN/model.pt [--out FOLDER]

The graph takes one window: `ids` [1, n] int64, `features` [1, n, FEATURE_ROWS] float32; it gives `hidden`
[1, n, width] and `emissions` [1, n, tags]. Word vectors are int8 with one scale a row, matrices int8 with one
scale a column; activations are scaled window by window.
"""

from __future__ import annotations

import argparse
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from kg.extraction.encoder_input import FEATURE_ROWS
from kg.extraction.encoder_pairs import SIZES, TYPES
from kg.extraction.relations.labels import LABELS, possible
from training.documents import TAGS
from training.network import Names, Shape

OPSET = 17


class GraphWriter:
    """Collects nodes and constants of an ONNX graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def linear(self, x: str, name: str, weight: torch.Tensor, bias: torch.Tensor | None) -> str:
        product = self.add(
            "MatMul", [x, self.constant(f"{name}.weight", weight.numpy().T)], f"{name}.product"
        )
        if bias is None:
            return product
        return self.add("Add", [product, self.constant(f"{name}.bias", bias.numpy())], name)

    def norm(self, x: str, name: str, weight: torch.Tensor, bias: torch.Tensor) -> str:
        scale, shift = (
            self.constant(f"{name}.scale", weight.numpy()),
            self.constant(f"{name}.shift", bias.numpy()),
        )
        return self.add("LayerNormalization", [x, scale, shift], name, axis=-1, epsilon=1e-12)


def build(model: Names, shape: Shape, int8_words: bool = True) -> onnx.ModelProto:
    """The network as an ONNX model, matrices in single precision."""
    state = {name: value.detach().float() for name, value in model.state_dict().items()}
    graph = GraphWriter()
    words = state["encoder.words.weight"].numpy()
    if int8_words:
        scales = np.abs(words).max(axis=1, keepdims=True) / 127.0
        table = graph.constant("words", np.round(words / np.maximum(scales, 1e-12)).astype(np.int8))
        rows = graph.add(
            "Cast", [graph.add("Gather", [table, "ids"], "word_rows")], "word_floats", to=TensorProto.FLOAT
        )
        scale = graph.add(
            "Gather", [graph.constant("word_scales", scales.astype(np.float32)), "ids"], "word_scale"
        )
        x = graph.add("Mul", [rows, scale], "word_vectors")
    else:
        x = graph.add("Gather", [graph.constant("words", words), "ids"], "word_vectors")
    length = graph.add("Shape", ["ids"], "length", start=1, end=2)
    zero, one = (graph.constant(n, np.array([v], dtype=np.int64)) for n, v in (("zero", 0), ("one", 1)))
    places = graph.constant("positions", state["encoder.positions.weight"].numpy()[None])
    x = graph.add("Add", [x, graph.add("Slice", [places, zero, length, one], "place_vectors")], "placed")
    hints = graph.linear("features", "hints", state["encoder.features.weight"], None)
    x = graph.add("Add", [x, hints], "embedded")
    x = graph.norm(x, "embedded.norm", state["encoder.norm.weight"], state["encoder.norm.bias"])
    depth = shape.width // shape.heads
    split = graph.constant("split", np.array([0, 0, shape.heads, depth], dtype=np.int64))
    join = graph.constant("join", np.array([0, 0, shape.width], dtype=np.int64))
    half, unit = graph.constant("half", np.float32(0.5)), graph.constant("unit", np.float32(1.0))
    root = graph.constant("root", np.float32(np.sqrt(2.0)))
    for i in range(shape.layers):
        own = f"layer{i}"
        part = f"encoder.layers.{i}"
        weights, biases = state[f"{part}.qkv.weight"].clone(), state[f"{part}.qkv.bias"].clone()
        weights[: shape.width] *= depth**-0.5
        biases[: shape.width] *= depth**-0.5
        heads = {}
        for j, name in enumerate(("q", "k", "v")):
            rows_of = slice(j * shape.width, (j + 1) * shape.width)
            flat = graph.linear(x, f"{own}.{name}", weights[rows_of], biases[rows_of])
            cut = graph.add("Reshape", [flat, split], f"{own}.{name}.cut")
            order = [0, 2, 3, 1] if name == "k" else [0, 2, 1, 3]
            heads[name] = graph.add("Transpose", [cut], f"{own}.{name}.heads", perm=order)
        match = graph.add("MatMul", [heads["q"], heads["k"]], f"{own}.match")
        share = graph.add("Softmax", [match], f"{own}.share", axis=-1)
        mixed = graph.add("MatMul", [share, heads["v"]], f"{own}.mixed")
        turned = graph.add("Transpose", [mixed], f"{own}.turned", perm=[0, 2, 1, 3])
        joined = graph.add("Reshape", [turned, join], f"{own}.joined")
        out = graph.linear(
            joined, f"{own}.attended", state[f"{part}.attended.weight"], state[f"{part}.attended.bias"]
        )
        x = graph.add("Add", [x, out], f"{own}.sum1")
        x = graph.norm(x, f"{own}.norm1", state[f"{part}.norm1.weight"], state[f"{part}.norm1.bias"])
        up = graph.linear(x, f"{own}.up", state[f"{part}.up.weight"], state[f"{part}.up.bias"])
        erf = graph.add("Erf", [graph.add("Div", [up, root], f"{own}.scaled")], f"{own}.erf")
        gate = graph.add("Add", [erf, unit], f"{own}.gate")
        gelu = graph.add("Mul", [graph.add("Mul", [up, gate], f"{own}.gated"), half], f"{own}.gelu")
        down = graph.linear(gelu, f"{own}.down", state[f"{part}.down.weight"], state[f"{part}.down.bias"])
        x = graph.add("Add", [x, down], f"{own}.sum2")
        last = i == shape.layers - 1
        name = "hidden" if last else f"{own}.norm2"
        x = graph.norm(x, name, state[f"{part}.norm2.weight"], state[f"{part}.norm2.bias"])
    graph.linear(x, "emissions", state["emit.weight"], state["emit.bias"])
    made = helper.make_graph(
        graph.nodes,
        "names",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "pieces"]),
            helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, "pieces", FEATURE_ROWS]),
        ],
        [
            helper.make_tensor_value_info("hidden", TensorProto.FLOAT, [1, "pieces", shape.width]),
            helper.make_tensor_value_info("emissions", TensorProto.FLOAT, [1, "pieces", len(TAGS)]),
        ],
        graph.constants,
    )
    proto = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(proto)
    return proto


def export_pairs(model: Names, path: Path) -> None:
    """Write the pair classifier as half-precision arrays, named as in `PairModel`."""
    pairs = model.pairs
    arrays = {
        "first": pairs.first.weight.T,
        "second": pairs.second.weight.T,
        "between": pairs.between.weight.T,
        "bias": pairs.first.bias,
        "out": pairs.out.weight.T,
        "out_bias": pairs.out.bias,
    }
    allowed = torch.zeros(SIZES[0], len(LABELS))
    for i, first in enumerate(TYPES):
        for j, second in enumerate(TYPES):
            allowed[i * len(TYPES) + j, list(possible(first, second))] = 1
    arrays["allowed"] = allowed
    arrays |= {f"inputs{i}": table.weight for i, table in enumerate(pairs.inputs)}
    # Written by hand for a fixed date inside: the file's bytes depend on the weights alone.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, np.ascontiguousarray(value.detach().float().numpy().astype(np.float16)))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue())


def export(model: Names, folder: Path) -> None:
    """Write `names.onnx`, `pairs.npz` and `names.json` (without calibration yet) to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = folder / "names.plain.onnx"
    onnx.save(build(model, Shape()), str(plain))
    keep = ["hints.product", "emissions.product"]
    keep += [f"layer{i}.{name}" for i in range(Shape().layers) for name in ("match", "mixed")]
    quantize_dynamic(
        str(plain),
        str(folder / "names.onnx"),
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=keep,
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )
    plain.unlink()
    export_pairs(model, folder / "pairs.npz")
    with torch.no_grad():
        step, start, end = (
            np.round(part.float().numpy().astype(float), 4).tolist() for part in model.transitions()
        )
    settings = {
        "format": 1,
        "width": Shape().width,
        "tags": list(TAGS),
        "step": step,
        "start": start,
        "end": end,
        "calibration": {},
    }
    (folder / "names.json").write_text(json.dumps(settings, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "kg/resources/model")
    arguments = parser.parse_args()
    model = Names()
    model.load_state_dict(torch.load(arguments.weights, weights_only=True), strict=False)
    model.eval()
    export(model, arguments.out)


if __name__ == "__main__":
    main()
