"""From documents to a graph and back: build, rebuild, add, remove, decide, ask."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from command import ROOT, answers, kg, refuses, succeeds

from kg import open_graph
from kg.tables import TABLES, arrow_schema

INVESTMENT = (
    "2025年3月3日，示例财经。智谱宣布完成新一轮融资，由杭州城投产业基金投资10亿元。智谱董事长刘德兵出席。\n"
)
APPOINTMENT = "2024年2月7日，示例财经。国务院任命吴清为中国证券监督管理委员会主席。\n"
COMPETITION = "2025年1月20日，示例科技。深度求索（DeepSeek）发布DeepSeek-R1模型，该公司与OpenAI竞争。\n"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "investment.txt").write_text(INVESTMENT, encoding="utf-8")
    (folder / "appointment.txt").write_text(APPOINTMENT, encoding="utf-8")
    return folder


def names(folder: Path) -> set[str]:
    graph = open_graph(folder)
    return set(graph.entities["name"]) | {alias for aliases in graph.entities["aliases"] for alias in aliases}


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a build, sorted, as comparable frames."""
    found = {}
    for name in TABLES:
        frame = pd.read_parquet(folder / f"{name}.parquet").map(str)
        found[name] = frame.sort_values(list(frame.columns)).reset_index(drop=True)
    return found


