"""What linking joins: all mentions of one type and one name, together or, where the name is no name by itself,
document by document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np

from kg.linking.hashes import hash_of
from kg.linking.lists import Lists, make_lists
from kg.linking.normalise import NameParts, is_generic_policy, take_apart
from kg.linking.occurrences import TYPES, Name, Numbers, Occurrences
from kg.schema import EntityType

#: A name with the document in which it stands for itself, or None.
Scoped = tuple[EntityType, str, str | None]


@dataclass(frozen=True)
class Node:
    """Mentions that are one thing beyond doubt. `doc_id` is set where the name counts in that document alone;
    `text` is its most frequent spelling, `fullest` the one that `parts` are made from."""

    type: EntityType
    key: str
    doc_id: str | None
    text: str
    fullest: str

    @cached_property
    def parts(self) -> NameParts:
        """The name taken apart."""
        return take_apart(self.type, self.fullest)

    @property
    def order(self) -> tuple[str, str, str]:
        """What sorts nodes, whatever order the mentions came in."""
        return (self.type.value, self.key, self.doc_id or "")


class Nodes(Sequence[Node]):
    """All nodes, sorted, of which each is made where it is looked at; what goes over all of them uses the columns.

    `type`, `name` and `scope` are positions in `TYPES`, names and documents (-1 for none) by node; `of_mention` is the
    node of each mention; `documents` the documents, `mentions` the mentions by node.
    """

    def __init__(self, occurrences: Occurrences, scopes: Iterable[tuple[Numbers, Numbers, Numbers]]) -> None:
        """`scopes` gives names, documents and the documents that the mentions there stand for; all other mentions of a
        name are one node. Later ones win."""
        self.occurrences = o = occurrences
        count = max(len(o.documents), 1)
        pairs, of_mention = np.unique(o.name * count + o.document, return_inverse=True)
        name, document = pairs // count, pairs % count
        generic = np.array(
            [t is EntityType.POLICY and is_generic_policy(key) for t, key in o.names], dtype=bool
        )
        scope = np.where(generic[name], document, -1) if len(name) else document
        for names, documents, stands_for in scopes:
            wanted = names * count + documents
            at = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
            there = pairs[at] == wanted
            scope[at[there]] = stands_for[there]
        self._codes, of_pair = np.unique(name * (count + 1) + scope + 1, return_inverse=True)
        self.name, self.scope = self._codes // (count + 1), self._codes % (count + 1) - 1
        self.of_mention: Numbers = of_pair[of_mention]
        type_of_name = np.array([TYPES.index(t) for t, _ in o.names], dtype=np.int64)
        self.type = type_of_name[self.name] if len(self.name) else self.name
        self.documents: Lists = make_lists(of_pair, document, len(self), count)
        self._made: dict[int, Node] = {}

    def __len__(self) -> int:
        return len(self._codes)

    @overload
    def __getitem__(self, position: int) -> Node: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Node]: ...
    def __getitem__(self, position: int | slice) -> Node | Sequence[Node]:
        if isinstance(position, slice):
            return [self[i] for i in range(len(self))[position]]
        node = self._made.get(position)
        if node is None:
            o, (text, fullest) = self.occurrences, self.spellings
            type_, key = o.names[self.name[position]]
            spelling, longest = o.texts[text[position]], o.texts[fullest[position]]
            node = self._made[position] = Node(type_, key, self.scope_of(position), spelling, longest)
        return node

    def __iter__(self) -> Iterator[Node]:
        return (self[i] for i in range(len(self)))

    def scope_of(self, position: int) -> str | None:
        """The document to which a node is limited."""
        scope = self.scope[position]
        return None if scope < 0 else self.occurrences.documents[scope]

    def find(self, name: Name, doc_id: str | None) -> int | None:
        """The node of a name that stands for itself in this document or, with None, of the name everywhere else."""
        o = self.occurrences
        number = o.position.get(name)
        scope = -1 if doc_id is None else o.document_position.get(doc_id)
        if number is None or scope is None:
            return None
        return self._position.get(number * (max(len(o.documents), 1) + 1) + scope + 1)

    @cached_property
    def _position(self) -> dict[int, int]:
        return {code: i for i, code in enumerate(self._codes.tolist())}

    def with_name(self, name: Name) -> range:
        """All nodes of a name."""
        number = self.occurrences.position.get(name)
        return (
            range(0) if number is None else range(*np.searchsorted(self.name, [number, number + 1]).tolist())
        )

    def in_document(self, name: Name, doc_id: str) -> int | None:
        """The node of a name that stands for itself in this document, else that of the name everywhere else."""
        found = self.find(name, doc_id)
        return self.find(name, None) if found is None else found

    def document_ids(self, position: int) -> list[str]:
        """The documents of a node, sorted."""
        return [self.occurrences.documents[d] for d in self.documents[position].tolist()]

    def is_in(self, position: int, doc_id: str) -> bool:
        """Whether a document names a node."""
        document = self.occurrences.document_position.get(doc_id)
        return document is not None and document in self.documents[position]

    @cached_property
    def mentions(self) -> Lists:
        """By node, the positions of its mentions."""
        count = len(self.occurrences)
        return make_lists(self.of_mention, np.arange(count), len(self), max(count, 1))

    @cached_property
    def spellings(self) -> tuple[Numbers, Numbers]:
        """By node, the positions of its most frequent spelling and of its fullest."""
        o = self.occurrences
        count = max(len(o.texts), 1)
        spelt, times = np.unique(self.of_mention * count + o.text, return_counts=True)
        node, text = spelt // count, spelt % count
        length = np.array([len(t) for t in o.texts], dtype=np.int64)[text] if len(text) else text
        first = np.flatnonzero(np.r_[True, node[1:] != node[:-1]][: len(node)])
        last = np.r_[first[1:], len(node)][: len(first)] - 1
        # The spelling with most separators tells most of the parts.
        return text[np.lexsort((text, -times, node))][first], text[np.lexsort((text, times, length, node))][
            last
        ]

    @cached_property
    def identities(self) -> list[int]:
        """By node, a hash of all that tells it from others, its mentions aside."""
        o, fullest = self.occurrences, self.spellings[1]
        found = []
        for name, scope, text in zip(self.name.tolist(), self.scope.tolist(), fullest.tolist(), strict=True):
            type_, key = o.names[name]
            parts = (type_.value, key, "" if scope < 0 else o.documents[scope], o.texts[text])
            found.append(hash_of("\x1f".join(parts)))
        return found


def scopes_of(
    occurrences: Occurrences, scoped: Mapping[Name, Mapping[str, str]]
) -> tuple[Numbers, Numbers, Numbers]:
    """By name and document, the document that the mentions stand for, as `Nodes` wants it; what this build does not
    have is left out."""
    names, documents = occurrences.position, occurrences.document_position
    found = [
        (names[name], documents[doc_id], documents[scope])
        for name, by_document in scoped.items()
        if name in names
        for doc_id, scope in by_document.items()
        if doc_id in documents and scope in documents
    ]
    name, document, scope = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return name, document, scope
