"""Names taken apart: the key under which spellings of one name meet, and the parts that say which thing it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.characters import fold, is_han
from kg.linking.places import official, split_place, without_ending
from kg.linking.strings import is_distinctive
from kg.linking.words import (
    BODY_WORDS,
    COMPANY_WORDS,
    COUNTRIES,
    GENERIC_QUALIFIERS,
    LATIN_FORMS,
    LEGAL_FORMS,
    MODEL_VARIANTS,
    MODEL_WORDS,
    POLICY_HEADS,
    REGION_SUFFIXES,
    SHARE_PREFIXES,
    SHARE_SUFFIXES,
)
from kg.schema import EntityType

_DROPPED = str.maketrans("", "", "\"'“”《》·\\_`*# \t\r\n\u200b\ufeff")
_SEPARATOR = re.compile(r"(?<![0-9])[-.]|[-.](?![0-9])")
_WORD = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)*|[^\sa-z0-9]")
_LATIN_WORDS = re.compile(r"[a-z0-9&]+")
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_PERSON_PARTS = re.compile(r"[·\s.\-]+")
_LEGAL_FORMS = tuple(sorted(LEGAL_FORMS, key=len, reverse=True))
_MODEL_WORDS = tuple(sorted(MODEL_WORDS, key=len, reverse=True))
_REGION_SUFFIXES = tuple(sorted(REGION_SUFFIXES, key=len, reverse=True))
_POLICY_HEADS = tuple(sorted(POLICY_HEADS, key=len, reverse=True))
_COUNTRY_CHARACTERS = {c: name for name, c in COUNTRIES.items() if c}
_AFTER_COUNTRY = ("国防", "国务", "国会", "国土", "国税", "国家", "国安")


@lru_cache(maxsize=400_000)
def name_key(text: str) -> str:
    """The key of a name: folded, without spaces, quotes, dots and hyphens (those between digits stay).

    Qwen 2.5-Max, Qwen2.5-Max and Ｑｗｅｎ2.5 Ｍａｘ have one key, GPT-4 and GPT-4o have two.
    """
    folded = fold(text)
    key = _SEPARATOR.sub("", folded.translate(_DROPPED))
    return key or folded.strip() or text


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name taken apart.

    `stem` is the key without place, legal form and share marks; `place` an official place name or "";
    `form` the legal form, region suffix or document kind that was cut off; `words` the Latin words and numbers
    of the spelling, or the parts of a person's name; `numbers` the numbers, which never differ between names of
    one thing unless one name has none; `note` what stood in brackets; `whole` the stem with its place before it.
    """

    key: str
    stem: str
    place: str = ""
    form: str = ""
    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    note: str = ""
    whole: str = ""


def take_apart(type_: EntityType, text: str) -> NameParts:
    """The parts of a name of this type, from a spelling that still has its spaces and dots."""
    folded = fold(text)
    key = name_key(text)
    if type_ is EntityType.PERSON:
        parts = tuple(p for p in _PERSON_PARTS.split(folded.strip()) if p)
        return NameParts(key, key, words=parts)
    words = tuple(_LATIN_WORDS.findall(folded))
    if type_ is EntityType.COMPANY:
        return _company(key, words)
    if type_ is EntityType.ORGANIZATION:
        return _organization(key, words)
    if type_ is EntityType.REGION:
        return _region(key, words)
    if type_ is EntityType.MODEL:
        return _model(key, folded)
    return _policy(key, words)


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(_NUMBERS.findall(text))


def _company(key: str, words: tuple[str, ...]) -> NameParts:
    stem = key
    for prefix in SHARE_PREFIXES:
        if stem.startswith(prefix) and len(stem) > len(prefix) and is_han(stem[len(prefix)]):
            stem = stem[len(prefix) :]
            break
    for suffix in SHARE_SUFFIXES:
        if stem.endswith(suffix) and len(stem) > len(suffix) + 1 and is_han(stem[-len(suffix) - 1]):
            stem = stem[: -len(suffix)]
            break
    listed = stem != key
    stem, form = _cut_legal_form(stem)
    form = form or ("股份" if listed else "")
    for full, short in COMPANY_WORDS.items():
        stem = stem.replace(full, short)
    place, note = "", ""
    for inner in _BRACKETS.findall(stem):
        place = official(inner) or place
        note = note or ("" if official(inner) else inner)
    bare = _BRACKETS.sub("", stem)
    if len(bare) >= 2:
        stem = bare
        stem, more = _cut_legal_form(stem)
        form = more + form
    whole = stem
    front, rest = split_place(stem, countries=False)
    if front and len(rest) >= 2 and is_distinctive(rest):
        # 上海证券 is no 证券 in 上海.
        place, stem = (place or front), rest
    return NameParts(key, _cut_latin_form(stem, words), place, form, words, _numbers(stem), note, whole)


