"""Build the word lists of the name model from openly licensed sets.

usage: lexicon.py --data SETS --out FOLDER
Sources: company short names (Apache-2.0), administrative divisions (WTFPL), llms_in_china (Apache-2.0),
models.dev (MIT), person names (Apache-2.0), jieba's dictionary (MIT), jionlp's list of countries (Apache-2.0).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import jieba

from kg.characters import fold
from kg.extraction.encoder_input import CHANNELS

LONGEST_WORD = 16
NOUN_TAGS = ("n", "nz", "g", "ng", "i", "l", "j", "an", "vn", "t", "s")
DIVISION_ENDINGS = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "地区",
    "新区",
    "省",
    "市",
    "县",
    "区",
    "旗",
    "盟",
)


def jieba_words() -> Iterator[tuple[str, str]]:
    """Words of jieba's dictionary with the list their tag puts them in."""
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, _, tag = line.split(" ")
        if tag in ("nr", "nrt", "nrfg"):
            yield word, "person"
        elif tag == "ns":
            yield word, "region"
        elif tag == "nt":
            yield word, "organization"
        elif tag in NOUN_TAGS:
            yield word, "noun"
        elif tag != "m":
            yield word, "other"


def regions(divisions: Path, world: Path) -> Iterator[str]:
    """Provinces, cities, counties with and without their ending; countries, capitals and large cities."""
    for name in ("provinces", "cities", "areas"):
        with (divisions / f"{name}.csv").open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                yield from short_forms(row["name"])

    def walk(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                yield key
                yield from walk(value)
        elif isinstance(node, list):
            for value in node:
                yield from walk(value)
        elif isinstance(node, str):
            yield node

    for name in walk(json.loads((divisions / "HK-MO-TW.json").read_text(encoding="utf-8"))):
        yield from short_forms(name)
    for line in world.read_text(encoding="utf-8").splitlines():
        if "\t" in line or not line.endswith(":"):
            yield from (part for field in line.split("\t") for part in field.split("/"))


def short_forms(name: str) -> Iterator[str]:
    if name in ("市辖区", "县", "自治区直辖县级行政区划", "省直辖县级行政区划"):
        return
    yield name
    for ending in DIVISION_ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            yield name[: -len(ending)]
            return


def models(llms: Path, models_dev: Path) -> Iterator[str]:
    """Names of AI models, their families, and the brand in front of 大模型."""
    for line in llms.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield from re.split(r"[/、,，]", row["model"])
        yield from (link["name"] for link in row["links"])
    for line in models_dev.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["name"]
        yield row["id"].split("/")[-1]
        if row["family"]:
            yield row["family"]


def lines(path: Path) -> Iterable[str]:
    return path.read_text(encoding="utf-8").splitlines()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    data: Path = arguments.data
    # Found without importing the package, whose import reads all its dictionaries.
    package = find_spec("jionlp")
    world = Path(str(package and package.submodule_search_locations[0])) / "dictionary/world_location.txt"  # type: ignore[index]
    words: dict[str, int] = {}

    def add(word: str, channel: str) -> None:
        word = "".join(fold(word).split()) if not word.isascii() else " ".join(fold(word).split())
        if 2 <= len(word) <= LONGEST_WORD and not word.isdigit() and "\t" not in word:
            words[word] = words.get(word, 0) | 1 << 3 * CHANNELS.index(channel)

    for word, channel in jieba_words():
        add(word, channel)
    for name in lines(data / "company_short_names/company_short_names.txt"):
        add(name, "company")
    for name in regions(data / "cn_divisions", world):
        add(name, "region")
    for name in models(data / "llms_in_china/llms.jsonl", data / "models_dev/models.jsonl"):
        add(name, "model")
    for name in lines(data / "person_names/english_names_20k.txt"):
        if len(name) > 2:
            add(name, "english")
    surnames = set()
    for line in lines(data / "person_names/family_names_中文姓氏1074个.jsonl")[1:]:
        name, frequency = json.loads(line)
        if len(name) == 1 and int(frequency) >= 10:
            surnames.add(fold(name))
    arguments.out.mkdir(parents=True, exist_ok=True)
    with (
        (arguments.out / "lexicon.txt.gz").open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed,
    ):
        packed.write(f"#surnames\t{''.join(sorted(surnames))}\n".encode())
        for word in sorted(words):
            packed.write(f"{word}\t{words[word]:x}\n".encode())
    print(f"{len(words)} words, {len(surnames)} surnames")


if __name__ == "__main__":
    main()
