"""`kg diff`: what came, went or changed in the graph between two builds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command import answers, refuses, succeeds
from rich.cells import cell_len

from kg.building.comparing import Side, compare
from kg.schema import EntityType, RelationType, Status
from kg.tables import Entity, Relation

INVESTMENT = "2025年3月3日，示例财经。智谱宣布完成新一轮融资，由杭州城投产业基金投资10亿元。\n"
APPOINTMENT = "2024年2月7日，示例财经。国务院任命吴清为中国证券监督管理委员会主席。\n"
RIVALS = "2025年1月20日，示例科技。商汤科技与旷视科技均投资了月之暗面。商汤科技位于上海。\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build, and the sources beside it."""
    root = tmp_path_factory.mktemp("diff")
    (root / "news").mkdir()
    (root / "news" / "investment.txt").write_text(INVESTMENT, encoding="utf-8")
    (root / "news" / "appointment.txt").write_text(APPOINTMENT, encoding="utf-8")
    (root / "news" / "rivals.txt").write_text(RIVALS, encoding="utf-8")
    succeeds("build", root / "news", "--out", root / "out")
    return root / "out"


def names(rows: list[dict[str, Any]]) -> set[str]:
    return {row["name"] for row in rows}


def test_the_last_build_is_compared_with_the_one_before(folder: Path) -> None:
    assert "one build only" in refuses("diff", folder)
    news = folder.parent / "news"
    (news / "investment.txt").write_text(INVESTMENT.replace("10亿元", "12亿元"), encoding="utf-8")
    (news / "appointment.txt").unlink()
    (news / "rivals.txt").write_text(RIVALS + "DeepSeek与OpenAI竞争。\n", encoding="utf-8")
    succeeds("rebuild", folder)
    found = answers("diff", folder)
    assert {"DeepSeek", "OpenAI"} <= names(found["entities"]["came"])
    assert "吴清" in names(found["entities"]["went"])
    rivals = [{row["head_name"], row["tail_name"]} for row in found["relations"]["came"]]
    assert {"DeepSeek", "OpenAI"} in rivals
    assert any(row["head_name"] == "吴清" for row in found["relations"]["went"])
    (changed,) = found["relations"]["changed"]
    assert changed["changes"]["amount"] == [1_000_000_000, 1_200_000_000]
    assert found["before"]["finished"] <= found["now"]["finished"]

    shown = succeeds("diff", folder, env={"COLUMNS": "80"})
    assert "amount 1,000,000,000 → 1,200,000,000" in shown
    assert max(map(cell_len, shown.splitlines())) <= 80


def test_entities_that_a_decision_joins_are_told_as_merged_and_back_as_split(folder: Path) -> None:
    succeeds("decide", folder, "商汤科技", "旷视科技", "same", "--who", "tester")
    succeeds("rebuild", folder)
    found = answers("diff", folder)["entities"]
    (merged,) = found["merged"]
    assert {merged["name"], "商汤科技", "旷视科技"} == {merged["into"]["name"], "商汤科技", "旷视科技"}
    assert not found["came"] and not found["went"]
    (folder / "decisions.csv").unlink()
    succeeds("rebuild", folder)
    (split,) = answers("diff", folder)["entities"]["split"]
    assert split["name"] in ("商汤科技", "旷视科技")


def test_builds_of_other_folders_are_matched_by_names(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "renamed.txt").write_text(INVESTMENT, encoding="utf-8")
    succeeds("build", tmp_path / "renamed.txt", "--out", tmp_path / "out")
    found = answers("diff", folder, tmp_path / "out")
    assert not {"智谱", "杭州城投产业基金"} & (
        names(found["entities"]["came"]) | names(found["entities"]["went"])
    )
    (changed,) = (row for row in found["relations"]["changed"] if row["type"] == "INVESTS_IN")
    assert changed["changes"]["amount"] == [1_200_000_000, 1_000_000_000]
    assert "The graph is the same." in succeeds("diff", folder, folder)
    assert "kg build" in refuses("diff", folder, tmp_path)


C = EntityType.COMPANY


def entity(id_: str, name: str, *aliases: str, former: tuple[str, ...] = (), mentions: int = 1) -> Entity:
    return Entity(id_, C, name, aliases, former, mentions, 1)


def side(entities: list[Entity], relations: list[Relation] = [], **keys: str) -> Side:  # noqa: B006
    return Side("", "", {e.entity_id: e for e in entities}, {r.relation_id: r for r in relations}, keys)


def rival(id_: str, head: str, tail: str, claims: int = 1) -> Relation:
    ends = sorted((head, tail))
    kind = RelationType.COMPETES_WITH
    return Relation(id_, kind, ends[0], ends[1], Status.ONGOING, None, None, None, None, claims, 1, "c")


def test_former_ids_mention_keys_and_names_tell_what_became_of_an_entity() -> None:
    before = side(
        [entity("a", "智谱"), entity("b", "智谱华章", mentions=5), entity("c", "DeepSeek"), entity("d", "百度")],
        k1="a", k2="b", k3="c",
    )  # fmt: skip
    now = side(
        [entity("a", "智谱", "智谱华章", former=("b",)), entity("x", "深度求索"), entity("y", "百 度")],
        k1="a", k2="a", k3="x",
    )  # fmt: skip
    found = compare(before, now)
    assert [(old.name, new.name) for old, new in found.merged] == [("智谱华章", "智谱")]
    changed = {new.entity_id: changes for _, new, changes in found.changed}
    assert changed["x"] == {"name": ("DeepSeek", "深度求索")}
    assert changed["y"] == {"name": ("百度", "百 度")}
    assert not (found.came or found.went or found.split)
    back = compare(now, before)
    assert [(old.name, new.name) for old, new in back.split] == [("智谱", "智谱华章")]


def test_a_name_that_several_bear_matches_nothing() -> None:
    before = side([entity("a", "王伟"), entity("b", "王伟")])
    found = compare(before, side([entity("c", "王伟")]))
    assert (len(found.went), len(found.came)) == (2, 1)


def test_relations_follow_their_ends_and_two_that_become_one_are_told() -> None:
    before = side(
        [entity("a", "甲"), entity("b", "乙"), entity("z", "丙")],
        [rival("1", "a", "z", 2), rival("2", "b", "z")],
    )
    now = side([entity("z", "丙"), entity("n", "甲", "乙", former=("a", "b"))], [rival("3", "n", "z", 3)])
    found = compare(before, now)
    ((old, new, changes),) = found.relations_changed
    assert (old.relation_id, new.relation_id, changes) == ("1", "3", {"claims": (2, 3)})
    assert [relation.relation_id for relation in found.relations_went] == ["2"]
