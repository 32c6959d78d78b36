"""The network: a BERT encoder with word-list features, and a CRF over BIOES tags on top."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn.functional import gelu

from kg.extraction.encoder_input import FEATURE_ROWS
from kg.extraction.encoder_pairs import SIZES
from kg.extraction.relations.labels import LABELS
from training.documents import TAGS

FORBIDDEN = -1e4


@dataclass(frozen=True)
class Shape:
    """Sizes of the encoder (those of bge-small-zh-v1.5)."""

    vocabulary: int = 21128
    positions: int = 512
    width: int = 512
    inner: int = 2048
    layers: int = 4
    heads: int = 8


class Layer(nn.Module):
    """One transformer layer, as in BERT."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.attended = nn.Linear(shape.width, shape.width)
        self.norm1 = nn.LayerNorm(shape.width, eps=1e-12)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.norm2 = nn.LayerNorm(shape.width, eps=1e-12)
        self.dropout = SharedDropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = x.shape
        depth = width // self.heads
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, depth).permute(2, 0, 3, 1, 4).unbind(0)
        weights = torch.softmax(q @ (k * depth**-0.5).transpose(2, 3) + mask, 3)
        attended = (weights @ v).transpose(1, 2).reshape(batch, length, width)
        x = self.norm1(x + self.dropout(self.attended(attended)))
        return self.norm2(x + self.dropout(self.down(gelu(self.up(x)))))


