"""What linking joins: all mentions of one type and one name, together or, where the name is no name by itself,
document by document."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from kg.linking.normalise import NameParts, is_generic_policy, name_key, take_apart
from kg.schema import EntityType
from kg.tables import Mention

#: A name of one type: what all its mentions have in common.
Name = tuple[EntityType, str]


@dataclass(slots=True)
class Node:
    """Mentions that are one thing beyond doubt. `doc_id` is set where the name counts in that document alone;
    `text` is its most frequent spelling, `fullest` the one that `parts` are made from; `mentions` are positions in
    the sorted list of mentions, `sentences` (document and number) where they stand."""

    type: EntityType
    key: str
    doc_id: str | None
    text: str
    fullest: str
    parts: NameParts
    mentions: list[int]
    documents: Counter[str] = field(default_factory=Counter)
    sentences: frozenset[int] = frozenset()

    @property
    def identity(self) -> int:
        """A 64-bit hash of all that tells the node from others, its mentions aside."""
        content = "\x1f".join((*self.order, self.fullest))
        digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "big")

    @property
    def order(self) -> tuple[str, str, str]:
        """What sorts nodes, whatever order the mentions came in."""
        return (self.type.value, self.key, self.doc_id or "")


def sort_mentions(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions in the one order in which linking looks at them."""
    return sorted(mentions, key=lambda m: (m.doc_id, m.start, m.end, m.type, m.mention_id))


def group(mentions: Sequence[Mention], types: Sequence[EntityType]) -> dict[Name, dict[str, list[int]]]:
    """Positions of the mentions by name and document. `types` are the mentions' types, decisions applied."""
    groups: dict[Name, dict[str, list[int]]] = {}
    for position, (mention, type_) in enumerate(zip(mentions, types, strict=True)):
        name = (type_, name_key(mention.text))
        documents = groups.get(name)
        if documents is None:
            documents = groups[name] = {}
        documents.setdefault(mention.doc_id, []).append(position)
    return groups


_END = re.compile(r"[。！？!?；;\n]")


def sentence_numbers(mentions: Sequence[Mention], texts: Mapping[str, str]) -> list[int]:
    """For each mention the number of its sentence, through all documents; a document without its text is one."""
    numbers: list[int] = []
    doc_id, first = None, 0
    ends: list[int] = []
    for mention in mentions:
        if mention.doc_id != doc_id:
            first += len(ends) + 1
            doc_id = mention.doc_id
            ends = [m.start() for m in _END.finditer(texts.get(doc_id, ""))]
        numbers.append(first + bisect_left(ends, mention.start))
    return numbers


def make_nodes(
    mentions: Sequence[Mention],
    groups: Mapping[Name, Mapping[str, list[int]]],
    scoped: Mapping[Name, Mapping[str, str]],
    sentences: Sequence[int] = (),
) -> list[Node]:
    """The nodes, sorted. `scoped` gives, by name and document, the scope of the mentions that stand apart: a
    doc_id; all others of a name are one node."""
    nodes = []
    for (type_, key), documents in groups.items():
        own = scoped.get((type_, key), {})
        generic = type_ is EntityType.POLICY and is_generic_policy(key)
        if own or generic:
            scopes: dict[str | None, dict[str, list[int]]] = defaultdict(dict)
            for doc_id, positions in documents.items():
                scopes[own.get(doc_id, doc_id if generic else None)][doc_id] = positions
        else:
            scopes = {None: dict(documents)}
        for scope, within in scopes.items():
            positions = sorted(chain.from_iterable(within.values()))
            spellings = Counter([mentions[p].text for p in positions])
            text = min(spellings, key=lambda s: (-spellings[s], s))
            # The spelling with most separators tells most of the parts.
            fullest = max(spellings, key=lambda s: (len(s), spellings[s], s))
            count = Counter({doc_id: len(found) for doc_id, found in within.items()})
            where = frozenset([sentences[p] for p in positions] if sentences else ())
            parts = take_apart(type_, fullest)
            nodes.append(Node(type_, key, scope, text, fullest, parts, positions, count, where))
    nodes.sort(key=lambda n: n.order)
    return nodes
