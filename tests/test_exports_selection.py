"""`kg export --subgraph --depth --types --since`: parts of a graph."""

from __future__ import annotations

from pathlib import Path

import graph_tables
import pytest

from kg.errors import KgError
from kg.exports import export
from kg.exports.layout import arrange, positions
from kg.exports.selection import Selection
from kg.graph import Graph, open_graph


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return open_graph(graph_tables.write(tmp_path_factory.mktemp("build")))


def ids(graph: Graph) -> set[str]:
    return set(graph.entities["entity_id"])


def test_nothing_selected_is_the_whole_graph(graph: Graph) -> None:
    assert Selection().apply(graph) is graph
    assert graph.is_whole


def test_around_an_entity(graph: Graph) -> None:
    near = Selection(subgraph="OpenAI").apply(graph)
    assert ids(near) == {"e-openai", "e-gpt4o"}
    assert ids(Selection(subgraph="OpenAI", depth=2).apply(graph)) == {"e-openai", "e-gpt4o", "e-glm4"}
    assert not near.is_whole
    assert len(near.documents) == 2  # the text that says so and its copy


def test_types_of_entities_and_of_relations(graph: Graph) -> None:
    part = Selection(types=("company", "INVESTS_IN")).apply(graph)
    assert ids(part) == {"e-huafa", "e-zhipu"}
    assert list(part.relations["type"]) == ["INVESTS_IN"]
    assert ids(Selection(types=("Model",)).apply(graph)) == {"e-glm4", "e-gpt4o"}


def test_since_takes_the_date_of_the_fact_or_else_of_the_report(graph: Graph) -> None:
    part = Selection(since="2025-02-01").apply(graph)
    assert set(part.relations["relation_id"]) == {"r1", "r2", "r3", "r4", "r5"}
    assert len(Selection(since="2025-01-15").apply(graph).relations) == 8


def test_unknown_names_types_and_dates(graph: Graph) -> None:
    with pytest.raises(KgError, match="no entity '智普'"):
        Selection(subgraph="智普").apply(graph)
    with pytest.raises(KgError, match=r"no type 'Firm'; the types are Company"):
        Selection(types=("Firm",)).apply(graph)
    with pytest.raises(KgError, match="'Montag' is no date"):
        Selection(since="Montag").apply(graph)


def test_what_takes_whole_builds_only_says_so(graph: Graph, tmp_path: Path) -> None:
    with pytest.raises(KgError, match="whole builds only"):
        export(Selection(subgraph="OpenAI").apply(graph), tmp_path / "neo4j-import")


def test_layout_is_the_same_whatever_the_order() -> None:
    nodes = [f"n{i}" for i in range(30)]
    edges = [(f"n{i}", f"n{i * 7 % 30}") for i in range(25)]
    assert arrange(nodes, edges, {}) == arrange(nodes[::-1], [(b, a) for a, b in edges[::-1]], {})


def test_nodes_stay_where_they_were_and_new_ones_stand_by_their_neighbours() -> None:
    nodes = [f"n{i:02}" for i in range(30)]
    edges = [(f"n{i:02}", f"n{(i + 1) % 20:02}") for i in range(20)]
    before = arrange(nodes, edges, {})
    after = arrange([*nodes, "new", "alone"], [*edges, ("new", "n03")], before)
    assert {node: after[node] for node in nodes} == before
    assert abs(after["new"][0] - before["n03"][0]) + abs(after["new"][1] - before["n03"][1]) < 6
    assert after["alone"] not in before.values()


def test_no_two_nodes_share_a_place() -> None:
    placed = arrange([f"n{i}" for i in range(200)], [(f"n{i}", f"n{i + 1}") for i in range(0, 100, 2)], {})
    assert len({(round(x, 3), round(y, 3)) for x, y in placed.values()}) == 200


def test_the_build_keeps_its_layout(tmp_path: Path) -> None:
    tables = graph_tables.rows()
    first = positions(open_graph(graph_tables.write(tmp_path, tables)))
    assert (tmp_path / "layout.parquet").is_file()
    tables["relations"] = tables["relations"][:-1]
    assert positions(open_graph(graph_tables.write(tmp_path, tables))) == first
    (tmp_path / "layout.parquet").write_bytes(b"damaged")
    assert set(positions(open_graph(tmp_path))) == set(first)
