"""The evidence for and against two names being one thing, each piece with a name that a person can read.

A comparison is a mapping from the name of a feature to its value (mostly 1.0 for present); `weights.json` gives
each name its log-odds. A feature that needs more than the two names (definitions, rivals, documents) takes it from
`Context`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

from rapidfuzz.distance import Levenshtein

from kg.characters import is_han
from kg.linking.nodes import Node
from kg.linking.places import can_be_one, of_character, official
from kg.linking.sounds import is_transliterated, likeness
from kg.linking.strings import initials, is_distinctive, kind_of_rest, part_of, runs
from kg.linking.words import BRANCH_WORDS, COUNTRIES, MODEL_VARIANTS, PLACE_KINDS
from kg.schema import EntityType

Pair = tuple[int, int]
_HARMLESS = ("begins, rest industry", "begins, rest general", "begins, rest both", "begins, rest legal")
#: Ends of names of bodies and of their departments.
_BODIES = (
    *("局", "司", "处", "厅", "部", "院", "所", "系", "署", "省", "委", "会", "大学", "中心"),
    *("办公室", "党组", "学院", "法院", "银行", "使团"),
)
_BRANCHES = tuple(BRANCH_WORDS)
_VARIANTS = frozenset(MODEL_VARIANTS)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that a comparison looks at beside the two names and their relation.

    `shared`: whether a document has both, `sentence`: whether a sentence has, `only_match`: whether in a document of
    both the shorter has no other possible full name; `longer`: how many different names the shorter may be short for,
    in all; `namesake`: whether one is a person of a common name who works for somebody else; `known_alias` and
    `known_as_two`: what the curated list says; `definitions`: what documents say about the two.
    """

    shared: bool
    sentence: bool
    only_match: bool
    namesake: bool
    known_alias: bool
    known_as_two: bool
    longer: int
    definitions: tuple[str, ...]


#: The relation of two names that merely have some characters in common.
UNRELATED = "shared part"


def unrelated(type_: EntityType) -> dict[str, float]:
    """The evidence on names that are `UNRELATED` and of which nothing else is known: one mapping for all such pairs."""
    return {type_.value: 1.0, f"{type_.value}: {UNRELATED}": 1.0}


def relation(a: Node, b: Node) -> str:
    """How the shorter name's stem relates to the longer's: same stem, begins/ends/inside with the kind of the rest,
    abbreviation, initials, one character differs, shared part, or nothing."""
    short, long = shorter_first(a, b)
    left, right = short.parts.stem, long.parts.stem
    if short.key == long.key:
        return "same name"
    if short.key.isascii() != long.key.isascii() and (found := _sounds(short, long)):
        return found
    if a.type is EntityType.PERSON:
        return _persons(short, long)
    if a.type is EntityType.REGION and (found := _divisions(short, long)):
        return found
    if left == right:
        return f"same stem, {_forms(short, long)}"
    if a.type is EntityType.MODEL:
        return _models(short, long)
    if a.type is EntityType.REGION and left in PLACE_KINDS:
        return "kind of place"
    position = part_of(left, right)
    if position:
        return f"{position}, rest {kind_of_rest(right.replace(left, '', 1))}"
    stretches = 0 if left.isascii() else runs(left, right)
    if a.type is EntityType.REGION and left[-1:] + short.parts.form != right[-1:] + long.parts.form:
        stretches = 0
    if stretches and len(left) > 1:
        return f"abbreviation in {min(stretches, 4)} stretches"
    place = of_character(left[0])
    if (
        place
        and len(left) > 2
        and (place == long.parts.place or not long.parts.place)
        and runs(left[1:], right)
    ):
        return "abbreviation with its place" if long.parts.place else "abbreviation with a place"
    if left.isascii() and left.isalpha() and left == initials(long.parts.words):
        return "initials"
    if min(len(left), len(right)) >= 4 and Levenshtein.distance(left, right, score_cutoff=1) <= 1:
        return "one character differs"
    return _wholes(short, long) or UNRELATED


