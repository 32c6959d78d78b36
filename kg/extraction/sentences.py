"""Sentence boundaries for Chinese: end marks with their closing quotes, line breaks, list items."""

from __future__ import annotations

import re
from typing import Any

import numpy
from spacy.attrs import SENT_START  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.tokens import Doc

_CLOSING = re.escape("”’」』》〉）)]】\"'*")
_END = re.compile(
    rf"[。！？!?；;…]+[{_CLOSING}]*"  # an end mark takes its closing quotes along
    rf"|(?<=[A-Za-z)%\]\"”])\.(?=[ \t]+[\"“(]?[A-Z\u4e00-\u9fff])"  # an English full stop before a new sentence
    r"|[ \t\u3000]*\n\s*"
)


_BEGINS, _INSIDE = 1, -1


@Language.component("sentences")
def sentences(doc: Doc) -> Doc:
    """Set sentence starts; a sentence keeps its closing quotes and ends at the latest with its line."""
    ends = iter([match.end() for match in _END.finditer(doc.text)])
    end = next(ends, None)
    starts: Any = numpy.full(len(doc), _INSIDE, dtype=numpy.int64)
    for token in doc:
        begins = token.i == 0
        while end is not None and end <= token.idx:  # a space may stand between the end and the next token
            begins = True
            end = next(ends, None)
        if begins:
            starts[token.i] = _BEGINS
    # One call: setting a token's attribute looks at all tokens each time.
    return doc.from_array([SENT_START], starts.astype(numpy.uint64).reshape(-1, 1)) if len(doc) else doc
