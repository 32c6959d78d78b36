"""The trained name model inside the spaCy pipeline: the component `encoder_names`.

For every document it proposes names with a calibrated confidence (`made_by` "encoder"), the best reading and what
else is at least `LEAST` probable, and leaves what the encoder computed for the components that follow:
`doc._.hidden` [pieces, width] float32, `doc._.emissions` [pieces, tags] float32, `doc._.hidden_offsets` [pieces, 2],
the code points each row stands for, and `doc._.hidden_breaks`, the pieces at which a sentence starts.

Windows of a document go through the network one at a time: int8 scales are found for each window alone, so
the result depends on nothing but the document's text.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from spacy.language import Language
from spacy.tokens import Doc

import kg
from kg.errors import KgError
from kg.extraction.annotations import add_candidate
from kg.extraction.encoder_input import CLS, FEATURE_ROWS, SEP, EncoderInput, owned, windows
from kg.extraction.encoder_tags import TaggedSpan, TagModel, decode
from kg.extraction.evidence import TagScores
from kg.schema import EntityType

MODEL_FOLDER = Path(kg.__file__).parent / "resources" / "model"
FORMAT = 1
LARGEST_IN_MEMORY = 256 << 20
"""Bytes of states of one document; a text of 130,000 pieces has so many."""
LEAST = 0.1
"""Names off the best reading are proposed from this probability on."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the network makes of a text: one row a word piece."""

    offsets: npt.NDArray[np.int64]
    hidden: npt.NDArray[np.float32]
    emissions: npt.NDArray[np.float32]
    stops: npt.NDArray[np.bool_]
    """Pieces that end a sentence and belong to no name."""
    breaks: tuple[int, ...]
    """Pieces at which a sentence starts."""


class NameModel:
    """The files of the trained model; they are read at first use and stay behind when the object is pickled."""

    def __init__(self, folder: Path = MODEL_FOLDER) -> None:
        self.folder = folder
        self.inputs = EncoderInput(folder)

    def __reduce__(self) -> tuple[type[NameModel], tuple[Path]]:
        return NameModel, (self.folder,)

    @cached_property
    def session(self) -> onnxruntime.InferenceSession:
        path = self.folder / "names.onnx"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(
                path.read_bytes(),
                options,
                providers=["CPUExecutionProvider"],
                # The fused kernel is slower than its parts: without it a window takes a fifth less time.
                disabled_optimizers=["SkipLayerNormFusion"],
            )
        except Exception as error:  # the runtime raises its own bare exceptions
            raise KgError(f"The name model {path} is missing or damaged; reinstall the package.") from error

    @cached_property
    def settings(self) -> dict[str, Any]:
        path = self.folder / "names.json"
        try:
            settings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if settings["format"] != FORMAT:
                raise ValueError(f"format {settings['format']}")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise KgError(
                f"The settings of the name model, {path}, are missing or damaged; reinstall the package."
            ) from error
        return settings

    @cached_property
    def tag_model(self) -> TagModel:
        settings = self.settings
        arrays = [np.asarray(settings[key], dtype=np.float64) for key in ("step", "start", "end")]
        return TagModel(tuple(settings["tags"]), *arrays)

    @cached_property
    def stops(self) -> list[int]:
        """Ids of the pieces that are a full stop or a semicolon."""
        found = [self.inputs.tokenizer.token_to_id(mark) for mark in "。;"]
        return [number for number in found if number is not None]

    def encode(self, text: str) -> Encoded:
        """Run the network over `text`, window by window; each piece is taken from the window it lies deepest in."""
        pieces = self.inputs.pieces(text)
        count = len(pieces.ids)
        spans = windows(count, pieces.breaks)
        hidden = _rows(count, self.settings["width"])
        emissions = np.zeros((count, len(self.tag_model.tags)), dtype=np.float32)
        for (start, end), (own_start, own_end) in zip(spans, owned(spans), strict=True):
            ids = np.concatenate([[CLS], pieces.ids[start:end], [SEP]])[None]
            features = np.zeros((end - start + 2, FEATURE_ROWS), dtype=np.float32)
            np.put_along_axis(features[1:-1], pieces.features[start:end], 1.0, axis=1)
            states, scores = self.session.run(
                ["hidden", "emissions"], {"ids": ids, "features": features[None]}
            )
            inner = slice(own_start - start + 1, own_end - start + 1)
            hidden[own_start:own_end] = states[0, inner]
            emissions[own_start:own_end] = scores[0, inner]
        return Encoded(pieces.offsets, hidden, emissions, np.isin(pieces.ids, self.stops), pieces.breaks)

    def names(self, encoded: Encoded, least: float = 1.0) -> list[tuple[int, int, EntityType, float]]:
        """Names as (start, end, type, confidence) in code points, in reading order; then, from the probability
        `least` on, what else may be a name.
        """
        return [
            (
                int(encoded.offsets[span.first][0]),
                int(encoded.offsets[span.last][1]),
                EntityType(span.label),
                self.confidence(span),
            )
            for span in decode(self.tag_model, encoded.emissions, encoded.stops, least)
        ]

    def confidence(self, span: TaggedSpan) -> float:
        """The share of such names that were right on held-out text."""
        slope, offset = self.settings["calibration"].get(span.label, (1.0, 0.0))
        probability = min(max(span.probability, 1e-6), 1 - 1e-6)
        odds = slope * np.log(probability / (1 - probability)) + offset
        return round(float(1 / (1 + np.exp(-odds))), 4)


def _rows(count: int, width: int) -> npt.NDArray[np.float32]:
    """Zeros [count, width]; those of a huge document lie in a file without a name, which goes when they do."""
    if count * width * 4 < LARGEST_IN_MEMORY:
        return np.zeros((count, width), dtype=np.float32)
    with tempfile.TemporaryFile() as file:
        return np.memmap(file, np.float32, "w+", shape=(count, width))


class EncoderNames:
    """spaCy component: see the module."""

    def __init__(self, folder: Path) -> None:
        self.model = NameModel(folder)

    def __call__(self, doc: Doc) -> Doc:
        encoded = self.model.encode(doc._.text)
        doc._.hidden = encoded.hidden
        doc._.emissions = encoded.emissions
        doc._.hidden_offsets = encoded.offsets
        doc._.hidden_breaks = encoded.breaks
        doc._.tag_scores = TagScores.of_emissions(encoded.offsets, encoded.emissions)
        for start, end, kind, confidence in self.model.names(encoded, LEAST):
            add_candidate(doc, start, end, kind, confidence, "encoder")
        return doc


@Language.factory("encoder_names", default_config={"folder": None})
def encoder_names(nlp: Language, name: str, folder: str | None) -> EncoderNames:
    """The component with the model in `folder`, or the one that ships."""
    for extension in ("hidden", "emissions", "hidden_offsets", "hidden_breaks"):
        if not Doc.has_extension(extension):
            Doc.set_extension(extension, default=None)
    return EncoderNames(Path(folder) if folder else MODEL_FOLDER)
