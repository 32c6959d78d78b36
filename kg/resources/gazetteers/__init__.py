"""Reading the word lists of this folder."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def sections(file: str) -> dict[str, list[str]]:
    """A list with `[headings]`: the names under each, `_` read as a space; `#` lines are comments."""
    found: dict[str, list[str]] = {}
    names = found.setdefault("", [])
    for line in (FOLDER / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            names = found.setdefault(line.strip("[] "), [])
        elif not line.startswith("#"):
            names.extend(name.replace("_", " ") for name in line.split())
    return found


def names(file: str) -> list[str]:
    """All names of a list, whatever their heading."""
    return [name for group in sections(file).values() for name in group]


@lru_cache(maxsize=1)
def ambiguous() -> frozenset[str]:
    """Names that are ordinary words as well."""
    return frozenset(names("ambiguous.txt"))


@lru_cache(maxsize=1)
def not_persons() -> frozenset[str]:
    """Beginnings of words that look like a Chinese person's name and are none."""
    return frozenset(names("not_persons.txt"))


@lru_cache(maxsize=1)
def surnames() -> dict[str, float]:
    """Chinese family names with their relative frequency."""
    rows = (line.split(" ") for line in (FOLDER / "surnames.txt").read_text(encoding="utf-8").splitlines())
    return {row[0]: float(row[1]) for row in rows if row[0] != "#"}


def column(file: str, name: str) -> list[str]:
    """One column of a CSV list."""
    with (FOLDER / file).open(encoding="utf-8", newline="") as rows:
        return [row[name].strip() for row in csv.DictReader(rows) if row[name].strip()]


#: Names of divisions that say nothing alone, and the endings a short form leaves out, longest first.
_NO_NAMES = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "郊区", "城区", "矿区")
_ENDINGS = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "地区", "省", "市")
_MINORITY = (
    *(
        "蒙古族藏族",
        "哈萨克",
        "土家族苗族",
        "藏族羌族",
        "布依族苗族",
        "苗族侗族",
        "哈尼族彝族",
        "壮族苗族",
        "傣族景颇族",
    ),
    *("蒙古", "朝鲜族", "藏族", "彝族", "白族", "傣族", "傈僳族", "回族", "柯尔克孜"),
)


def divisions() -> Iterator[tuple[str, int]]:
    """Chinese divisions and their safe short forms with their level: 1 province, 2 city, 3 county or district."""
    for level, file in ((1, "provinces"), (2, "cities"), (3, "areas")):
        for name in column(f"cn_divisions/{file}.csv", "name"):
            if name in _NO_NAMES or (level == 3 and len(name) < 3):
                continue
            yield name, level
            short = short_form(name, level)
            if short:
                yield short, level
    tree: Any = json.loads((FOLDER / "cn_divisions" / "hk_mo_tw.json").read_text(encoding="utf-8"))
    for province, cities in tree.items():
        yield province, 1
        for city, areas in cities.items():
            yield city, 2
            yield from ((area, 3) for area in areas if len(area) > 2)


def short_form(name: str, level: int) -> str | None:
    """浙江 for 浙江省, 合肥 for 合肥市, 昆山 for 昆山市; None where what is left would not be a name of its own.

    Districts and counties keep their ending (朝阳 or 和平 alone is rarely the district).
    """
    if name.endswith("自治州"):
        stem = name[: -len("自治州")]
        for people in _MINORITY:
            if stem.endswith(people) and len(stem) - len(people) >= 2:
                return stem[: -len(people)]
        return None
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return None


def world_regions() -> Iterator[tuple[str, int]]:
    """Places outside the division tables with their level, 0 for countries."""
    for level, group in sections("world_regions.txt").items():
        yield from ((name, int(level)) for name in group)
