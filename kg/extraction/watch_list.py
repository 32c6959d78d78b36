"""The component that finds the names of the user's watch list."""

from __future__ import annotations

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.annotations import add_candidate
from kg.extraction.matching import NameMatcher
from kg.extraction.watched_names import read_watch_list

MADE_BY = "watch_list"


class WatchListNames:
    """Component that proposes the watch list's names with confidence 1; nothing overrules them."""

    def __init__(self, path: Path | None) -> None:
        watched = read_watch_list(path) if path else []
        self._matcher = NameMatcher(
            (name, entry.type) for entry in watched for name in (entry.name, *entry.aliases)
        )

    def __call__(self, doc: Doc) -> Doc:
        for start, end, type in self._matcher.find(doc._.text, doc._.folded):
            add_candidate(doc, start, end, type, 1.0, MADE_BY)
        return doc


@Language.factory(MADE_BY, default_config={"path": None})
def create_watch_list(nlp: Language, name: str, path: str | None) -> WatchListNames:
    """spaCy's factory; `path` is the watch list's file or None."""
    return WatchListNames(Path(path) if path else None)
