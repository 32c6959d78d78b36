"""What a second linking takes from the memory of the first, and what it sees although the memory is there."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from kg.linking import (
    Decision,
    Decisions,
    Judgement,
    Linking,
    LinkingSettings,
    Memory,
    link,
    memory_from_bytes,
)
from kg.linking.known import KnownName
from kg.schema import EntityType
from kg.tables import Document, Mention

NAMES = {
    "星河动力": EntityType.COMPANY,
    "北京星河动力装备科技有限公司": EntityType.COMPANY,
    "海川银行": EntityType.COMPANY,
    "海川银行股份有限公司": EntityType.COMPANY,
    "海川银行集团": EntityType.COMPANY,
    "南山医药": EntityType.COMPANY,
    "南山医药集团": EntityType.COMPANY,
    "国家能源局": EntityType.ORGANIZATION,
    "能源局": EntityType.ORGANIZATION,
    "萨姆·奥尔特曼": EntityType.PERSON,
    "奥尔特曼": EntityType.PERSON,
    "浙江省": EntityType.REGION,
    "浙江": EntityType.REGION,
}
TEXTS = {
    "a": "北京星河动力装备科技有限公司（简称星河动力）在浙江省设厂。",
    "b": "海川银行股份有限公司与星河动力签约，海川银行在浙江有网点。",
    "c": "国家能源局发文，能源局说，南山医药集团在浙江，南山医药上市。",
    "d": "萨姆·奥尔特曼到访，奥尔特曼会见国家能源局。",
}
CHANGED = {**TEXTS, "d": "萨姆·奥尔特曼到访，海川银行集团作陪。"}


def linked(
    texts: Mapping[str, str],
    memory: Memory | None = None,
    decisions: Decisions | None = None,
    settings: LinkingSettings | None = None,
    watch_list: tuple[KnownName, ...] = (),
) -> Linking:
    documents = [Document(doc_id, "", "", None, "zh", text, "") for doc_id, text in texts.items()]
    mentions = [m for d in documents for m in mentions_in(d)]
    return link(mentions, [], documents, decisions or Decisions(), [], settings, watch_list, memory)


def mentions_in(document: Document) -> list[Mention]:
    found, text = [], document.text
    for name in sorted(NAMES, key=len, reverse=True):
        while (start := text.find(name)) >= 0:
            end = start + len(name)
            text = text[:start] + "＿" * len(name) + text[end:]
            mention_id = f"{document.doc_id}:{start}:{end}"
            found.append(Mention(mention_id, document.doc_id, start, end, NAMES[name], name, 1.0, "t"))
    return found


def remembered(texts: Mapping[str, str]) -> Memory:
    """The memory of a linking of other texts, for a linking of these."""
    before = Memory(TEXTS)
    linked(TEXTS, before)
    return memory_from_bytes(before.to_bytes(), texts)


def test_nothing_is_worked_out_twice() -> None:
    memory = remembered(TEXTS)
    assert linked(TEXTS, memory) == linked(TEXTS)
    assert (memory.relations.made, memory.scores.made, memory.blocks.made) == (0, 0, 0)
    assert min(len(kept.keys) for kept in (memory.relations, memory.scores, memory.blocks)) >= 6


def test_after_one_document_changed_only_what_it_touches_is_worked_out_again() -> None:
    memory = remembered(CHANGED)
    known = set(memory.documents.keys) if memory.documents else set()
    assert linked(CHANGED, memory) == linked(CHANGED)
    assert memory.documents is not None
    assert [key for key in memory.documents.keys if key not in known] == [CHANGED["d"]]
    assert 0 < memory.scores.made < len(memory.scores.keys) / 2
    assert 0 < memory.blocks.made < len(memory.blocks.keys) / 2


def test_a_changed_threshold_clusters_again_and_scores_nothing_again() -> None:
    memory = remembered(TEXTS)
    strict = LinkingSettings(threshold=6.0)
    assert linked(TEXTS, memory, settings=strict) == linked(TEXTS, settings=strict) != linked(TEXTS)
    assert memory.scores.made == 0
    assert memory.blocks.made == len(memory.blocks.keys)


@pytest.mark.parametrize(
    "decision",
    [
        Decision("Region:浙江省@a", "Region:浙江@b", "Region", Judgement.DIFFERENT),
        Decision("Company:星河动力@a", "Company:海川银行@b", "Company", Judgement.SAME),
        Decision("Company:南山医药@c", "Organization", "Company", Judgement.TYPE),
        Decision("Company:南山医药@c", "南山", "Company", Judgement.NAME),
    ],
)
def test_a_decision_is_seen_and_its_undoing_too(decision: Decision) -> None:
    memory, decided = remembered(TEXTS), Decisions((decision,))
    assert linked(TEXTS, memory, decided) == linked(TEXTS, decisions=decided) != linked(TEXTS)
    assert linked(TEXTS, memory_from_bytes(memory.to_bytes(), TEXTS)) == linked(TEXTS)


def test_a_changed_watch_list_and_list_of_known_names_are_seen() -> None:
    watched = (KnownName(EntityType.COMPANY, ("星河动力", "海川银行")),)
    assert linked(TEXTS, remembered(TEXTS), watch_list=watched) == linked(TEXTS, watch_list=watched)
    assert linked(TEXTS, watch_list=watched) != linked(TEXTS)
    bare = LinkingSettings(curated_names=False)
    assert linked(TEXTS, remembered(TEXTS), settings=bare) == linked(TEXTS, settings=bare)


def test_a_document_that_was_read_anew_under_another_key_is_looked_at_again() -> None:
    memory = remembered({**TEXTS, "a": "another extraction"})
    linked(TEXTS, memory)
    assert memory.documents is not None and "another extraction" in memory.documents.keys
