"""Sentence boundaries for Chinese: end marks with their closing quotes, line breaks, list items."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

_CLOSING = "”’」』》〉）)]】\"'*"
_END = re.compile(
    rf"[。！？!?；;…]+[{_CLOSING}]*"  # an end mark takes its closing quotes along
    rf"|(?<=[A-Za-z)%\]\"”])\.(?=[ \t]+[\"“(]?[A-Z一-鿿])"  # an English full stop before a new sentence
    r"|[ \t\u3000]*\n\s*"
)


@Language.component("sentences")
def sentences(doc: Doc) -> Doc:
    """Set sentence starts; a sentence keeps its closing quotes and ends at the latest with its line."""
    starts = {match.end() for match in _END.finditer(doc.text)}
    starts.add(0)
    begins = False
    for token in doc:
        begins = begins or token.idx in starts
        # A start that falls on white space belongs to the next visible token.
        token.is_sent_start = begins or token.i == 0
        begins = False
    return doc
