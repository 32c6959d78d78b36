"""`kg export`: each format is read again by a reader that is not ours, and holds the same nodes and edges."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
from pathlib import Path

import graph_tables
import networkx as nx
import pandas as pd
import pytest

from kg.errors import KgError
from kg.exports import export, format_for, formats
from kg.exports.dates import first_day, last_day
from kg.graph import Graph, open_graph

#: What XML, HTML, spreadsheets and quoting trip over, as a name.
AWKWARD = '=智谱 </script><script>alert("1")</script> & \x01 \' "AI"'


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    tables = graph_tables.renamed(graph_tables.rows(), "e-aliyun", AWKWARD)
    return open_graph(graph_tables.write(tmp_path_factory.mktemp("build"), tables))


def identities(view: nx.MultiDiGraph) -> tuple[set[str], set[tuple[str, str, str]]]:
    return set(view.nodes), set(view.edges(keys=True))


def expected(graph: Graph) -> tuple[set[str], set[tuple[str, str, str]]]:
    return identities(graph.networkx())


def test_every_format_has_a_module_and_a_line_of_help() -> None:
    for known in formats():
        assert known.opens_with
        assert callable(importlib.import_module(f"kg.exports.{known.name}").write)
        for suffix in known.suffixes:
            assert format_for(Path(f"graph{suffix}")) == known


def test_unknown_format_or_suffix_names_the_known_ones(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"suffix of .*graph\.xyz.*\.graphml"):
        export(graph, tmp_path / "graph.xyz")
    with pytest.raises(KgError, match=r"no format 'gml'.*graphml"):
        export(graph, tmp_path / "graph.json", "gml")


def test_a_place_that_cannot_be_written_is_named_and_leaves_nothing(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"nowhere.*cannot be written"):
        export(graph, tmp_path / "nowhere" / "graph.json")
    assert list(tmp_path.iterdir()) == []


def test_graphml(graph: Graph, tmp_path: Path) -> None:
    export(graph, tmp_path / "graph.graphml")
    read = nx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    assert identities(read) == expected(graph)
    assert read.nodes["e-zhipu"]["aliases"] == "智谱 | Zhipu AI"
    assert read.nodes["e-aliyun"]["label"] == AWKWARD.replace("\x01", "\ufffd")
    edge = read.edges["e-huafa", "e-zhipu", "r1"]
    assert (edge["amount"], edge["currency"], edge["document_date"]) == (5e8, "CNY", "2025-03-13")
    assert edge["evidence"].endswith("以5亿元人民币入股。")


def test_gexf_has_colours_sizes_and_dates(graph: Graph, tmp_path: Path) -> None:
    export(graph, tmp_path / "graph.gexf")
    read = nx.read_gexf(tmp_path / "graph.gexf", version="1.2draft")
    assert set(read.nodes) == expected(graph)[0]
    assert {(u, v, d["id"]) for u, v, d in read.edges(data=True)} == expected(graph)[1]
    assert read.nodes["e-zhipu"]["viz"]["color"] == {"r": 76, "g": 120, "b": 168, "a": 1.0}
    assert read.nodes["e-zhipu"]["viz"]["size"] > read.nodes["e-aliyun"]["viz"]["size"]
    assert set(read.nodes["e-zhipu"]["viz"]["position"]) == {"x", "y", "z"}
    dated = next(d for _, _, d in read.edges(data=True) if d["id"] == "r1")
    assert (dated["start"], dated["end"], dated["relation"]) == ("2025-03-13", "2025-03-13", "INVESTS_IN")


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-02-03", "2024-02-03", "2024-02-03"),
    ],
)
def test_dates_that_stop_at_the_year_or_month_are_completed(date: str, first: str, last: str) -> None:
    assert (first_day(date), last_day(date)) == (first, last)


def test_node_link_json(graph: Graph, tmp_path: Path) -> None:
    export(graph, tmp_path / "graph.json")
    read = nx.node_link_graph(json.loads((tmp_path / "graph.json").read_text("utf-8")), edges="edges")
    assert identities(read) == expected(graph)
    assert read.nodes["e-zhipu"]["aliases"] == ["智谱", "Zhipu AI"]
    assert read.nodes["e-aliyun"]["label"] == AWKWARD


def test_csv_pair_and_no_cell_is_a_formula(graph: Graph, tmp_path: Path) -> None:
    written = export(graph, tmp_path / "graph.csv")
    assert [path.name for path in written] == ["graph.nodes.csv", "graph.edges.csv"]
    nodes, edges = (pd.read_csv(path) for path in written)
    assert set(nodes["id"]) == expected(graph)[0]
    assert set(zip(edges["source"], edges["target"], edges["id"], strict=True)) == expected(graph)[1]
    assert nodes.set_index("id").at["e-aliyun", "label"] == f"'{AWKWARD}"
    assert (tmp_path / "graph.nodes.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # for Excel


def test_parquet_pair(graph: Graph, tmp_path: Path) -> None:
    nodes, edges = (pd.read_parquet(path) for path in export(graph, tmp_path / "graph.parquet"))
    assert set(nodes["id"]) == expected(graph)[0]
    assert set(zip(edges["source"], edges["target"], edges["id"], strict=True)) == expected(graph)[1]
    assert list(nodes.set_index("id").at["e-zhipu", "aliases"]) == ["智谱", "Zhipu AI"]


def test_writing_twice_gives_the_same_bytes(graph: Graph, tmp_path: Path) -> None:
    for suffix in ("graphml", "json", "csv", "parquet"):
        first = [path.read_bytes() for path in export(graph, tmp_path / f"one.{suffix}")]
        second = [path.read_bytes() for path in export(graph, tmp_path / f"one.{suffix}")]
        assert first == second


def test_cytoscape_json_has_places_and_colours(graph: Graph, tmp_path: Path) -> None:
    export(graph, tmp_path / "graph.cyjs")
    document = json.loads((tmp_path / "graph.cyjs").read_text("utf-8"))
    read = nx.cytoscape_graph(document)
    assert identities(read) == expected(graph)
    assert read.nodes["e-zhipu"]["aliases"] == ["智谱", "Zhipu AI"]
    assert read.nodes["e-zhipu"]["colour"] == "#4C78A8"
    assert all({"x", "y"} == set(node["position"]) for node in document["elements"]["nodes"])


def test_excel_sheets_for_people(graph: Graph, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    export(graph, tmp_path / "graph.xlsx")
    book = openpyxl.load_workbook(tmp_path / "graph.xlsx")
    assert book.sheetnames == ["Entities 实体", "Relations 关系", "Investments 投资", "Evidence 原文"]
    entities = [[cell.value for cell in row] for row in book["Entities 实体"].rows]
    assert entities[0][:3] == ["name", "type", "aliases"]
    assert {row[5] for row in entities[1:]} == expected(graph)[0]
    relations = [[cell.value for cell in row] for row in book["Relations 关系"].rows]
    assert {row[-1] for row in relations[1:]} == {key for _, _, key in expected(graph)[1]}
    investments = [[cell.value for cell in row] for row in book["Investments 投资"].rows]
    assert investments[1][:4] == [AWKWARD.replace("\x01", "_x0001_"), "浙江省", 3.8e11, "CNY"]
    assert book["Entities 实体"].freeze_panes == "B2"


def test_no_excel_cell_is_a_formula(graph: Graph, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    export(graph, tmp_path / "graph.xlsx")
    cells = [
        c for sheet in openpyxl.load_workbook(tmp_path / "graph.xlsx") for row in sheet.rows for c in row
    ]
    risky = [c for c in cells if isinstance(c.value, str) and c.value.startswith(("=", "+", "-", "@"))]
    assert risky
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


@pytest.mark.parametrize("suffix", ["ttl", "jsonld"])
def test_rdf_in_published_vocabularies(graph: Graph, tmp_path: Path, suffix: str) -> None:
    rdflib = pytest.importorskip("rdflib")
    (file,) = export(graph, tmp_path / f"graph.{suffix}")
    read = rdflib.Graph().parse(file)
    schema = rdflib.Namespace("https://schema.org/")
    entity = rdflib.Namespace("urn:kg:entity:")
    assert {str(i) for i in read.objects(None, schema.identifier)} >= expected(graph)[0]
    statements = {
        (
            str(read.value(s, rdflib.RDF.subject)),
            str(read.value(s, rdflib.RDF.object)),
            str(s).rsplit(":", 1)[1],
        )
        for s in read.subjects(rdflib.RDF.type, rdflib.RDF.Statement)
    }
    assert statements == {(f"urn:kg:entity:{u}", f"urn:kg:entity:{v}", k) for u, v, k in expected(graph)[1]}
    assert (entity["e-zhipu"], schema.funder, entity["e-huafa"]) in read
    assert (entity["e-zhangpeng"], schema.worksFor, entity["e-zhipu"]) in read
    assert (entity["e-zhejiang"], schema.funder, entity["e-aliyun"]) not in read  # only planned
    name = read.value(entity["e-aliyun"], schema.name)
    assert str(name) == AWKWARD
    claim = next(read.objects(rdflib.URIRef("urn:kg:relation:r1"), rdflib.PROV.wasDerivedFrom))
    assert str(read.value(claim, schema.text)).endswith("以5亿元人民币入股。")


def test_turtle_is_read_by_an_independent_parser(graph: Graph, tmp_path: Path) -> None:
    pyoxigraph = pytest.importorskip("pyoxigraph")
    rdflib = pytest.importorskip("rdflib")
    (file,) = export(graph, tmp_path / "graph.ttl")
    count = sum(1 for _ in pyoxigraph.parse(path=str(file)))
    assert count == len(rdflib.Graph().parse(file))


def test_mermaid(graph: Graph, tmp_path: Path) -> None:
    (file,) = export(graph, tmp_path / "graph.mmd")
    lines = file.read_text("utf-8").splitlines()
    nodes = [re.fullmatch(r'  (n\d+)\["([^"<>]*)"\]:::(\w+)', line) for line in lines]
    edges = [re.fullmatch(r'  (n\d+) (-->|---)\|"([^"<>]*)"\| (n\d+)', line) for line in lines]
    assert lines[0] == "flowchart LR"
    assert sum(match is not None for match in nodes) == 10
    assert sum(match is not None for match in edges) == 8
    assert "投资 5亿元人民币" in file.read_text("utf-8")


def test_dot_is_read_by_pydot(graph: Graph, tmp_path: Path) -> None:
    pydot = pytest.importorskip("pydot")
    (file,) = export(graph, tmp_path / "graph.dot")
    (read,) = pydot.graph_from_dot_file(str(file), encoding="utf-8")
    names = {node.get_name().strip('"') for node in read.get_nodes()} - {"node", "edge", "graph"}
    assert names == expected(graph)[0]
    edges = {
        (e.get_source().strip('"'), e.get_destination().strip('"'), e.get("key").strip('"'))
        for e in read.get_edges()
    }
    assert edges == expected(graph)[1]


def test_followthemoney_validates_with_its_library(graph: Graph, tmp_path: Path) -> None:
    tests = Path(__file__).parent
    python = tests.parent / ".venv" / "followthemoney" / "bin" / "python"
    if not python.exists():
        pytest.skip(
            "followthemoney is not installed; tests/install_followthemoney.sh does it, with libicu-dev"
        )
    (file,) = export(graph, tmp_path / "graph.ftm.json")
    check = [python, tests / "followthemoney_check.py", file]
    answer = subprocess.run(check, capture_output=True, check=True, encoding="utf-8").stdout
    read = json.loads(answer)
    assert read["problems"] == []
    entities = read["entities"]
    assert set(entities) >= expected(graph)[0] | {key for _, _, key in expected(graph)[1]}
    ownership = entities["r1"]
    assert ownership["schema"] == "Ownership"
    assert (ownership["owner"], ownership["asset"]) == (["e-huafa"], ["e-zhipu"])
    assert ownership["sharesValue"] == ["500000000"]
    assert entities["r5"]["schema"] == "Directorship"
    assert entities["r6-sanction"]["authority"] == ["美国商务部"]
