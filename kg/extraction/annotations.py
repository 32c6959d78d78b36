"""What the components hang on a spaCy `Doc`, and how a candidate name is added.

`doc._.document`   the `Document`;  `doc._.sections` its `Section`s
`doc._.candidates` every name a component proposes, overlapping or not, in the order they were found
`doc._.tag_scores` what the encoder's tags say of every word piece, None without the encoder
`doc.ents`         the names that were chosen; `span._.confidence`, `span._.made_by`
`doc._.clusters`   mention id to a token shared by the mentions of this document that name one thing
`doc._.claims`     the `Claim`s;  `doc._.dropped` what a component left out
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Span

from kg.characters import fold
from kg.schema import EntityType
from kg.tables import Document, Dropped, Mention


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposed name: characters `start`..`end` of the text, its type, how sure (0..1), and who found it."""

    start: int
    end: int
    type: EntityType
    confidence: float
    made_by: str


def register_extensions() -> None:
    """Declare the attributes above; calling it again changes nothing."""
    if Doc.has_extension("document"):
        return
    Doc.set_extension("document", default=None)
    for name in ("sections", "candidates", "claims", "dropped"):
        Doc.set_extension(name, default=[])
    Doc.set_extension("clusters", default={})
    Doc.set_extension("text", getter=_text)
    Doc.set_extension("folded", getter=_folded)
    Doc.set_extension("tag_scores", default=None)
    Span.set_extension("confidence", default=1.0)
    Span.set_extension("made_by", default="given")


def _text(doc: Doc) -> str:
    """The text; spaCy's own `doc.text` joins all tokens anew each time it is asked."""
    if "text" not in doc.user_data:
        doc.user_data["text"] = doc.text
    return str(doc.user_data["text"])


def _folded(doc: Doc) -> str:
    """The text with width, case and script folded, offsets unchanged."""
    if "folded" not in doc.user_data:
        doc.user_data["folded"] = fold(_text(doc))
    return str(doc.user_data["folded"])


def add_candidate(doc: Doc, start: int, end: int, type: EntityType, confidence: float, made_by: str) -> None:
    """Propose the characters `start`..`end` as a name of `type`.

    Candidates are plain rows, not spans of a `SpanGroup`: spaCy keys a span's attributes by its offsets
    alone, so two proposals for one stretch would overwrite each other's confidence.
    """
    doc._.candidates.append(Candidate(start, end, type, confidence, made_by))


def known_starts(doc: Doc) -> frozenset[int]:
    """Where names of the word lists begin that are surely names; what ends like a name may start there."""
    return frozenset(c.start for c in doc._.candidates if c.made_by == "gazetteer" and c.confidence > 0.5)


def set_names(doc: Doc, names: list[Candidate]) -> None:
    """Make non-overlapping candidates the entities of `doc`; what does not fit the tokens is counted."""
    spans: list[Span] = []
    misfits: list[str] = []
    for name in names:
        span = doc.char_span(name.start, name.end, label=name.type.value)
        if span is None:
            misfits.append(_text(doc)[name.start : name.end])
            continue
        span._.confidence = name.confidence
        span._.made_by = name.made_by
        spans.append(span)
    doc.ents = tuple(spans)
    if misfits:
        doc._.dropped.append(
            Dropped(
                doc_id_of(doc), "extract", "names that begin or end inside a word", len(misfits), misfits[0]
            )
        )


def doc_id_of(doc: Doc) -> str:
    """The document's id, empty where the text came without one."""
    document: Document | None = doc._.document
    return document.doc_id if document else ""


def mention_id_of(doc: Doc, span: Span) -> str:
    """The id of the mention that an entity span becomes."""
    return f"{doc_id_of(doc)}:{span.start_char}:{span.end_char}"


def mentions_of(doc: Doc) -> list[Mention]:
    """The chosen names as rows, in reading order."""
    return [
        Mention(
            mention_id=mention_id_of(doc, span),
            doc_id=doc_id_of(doc),
            start=span.start_char,
            end=span.end_char,
            type=EntityType(span.label_),
            text=span.text,
            confidence=span._.confidence,
            made_by=span._.made_by,
        )
        for span in doc.ents
    ]
