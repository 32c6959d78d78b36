"""The name an entity goes by, and its aliases in a telling order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from kg.characters import is_han
from kg.linking.nodes import Node
from kg.linking.normalise import is_bare_version, is_generic_policy
from kg.schema import EntityType


def best_name(type_: EntityType, spellings: Mapping[str, int], nodes: Callable[[], Iterable[Node]]) -> str:
    """The most telling spelling of a cluster's names.

    Names that are none by themselves (新规, V3) come last; laws go by their full title, others by the name most used,
    with Chinese before Latin and longer before shorter where that is equal. `spellings` counts the mentions, `nodes`
    gives the names.
    """
    if len(spellings) == 1:
        return " ".join(next(iter(spellings)).split())
    is_none = {EntityType.POLICY: is_generic_policy, EntityType.MODEL: is_bare_version}.get(type_)
    generic = {node.text for node in nodes() if is_none(node.key)} if is_none else set()

    def rank(text: str) -> tuple[bool, bool, int, bool, int, str]:
        bare = "".join(text.split())
        full_title = type_ is EntityType.POLICY and text not in generic and len(bare) >= 5
        cut_person = type_ is EntityType.PERSON and len(bare) < 2
        count = spellings[text]
        return (
            text in generic or cut_person,
            not full_title,
            -count,
            not any(map(is_han, bare)),
            -len(bare),
            text,
        )

    return " ".join(min(spellings, key=rank).split())


def aliases(name: str, spellings: Mapping[str, int]) -> tuple[str, ...]:
    """The other spellings, most used first; those that differ from a better one in white space alone are left out."""
    seen, found = {"".join(name.split())}, []
    for text in sorted(spellings, key=lambda s: (-spellings[s], s)):
        bare = "".join(text.split())
        if bare not in seen:
            seen.add(bare)
            found.append(" ".join(text.split()))
    return tuple(found)
