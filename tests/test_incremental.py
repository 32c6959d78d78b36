"""A rebuild after any changes gives the same tables and store as a clean build of the same sources."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kg import folder as layout
from kg.building.run import build
from kg.building.settings import BuildSettings, Configuration
from kg.building.workers import Processes
from kg.documents import parts
from kg.linking.decisions import Decision, Judgement, append_decisions
from kg.progress import Silent
from kg.schema import SYMMETRIC_RELATIONS
from kg.stores import embedded
from kg.stores.model import NODES, RELATIONSHIPS
from kg.tables import TABLES, read_table

#: Sentences that give each other work to do: short and full names, definitions, namesakes, versions, rival full
#: names of one short name, policies that are named generically, copies.
SENTENCES = (
    "北京智谱华章科技有限公司（以下简称“智谱”）宣布完成新一轮融资，由杭州城投产业基金投资10亿元。",
    "智谱宣布完成新一轮融资，杭州城投产业基金投资10亿元，君联资本跟投。",
    "智谱AI董事长刘德兵出席了在北京市举行的发布会。",
    "深度求索（DeepSeek）发布DeepSeek-R1模型，该公司与OpenAI竞争。",
    "DeepSeek开源DeepSeek-V3，V3与GPT-4o竞争。",
    "阿里云发布通义千问Qwen2.5-Max，Max在多项测试中超过V3。",
    "商汤科技与旷视科技均投资了智谱。商汤科技位于上海。",
    "商汤集团股份有限公司董事长徐立说，商汤将与上海市政府合作。",
    "北京师范大学教授王伟表示，人工智能需要监管。",
    "华为技术有限公司副总裁王伟出席会议，华为与中国移动签署合作协议。",
    "国务院任命吴清为中国证券监督管理委员会主席。",
    "中国证监会主席吴清说，证监会将加强对上市公司的监管。",
    "国家网信办发布《生成式人工智能服务管理暂行办法》，该办法自8月15日起施行。",
    "欧盟通过《人工智能法案》，该法案将监管OpenAI和谷歌。",
    "市场监管总局依法对阿里巴巴集团控股有限公司处以182.28亿元罚款。",
    "微软宣布向OpenAI追加投资100亿美元，OpenAI首席执行官萨姆·奥尔特曼表示感谢。",
    "Sam Altman said OpenAI will work with Microsoft Corporation on GPT-5.",
    "中国石化与中国石油签署合作协议，中石化董事长出席。",
    "中国科学院自动化研究所与中科院计算所联合发布紫东太初模型。",
    "据报道，字节跳动拟投资月之暗面，月之暗面旗下Kimi与豆包竞争。",
)
TEXTS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map("".join)
DATES = st.sampled_from((None, "2025-01-20", "2025-03-03"))
SLOTS = st.integers(0, 4)
CHOICE = st.integers(0, 10_000)


class Edits(RuleBasedStateMachine):
    """Changes of sources, decisions and settings between rebuilds of one folder."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.news = self.root / "news"
        (self.news / "more").mkdir(parents=True)
        self.records: dict[str, dict[str, Any]] = {}
        self.configuration = Configuration()
        self.removed: tuple[str, ...] = ()
        self.changed = True

    def teardown(self) -> None:
        if self.changed:
            self.rebuild()
        shutil.rmtree(self.root)

    @property
    def out(self) -> Path:
        return self.root / "out"

    def files(self) -> list[Path]:
        return sorted(self.news.rglob("*.txt"))

    @initialize(texts=st.lists(TEXTS, min_size=1, max_size=4))
    def start(self, texts: list[str]) -> None:
        for number, text in enumerate(texts):
            self.write(number, text)
        self.rebuild()

    @rule(slot=SLOTS, text=TEXTS)
    def write(self, slot: int, text: str) -> None:
        """Add a file, or change it."""
        (self.news / f"{slot}.txt").write_text(text + "\n", encoding="utf-8")
        self.changed = True

    @rule(slot=SLOTS, text=TEXTS, date=DATES, own_id=st.booleans())
    def record(self, slot: int, text: str, date: str | None, own_id: bool) -> None:
        """Add a line to a file of records, or change it; without an id of its own it goes by its position."""
        self.records[f"r{slot}"] = {"text": text, "date": date} | ({"id": f"r{slot}"} if own_id else {})
        self.write_records()

    @precondition(lambda self: self.records)
    @rule(choice=CHOICE)
    def drop_record(self, choice: int) -> None:
        del self.records[sorted(self.records)[choice % len(self.records)]]
        self.write_records()

    def write_records(self) -> None:
        lines = [json.dumps(self.records[name], ensure_ascii=False) + "\n" for name in sorted(self.records)]
        (self.news / "records.jsonl").write_text("".join(lines), encoding="utf-8")
        self.changed = True

    @precondition(lambda self: self.files())
    @rule(choice=CHOICE)
    def delete(self, choice: int) -> None:
        self.files()[choice % len(self.files())].unlink()
        self.changed = True

    @precondition(lambda self: self.files())
    @rule(choice=CHOICE, slot=SLOTS, deeper=st.booleans())
    def rename(self, choice: int, slot: int, deeper: bool) -> None:
        target = self.news / ("more" if deeper else ".") / f"{slot}.txt"
        self.files()[choice % len(self.files())].rename(target)
        self.changed = True

    @precondition(lambda self: self.files())
    @rule(choice=CHOICE, slot=SLOTS)
    def copy(self, choice: int, slot: int) -> None:
        """A copied story, which is no further evidence."""
        source = self.files()[choice % len(self.files())]
        target = self.news / "more" / f"copy-{slot}.txt"
        target.write_bytes(source.read_bytes())
        self.changed = True

    @rule(choice=CHOICE)
    def remove_by_hand(self, choice: int) -> None:
        documents = [d.doc_id for d in table(self.out, "documents")]
        if documents:
            self.removed = (*self.removed, documents[choice % len(documents)])
            self.changed = True

    @precondition(lambda self: self.removed)
    @rule()
    def bring_back(self) -> None:
        self.removed = self.removed[:-1]
        self.changed = True

    @rule(
        left=CHOICE,
        right=CHOICE,
        judgement=st.sampled_from((Judgement.SAME, Judgement.DIFFERENT, Judgement.UNSURE)),
    )
    def decide_on_a_pair(self, left: int, right: int, judgement: Judgement) -> None:
        mentions = table(self.out, "mentions")
        if mentions:
            a, others = mentions[left % len(mentions)], mentions
            if right % 3:  # of one type, or nearly all would mean nothing
                others = [m for m in mentions if m.type is a.type]
            b = others[right % len(others)]
            if key(a) != key(b):
                self.decide(Decision(key(a), key(b), a.type, judgement))

    @rule(choice=CHOICE, judgement=st.sampled_from((Judgement.REJECT, Judgement.CONFIRM)))
    def decide_on_a_claim(self, choice: int, judgement: Judgement) -> None:
        if claims := table(self.out, "claims"):
            self.decide(Decision(claims[choice % len(claims)].claim_id, "", "claim", judgement))

    @rule(choice=CHOICE, name=st.sampled_from(("Company", "Organization", "某某")))
    def decide_on_an_entity(self, choice: int, name: str) -> None:
        if mentions := table(self.out, "mentions"):
            mention = mentions[choice % len(mentions)]
            judgement = Judgement.NAME if name == "某某" else Judgement.TYPE
            self.decide(Decision(key(mention), name, mention.type, judgement))

    def decide(self, decision: Decision) -> None:
        append_decisions(self.out / layout.DECISIONS, [decision])
        self.changed = True

    @rule(choice=CHOICE)
    def undo_a_decision(self, choice: int) -> None:
        path = self.out / layout.DECISIONS
        if path.exists():
            header, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            if lines:
                del lines[choice % len(lines)]
            path.write_text("".join([header, *lines]), encoding="utf-8")
            self.changed = True

    @rule(alias=st.sampled_from(("智谱AI", "王伟", "月之暗面", "V3")), watched=st.booleans())
    def set_the_watch_list(self, alias: str, watched: bool) -> None:
        path = self.root / "names.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("name", "aliases", "type"), ("某某科技公司", alias, "Company")])
        names = {"watch_list": str(path)} if watched else {}
        self.configuration = replace(self.configuration, names=names)
        self.changed = True

    @rule(linking=st.sampled_from(({}, {"threshold": 3.0}, {"threshold": -1.0}, {"curated_names": False})))
    def set_the_linker(self, linking: dict[str, Any]) -> None:
        self.configuration = replace(self.configuration, linking=linking)
        self.changed = True

    @rule()
    def rebuild(self) -> None:
        self.make(self.out)
        clean = self.root / "clean"
        if (self.out / layout.DECISIONS).exists():
            clean.mkdir()
            shutil.copy(self.out / layout.DECISIONS, clean)
        self.make(clean)
        assert contents(self.out) == contents(clean)
        shutil.rmtree(clean)
        self.changed = False

    def make(self, folder: Path) -> None:
        settings = BuildSettings((str(self.news),), self.configuration, self.removed)
        build(folder, settings, Processes(1), Silent(), may_be_empty=True)


