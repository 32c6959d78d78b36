"""Names that mean what their document says: 该办法, V3, and short names that stand for different things elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.linking.definitions import Definition
from kg.linking.nodes import Name
from kg.linking.normalise import NameParts, is_bare_version, is_generic_policy, name_key, take_apart
from kg.linking.strings import is_subsequence
from kg.schema import EntityType
from kg.tables import Mention

#: Longest key of a name that may stand for different things in different documents.
SHORT = 4
_TYPES = (EntityType.COMPANY, EntityType.ORGANIZATION, EntityType.PERSON)


def refer_back(text: str, mentions: Sequence[Mention]) -> Iterator[Definition]:
    """Which names of one document stand for a fuller one in it (`mentions` in order of their start).

    A generic policy name (办法) refers to the last policy before it that ends so, else (新规) to the nearest policy
    named in full; a bare version (V3) to the nearest model that ends so.
    """
    policies = [m for m in mentions if m.type is EntityType.POLICY]
    models = [m for m in mentions if m.type is EntityType.MODEL]
    yield from _policies(policies)
    yield from _versions(models)


def _policies(mentions: Sequence[Mention]) -> Iterator[Definition]:
    named = [(m, take_apart(m.type, m.text)) for m in mentions if not is_generic_policy(name_key(m.text))]
    done: set[str] = set()
    for mention in mentions:
        key = name_key(mention.text)
        if key in done or not is_generic_policy(key):
            continue
        done.add(key)
        target = _antecedent(mention, key, named)
        if target is not None:
            other, sure = target
            kind = "refers back" if sure else "refers to a neighbour"
            yield _definition(other, mention, kind)


def _antecedent(
    mention: Mention, key: str, named: Sequence[tuple[Mention, NameParts]]
) -> tuple[Mention, bool] | None:
    head = key.removeprefix("该").removeprefix("此").removeprefix("本")
    ending = [m for m, parts in named if parts.stem.endswith(head) or parts.key.endswith(head)]
    before = [m for m in ending if m.start < mention.start]
    if before or ending:
        return (before[-1] if before else ending[0]), True
    earlier = [m for m, _ in named if m.start < mention.start]
    if earlier or named:
        return (earlier[-1] if earlier else named[0][0]), False
    return None


def _versions(mentions: Sequence[Mention]) -> Iterator[Definition]:
    full = [m for m in mentions if not is_bare_version(name_key(m.text))]
    done: set[str] = set()
    for mention in mentions:
        key = name_key(mention.text)
        if key in done or not is_bare_version(key):
            continue
        done.add(key)
        family = [m for m in full if name_key(m.text).endswith(key) and _at_word(m.text, mention.text)]
        before = [m for m in family if m.start < mention.start]
        if family:
            yield _definition(before[-1] if before else family[0], mention, "version of a family named here")


def _at_word(long: str, short: str) -> bool:
    """Whether `long` ends with the words of `short`: DeepSeek-R1 with R1, not GPT-4 with 4 of 14."""
    a, b = take_apart(EntityType.MODEL, long).words, take_apart(EntityType.MODEL, short).words
    return len(a) > len(b) and a[-len(b) :] == b


def _definition(target: Mention, alias: Mention, kind: str) -> Definition:
    first, last = sorted((target, alias), key=lambda m: m.start)
    return Definition(
        alias.doc_id, alias.type, name_key(target.text), name_key(alias.text), kind, first.start, last.end
    )


def scopes(
    groups: Mapping[Name, Mapping[str, object]], definitions: Iterable[Definition]
) -> dict[Name, dict[str, str]]:
    """Which names count document by document, in which documents: bare versions where their family is named, and
    short names whose fuller forms differ between documents."""
    scoped: dict[Name, dict[str, str]] = defaultdict(dict)
    for definition in definitions:
        if definition.kind == "version of a family named here":
            scoped[definition.type, definition.right][definition.doc_id] = definition.doc_id
    for name, fuller in _fuller_names(groups).items():
        if len({key for keys in fuller.values() for key in keys}) > 1:
            for doc_id in fuller:
                scoped[name][doc_id] = doc_id
    return scoped


def _fuller_names(groups: Mapping[Name, Mapping[str, object]]) -> dict[Name, dict[str, set[str]]]:
    """Short names with, by document, the stem of the one name there that they may be short for."""
    in_document: dict[tuple[str, EntityType], list[str]] = defaultdict(list)
    for (type_, key), documents in groups.items():
        if type_ in _TYPES:
            for doc_id in documents:
                in_document[doc_id, type_].append(key)
    found: dict[Name, dict[str, set[str]]] = defaultdict(dict)
    for (doc_id, type_), keys in in_document.items():
        for short in keys:
            if len(short) > SHORT:
                continue
            fuller = [k for k in keys if len(k) > len(short) and _fuller(type_, short, k)]
            if len(fuller) == 1:
                found[type_, short][doc_id] = {take_apart(type_, fuller[0]).stem}
    return found


def _fuller(type_: EntityType, short: str, long: str) -> bool:
    if type_ is EntityType.PERSON:
        return long.endswith(short)
    if short in long:
        return True
    return type_ is EntityType.ORGANIZATION and long[0] == short[0] and is_subsequence(short, long)
