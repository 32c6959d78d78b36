"""Chinese tokens that line up with every boundary a name can have.

A token is one Han character, one run of letters (a Latin word), one number, one run of white space, or one
other character. So `Qwen2.5-Max` is `Qwen 2.5 - Max`, `5亿元` is `5 亿 元`, and a name next to anything else
can always be cut out with `Doc.char_span`. Token texts and their trailing spaces spell the text exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

_LETTER = r"A-Za-zÀ-ÖØ-öø-ɏͰ-ϿЀ-ӿＡ-Ｚａ-ｚ"
_DIGIT = r"0-9０-９"
_PIECE = re.compile(rf"[{_LETTER}]+|[{_DIGIT}]+(?:[.．][{_DIGIT}]+)*|\s+|.", re.DOTALL)
#: Where a space was lost between a name and its holder's post (`UnityCEO`) or its ticker (`KfWKFW`).
_GLUED = re.compile(r"(?P<post>\w{2,}(?=C[EFTOIM]O$))|(?P<twice>\w{3,12})(?i:(?P=twice))$")


def tokenize(text: str) -> tuple[list[str], list[bool]]:
    """Token texts and, for each, whether one plain space follows that is not a token of its own."""
    words: list[str] = []
    spaces: list[bool] = []
    for piece in _pieces(text):
        if piece[0] == " " and words and not spaces[-1] and not words[-1].isspace():
            spaces[-1] = True
            piece = piece[1:]
        if piece:
            words.append(piece)
            spaces.append(False)
    return words, spaces


def _pieces(text: str) -> Iterator[str]:
    for piece in _PIECE.findall(text):
        glued = len(piece) > 4 and piece[0].isalpha() and _GLUED.match(piece)
        if glued:
            end = glued.end(1) if glued["post"] else glued.end(2)
            yield piece[:end]
            yield piece[end:]
        else:
            yield piece


class NameTokenizer:
    """The tokenizer as spaCy wants it: text to `Doc`; it has no state but the vocabulary."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words, spaces = tokenize(text)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> NameTokenizer:
        return self

    def to_disk(self, _: str | Path, **__: Any) -> None:
        return None

    def from_disk(self, _: str | Path, **__: Any) -> NameTokenizer:
        return self


@registry.tokenizers("kg.name_tokenizer")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], NameTokenizer]:
    """spaCy's factory for the tokenizer."""
    return lambda nlp: NameTokenizer(nlp.vocab)