def _wholes(a: Node, b: Node) -> str:
    """Whether one name begins or abbreviates the other when both keep their place (重庆百货, 上柴)."""
    short, long = sorted((a.parts.whole, b.parts.whole), key=len)
    if len(short) < 2 or short[0] != long[0] or short.isascii():
        return ""
    if long.startswith(short):
        return "begins with its place"
    return "abbreviation with its place's first character" if runs(short, long) else ""


def _sounds(a: Node, b: Node) -> str:
    """Whether a Chinese and a Latin name sound alike, by their last parts and, where both have one, by their first."""
    han, latin = (a, b) if b.key.isascii() else (b, a)
    if a.type not in (EntityType.PERSON, EntityType.REGION, EntityType.COMPANY) or not is_transliterated(
        han.parts.stem
    ):
        return ""
    if a.type is not EntityType.PERSON:
        return "sounds alike" if likeness(han.parts.stem, latin.parts.stem) >= 0.75 else ""
    mine, other = han.parts.words, latin.parts.words
    last = likeness(mine[-1], other[-1])
    whole = likeness(han.key, latin.key)
    if len(mine) > 1 and len(other) > 1:
        return "sounds alike, first name too" if last >= 0.6 and whole >= 0.6 else ""
    return "sounds alike" if max(last, whole) >= 0.75 else ""


def _forms(short: Node, long: Node) -> str:
    """What tells two names of one stem apart: their legal forms, region suffixes or brackets."""
    if short.type is EntityType.COMPANY:
        return "/".join(sorted({_kind_of_form(short.parts.form), _kind_of_form(long.parts.form)}))
    if short.type is EntityType.POLICY and long.key == f"中华人民共和国{short.key}":
        return "full title"
    if short.type is EntityType.REGION:
        if (
            "" in (short.parts.place, long.parts.place)
            and (short.parts.place or long.parts.place) in COUNTRIES
        ):
            return "country before it" if short.parts.form == long.parts.form else "country and suffix"
        if short.parts.form and long.parts.form and short.parts.form != long.parts.form:
            return "other suffixes"
        if short.parts.form != long.parts.form:
            return (
                "small suffix"
                if (short.parts.form or long.parts.form) in ("区", "县", "镇", "乡")
                else "suffix"
            )
        return "place"
    return "place" if short.parts.place != long.parts.place else "spelling"


def _divisions(short: Node, long: Node) -> str:
    """Whether two regions are official divisions, and if so, one or two."""
    left, right = (official(n.key) or official(n.parts.stem + n.parts.form) for n in (short, long))
    if not left or not right or (left == right and not can_be_one(short.parts.place, long.parts.place)):
        return ""
    return "one division" if left == right else "two divisions"


def _kind_of_form(form: str) -> str:
    """none, legal (公司, 有限公司), stock (股份有限公司), share (股份), group (集团) or holding (控股)."""
    for kind, word in (("group", "集团"), ("holding", "控股")):
        if word in form:
            return kind
    if "股份" in form:
        return "stock" if "公" in form or "有限" in form else "share"
    return "legal" if form else "none"


def _persons(short: Node, long: Node) -> str:
    a, b = short.parts.words, long.parts.words
    if len(a) == 1 and len(b) > 1 and a[0] in b:
        return "last part" if b[-1] == a[0] else "another part"
    if len(a) > 1 and len(b) > 1:
        return "last part, other first part" if a[-1] == b[-1] else UNRELATED
    if Levenshtein.distance(short.parts.key, long.parts.key, score_cutoff=1) <= 1:
        return "one character differs"
    return UNRELATED


