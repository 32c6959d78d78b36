"""`open_graph`: a build as tables, names and evidence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import graph_tables
import pytest

import kg
from kg.errors import KgError
from kg.graph import Graph, open_graph
from kg.tables import TABLES


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return open_graph(graph_tables.write(tmp_path_factory.mktemp("build")))


def test_tables_are_dataframes_with_the_columns_of_the_schema(graph: Graph) -> None:
    for name in ("entities", "relations", "claims", "mentions", "mention_entities", "documents", "sections"):
        assert list(getattr(graph, name).columns) == list(TABLES[name].__dataclass_fields__)
    assert len(graph.entities) == 10
    assert repr(graph).endswith("10 entities, 8 relations)")


def test_tables_are_read_when_asked_for(tmp_path: Path) -> None:
    folder = graph_tables.write(tmp_path / "build")
    (folder / "mentions.parquet").unlink()
    opened = open_graph(folder)
    assert len(opened.relations) == 8
    with pytest.raises(KgError, match=r"mentions\.parquet is missing; `kg rebuild"):
        _ = opened.mentions


def test_an_open_graph_stays_the_build_that_it_was_when_the_next_one_takes_its_place(tmp_path: Path) -> None:
    folder = graph_tables.write(tmp_path / "build")
    opened = open_graph(folder)
    for table in folder.glob("*.parquet"):
        (tmp_path / "next").write_bytes(b"another build")
        (tmp_path / "next").replace(table)
    assert len(opened.relations) == 8
    assert len(opened.replaced(entities=opened.entities).mentions) == len(opened.mentions)


@pytest.mark.parametrize(
    "name",
    ["e-zhipu", "e-zhipu-old", "智谱", "zhipu ai", "ＺＨＩＰＵ　ＡＩ", "北京智譜華章科技有限公司"],
)
def test_find_by_id_former_id_name_and_alias_in_any_width_case_and_script(graph: Graph, name: str) -> None:
    assert graph.find(name).name == "北京智谱华章科技有限公司"


def test_find_by_type_and_name(graph: Graph) -> None:
    assert graph.find("Model:GLM-4").entity_id == "e-glm4"
    with pytest.raises(KgError):
        graph.find("Company:GLM-4")


def test_unknown_name_suggests_the_nearest(graph: Graph) -> None:
    with pytest.raises(KgError, match=r"no entity '智普'.*北京智谱华章科技有限公司"):
        graph.find("智普")
    with pytest.raises(KgError, match="GPT-4o"):
        graph.find("GPT-4p")


def test_neighbours_say_direction_and_support(graph: Graph) -> None:
    table = graph.neighbours("智谱")
    facts = {(row.relation, row.direction, row.name) for row in table.itertuples()}
    assert facts == {
        ("INVESTS_IN", "in", "珠海华发集团"),
        ("DEVELOPS", "out", "GLM-4"),
        ("WORKS_FOR", "in", "张鹏"),
        ("REGULATES", "in", "美国商务部"),
        ("REGULATES", "in", "实体清单"),
    }
    assert list(graph.neighbours("GPT-4o").query("relation == 'COMPETES_WITH'")["direction"]) == ["both"]


def test_evidence_is_the_sentence_with_its_names_document_and_date(graph: Graph) -> None:
    funding = graph.neighbours("珠海华发集团")["relation_id"].iloc[0]
    rows = graph.evidence(funding)
    assert list(rows["doc_id"]) == ["news/funding.txt", "news/funding-copy.txt"]  # the copy comes last
    first = rows.iloc[0]
    assert first["sentence"].endswith("珠海华发集团以5亿元人民币入股。")
    assert first["sentence"][first["head_start"] : first["head_end"]] == "珠海华发集团"
    assert first["sentence"][first["tail_start"] : first["tail_end"]] == "智谱"
    assert first["context"] == ["珠海华发集团战略投资智谱"]
    assert (first["amount"], first["amount_text"], first["currency"]) == (5e8, "5亿元人民币", "CNY")
    assert (first["document_date"], first["date"], first["page"]) == ("2025-03-13", "2025-03-13", 1)


def test_evidence_of_a_symmetric_relation_is_turned_its_way(graph: Graph) -> None:
    relation = graph.relations[graph.relations["type"] == "COMPETES_WITH"].iloc[0]
    assert (relation["head"], relation["tail"]) == ("e-glm4", "e-gpt4o")
    assert set(graph.evidence(relation["relation_id"])["head_text"]) == {"GLM-4"}


def test_every_claim_belongs_to_a_relation(graph: Graph) -> None:
    assert graph.stated.groupby("relation_id").size().to_dict() == dict(
        zip(graph.relations["relation_id"], graph.relations["claims"], strict=True)
    )


def test_unknown_relation(graph: Graph) -> None:
    with pytest.raises(KgError, match="no relation 'r99'"):
        graph.evidence("r99")


def test_networkx_holds_every_node_edge_and_attribute(graph: Graph) -> None:
    view = graph.networkx()
    assert view.number_of_nodes() == 10
    assert view.number_of_edges() == 8
    assert view.nodes["e-zhipu"]["aliases"] == ("智谱", "Zhipu AI")
    (edge,) = view.get_edge_data("e-huafa", "e-zhipu").values()
    assert edge["amount"] == 5e8
    assert "amount" not in view.edges["e-zhipu", "e-glm4", "r2"]  # an empty value is left out


def test_a_folder_without_a_build_is_named(tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"There is no build folder .*nowhere; .* kg build"):
        open_graph(tmp_path / "nowhere")
    with pytest.raises(KgError, match="is not a build folder"):
        open_graph(tmp_path)


def test_a_broken_table_is_named(tmp_path: Path) -> None:
    folder = graph_tables.write(tmp_path / "build")
    (folder / "relations.parquet").write_bytes(b"PAR1 not a table")
    with pytest.raises(KgError, match=r"relations\.parquet cannot be read"):
        _ = open_graph(folder).relations


def test_an_empty_build_is_a_graph(tmp_path: Path) -> None:
    folder = graph_tables.write(tmp_path, {name: [] for name in TABLES})
    empty = open_graph(folder)
    assert empty.networkx().number_of_nodes() == 0
    assert empty.evidence().empty
    with pytest.raises(KgError, match="no entity"):
        empty.find("智谱")


def test_importing_kg_does_not_import_pandas() -> None:
    code = "import sys, kg; assert 'pandas' not in sys.modules; kg.open_graph; assert 'pandas' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert kg.open_graph is open_graph


def test_a_well_known_thing_is_found_by_a_name_that_no_text_uses(tmp_path: Path) -> None:
    from kg.schema import EntityType
    from kg.tables import Entity, write_table

    entity = Entity("company-1", EntityType.COMPANY, "DeepSeek", (), (), 3, 1)
    for name, row_type in TABLES.items():
        write_table(tmp_path / f"{name}.parquet", row_type, [entity] if name == "entities" else [])
    assert open_graph(tmp_path).find("深度求索").entity_id == "company-1"
    assert open_graph(tmp_path).find_all("智谱") == []