def by_mention(found: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables in which each entity is called by its first mention, and each relation by type and ends."""
    first = found["mention_entities"].groupby("entity_id")["mention_id"].min()
    named = {}
    for name, frame in found.items():
        called = frame.copy()
        for column in {"entity_id", "head", "tail"} & set(frame.columns):
            called[column] = frame[column].map(first)
        if name == "relations":
            called["relation_id"] = called["type"] + called["head"] + called["tail"]
        named[name] = called.sort_values(list(called.columns)).reset_index(drop=True)
    return named


def test_a_build_has_every_table_with_its_columns_and_consistent_keys(tmp_path: Path, sources: Path) -> None:
    report = answers("build", sources, "--out", tmp_path / "out")
    assert report["documents"] == 2
    for name, row_type in TABLES.items():
        frame = pd.read_parquet(tmp_path / "out" / f"{name}.parquet")
        assert list(frame.columns) == arrow_schema(row_type).names
    graph = open_graph(tmp_path / "out")
    texts = graph.documents.set_index("doc_id")["text"]
    for mention in graph.mentions.itertuples():
        assert texts[mention.doc_id][mention.start : mention.end] == mention.text
    assert set(graph.mentions["mention_id"]) == set(graph.mention_entities["mention_id"])
    assert set(graph.mention_entities["entity_id"]) == set(graph.entities["entity_id"])
    assert set(graph.relations["head"]) | set(graph.relations["tail"]) <= set(graph.entities["entity_id"])
    assert set(graph.relations["best_claim"]) <= set(graph.claims["claim_id"])
    assert {"智谱", "杭州城投产业基金", "刘德兵", "吴清"} <= names(tmp_path / "out")


def test_an_investment_has_its_amount_date_and_sentence(tmp_path: Path, sources: Path) -> None:
    answers("build", sources, "--out", tmp_path / "out")
    card = answers("show", tmp_path / "out", "智谱")
    (investment,) = [r for r in card["relations"] if r["relation"] == "INVESTS_IN"]
    assert investment["direction"] == "in"
    assert investment["name"] == "杭州城投产业基金"
    evidence = investment["evidence"][0]
    assert evidence["amount"] == 1_000_000_000
    assert evidence["currency"] == "CNY"
    assert "10亿元" in evidence["sentence"]


def test_building_twice_changes_nothing(tmp_path: Path, sources: Path) -> None:
    answers("build", sources, "--out", tmp_path / "out")
    before = {p.name: p.read_bytes() for p in (tmp_path / "out").glob("*.parquet")}
    assert "Nothing has changed" in succeeds("build", sources, "--out", tmp_path / "out")
    assert "Nothing has changed" in succeeds("rebuild", tmp_path / "out")
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").glob("*.parquet")} == before


def test_rebuilding_after_edits_equals_building_anew(tmp_path: Path, sources: Path) -> None:
    answers("build", sources, "--out", tmp_path / "out")
    (sources / "competition.txt").write_text(COMPETITION, encoding="utf-8")
    (sources / "investment.txt").write_text(INVESTMENT.replace("10亿元", "12亿元"), encoding="utf-8")
    (sources / "appointment.txt").unlink()
    report = answers("rebuild", tmp_path / "out")
    assert (report["documents"], report["extracted"], report["reused"]) == (2, 2, 0)
    assert "吴清" not in names(tmp_path / "out")
    answers("build", sources, "--out", tmp_path / "anew")
    # Entities keep the ids of the first build; building anew chooses its own.
    rebuilt, anew = by_mention(tables(tmp_path / "out")), by_mention(tables(tmp_path / "anew"))
    for name in ("documents", "sections", "mentions", "claims", "entities", "mention_entities", "relations"):
        pd.testing.assert_frame_equal(rebuilt[name], anew[name])


def test_only_the_changed_document_is_extracted_again(tmp_path: Path, sources: Path) -> None:
    answers("build", sources, "--out", tmp_path / "out")
    (sources / "investment.txt").write_text(INVESTMENT.replace("10亿元", "12亿元"), encoding="utf-8")
    report = answers("rebuild", tmp_path / "out")
    assert (report["extracted"], report["reused"]) == (1, 1)


def test_status_says_whether_the_sources_have_changed(tmp_path: Path, sources: Path) -> None:
    answers("build", sources, "--out", tmp_path / "out")
    assert (answers("status", tmp_path / "out")["changed"], answers("status", tmp_path / "out")["gone"]) == (
        [],
        [],
    )
    (sources / "competition.txt").write_text(COMPETITION, encoding="utf-8")
    (sources / "appointment.txt").unlink()
    status = answers("status", tmp_path / "out")
    assert status["changed"] == ["competition.txt"]
    assert status["gone"] == ["appointment.txt"]


def test_ids_stay_when_documents_come_and_go(tmp_path: Path, sources: Path) -> None:
    answers("build", sources, "--out", tmp_path / "out")
    before = open_graph(tmp_path / "out").find("智谱").entity_id
    (sources / "a-earlier.txt").write_text(
        "北京智谱华章科技有限公司（以下简称“智谱”）位于北京。\n", encoding="utf-8"
    )
    answers("rebuild", tmp_path / "out")
    graph = open_graph(tmp_path / "out")
    assert graph.find("北京智谱华章科技有限公司").entity_id == graph.find(before).entity_id


def test_documents_are_added_and_removed_with_their_facts(tmp_path: Path, sources: Path) -> None:
    out = tmp_path / "out"
    answers("build", sources, "--out", out)
    extra = tmp_path / "competition.txt"
    extra.write_text(COMPETITION, encoding="utf-8")
    assert answers("add", out, extra)["documents"] == 3
    assert "OpenAI" in names(out)
    assert answers("remove", out, "competition.txt")["documents"] == 2
    assert "OpenAI" not in names(out)
    assert answers("rebuild", out)["documents"] == 2, "a removed document stays away"
    assert answers("add", out, extra)["documents"] == 3, "adding it again lifts the removal"
    assert "did you mean" in refuses("remove", out, "competiton.txt")


def test_a_document_on_standard_input_is_kept_for_rebuilds(tmp_path: Path) -> None:
    done = kg("build", "-", "--out", tmp_path / "out", "--json", input=COMPETITION)
    assert json.loads(done.stdout)["documents"] == 1
    assert answers("rebuild", tmp_path / "out")["documents"] == 1
    assert "empty" in refuses("build", "-", "--out", tmp_path / "other", input="")


def test_a_copied_story_counts_as_one_text(tmp_path: Path, sources: Path) -> None:
    shutil.copy(sources / "investment.txt", sources / "copied.txt")
    report = answers("build", sources, "--out", tmp_path / "out")
    assert report["duplicates"] == 1
    card = answers("show", tmp_path / "out", "智谱")
    assert all(r["independent_documents"] == 1 for r in card["relations"])


def test_the_result_does_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for i in range(60):
        text = "\n".join([INVESTMENT, APPOINTMENT, COMPETITION] * (1 + i % 7) * 3)
        (news / f"{i:02}.txt").write_text(f"第{i}号\n\n{text}", encoding="utf-8")
    answers("build", news, "--out", tmp_path / "one", "--jobs", "1")
    answers("build", news, "--out", tmp_path / "two", "--jobs", "2")
    one, two = tables(tmp_path / "one"), tables(tmp_path / "two")
    for name in TABLES:
        pd.testing.assert_frame_equal(one[name], two[name])


def test_the_watch_list_wins(tmp_path: Path, sources: Path) -> None:
    (tmp_path / "names.csv").write_text(
        "name,aliases,type,ticker,note\n城投基金,杭州城投产业基金,Organization,,\n", encoding="utf-8"
    )
    (tmp_path / "kg.toml").write_text("[names]\nwatch_list = 'names.csv'\n", encoding="utf-8")
    answers("build", sources, "--out", tmp_path / "out", "--config", tmp_path / "kg.toml")
    assert open_graph(tmp_path / "out").find("杭州城投产业基金").type == "Organization"


def test_a_decision_takes_effect_with_the_next_rebuild_and_deleting_it_undoes_it(tmp_path: Path) -> None:
    out, text = tmp_path / "out", tmp_path / "a.txt"
    text.write_text("商汤科技与旷视科技均投资了智谱。商汤科技位于上海。\n", encoding="utf-8")
    answers("build", text, "--out", out)
    graph = open_graph(out)
    companies = [e.name for n in ("商汤科技", "旷视科技") for e in graph.find_all(n)]
    assert len(companies) == 2, "both are found, and apart"
    ids = [graph.find(name).entity_id for name in companies]
    before = tables(out)
    assert "kg decide" in refuses("merge", out, "商汤科技", "上海")
    succeeds("decide", out, "商汤科技", "旷视科技", "same", "--who", "tester")
    answers("rebuild", out)
    graph = open_graph(out)
    assert graph.find("商汤科技").entity_id == graph.find("旷视科技").entity_id
    assert [answers("show", out, each)["entity"]["entity_id"] for each in ids] == [
        graph.find("商汤科技").entity_id
    ] * 2
    named, *by_id = (
        sorted(map(str, answers("query", out, "neighbourhood", "--param", f"name={n}")))
        for n in ("商汤科技", *ids)
    )
    assert named and by_id == [named, named]
    succeeds("decide", out, "旷视科技", "商汤科技", "same", "--note", "stays so")
    (out / "decisions.csv").unlink()
    answers("rebuild", out)
    after = tables(out)
    for name in ("entities", "relations", "mention_entities"):
        pd.testing.assert_frame_equal(
            before[name].drop(columns="former_ids", errors="ignore"),
            after[name].drop(columns="former_ids", errors="ignore"),
        )


def test_a_rejected_claim_leaves_the_graph(tmp_path: Path, sources: Path) -> None:
    out = tmp_path / "out"
    answers("build", sources, "--out", out)
    (investment,) = [r for r in answers("show", out, "智谱")["relations"] if r["relation"] == "INVESTS_IN"]
    succeeds("decide", out, "claim", investment["evidence"][0]["claim_id"], "reject")
    answers("rebuild", out)
    assert not [r for r in answers("show", out, "智谱")["relations"] if r["relation"] == "INVESTS_IN"]


def test_the_examples_build_and_answer(tmp_path: Path) -> None:
    report = answers("build", ROOT / "examples" / "news", "--out", tmp_path / "out")
    assert report["documents"] >= 25
    assert all(report["relations"].values()), "every relation type of the schema is found in the examples"
    rows = answers("query", tmp_path / "out", "who-invests-in", "--param", "name=月之暗面")
    assert {"阿里巴巴"} <= {value for row in rows for value in row.values() if isinstance(value, str)}
    assert answers("query", tmp_path / "out", "MATCH (e:Entity) RETURN count(e) AS n")[0]["n"] == sum(
        report["entities"].values()
    )