def table(folder: Path, name: str) -> list[Any]:
    return list(read_table(layout.table_path(folder, name), TABLES[name]))


def key(mention: Any) -> str:
    return f"{mention.type}:{mention.text}@{mention.doc_id}"


def contents(folder: Path) -> dict[str, list[str]]:
    """Every table and every element of the store as sorted lines, entities called by their mentions."""
    name = entity_names(folder)
    found: dict[str, list[Any]] = {table_name: table(folder, table_name) for table_name in TABLES}
    found["entities"] = [replace(e, entity_id=name(e.entity_id), former_ids=()) for e in found["entities"]]
    found["mention_entities"] = [replace(m, entity_id=name(m.entity_id)) for m in found["mention_entities"]]
    found["relations"] = [
        replace(r, relation_id="", **ends(r.type, name(r.head), name(r.tail))) for r in found["relations"]
    ]
    del found["identities"]  # they are what makes ids stay
    lines = {table_name: sorted(map(repr, rows)) for table_name, rows in found.items()}
    return lines | stored(folder, name)


def entity_names(folder: Path) -> Callable[[str], str]:
    """A name for each entity id that two builds share: a hash of the ids of its mentions."""
    members: dict[str, list[str]] = {}
    for row in table(folder, "mention_entities"):
        members.setdefault(row.entity_id, []).append(row.mention_id)
    names = {e: hashlib.sha256("|".join(sorted(m)).encode()).hexdigest() for e, m in members.items()}
    assert len(set(names.values())) == len(names)
    return names.__getitem__


