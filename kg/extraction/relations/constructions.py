"""What a construction is, and how it is found in a frame.

A construction names a relation type, the words that carry it and the places of its head and tail. Where a
pattern has no slot for the head or the tail, that part is the topic: the nearest company before the words, or the
company the sentences before are about; of a rivalry with a model the nearest model, of a regulation the authority that
the sentences just before name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.extraction.relations.frames import Frame, Name, Slot, compile_pattern, is_source, overlapping_matches
from kg.schema import EntityType, RelationType, allows
from kg.tables import Span


@dataclass(frozen=True, slots=True)
class Construction:
    """One way to say a relation. `name` is unique and appears in `made_by` as `rule:<name>`."""

    name: str
    type: RelationType
    source: str
    #: Whether two names of one list are joined (A 与 B 合作) rather than a head and a tail slot.
    within_list: bool = False
    #: Slots of which only the list member next to the words counts ("A、B 旗下 C": B alone has C).
    nearest: str = ""
    #: Words of which the sentence must hold one; cheap to test before the pattern. Empty: no test.
    triggers: tuple[str, ...] = ()
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", compile_pattern(self.source))


@dataclass(frozen=True, slots=True)
class Finding:
    """A relation between two names that one construction found in one frame."""

    type: RelationType
    head: Name
    tail: Name
    #: The text span of the words that say it.
    start: int
    end: int
    construction: str
    frame: Frame
    #: Spans outside the sentence that it needs.
    context: tuple[Span, ...] = ()


def find(construction: Construction, frame: Frame) -> Iterator[Finding]:
    """Findings of one construction in one frame; lists of names give one finding a member."""
    if construction.triggers and not any(t in frame.skeleton for t in construction.triggers):
        return
    for match in overlapping_matches(construction.pattern, frame.skeleton):
        start, end = frame.offsets[match.start()], frame.offsets[match.end() - 1] + 1
        groups = match.re.groupindex
        if construction.within_list:
            slot = frame.slots[match.start("l")]
            for head, tail in list_pairs(slot):
                yield Finding(construction.type, head, tail, start, end, construction.name, frame)
            continue
        heads = _names(frame, match, "h") if "h" in groups else _implied_head(construction, frame, match)
        tails = _names(frame, match, "t") if "t" in groups else _topic(frame, match, EntityType.COMPANY)
        if heads is None or tails is None:
            continue
        context = tuple(
            dict.fromkeys(
                span
                for slot in (heads, tails)
                for span in ([slot.antecedent] if slot.antecedent else [])
                if not frame.start <= span.start < frame.end
            )
        )
        for head in _members(heads, "h", construction, match):
            for tail in _members(tails, "t", construction, match):
                if head.entity != tail.entity and allows(construction.type, head.type, tail.type):
                    yield Finding(
                        construction.type, head, tail, start, end, construction.name, frame, context
                    )


def list_pairs(slot: Slot) -> Iterator[tuple[Name, Name]]:
    """Pairs of a list: across the first 与/和 where the rest is a 、 list ("A 与 B、C 合作"), else all pairs."""
    names = slot.names
    if len(names) > 2 and slot.separators[0] in ("与", "和", "、与") and "、" in slot.separators[1:]:
        yield from ((names[0], other) for other in names[1:] if other.entity != names[0].entity)
        return
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            if first.entity != second.entity:
                yield first, second


def _members(slot: Slot, group: str, construction: Construction, match: re.Match[str]) -> tuple[Name, ...]:
    if group not in construction.nearest:
        return slot.names
    return slot.names[-1:] if match.start(group) == match.start() else slot.names[:1]


def _names(frame: Frame, match: re.Match[str], group: str) -> Slot | None:
    index = match.start(group)
    return frame.slots.get(index)


def _implied_head(construction: Construction, frame: Frame, match: re.Match[str]) -> Slot | None:
    """Who acts where the words do not say so."""
    if construction.type is RelationType.REGULATES and "t" in match.re.groupindex:
        return _elsewhere(frame.authority)
    if construction.type is RelationType.COMPETES_WITH and _is_model(frame, match):
        return _topic(frame, match, EntityType.MODEL)
    return _topic(frame, match, EntityType.COMPANY)


def _is_model(frame: Frame, match: re.Match[str]) -> bool:
    tails = _names(frame, match, "t")
    return tails is not None and tails.names[0].type is EntityType.MODEL


def _elsewhere(name: Name | None) -> Slot | None:
    return None if name is None else Slot((name,), (), Span(name.start, name.end))


def _topic(frame: Frame, match: re.Match[str], wanted: EntityType) -> Slot | None:
    """The first single name of the wanted type before the match that is no source, or the topic of the frame."""
    inside = {match.start(group) for group in match.re.groupindex}
    for index in sorted(frame.slots):
        slot = frame.slots[index]
        if index >= match.end():
            break
        if index in inside or len(slot.names) > 1 or slot.names[0].type is not wanted:
            continue
        if not is_source(frame, index):
            return slot
    return _elsewhere(frame.model if wanted is EntityType.MODEL else frame.topic)