class SharedDropout(nn.Module):
    """Dropout that drops the same channels at all positions of a sequence (cheap on a CPU)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.rate:
            return x
        keep = torch.empty(x.shape[0], 1, x.shape[2]).bernoulli_(1 - self.rate) / (1 - self.rate)
        return x * keep.to(x.dtype)


class Encoder(nn.Module):
    """Word pieces and their features to hidden states."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.features = nn.Linear(FEATURE_ROWS, shape.width, bias=False)
        nn.init.zeros_(self.features.weight)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.dropout = SharedDropout(dropout)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """`ids` [b, n], `features` [b, n, FEATURE_ROWS] 0 or 1, `mask` [b, n] 1 for a piece -> [b, n, width]."""
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.features(features)
        x = self.dropout(self.norm(x))
        bias = ((1.0 - mask.to(x.dtype)) * FORBIDDEN)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def load_onnx(self, path: Path) -> None:
        """Take over the weights of bge-small-zh-v1.5 as published in ONNX form."""
        graph = onnx.load(str(path)).graph
        values = {
            tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy())
            for tensor in graph.initializer
        }
        for node in graph.node:
            if node.op_type == "MatMul" and node.input[1] in values:
                name = node.name.strip("/").removesuffix("/MatMul").replace("/", ".")
                values[f"{name}.weight"] = values[node.input[1]].T.contiguous()
        state = {
            "words.weight": values["embeddings.word_embeddings.weight"],
            "positions.weight": values["embeddings.position_embeddings.weight"]
            + values["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": values["embeddings.LayerNorm.weight"],
            "norm.bias": values["embeddings.LayerNorm.bias"],
            "features.weight": self.features.weight.data,
        }
        names = {
            "attended": "attention.output.dense",
            "norm1": "attention.output.LayerNorm",
            "up": "intermediate.dense",
            "down": "output.dense",
            "norm2": "output.LayerNorm",
        }
        for i in range(len(self.layers)):
            source = f"encoder.layer.{i}"
            for kind in ("weight", "bias"):
                state[f"layers.{i}.qkv.{kind}"] = torch.cat(
                    [values[f"{source}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
                )
                for ours, theirs in names.items():
                    state[f"layers.{i}.{ours}.{kind}"] = values[f"{source}.{theirs}.{kind}"]
        self.load_state_dict(state)


def allowed_transitions() -> tuple[Tensor, Tensor, Tensor]:
    """BIOES grammar as 0 / FORBIDDEN: from tag to tag [t, t], at the start [t], at the end [t]."""

    def follows(left: str, right: str) -> bool:
        if left[0] in "BI":
            return right[0] in "IE" and left[2:] == right[2:]
        return right[0] in "OBS"

    step = torch.tensor([[0.0 if follows(a, b) else FORBIDDEN for b in TAGS] for a in TAGS])
    start = torch.tensor([0.0 if tag[0] in "OBS" else FORBIDDEN for tag in TAGS])
    end = torch.tensor([0.0 if tag[0] in "OES" else FORBIDDEN for tag in TAGS])
    return step, start, end


class _LogPartition(torch.autograd.Function):
    """Log of the summed weights of all paths; its gradients are the marginals (forward-backward by hand)."""

    @staticmethod
    def forward(ctx, emissions, mask, step, start, end):  # type: ignore[no-untyped-def]
        length = emissions.shape[1]
        peak = emissions.amax(2, keepdim=True)
        weights = torch.exp(emissions - peak)
        keep = mask[:, :, None]
        trans = step.exp()
        alphas, scales = [], []
        alpha = start.exp() * weights[:, 0]
        for t in range(length):
            if t:
                alpha = torch.where(keep[:, t], (alpha @ trans) * weights[:, t], alpha)
            scale = alpha.sum(1, keepdim=True)
            alpha = alpha / scale
            alphas.append(alpha)
            scales.append(scale)
        log_z = torch.cat(scales, 1).log().sum(1) + (peak.squeeze(2) * mask).sum(1)
        last = (alpha * end.exp()).sum(1, keepdim=True)
        log_z = log_z + last.squeeze(1).log()
        beta = end.exp() / last
        betas = [beta]
        for t in range(length - 1, 0, -1):
            new = ((weights[:, t] * beta) @ trans.T) / scales[t]
            beta = torch.where(keep[:, t], new, beta)
            betas.append(beta)
        alpha_all, beta_all = torch.stack(alphas, 1), torch.stack(betas[::-1], 1)
        ctx.save_for_backward(alpha_all, beta_all, weights, mask, trans, torch.cat(scales, 1))
        return log_z

    @staticmethod
    def backward(ctx, grad):  # type: ignore[no-untyped-def]
        alpha, beta, weights, mask, trans, scales = ctx.saved_tensors
        scale = grad[:, None, None]
        marginals = alpha * beta * mask[:, :, None] * scale
        pairs_left = alpha[:, :-1] * (mask[:, 1:, None] * scale / scales[:, 1:, None])
        pairs_right = weights[:, 1:] * beta[:, 1:]
        pairs = torch.einsum("bti,btj->ij", pairs_left, pairs_right) * trans
        lengths = mask.sum(1).long() - 1
        rows = torch.arange(len(lengths))
        return marginals, None, pairs, marginals[:, 0].sum(0), marginals[rows, lengths].sum(0)


class Pairs(nn.Module):
    """Logits of the relations between two names, from their hidden states and those between them."""

    def __init__(self, width: int, labels: int, inner: int = 256, dropout: float = 0.2) -> None:
        super().__init__()
        self.first = nn.Linear(2 * width, inner)
        self.second = nn.Linear(2 * width, inner, bias=False)
        self.between = nn.Linear(width, inner, bias=False)
        self.inputs = nn.ModuleList(nn.Embedding(size, inner) for size in SIZES)
        for table in self.inputs:
            nn.init.normal_(table.weight, std=0.05)  # type: ignore[arg-type]
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(inner, labels)
        nn.init.constant_(self.out.bias, -4.0)

    def forward(self, hidden: Tensor, rows: Tensor, pieces: Tensor, inputs: Tensor) -> Tensor:
        """`hidden` [b, n, width], `rows` [p] of the batch, `pieces` [p, 4] of the names -> [p, labels]."""
        sums = torch.cat([torch.zeros_like(hidden[:, :1]), hidden.cumsum(1)], 1)
        begin = pieces[:, 1] + 1
        end = torch.maximum(pieces[:, 2], begin)
        middle = (sums[rows, end] - sums[rows, begin]) / (end - begin).clamp(min=1)[:, None]
        first = torch.cat([hidden[rows, pieces[:, 0]], hidden[rows, pieces[:, 1]]], 1)
        second = torch.cat([hidden[rows, pieces[:, 2]], hidden[rows, pieces[:, 3]]], 1)
        state = self.first(first) + self.second(second) + self.between(middle)
        for column, table in enumerate(self.inputs):
            state = state + table(inputs[:, column])
        return self.out(self.dropout(state.relu()))


class Names(nn.Module):
    """Encoder, emissions and CRF, and the classifier of pairs: losses for training, hidden states for export."""

    def __init__(self, dropout: float = 0.1, head_dropout: float = 0.2) -> None:
        super().__init__()
        shape = Shape()
        self.encoder = Encoder(shape, dropout)
        self.head_dropout = SharedDropout(head_dropout)
        self.emit = nn.Linear(shape.width, len(TAGS))
        nn.init.normal_(self.emit.weight, std=0.02)
        step, start, end = allowed_transitions()
        self.register_buffer("step_grammar", step)
        self.register_buffer("start_grammar", start)
        self.register_buffer("end_grammar", end)
        self.step = nn.Parameter(torch.zeros_like(step))
        self.start = nn.Parameter(torch.zeros_like(start))
        self.end = nn.Parameter(torch.zeros_like(end))
        self.pairs = Pairs(shape.width, len(LABELS))

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden states [b, n, width] and emissions [b, n, tags], special pieces included."""
        hidden = self.encoder(ids, features, mask)
        return hidden, self.emit(self.head_dropout(hidden.to(self.emit.weight.dtype)))

    def transitions(self) -> tuple[Tensor, Tensor, Tensor]:
        """Scores from tag to tag, at the start and at the end, grammar included."""
        return (
            self.step + self.step_grammar,
            self.start + self.start_grammar,
            self.end + self.end_grammar,
        )

    def loss(self, emissions: Tensor, mask: Tensor, tags: Tensor) -> Tensor:
        """Negative log-likelihood of `tags` [b, n] a sequence; [b]. `mask` [b, n] bool, true from the left."""
        step, start, end = (part.float() for part in self.transitions())
        emissions = emissions.float() if emissions.dtype == torch.bfloat16 else emissions
        log_z = _LogPartition.apply(emissions, mask, step, start, end)
        gold = (emissions.gather(2, tags[:, :, None]).squeeze(2) * mask).sum(1)
        gold = gold + (step[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]).sum(1)
        lengths = mask.sum(1).long() - 1
        last = tags.gather(1, lengths[:, None]).squeeze(1)
        return log_z - gold - start[tags[:, 0]] - end[last]


@torch.no_grad()
def viterbi(emissions: Tensor, step: Tensor, start: Tensor, end: Tensor) -> list[int]:
    """Best tags of one sequence [n, tags]."""
    score = emissions[0] + start
    back = []
    for t in range(1, len(emissions)):
        best, index = (score[:, None] + step).max(0)
        back.append(index)
        score = best + emissions[t]
    tag = int((score + end).argmax())
    path = [tag]
    for index in reversed(back):
        tag = int(index[tag])
        path.append(tag)
    return path[::-1]