def _models(short: Node, long: Node) -> str:
    left, right = short.parts.stem, long.parts.stem
    if short.parts.numbers != long.parts.numbers:
        if short.parts.numbers and long.parts.numbers:
            return "other version"
        return "version on one side"
    if variants(short) != variants(long):
        return "other variant"
    position = part_of(left, right)
    if position:
        return f"{position}, rest {'latin' if right.replace(left, '', 1).isascii() else 'other'}"
    if min(len(left), len(right)) >= 6 and Levenshtein.distance(left, right, score_cutoff=1) <= 1:
        return "one character differs"
    return UNRELATED


def variants(node: Node) -> frozenset[str]:
    """The words of a model's name that tell its variant (Pro, mini), single letters after a number (4o) included."""
    words = node.parts.words
    return frozenset(
        w
        for i, w in enumerate(words)
        if w in _VARIANTS
        or (len(w) <= 2 and w.isalpha() and w.isascii() and i > 0 and words[i - 1][0].isdigit())
    )


def shorter_first(a: Node, b: Node) -> tuple[Node, Node]:
    """The two in order of length of stem, then key."""
    difference = len(a.parts.stem) - len(b.parts.stem) or len(a.parts.key) - len(b.parts.key)
    return (a, b) if difference < 0 or (difference == 0 and a.order <= b.order) else (b, a)


def is_short_for(kind: str) -> bool:
    """Whether a relation makes the shorter name a possible short form of the longer."""
    return kind.startswith(("begins", "ends", "inside", "abbreviation", "last part", "initials"))


def features(a: Node, b: Node, kind: str, circumstances: Circumstances) -> dict[str, float]:
    """The evidence on two nodes of one type. `kind` is their `relation`."""
    type_ = a.type.value
    short, long = shorter_first(a, b)
    shared = circumstances.shared
    found = {type_: 1.0, f"{type_}: {kind}": 1.0}
    if is_short_for(kind) or kind.startswith("same stem"):
        size = min(len(short.parts.stem), 5)
        found[f"{'letters' if short.parts.stem.isascii() else 'characters'} of the short name: {size}"] = 1.0
    if kind.startswith("abbreviation"):
        if short.parts.stem[0] == long.parts.stem[0]:
            found["same first character"] = 1.0
        if short.parts.stem[-1] == long.parts.stem[-1]:
            found["same last character"] = 1.0
        elif len(long.parts.stem) - long.parts.stem.rfind(short.parts.stem[-1]) > 2:
            found["abbreviation leaves out the end"] = 1.0
        found["part of the long name covered"] = len(short.parts.stem) / len(long.parts.stem)
    if (
        kind in ("begins, rest industry", "begins, rest general", "begins, rest both")
        and _kind_of_form(long.parts.form) in ("legal", "stock", "group")
        and not short.parts.form
    ):
        found[f"{type_}: long name is a full legal name"] = 1.0
    if is_short_for(kind):
        if not is_distinctive(short.parts.stem):
            found[f"{type_}: short name of general words"] = 1.0
        if len(long.parts.stem) - len(short.parts.stem) == 1 and not short.parts.stem.isascii():
            found[f"{type_}: long name has one character more"] = 1.0
        found["other names it may be short for"] = log2(max(circumstances.longer, 1))
    if a.type is EntityType.COMPANY:
        if is_short_for(kind):
            forms = f"{_kind_of_form(short.parts.form)} for {_kind_of_form(long.parts.form)}"
            found[f"Company: {kind.split()[0].rstrip(',')}, {forms}"] = 1.0
        if not shared:
            found.update(_apart(kind, short, long))
    if is_branch(a) != is_branch(b):
        found["branch on one side"] = 1.0
    if kind == "same name" and circumstances.namesake:
        found["works for somebody else"] = 1.0
    found.update(_places(a, b))
    if a.type is not EntityType.MODEL and a.parts.numbers != b.parts.numbers:
        both = a.parts.numbers and b.parts.numbers
        found["numbers differ" if both else "number on one side"] = 1.0
    if shared:
        found[f"{type_}: in one document"] = 1.0
        found[f"{type_}: {kind}, in one document"] = 1.0
        if circumstances.sentence:
            found[f"{type_}: in one sentence"] = 1.0
            found[f"{type_}: {kind}, in one sentence"] = 1.0
        if circumstances.only_match:
            found["its only full name in a document"] = 1.0
    for definition in circumstances.definitions:
        found[f"defined: {definition}" + (" (region)" if a.type is EntityType.REGION else "")] = 1.0
    if circumstances.known_alias:
        found["known alias"] = 1.0
    elif circumstances.known_as_two:
        found["known as two things"] = 1.0
    return found


