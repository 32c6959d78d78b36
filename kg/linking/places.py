"""Places at the start of a name or in its brackets: which they are, and whether two of them can be one.

The divisions are those of `kg/resources/gazetteers/cn_divisions`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache

from kg.linking.words import COUNTRIES, PROVINCE_CHARACTERS
from kg.resources.gazetteers import FOLDER

#: Words that are rarely meant as the city of this name.
_NO_PLACES = ("东方",)
_ENDINGS = (
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "地区",
    "省",
    "市",
    "盟",
)


@lru_cache(maxsize=1)
def _divisions() -> tuple[dict[str, str], dict[str, str]]:
    """Variant of a place's name to its official name, and official name to its parent's."""
    variants: dict[str, str] = {}
    parents: dict[str, str] = {}
    for country in COUNTRIES:
        variants[country] = country
    variants["中华人民共和国"] = "中国"
    for name, parent in _rows():
        parents.setdefault(name, parent)
        variants.setdefault(name, name)
        # 朝阳 or 南山 alone would be a guess; provinces and cities are known by their short names.
        if not name.endswith(("区", "县", "旗")) or name.endswith(("自治区", "行政区")):
            short = without_ending(name)
            if short not in _NO_PLACES:
                variants.setdefault(short, name)
    return variants, parents


def _rows() -> Iterator[tuple[str, str]]:
    """Official name and parent's name of every division, provinces first."""
    provinces = {row["code"]: row["name"] for row in _table("provinces")}
    cities = {row["code"]: (row["name"], provinces[row["provinceCode"]]) for row in _table("cities")}
    for name in (*provinces.values(), "香港特别行政区", "澳门特别行政区", "台湾省"):
        yield name, "中国"
    # 市辖区 and the like are no places but headings of the table: what stands under them lies in the province.
    headings = {code for code, (name, _) in cities.items() if name in ("市辖区", "县") or "直辖" in name}
    yield from (row for code, row in cities.items() if code not in headings)
    for row in _table("areas"):
        city, province = cities[row["cityCode"]]
        if row["name"] != "市辖区":
            yield row["name"], province if row["cityCode"] in headings else city


def _table(name: str) -> list[dict[str, str]]:
    with (FOLDER / "cn_divisions" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def without_ending(name: str) -> str:
    """北京市 to 北京, 广西壮族自治区 to 广西; unchanged where less than two characters would be left."""
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name


@lru_cache(maxsize=1)
def _prefixes() -> frozenset[str]:
    """The variants that stand before a company's or a body's name: countries, provinces and cities, also by their
    short names, and all else by the full name (阿里 is rarely the division)."""
    variants, parents = _divisions()
    return frozenset(
        text
        for text, name in variants.items()
        if text == name
        or name in COUNTRIES
        or (name.endswith("市") and parents.get(parents[name]) == "中国")
        or parents.get(name) == "中国"
    )


@lru_cache(maxsize=100_000)
def official(text: str) -> str | None:
    """The official name of a division or country that `text` is a usual name of."""
    return _divisions()[0].get(text)


@lru_cache(maxsize=10_000)
def ancestors(place: str) -> frozenset[str]:
    """The official names of all that `place` lies in, without itself."""
    parents, found = _divisions()[1], set()
    while (parent := parents.get(place)) and parent not in found:
        found.add(parent)
        place = parent
    return frozenset(found)


def can_be_one(left: str, right: str) -> bool:
    """Whether two official places are equal or one lies in the other; an unknown place ("") contradicts nothing."""
    return not left or not right or left == right or left in ancestors(right) or right in ancestors(left)


def split_place(text: str, countries: bool = True, strict: bool = True) -> tuple[str, str]:
    """The most specific place that `text` starts with (official name or "") and what follows it.

    At least two characters must follow, so that a name that is itself a place keeps all of it. With `strict`, only
    places that usually stand before other names are seen.
    """
    variants = _divisions()[0]
    allowed = _prefixes() if strict else variants.keys()
    place, rest = "", text
    while len(rest) > 3:
        for length in range(min(11, len(rest) - 2), 1, -1):
            name = variants.get(rest[:length])
            if (
                name is None
                or rest[:length] not in allowed
                or (not countries and name in COUNTRIES)
                or not can_be_one(place, name)
            ):
                continue
            place, rest = name, rest[length:]
            break
        else:
            break
    return place, rest


def of_character(character: str) -> str:
    """The province or city that one character stands for (沪, 皖), or ""."""
    return PROVINCE_CHARACTERS.get(character, "")
