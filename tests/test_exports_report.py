"""`kg report`: the morning page."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import graph_tables
import pytest

from kg.errors import KgError
from kg.exports.report import Findings, findings, write
from kg.graph import Graph, open_graph
from kg.linking.explain import Explanation, Question
from kg.schema import RelationType, Status


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return open_graph(graph_tables.write(tmp_path_factory.mktemp("build")))


def headlines(found: Findings, title: str) -> list[str]:
    return [item.headline for section in found.sections if title in section.title for item in section.items]


def test_only_what_texts_since_the_date_add(graph: Graph) -> None:
    found = findings(graph, "2025-03-01")
    assert (found.documents, found.facts) == (2, 5)
    assert headlines(found, "Biggest deals, CNY") == ["珠海华发集团 → 北京智谱华章科技有限公司"]
    assert headlines(found, "New regulation") == []  # the sanction was reported in January
    assert headlines(found, "works for") == ["张鹏 → 任职 → 北京智谱华章科技有限公司"]
    new = headlines(found, "New entities")
    assert "张鹏 (人物)" in new
    assert not any("智谱" in name for name in new)  # known since January


def test_every_fact_has_its_sentence_and_source(graph: Graph) -> None:
    found = findings(graph, "2025-01-01")
    (regulation,) = (section for section in found.sections if "regulation" in section.title)
    item = regulation.items[0]
    assert item.sentence == "2025年1月15日，美国商务部把智谱及其子公司列入《实体清单》。"
    assert item.source == "美国商务部将智谱列入实体清单, 2025-01-15, news/sanction.md, p. 1"
    assert "sanction" in item.details
    assert all(item.sentence for section in found.sections for item in section.items)


def test_a_status_that_changed(tmp_path: Path) -> None:
    tables = graph_tables.rows()
    for table in ("claims", "relations"):
        tables[table] = [
            dataclasses.replace(row, status=Status.PLANNED)
            if row.type is RelationType.DEVELOPS and "copy" not in getattr(row, "doc_id", "copy")
            else row
            for row in tables[table]
        ]
    graph = open_graph(graph_tables.write(tmp_path, tables))
    found = findings(graph, "2025-03-14")  # the copy, which says "completed"
    assert set(headlines(found, "Changed statuses")) == {
        "OpenAI → 研发 → GPT-4o",
        "北京智谱华章科技有限公司 → 研发 → GLM-4",
    }
    assert found.facts == 0


def test_counting_from_when_the_build_first_read_a_text(graph: Graph) -> None:
    days = {
        "news/funding.txt": "2026-01-01",
        "news/funding-copy.txt": "2026-01-01",
        "news/sanction.md": "2026-02-01",
    }
    found = findings(graph, "2026-02-01", read_on=days)
    assert (found.documents, found.facts) == (1, 3)


def test_texts_without_a_date_are_counted(tmp_path: Path) -> None:
    tables = graph_tables.rows()
    tables["documents"] = [dataclasses.replace(document, date=None) for document in tables["documents"]]
    found = findings(open_graph(graph_tables.write(tmp_path, tables)), "2025-01-01")
    assert (found.undated, found.sections) == (3, ())


def test_pairs_for_review(graph: Graph) -> None:
    question = Question(
        left="Company:智谱@news/funding.txt",
        right="Company:智谱AI@news/other.txt",
        left_name="智谱",
        right_name="智谱AI",
        type="Company",
        joined=False,
        explanation=Explanation("智谱", "智谱AI", False, 1.5, 2.0, "too little evidence", ()),
        left_sentences=("news/funding.txt: 智谱宣布",),
        right_sentences=("news/other.txt: 智谱AI表示",),
    )
    found = findings(graph, "2025-01-01", questions=[question])
    assert headlines(found, "Pairs for review") == ["智谱 = 智谱AI?"]


def test_html_and_markdown_show_names_as_they_stand(tmp_path: Path) -> None:
    hostile = "<script>*智谱*</script>"
    tables = graph_tables.renamed(graph_tables.rows(), "e-zhipu", hostile)
    graph = open_graph(graph_tables.write(tmp_path, tables))
    (page,) = write(graph, tmp_path / "report.html", "2025-01-01")
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;*智谱*&lt;/script&gt;" in text
    assert "<mark>珠海华发集团</mark>" in text
    (page,) = write(graph, tmp_path / "report.md", "2025-01-01")
    text = page.read_text("utf-8")
    assert r"\<script\>\*智谱\*\</script\>" in text
    assert text.startswith("# 2025-01-01 以来的新情况")


def test_bad_date_and_suffix(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(KgError, match="'gestern' is no date"):
        findings(graph, "gestern")
    with pytest.raises(KgError, match=r"report\.pdf: a report is written to"):
        write(graph, tmp_path / "report.pdf", "2025-01-01")