def _apart(kind: str, short: Node, long: Node) -> dict[str, float]:
    """What speaks against two companies that no document names together: 商汤医疗 may be any unit of 商汤."""
    found = {}
    if kind.startswith("begins") and kind not in _HARMLESS and not long.parts.form:
        found["Company: more than a trade, documents apart"] = 1.0
    if kind in ("begins, rest industry", "begins, rest both") and not long.parts.form:
        found["Company: another trade, documents apart"] = 1.0
    if kind.startswith("abbreviation"):
        found["Company: abbreviation, documents apart"] = 1.0
    return found


def _places(a: Node, b: Node) -> dict[str, float]:
    left, right = a.parts.place, b.parts.place
    if left and right and left != right:
        return {"one place in the other" if can_be_one(left, right) else "places differ": 1.0}
    if bool(left) != bool(right):
        placed, other = (a, b) if left else (b, a)
        if (
            a.type is EntityType.COMPANY
            and placed.parts.form
            and len(other.parts.stem) <= len(placed.parts.stem)
        ):
            kind = _kind_of_form(placed.parts.form)
            if kind in ("legal", "stock") or "公司" in placed.parts.form:
                return {"Company: place in the legal name": 1.0}
        if a.type is EntityType.COMPANY and "集团" in other.parts.form and "集团" not in placed.parts.form:
            return {"Company: place on one side, group on the other": 1.0}
        return {f"{a.type.value}: place on one side": 1.0}
    return {}


def is_branch(node: Node) -> bool:
    """Whether a name is that of a branch (分公司, 支行), or of the rules that carry a law out."""
    if node.type is EntityType.POLICY:
        return node.key.startswith("实施") or node.key.endswith(
            ("实施条例", "实施办法", "实施细则", "实施意见")
        )
    return node.parts.stem.endswith(_BRANCHES) or node.key.endswith(_BRANCHES)


def _is_part_of(whole: Node, part: Node) -> bool:
    """Whether a body's name goes on after another body's full name (国家医保局医药管理司)."""
    if whole.type is not EntityType.ORGANIZATION or not part.key.startswith(whole.key):
        return False
    rest = part.key[len(whole.key) :]
    return len(rest) >= 2 and whole.key.endswith(_BODIES) and rest.endswith(_BODIES)


def cannot_be_one(a: Node, b: Node) -> bool:
    """Whether the names alone contradict each other, whatever joins them indirectly."""
    left, right = a.parts.place, b.parts.place
    if (
        left
        and right
        and left != right
        and (a.type is EntityType.ORGANIZATION or not can_be_one(left, right))
    ):
        return True
    if is_branch(a) != is_branch(b) or _is_part_of(a, b) or _is_part_of(b, a):
        return True
    if a.type is EntityType.MODEL:
        numbers = a.parts.numbers and b.parts.numbers and a.parts.numbers != b.parts.numbers
        return bool(numbers) or (a.parts.numbers == b.parts.numbers and variants(a) != variants(b))
    if a.type is EntityType.POLICY:
        return bool(a.parts.numbers and b.parts.numbers) and a.parts.numbers != b.parts.numbers
    if a.type is EntityType.PERSON:
        x, y = a.parts.words, b.parts.words
        same_script = is_han(a.key[0]) == is_han(b.key[0])
        return same_script and len(x) > 1 and len(y) > 1 and (x[-1] != y[-1] or x[0] != y[0])
    return False
