"""Sentences as relations need them: joined where a line is merely wrapped, and which of them are headings."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from kg.tables import Section, SectionKind, Span

_END_MARKS = "。！？!?；;…：:"
_LONGEST_HEADING = 45
_HEADLINE_DASH = " — "
_LONGEST_HEADLINE = 80


def join_wrapped(
    text: str, sentences: Sequence[Span], names: Sequence[tuple[int, int]], sections: Sequence[Section]
) -> list[Span]:
    """Sentences without the breaks that a narrow column makes: a break within a paragraph or within a name.

    A sentence that ends with its mark stays one. A headline that a dash sets off from the text after it ("A 收购 B —
    36氪获悉，…") is a sentence of its own.
    """
    cut_names = {offset for start, end in names for offset in range(start + 1, end)}
    paragraphs = [s for s in sections if s.kind is SectionKind.PARAGRAPH]
    starts = [p.start for p in paragraphs]
    joined: list[Span] = []
    for sentence in sentences:
        if joined and (
            sentence.start in cut_names or _is_wrap(text, joined[-1], sentence, paragraphs, starts)
        ):
            joined[-1] = Span(joined[-1].start, sentence.end)
        else:
            joined.append(sentence)
    if joined:
        dash = text.find(
            _HEADLINE_DASH, joined[0].start, min(joined[0].end, joined[0].start + _LONGEST_HEADLINE)
        )
        if joined[0].start < dash < joined[0].end - len(_HEADLINE_DASH) and dash not in cut_names:
            body = dash + len(_HEADLINE_DASH)
            joined[:1] = [Span(joined[0].start, body), Span(body, joined[0].end)]
    return joined


def _is_wrap(
    text: str, before: Span, after: Span, paragraphs: Sequence[Section], starts: Sequence[int]
) -> bool:
    tail = text[before.start : before.end]
    stripped = tail.rstrip()
    if "\n" not in tail[len(stripped) :] or not stripped or stripped[-1] in _END_MARKS:
        return False
    last = before.start + len(stripped) - 1
    index = bisect.bisect_right(starts, last) - 1
    return index >= 0 and after.start < paragraphs[index].end


def headings(text: str, sentences: Sequence[Span], sections: Sequence[Section]) -> list[Span]:
    """The sentences that are titles: by section, by Markdown, or a short first line."""
    titles = [s for s in sections if s.kind is SectionKind.TITLE]
    found = []
    for index, sentence in enumerate(sentences):
        words = text[sentence.start : sentence.end].strip()
        if (
            any(t.start <= sentence.start < t.end for t in titles)
            or words.startswith("#")
            or (index == 0 and len(words) <= _LONGEST_HEADING and words[-1:] not in "。；;")
            or (index == 0 and text[: sentence.end].endswith(_HEADLINE_DASH))
        ):
            found.append(sentence)
    return found
