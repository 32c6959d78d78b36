"""`kg export`: each format is read again by a reader that is not ours, and holds the same nodes and edges."""

from __future__ import annotations

import importlib
import json
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
