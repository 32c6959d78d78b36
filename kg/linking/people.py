"""One name, two people: plain Chinese names whose bearers work for different employers in different documents."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.characters import is_han
from kg.linking.known import KnownNames
from kg.linking.normalise import name_key, take_apart
from kg.linking.occurrences import Name
from kg.linking.sounds import is_transliterated
from kg.linking.strings import is_subsequence
from kg.schema import EntityType, RelationType
from kg.tables import Claim, Mention

_EMPLOYERS = (EntityType.COMPANY, EntityType.ORGANIZATION)
_POST = re.compile(
    r"^[^，,。；;、！!？?\n]{0,10}(?:董事长|总裁|总经理|首席[^，。]{1,5}官|CEO|CFO|CTO|创始人|合伙人|主席|行长|局长|部长|校长|院长|教授|"
    r"主任|经理|总监|秘书长|发言人|研究员|分析师|负责人|主管|院士|理事长|会长)[^，,。；;\n]{0,2}$"
)


def employers(text: str, mentions: Sequence[Mention], claims: Sequence[Claim]) -> Iterator[tuple[str, str]]:
    """Name keys of the people of one document with the stems of the employers that claims or a title before the name
    give. `mentions` are in order of their start."""
    by_id = {m.mention_id: m for m in mentions}
    for claim in claims:
        if claim.type is RelationType.WORKS_FOR:
            head, tail = by_id.get(claim.head_mention), by_id.get(claim.tail_mention)
            if head is not None and tail is not None and tail.type in _EMPLOYERS:
                yield name_key(head.text), _stem(tail)
    for left, right in itertools.pairwise(mentions):
        if right.type is EntityType.PERSON and left.type in _EMPLOYERS:
            gap = right.start - left.end
            if 0 < gap <= 20 and _POST.match(text[left.end : right.start]):
                yield name_key(right.text), _stem(left)


def possible_employers(mentions: Sequence[Mention]) -> set[str]:
    """The stems of all that a document names and that somebody may work for."""
    return {_stem(m) for m in mentions if m.type in _EMPLOYERS}


def _stem(mention: Mention) -> str:
    return take_apart(mention.type, mention.text).stem


def namesakes(
    working: Iterable[tuple[str, str, str]], named: Iterable[tuple[str, str]], known: KnownNames
) -> dict[Name, dict[str, str]]:
    """Documents in which a person's name stands for somebody else, by name and document.

    `working` gives document, name key and an employer's stem, `named` document and stem of a possible employer. Two
    documents speak of one person if they share an employer or one names the other's employer anywhere. The person of
    most documents keeps the name; documents without an employer are taken to speak of that one.
    """
    by_name: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for doc_id, key, stem in working:
        by_name[key].setdefault(doc_id, set()).add(stem)
    candidates = {
        key: docs
        for key, docs in by_name.items()
        if len(docs) > 1 and _is_plain(key) and (EntityType.PERSON, key) not in known.by_name
    }
    wanted = {doc_id for docs in candidates.values() for doc_id in docs}
    around: dict[str, set[str]] = defaultdict(set)
    for doc_id, stem in named:
        if doc_id in wanted:
            around[doc_id].add(stem)
    apart: dict[Name, dict[str, str]] = {}
    for key, docs in candidates.items():
        people = _people(docs, around)
        if len(people) > 1:
            # The one of most documents stays; of equals the one of the first document.
            people.sort(key=lambda p: (-len(p), p[0]))
            apart[EntityType.PERSON, key] = {doc_id: person[0] for person in people[1:] for doc_id in person}
    return apart


def _is_plain(key: str) -> bool:
    return 2 <= len(key) <= 3 and all(map(is_han, key)) and not is_transliterated(key)


def _people(docs: Mapping[str, set[str]], named: Mapping[str, set[str]]) -> list[list[str]]:
    """Documents by person, each list sorted."""
    people: list[list[str]] = []
    for doc_id in sorted(docs):
        same = [p for p in people if any(_meet(docs[doc_id], named[doc_id], docs[d], named[d]) for d in p)]
        joined = sorted([doc_id, *(d for p in same for d in p)])
        people = [p for p in people if p not in same]
        people.append(joined)
    return people


def _meet(a: set[str], around_a: set[str], b: set[str], around_b: set[str]) -> bool:
    return any(
        _may_be_one(x, y) for mine, others in ((a, around_b), (b, around_a)) for x in mine for y in others
    )


def _may_be_one(x: str, y: str) -> bool:
    """Whether two employers may be one or belong together (清华大学 and an institute of it, 社科院 and 社会科学院)."""
    short, long = sorted((x, y), key=len)
    return (
        short == long
        or (len(short) >= 2 and is_subsequence(short, long))
        or (len(short) >= 4 and x[:4] == y[:4])
    )
