"""Names that mean what their document says: 该办法, V3, and short names that stand for different things elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.linking.definitions import Definition
from kg.linking.normalise import NameParts, is_bare_version, is_generic_policy, name_key, take_apart
from kg.linking.occurrences import Name
from kg.linking.strings import is_subsequence
from kg.schema import EntityType
from kg.tables import Mention

#: Longest key of a name that may stand for different things in different documents.
SHORT = 4
#: What a document says of a bare version and the model whose version it is.
VERSION = "version of a family named here"
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
            yield _definition(before[-1] if before else family[0], mention, VERSION)


def _at_word(long: str, short: str) -> bool:
    """Whether `long` ends with the words of `short`: DeepSeek-R1 with R1, not GPT-4 with 4 of 14."""
    a, b = take_apart(EntityType.MODEL, long).words, take_apart(EntityType.MODEL, short).words
    return len(a) > len(b) and a[-len(b) :] == b


def _definition(target: Mention, alias: Mention, kind: str) -> Definition:
    first, last = sorted((target, alias), key=lambda m: m.start)
    return Definition(
        alias.doc_id, alias.type, name_key(target.text), name_key(alias.text), kind, first.start, last.end
    )


def fuller_names(names: Sequence[Name]) -> Iterator[tuple[Name, str]]:
    """Of the names of one document, the short ones and the stem of the one other name that they may be short for."""
    for type_, short in names:
        if type_ in _TYPES and len(short) <= SHORT:
            fuller = [k for t, k in names if t is type_ and len(k) > len(short) and _fuller(type_, short, k)]
            if len(fuller) == 1:
                yield (type_, short), take_apart(type_, fuller[0]).stem


def _fuller(type_: EntityType, short: str, long: str) -> bool:
    if type_ is EntityType.PERSON:
        return long.endswith(short)
    if short in long:
        return True
    return type_ is EntityType.ORGANIZATION and long[0] == short[0] and is_subsequence(short, long)