def ends(type_: str, head: str, tail: str) -> dict[str, str]:
    """Head and tail; of a symmetric relation the ids say which is which, so here the names do."""
    if type_ in SYMMETRIC_RELATIONS:
        head, tail = sorted((head, tail))
    return {"head": head, "tail": tail}


def stored(folder: Path, name: Callable[[str], str]) -> dict[str, list[str]]:
    """What the embedded store holds."""
    path = layout.current_path(folder, layout.STORE)
    found = {}
    for label in NODES:
        _, rows = embedded.query(path, f"MATCH (n:{label}) RETURN n")
        found[f"({label})"] = [
            repr({**node, "id": name(node["id"]) if label == "Entity" else node["id"], "former_ids": None})
            for (node,) in rows
        ]
    for type_, kind in RELATIONSHIPS.items():
        _, rows = embedded.query(path, f"MATCH (s)-[r:{type_}]->(e) RETURN s.id, e.id, r")
        found[f"[{type_}]"] = [
            repr(
                (
                    ends(
                        type_,
                        name(start) if kind.start == "Entity" else start,
                        name(end) if kind.end == "Entity" else end,
                    ),
                    relation | {"id": None},
                )
            )
            for start, end, relation in rows
        ]
    return {kind: sorted(lines) for kind, lines in found.items()}


@pytest.fixture(autouse=True)
def _short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of records is read in parts of two lines."""
    monkeypatch.setattr(parts, "LINES", 2)


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Edits,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_after_any_changes_a_rebuild_equals_a_clean_build() -> None:
    run(examples=3, steps=5)


@pytest.mark.campaign
def test_after_many_changes_a_rebuild_equals_a_clean_build() -> None:
    run(examples=150, steps=25)
