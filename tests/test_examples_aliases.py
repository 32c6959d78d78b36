"""The list of well-known entities says one thing about each name, so that linking can rely on it."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from kg.characters import fold, is_han
from kg.schema import EntityType

ALIASES = Path(__file__).parent.parent / "kg" / "resources" / "aliases.csv"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with ALIASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def surfaces(row: dict[str, str]) -> list[str]:
    return [row["name"], *filter(None, row["aliases"].split("|"))]


def folded(name: str) -> str:
    return "".join(fold(name).split())


def test_columns_types_and_order(rows: list[dict[str, str]]) -> None:
    assert list(rows[0]) == ["type", "name", "aliases", "wikidata", "parent", "note"]
    assert {row["type"] for row in rows} == {str(t) for t in EntityType}
    assert [(r["type"], r["name"]) for r in rows] == sorted((r["type"], r["name"]) for r in rows)
    assert len(rows) > 2500


def test_a_name_means_one_entity_of_a_type(rows: list[dict[str, str]]) -> None:
    owners = defaultdict(set)
    for row in rows:
        for surface in surfaces(row):
            owners[row["type"], folded(surface)].add(row["name"])
    assert {name: o for name, o in owners.items() if len(o) > 1} == {}


def test_spellings_of_a_row_differ(rows: list[dict[str, str]]) -> None:
    for row in rows:
        keys = [folded(surface) for surface in surfaces(row)]
        assert len(keys) == len(set(keys)), row


def test_no_single_character_no_edge_space_no_wikidata_guess(rows: list[dict[str, str]]) -> None:
    for row in rows:
        for surface in surfaces(row):
            assert surface == surface.strip()
            assert len(surface) > 1, row
            assert any(c.isalnum() or is_han(c) for c in surface)
        assert row["wikidata"] == "" or row["wikidata"][1:].isdigit()
    items = [row["wikidata"] for row in rows if row["wikidata"]]
    assert len(items) == len(set(items))


def test_parents_and_common_words_are_in_the_list(rows: list[dict[str, str]]) -> None:
    names = {row["name"] for row in rows}
    for row in rows:
        assert row["parent"] in {"", *names} - {row["name"]}, row
        if row["note"].startswith("common: "):
            words = row["note"].removeprefix("common: ").split(";")[0].split("|")
            assert set(words) <= set(surfaces(row)), row


@pytest.mark.parametrize(
    ("type", "left", "right"),
    [
        ("Company", "腾讯", "腾讯云"),
        ("Company", "京东", "京东方"),
        ("Company", "中国人寿", "中国人保"),
        ("Model", "GPT-4", "GPT-4o"),
        ("Model", "DeepSeek-V3", "DeepSeek-V3.1"),
        ("Organization", "银保监会", "国家金融监督管理总局"),
        ("Organization", "中国证监会", "香港证监会"),
        ("Region", "吉林", "吉林市"),
    ],
)
def test_neighbours_stay_apart(rows: list[dict[str, str]], type: str, left: str, right: str) -> None:
    found = {s: row["name"] for row in rows if row["type"] == type for s in surfaces(row)}
    assert found[left] != found[right]


@pytest.mark.parametrize(
    ("type", "spellings"),
    [
        ("Company", ["深度求索", "DeepSeek", "杭州深度求索人工智能基础技术研究有限公司"]),
        ("Company", ["台积电", "TSMC", "台湾积体电路制造"]),
        ("Organization", ["国家网信办", "国家互联网信息办公室"]),
        ("Organization", ["BIS", "美国商务部工业与安全局"]),
        ("Person", ["马斯克", "埃隆·马斯克", "Elon Musk"]),
        ("Policy", ["数据二十条", "关于构建数据基础制度更好发挥数据要素作用的意见"]),
        ("Region", ["大湾区", "粤港澳大湾区"]),
        ("Model", ["通义千问", "Qwen"]),
    ],
)
def test_spellings_of_one_thing_come_together(
    rows: list[dict[str, str]], type: str, spellings: list[str]
) -> None:
    found = {s: row["name"] for row in rows if row["type"] == type for s in surfaces(row)}
    assert len({found[s] for s in spellings}) == 1
