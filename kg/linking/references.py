"""What the `left` and `right` of a decision refer to in this build."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from kg.linking.identity import mention_key, new_id
from kg.linking.nodes import Nodes
from kg.linking.normalise import name_key
from kg.linking.occurrences import TYPES, Name
from kg.schema import EntityType
from kg.tables import Identity

_TYPES = {t.value: t for t in EntityType}


def parse_key(reference: str) -> list[tuple[EntityType, str, str]]:
    """The (type, name key, document) that `Type:name@document` may mean, one for each @ in it; none for an id."""
    type_name, colon, rest = reference.partition(":")
    type_ = _TYPES.get(type_name)
    if not colon or type_ is None:
        return []
    return [
        (type_, name_key(rest[: at.start()]), rest[at.end() :]) for at in re.finditer("@", rest) if at.start()
    ]


class References:
    """Finds the node that a reference means.

    An entity id is the hash of one of its mention keys, so it is found by hashing, whatever the last build was; the
    identities help only where that mention is gone.
    """

    def __init__(self, nodes: Nodes, identities: Sequence[Identity], wanted: Iterable[str]) -> None:
        self._nodes = nodes
        self._of_id = self._find_ids({w for w in wanted if not parse_key(w)}, identities)

    def find(self, reference: str) -> int | None:
        """The position of the node meant, or None where this build has none."""
        for type_, key, doc_id in parse_key(reference):
            found = self._find_key(type_, key, doc_id)
            if found is not None:
                return found
        return self._of_id.get(reference)

    def _find_key(self, type_: EntityType, key: str, doc_id: str) -> int | None:
        nodes = self._nodes
        named = (nodes.find((type_, key), scope) for scope in (doc_id, None))
        # A person may have given the name another type since.
        others = (i for t in TYPES for i in nodes.with_name((t, key)))
        return next((i for i in chain(named, others) if i is not None and nodes.is_in(i, doc_id)), None)

    def _find_ids(self, wanted: set[str], identities: Sequence[Identity]) -> dict[str, int]:
        found: dict[str, int] = {}
        if not wanted:
            return found
        names = self._nodes.occurrences.names
        for i, number in enumerate(self._nodes.name.tolist()):
            type_, key = names[number]
            for doc_id in self._nodes.document_ids(i):
                entity_id = new_id(type_, mention_key(type_, key, doc_id))
                if entity_id in wanted:
                    found.setdefault(entity_id, i)
        for row in identities:
            if row.entity_id in wanted and row.entity_id not in found:
                node_found = self.find(row.key) if parse_key(row.key) else None
                if node_found is not None:
                    found[row.entity_id] = node_found
        return found


def standing_apart(pairs: Iterable[tuple[str, str]], ids: Mapping[str, str]) -> dict[Name, dict[str, str]]:
    """From judgements `different`: the documents in which a name stands for itself, by name and document.

    Only where both sides are one name; `ids` gives mention keys for entity ids.
    """
    apart: dict[Name, dict[str, str]] = {}
    for left, right in pairs:
        for type_, key, doc_id in parse_key(ids.get(left, left)):
            for other_type, other_key, other_doc in parse_key(ids.get(right, right)):
                if (type_, key) == (other_type, other_key) and doc_id != other_doc:
                    apart.setdefault((type_, key), {}).update({doc_id: doc_id, other_doc: other_doc})
    return apart
