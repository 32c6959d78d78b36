"""The named queries: every one, on every store it runs on, gives the rows written down here by hand.

The rows follow from the texts in `example_tables.py`; lists that a query collects are compared as sets.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import example_tables
import pytest

from kg.errors import KgError
from kg.stores import embedded, queries
from kg.stores.connection import Connection
from kg.stores.queries import EMBEDDED, NEO4J

ZHIPU = "北京智谱华章科技有限公司"
PLUS = "关于深入实施“人工智能+”行动的意见"
ROUND = "北京智谱华章科技有限公司（智谱）宣布完成新一轮融资，由杭州城投产业基金投资10亿元。"

#: Query name: the parameters that differ from the defaults, and the rows as dictionaries of the columns checked.
EXPECTED: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "who-invests-in": (
        {},
        [
            {"investor": "杭州城投产业基金", "amount": 1e9, "currency": "CNY", "independent_sources": 2},
            {"investor": "华发集团", "amount": 5e8, "as_written": "5亿元", "independent_sources": 1},
            {"investor": "红杉中国", "amount": None, "date": "2023-10-20", "independent_sources": 1},
            {"investor": "腾讯", "amount": None, "date": "2023-10-20", "independent_sources": 1},
            {"investor": "阿里巴巴", "amount": None, "date": "2023-10-20", "independent_sources": 1},
        ],
    ),
    "who-invests-indirectly": (
        {},
        [{"investor": "珠海市国资委", "how": "is the parent of", "through": "华发集团", "target": ZHIPU}],
    ),
    "biggest-investments": (
        {},
        [
            {"amount": 1e9, "currency": "CNY", "investors": ["杭州城投产业基金"], "independent_sources": 2},
            {"amount": 5e8, "currency": "CNY", "investors": ["华发集团"], "targets": [ZHIPU]},
            {"amount": 4e10, "currency": "USD", "investors": ["软银集团"], "targets": ["OpenAI"]},
            {
                "amount": 6.5e9,
                "investors": ["软银集团"],
                "targets": ["Ampere Computing"],
                "status": "planned",
            },
            {"amount": 4e9, "investors": ["亚马逊"], "targets": ["Anthropic"], "status": "completed"},
            {"amount": 1e9, "investors": ["谷歌"], "targets": ["Anthropic"], "status": "rumoured"},
            {"amount": 8e8, "investors": ["阿里巴巴"], "targets": ["月之暗面"], "independent_sources": 2},
        ],
    ),
    "investors-by-total": (
        {},
        [
            {"investor": "杭州城投产业基金", "currency": "CNY", "total": 1e9, "deals": 1},
            {"investor": "华发集团", "currency": "CNY", "total": 5e8, "deals": 1},
            {"investor": "软银集团", "currency": "USD", "total": 4e10, "deals": 1},
            {"investor": "微软", "currency": "USD", "total": 1.3e10, "deals": 1},
            {"investor": "亚马逊", "currency": "USD", "total": 4e9, "deals": 1},
            {"investor": "阿里巴巴", "currency": "USD", "total": 8e8, "deals": 1},
        ],
    ),
    "shared-investors": (
        {},
        [
            {"investor": "红杉中国", "one_date": "2023-10-20", "other_date": "2024-02"},
            {"investor": "腾讯", "one_date": "2023-10-20", "other_date": "2024-08"},
            {"investor": "阿里巴巴", "one_date": "2023-10-20", "other_date": "2024-02"},
        ],
    ),
    "who-regulates": (
        {"name": "深度求索"},
        [
            {
                "regulator": "意大利数据保护局",
                "action": "ban",
                "date": "2025-01-30",
                "sentence": "意大利数据保护局对OpenAI罚款1500万欧元，并于1月30日禁用深度求索的服务。",
            }
        ],
    ),
    "sanctions-over-time": (
        {},
        [
            {"month": "2024-12", "action": "fine", "measures": 1, "targets": ["OpenAI"]},
            {"month": "2024-12", "action": "investigate", "measures": 1, "targets": ["英伟达"]},
            {"month": "2025-01", "action": "ban", "measures": 1, "targets": ["深度求索"]},
            {
                "month": "2025-01",
                "action": "export-control",
                "measures": 4,
                "regulators": ["人工智能扩散框架", "实体清单", "美国商务部"],
                "targets": ["中国", ZHIPU, "英伟达"],
            },
            {"month": "2025-04", "action": "fine", "measures": 2, "targets": ["Meta", "苹果公司"]},
        ],
    ),
    "competitors": ({}, [{"rival": "Anthropic", "type": "Company"}, {"rival": "谷歌", "type": "Company"}]),
    "competitors-of-holdings": (
        {"name": "微软"},
        [
            {"relation": "INVESTS_IN", "holding": "OpenAI", "rival": "Anthropic"},
            {"relation": "INVESTS_IN", "holding": "OpenAI", "rival": "谷歌"},
        ],
    ),
    "models-by-developer": (
        {},
        [
            {"developer": "OpenAI", "model": "o1", "users": []},
            {"developer": "月之暗面", "model": "Kimi", "users": []},
            {"developer": "深度求索", "model": "DeepSeek-R1", "users": ["百度", "腾讯", "阿里云"]},
            {"developer": "深度求索", "model": "DeepSeek-V3", "date": "2024-12-26", "users": []},
            {"developer": "阿里云", "model": "Qwen2.5-Max", "date": "2025-01-29", "users": []},
        ],
    ),
    "policies-by-region": (
        {"include_denied": True},
        [
            {"how": "is subject to", "policy": "人工智能扩散框架", "issuer": "美国商务部", "status": "ended"},
            {"how": "is subject to", "policy": PLUS, "issuer": "国务院", "status": "completed"},
        ],
    ),
    "people-moves": (
        {},
        [
            {"person": "John Schulman", "left_post": "OpenAI", "joined": "Anthropic", "joined_on": "2024-08"},
            {"person": "John Schulman", "left_post": "Anthropic", "joined": "Thinking Machines Lab"},
            {"person": "John Schulman", "left_post": "OpenAI", "joined": "Thinking Machines Lab"},
            {"person": "Mira Murati", "left_post": "OpenAI", "old_role": "首席技术官", "new_role": "创始人"},
        ],
    ),
    "neighbourhood": (
        {},
        [
            {"head": "深度求索", "relation": "DEVELOPS", "tail": "DeepSeek-R1", "independent_sources": 2},
            {"head": "深度求索", "relation": "DEVELOPS", "tail": "DeepSeek-V3", "independent_sources": 1},
            {"head": "深度求索", "relation": "LOCATED_IN", "tail": "杭州市", "neighbour_type": "Region"},
            {"head": "深度求索", "relation": "SUBSIDIARY_OF", "tail": "幻方量化"},
            {"head": "意大利数据保护局", "relation": "REGULATES", "tail": "深度求索"},
            {"head": "梁文锋", "relation": "WORKS_FOR", "tail": "深度求索", "neighbour_type": "Person"},
        ],
    ),
    "neighbourhood-graph": (
        {"name": "Ampere"},
        [{"nodes": ["Ampere Computing", "软银集团"], "relationships": ["INVESTS_IN"]}],
    ),
    "shortest-path": (
        {"name": "幻方量化", "other": "Kimi"},
        [
            {
                "steps": 3,
                "names": ["幻方量化", "深度求索", "DeepSeek-R1", "Kimi"],
                "relations": ["SUBSIDIARY_OF", "DEVELOPS", "COMPETES_WITH"],
            }
        ],
    ),
    "communities": (
        {"smallest": 5},
        [
            {"hub": ZHIPU, "size": 11},
            {"hub": "OpenAI", "size": 8},
            {"hub": "深度求索", "size": 6},
        ],
    ),
    "central-companies": (
        {"limit": 4},
        [
            {"company": ZHIPU, "neighbours": 10, "relations": 10, "independent_sources": 11},
            {"company": "OpenAI", "neighbours": 7, "relations": 7, "independent_sources": 7},
            {"company": "月之暗面", "neighbours": 6, "relations": 6, "independent_sources": 7},
            {"company": "深度求索", "neighbours": 6, "relations": 6, "independent_sources": 7},
        ],
    ),
    "changed-since": (
        {"since": "2025-04-23"},
        [
            {"head": "国家市场监督管理总局", "relation": "REGULATES", "tail": "英伟达"},
            {"head": "欧盟委员会", "relation": "REGULATES", "tail": "Meta", "first_reported": "2025-04-23"},
            {"head": "欧盟委员会", "relation": "REGULATES", "tail": "苹果公司"},
            {"head": PLUS, "relation": "REGULATES", "tail": "中国", "first_reported": "2025-08-26"},
            {"head": "国务院", "relation": "ISSUES", "tail": PLUS, "independent_sources": 1},
        ],
    ),
    "planned-or-rumoured": (
        {},
        [
            {"status": "planned", "head": "软银集团", "tail": "Ampere Computing", "amount": 6.5e9},
            {"status": "rumoured", "head": "谷歌", "tail": "Anthropic", "amount": 1e9, "currency": "USD"},
        ],
    ),
    "evidence": (
        {},
        [
            {"date": "2025-03-03", "document": "智谱完成新一轮融资", "sentence": ROUND, "copy_of": None},
            {"date": "2025-03-04", "source": "转载网", "sentence": ROUND, "copy_of": "zhipu.md"},
            {"date": "2025-03-13", "document": "华发集团投资智谱", "amount": "10亿元"},
        ],
    ),
    "documents-of": (
        {"name": "R1"},
        [
            {"document": "deepseek.docx", "date": "2025-01-20", "mentions": 3},
            {"document": "moonshot.html", "date": "2024-05-24", "mentions": 1},
        ],
    ),
    "contradictions": (
        {},
        [
            {
                "deal": "moonshot-a",
                "investors": ["阿里巴巴"],
                "lowest": 7.9e8,
                "highest": 8e8,
                "amounts": ["约7.9亿美元", "约8亿美元"],
            }
        ],
    ),
    "orphans": ({}, [{"name": "新华社", "type": "Organization", "mentions": 1}]),
    "same-name": ({}, []),
    "documents-without-facts": ({}, []),
    "overview": (
        {},
        [
            {"kind": "entity", "type": "Company", "number": 22},
            {"kind": "entity", "type": "Model", "number": 5},
            {"kind": "entity", "type": "Organization", "number": 7},
            {"kind": "entity", "type": "Person", "number": 5},
            {"kind": "entity", "type": "Policy", "number": 4},
            {"kind": "entity", "type": "Region", "number": 4},
            {"kind": "relation", "type": "COMPETES_WITH", "number": 7},
            {"kind": "relation", "type": "DEVELOPS", "number": 5},
            {"kind": "relation", "type": "INVESTS_IN", "number": 13},
            {"kind": "relation", "type": "ISSUES", "number": 4},
            {"kind": "relation", "type": "LOCATED_IN", "number": 2},
            {"kind": "relation", "type": "PARTNERS_WITH", "number": 1},
            {"kind": "relation", "type": "REGULATES", "number": 12},
            {"kind": "relation", "type": "SUBSIDIARY_OF", "number": 3},
            {"kind": "relation", "type": "USES", "number": 3},
            {"kind": "relation", "type": "WORKS_FOR", "number": 9},
        ],
    ),
    "search": ({"text": "智谱"}, [{"name": ZHIPU, "type": "Company", "documents": 4}]),
}

#: Queries whose order is not fixed by the query.
UNORDERED = {
    "who-invests-indirectly",
    "competitors-of-holdings",
    "policies-by-region",
    "neighbourhood",
    "overview",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = example_tables.write(tmp_path_factory.mktemp("build"))
    embedded.write(folder, folder / "graph.lbug")
    return folder / "graph.lbug"


def check(name: str, columns: list[str], rows: list[list[Any]]) -> None:
    found = [_readable(dict(zip(columns, row, strict=True))) for row in rows]
    expected = EXPECTED[name][1]
    if name in UNORDERED:
        columns = [column for column in expected[0] if all(column in row for row in expected)]
        found.sort(key=lambda row: [str(row[column]) for column in columns])
        expected = sorted(expected, key=lambda row: [str(row[column]) for column in columns])
    assert len(found) == len(expected), found
    for row, wanted in zip(found, expected, strict=True):
        assert {key: row[key] for key in wanted} == wanted


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    if "path" in row:
        row |= {
            "nodes": sorted(node["name"] for node in row["path"]["nodes"]),
            "relationships": [relationship["type"] for relationship in row["path"]["relationships"]],
        }
    collected = ("investors", "targets", "regulators", "users", "amounts", "members")
    return {key: sorted(value) if key in collected else value for key, value in row.items()}


def test_there_are_rows_for_every_query() -> None:
    assert set(EXPECTED) == set(queries.named_queries())
    assert len(EXPECTED) >= 20


@pytest.mark.parametrize("name", [n for n, q in queries.named_queries().items() if EMBEDDED in q.texts])
def test_rows_on_the_embedded_store(store: Path, name: str) -> None:
    check(name, *embedded.query(store, *queries.resolve(name, EXPECTED[name][0])))


def test_an_id_serves_as_a_name_also_a_former_one(store: Path) -> None:
    by_name, by_id, by_former_id = (
        embedded.query(store, *queries.resolve("competitors", {"name": name}))
        for name in ("OpenAI", "openai", "openai-lp")
    )
    assert by_name[1] and by_name == by_id == by_former_id


@pytest.mark.neo4j
def test_rows_on_neo4j(empty_neo4j: Connection, tmp_path: Path) -> None:
    from kg.stores import neo4j

    neo4j.load(example_tables.write(tmp_path), empty_neo4j)
    for name, query in queries.named_queries().items():
        if NEO4J in query.texts:
            text, parameters = queries.resolve(name, EXPECTED[name][0], NEO4J)
            check(name, *neo4j.query(empty_neo4j, text, parameters))


@pytest.mark.parametrize("query", queries.named_queries().values(), ids=lambda query: query.name)
def test_a_query_says_what_it_answers_in_both_languages(query: queries.Query) -> None:
    assert query.title and query.english.isascii() and query.english.rstrip(")")[-1] not in " ,"
    assert any("\u4e00" <= character <= "\u9fff" for character in query.chinese)
    assert all(parameter.meaning for parameter in query.parameters)
    for text in query.texts.values():
        for parameter in query.parameters:
            assert f"${parameter.name}" in text


def test_values_take_the_type_of_their_parameter() -> None:
    _, values = queries.resolve("biggest-investments", {"limit": "3", "since": 2025})
    assert values == {"since": "2025", "until": "2026-12-31", "limit": 3}
    _, values = queries.resolve("who-invests-in", {"include_denied": "true"})
    assert values == {"name": "智谱", "include_denied": True}


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("who-invest-in", {}, "did you mean who-invests-in"),
        ("competitor", {}, "did you mean competitors"),
        ("who-invests-in", {"nmae": "x"}, "no parameter nmae; its parameters are: name, include_denied"),
        ("biggest-investments", {"limit": "many"}, "must be of type integer, not 'many'"),
        ("communities", {}, "runs on neo4j only"),
    ],
)
def test_wrong_names_and_values_say_what_would_be_right(
    name: str, given: dict[str, str], message: str
) -> None:
    with pytest.raises(KgError, match=message):
        queries.resolve(name, given)


def test_cypher_text_is_taken_as_it_is() -> None:
    assert queries.resolve(" MATCH (n) RETURN n ", {"x": 1}) == ("MATCH (n) RETURN n", {"x": 1})


def test_a_header_without_a_question_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "new.cypher"
    file.write_text("// title: New\n// zh: 新？\n// stores: neo4j\nRETURN 1\n", encoding="utf-8")
    with pytest.raises(KgError, match="lacks a line '// en"):
        queries.read_query(file)
    file.write_text("// title: New\n// parameter: x int 3\nRETURN 1\n", encoding="utf-8")
    with pytest.raises(KgError, match=r"new\.cypher"):
        queries.read_query(file)