def _cut_legal_form(stem: str) -> tuple[str, str]:
    form, again = "", True
    while again:
        again = False
        for ending in _LEGAL_FORMS:
            if stem.endswith(ending) and len(stem) - len(ending) >= 2:
                stem, form, again = stem[: -len(ending)], ending + form, True
                break
    return stem, form


def _cut_latin_form(stem: str, words: tuple[str, ...]) -> str:
    """nvidiacorp to nvidia, when the last word is a legal form on its own."""
    for word in reversed(words[1:]):
        if word not in LATIN_FORMS or not stem.endswith(word) or len(stem) - len(word) < 2:
            break
        stem = stem[: -len(word)]
    return stem


def _organization(key: str, words: tuple[str, ...]) -> NameParts:
    place, stem = split_place(key)
    if not place and len(key) > 2 and key[0] in _COUNTRY_CHARACTERS and key not in COUNTRIES:
        # 美商务部, 俄国防部; 中国 is dropped by split_place, a single 中 belongs to names such as 中科院.
        rest = key[1:]
        if key[0] in "美俄英法德日韩印加澳以伊乌" and _looks_like_body(rest):
            place, stem = _COUNTRY_CHARACTERS[key[0]], rest
    if place and place.endswith("国") and f"国{stem}".startswith(_AFTER_COUNTRY):
        # 美国防部 is 美 and 国防部.
        stem = f"国{stem}"
    for full, short in BODY_WORDS.items():
        stem = stem.replace(full, short)
    if len(stem) >= 4 and stem.startswith("国家"):
        # 国家医保局 is not that of a city.
        place, stem = place or "中国", stem[2:]
    note = "".join(_BRACKETS.findall(stem))
    bare = _BRACKETS.sub("", stem)
    return NameParts(key, bare if len(bare) >= 2 else stem, place, "", words, _numbers(stem), note)


def _looks_like_body(rest: str) -> bool:
    """Whether what follows a country's character is a body on its own (国防部, 联邦航空管理局, 政府)."""
    return len(rest) >= 2 and rest.endswith(
        (
            "部",
            "院",
            "会",
            "局",
            "署",
            "府",
            "军",
            "军方",
            "警方",
            "厅",
            "法院",
            "部门",
            "海关",
            "央行",
            "使团",
            "杜马",
            "办公室",
        )
    )


def _region(key: str, words: tuple[str, ...]) -> NameParts:
    place, stem = split_place(key, strict=False)
    if official(key):
        place = ""
        stem = key
    form = ""
    if stem not in COUNTRIES:
        for suffix in _REGION_SUFFIXES:
            if stem.endswith(suffix) and len(stem) - len(suffix) >= 2:
                stem, form = stem[: -len(suffix)], suffix
                break
    return NameParts(key, without_ending(stem), place, form, words, _numbers(stem))


def _model(key: str, folded: str) -> NameParts:
    stem = key
    for word in _MODEL_WORDS:
        if stem.endswith(word) and len(stem) - len(word) >= 2:
            stem = stem[: -len(word)]
            break
    words = tuple(w for w in _WORD.findall(folded) if w not in "-_·.,()[]“”\"'")
    return NameParts(key, stem, words=words, numbers=_numbers(folded))


def _policy(key: str, words: tuple[str, ...]) -> NameParts:
    note = "".join(_BRACKETS.findall(key))
    stem = _BRACKETS.sub("", key) or key
    for prefix in ("中华人民共和国", "国务院关于", "关于印发", "关于"):
        if stem.startswith(prefix) and len(stem) - len(prefix) >= 2:
            stem = stem[len(prefix) :]
    for suffix in ("的通知", "征求意见稿", "草案"):
        if stem.endswith(suffix) and len(stem) - len(suffix) >= 4:
            stem = stem[: -len(suffix)]
    form = next((h for h in _POLICY_HEADS if stem.endswith(h)), "")
    return NameParts(key, stem, "", form, words, _numbers(key), note)


def is_generic_policy(key: str) -> bool:
    """Whether a policy's name is a kind of document only (新规, 该法案, 行动方案), which no two texts share."""
    rest, cut = key, True
    while rest and cut:
        cut = False
        for word in (*_POLICY_HEADS, *GENERIC_QUALIFIERS):
            if rest.endswith(word):
                rest, cut = rest[: -len(word)], True
                break
    return not rest


def is_bare_version(key: str) -> bool:
    """Whether a model's name is only a version or a variant (V3, R1, Pro, 4o), which needs a family before it."""
    words = _WORD.findall(key)
    if not words or any(is_han(w) for w in words):
        return False
    if not key[0].isdigit() and all(w in MODEL_VARIANTS for w in words):
        return True
    letters = [w for w in words if w.isalpha()]
    return (
        len(words) <= 3
        and bool(_NUMBERS.search(key))
        and all(len(w) == 1 or w in MODEL_VARIANTS for w in letters)
    )
