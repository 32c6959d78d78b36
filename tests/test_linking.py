"""What linking joins and what it keeps apart: real names in short texts, entities out."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import fields

import pytest

from kg.linking import Decisions, Linking, LinkingSettings, link
from kg.linking.known import KnownName
from kg.schema import EntityType
from kg.tables import Document, Mention

C, P, R, M, L, B = (
    EntityType.COMPANY,
    EntityType.PERSON,
    EntityType.REGION,
    EntityType.MODEL,
    EntityType.POLICY,
    EntityType.ORGANIZATION,
)


def document(doc_id: str, text: str, date: str | None = None) -> Document:
    return Document(doc_id, doc_id, "", date, "zh", text, "")


def mentions_in(doc: Document, names: Sequence[tuple[EntityType, str]]) -> list[Mention]:
    """Every occurrence of the names in the text, longest first, without overlaps."""
    taken: set[int] = set()
    found = []
    for type_, name in sorted(names, key=lambda n: -len(n[1])):
        start = doc.text.find(name)
        while start >= 0:
            span = range(start, start + len(name))
            if taken.isdisjoint(span):
                taken.update(span)
                found.append(
                    Mention(
                        f"{doc.doc_id}:{start}:{span.stop}",
                        doc.doc_id,
                        start,
                        span.stop,
                        type_,
                        name,
                        1.0,
                        "test",
                    )
                )
            start = doc.text.find(name, start + 1)
    return found


def linked(
    texts: Sequence[tuple[str, Sequence[tuple[EntityType, str]]]],
    decisions: Decisions | None = None,
    settings: LinkingSettings | None = None,
) -> Linking:
    """Link texts d0, d1, … with their names."""
    documents = [document(f"d{i}", text) for i, (text, _) in enumerate(texts)]
    mentions = [m for d, (_, names) in zip(documents, texts, strict=True) for m in mentions_in(d, names)]
    return link(mentions, [], documents, decisions or Decisions(), [], settings)


def groups(linking: Linking) -> set[frozenset[str]]:
    return {frozenset((e.name, *e.aliases)) for e in linking.entities}


def together(linking: Linking, *names: str) -> bool:
    return any(set(names) <= group for group in groups(linking))


@pytest.fixture
def plain() -> LinkingSettings:
    """Without the shipped list: what the strings and texts alone show."""
    return LinkingSettings(curated_names=False)


def test_an_alias_defined_in_brackets_is_the_same_company(plain: LinkingSettings) -> None:
    result = linked(
        [
            (
                "北京智谱华章科技有限公司（以下简称“智谱”）宣布完成新一轮融资。",
                [(C, "北京智谱华章科技有限公司"), (C, "智谱")],
            )
        ],
        settings=plain,
    )
    assert together(result, "北京智谱华章科技有限公司", "智谱")


def test_a_name_in_brackets_is_the_same_body(plain: LinkingSettings) -> None:
    result = linked(
        [
            (
                "美国证券交易委员会（SEC）周二表示正在审查。SEC没有说明期限。",
                [(B, "美国证券交易委员会"), (B, "SEC")],
            )
        ],
        settings=plain,
    )
    assert together(result, "美国证券交易委员会", "SEC")


def test_a_definition_in_one_document_counts_in_the_others(plain: LinkingSettings) -> None:
    result = linked(
        [
            (
                "国家互联网信息办公室（国家网信办）发布通知。",
                [(B, "国家互联网信息办公室"), (B, "国家网信办")],
            ),
            ("国家网信办约谈多家平台。", [(B, "国家网信办")]),
        ],
        settings=plain,
    )
    assert len(result.entities) == 1
    assert result.entities[0].documents == 2


@pytest.mark.parametrize(
    "type_, left, right",
    [
        (M, "Qwen 2.5-Max", "Qwen2.5-Max"),
        (M, "ＧＰＴ－４", "GPT-4"),
        (C, "臺積電", "台积电"),
        (C, "小米 集团", "小米集团"),
        (P, "埃隆・马斯克", "埃隆·马斯克"),
        (R, "浙江省", "浙江"),
        (R, "北京", "北京市"),
        (C, "隆基绿能科技股份有限公司", "隆基绿能"),
        (C, "腾讯控股", "腾讯"),
        (B, "中华人民共和国商务部", "中国商务部"),
    ],
)
def test_spellings_and_forms_of_one_name_meet(
    type_: EntityType, left: str, right: str, plain: LinkingSettings
) -> None:
    result = linked(
        [(f"消息称{left}表态。", [(type_, left)]), (f"{right}方面回应。", [(type_, right)])], settings=plain
    )
    assert len(result.entities) == 1


@pytest.mark.parametrize(
    "type_, left, right",
    [
        (C, "中国银行", "中国银行业协会"),
        (C, "腾讯", "腾讯云"),
        (M, "GPT-4", "GPT-4o"),
        (M, "DeepSeek-R1", "DeepSeek-R1-Lite"),
        (M, "Open-Sora 1.2", "Open-Sora 2.0"),
        (C, "京东", "京东方"),
        (C, "腾讯", "腾讯音乐"),
        (C, "中国移动通信集团青海有限公司", "中国移动通信集团上海有限公司"),
        (C, "招商银行", "招商证券"),
        (B, "美国商务部", "中国商务部"),
        (B, "北京大学", "北京大学计算机学院"),
        (R, "南京市", "南京路"),
        (P, "杰夫·迪恩", "霍华德·迪恩"),
        (L, "2021年金融法案", "2023年金融法案"),
    ],
)
@pytest.mark.parametrize("curated", [True, False])
def test_look_alikes_stay_apart(type_: EntityType, left: str, right: str, curated: bool) -> None:
    names = [(type_, left), (type_, right)]
    settings = LinkingSettings(curated_names=curated)
    one_text = linked([(f"{left}与{right}同时出现在名单上。", names)], settings=settings)
    two_texts = linked(
        [(f"{left}今日表态。", names[:1]), (f"{right}昨日表态。", names[1:])], settings=settings
    )
    assert not together(one_text, left, right)
    assert not together(two_texts, left, right)


def test_types_are_never_joined() -> None:
    result = linked([("豆包发布了新版豆包。", [(C, "豆包")]), ("豆包回答了问题。", [(M, "豆包")])])
    assert sorted(e.type for e in result.entities) == [C, M]


def test_what_no_string_shows_is_known() -> None:
    names = [("英伟达与NVIDIA", (C, "英伟达"), (C, "NVIDIA")), ("阿斯麦和ASML", (C, "阿斯麦"), (C, "ASML"))]
    for text, *pair in names:
        assert len(linked([(text, pair)]).entities) == 1


def test_generic_policy_names_mean_what_their_document_names(plain: LinkingSettings) -> None:
    result = linked(
        [
            (
                "国务院公布《公平竞争审查条例》。条例自八月一日起施行。",
                [(L, "公平竞争审查条例"), (L, "条例")],
            ),
            ("《煤矿安全生产条例》发布，条例共七十六条。", [(L, "煤矿安全生产条例"), (L, "条例")]),
        ],
        settings=plain,
    )
    assert groups(result) == {
        frozenset({"公平竞争审查条例", "条例"}),
        frozenset({"煤矿安全生产条例", "条例"}),
    }


def test_bare_versions_mean_the_model_of_their_document(plain: LinkingSettings) -> None:
    result = linked(
        [
            ("DeepSeek-V3开源，V3的训练成本很低。", [(M, "DeepSeek-V3"), (M, "V3")]),
            ("Suno-V3能写歌，V3支持中文。", [(M, "Suno-V3"), (M, "V3")]),
        ],
        settings=plain,
    )
    assert groups(result) == {frozenset({"DeepSeek-V3", "V3"}), frozenset({"Suno-V3", "V3"})}


def test_every_mention_has_one_entity_and_counts_agree() -> None:
    result = linked(
        [
            ("腾讯控股昨日回购，腾讯称将继续。", [(C, "腾讯控股"), (C, "腾讯")]),
            ("腾讯发布财报。", [(C, "腾讯")]),
        ]
    )
    assert len(result.mention_entities) == 3
    assert sum(e.mentions for e in result.entities) == 3
    assert {r.entity_id for r in result.mention_entities} == {e.entity_id for e in result.entities}


def test_nothing_in_nothing_out() -> None:
    result = link([], [], [], Decisions(), [])
    assert [len(getattr(result, field.name)) for field in fields(result)] == [0] * 6


def test_the_order_of_the_input_does_not_matter() -> None:
    texts = [
        (
            "北京智谱华章科技有限公司（简称智谱）在北京市成立。",
            [(C, "北京智谱华章科技有限公司"), (C, "智谱"), (R, "北京市")],
        ),
        ("智谱与腾讯合作，马斯克评论。", [(C, "智谱"), (C, "腾讯"), (P, "马斯克")]),
        ("埃隆·马斯克访问北京。", [(P, "埃隆·马斯克"), (R, "北京")]),
    ]
    documents = [document(f"d{i}", text) for i, (text, _) in enumerate(texts)]
    mentions = [m for d, (_, names) in zip(documents, texts, strict=True) for m in mentions_in(d, names)]
    expected = link(mentions, [], documents, Decisions(), [])
    for seed in range(5):
        random.Random(seed).shuffle(mentions)
        random.Random(seed).shuffle(documents)
        assert link(mentions, [], documents, Decisions(), []) == expected


def test_two_people_of_one_name_stay_apart_by_their_employers(plain: LinkingSettings) -> None:
    names = [(P, "王磊"), (C, "东海机电"), (C, "南山医药")]
    result = linked(
        [
            ("东海机电董事长王磊出席会议。", names),
            ("王磊说，东海机电将扩产。", names),
            ("南山医药总经理王磊辞职。", names),
        ],
        settings=plain,
    )
    people = sorted(e.documents for e in result.entities if e.type is P)
    assert people == [1, 2]


def test_one_person_with_two_posts_stays_one(plain: LinkingSettings) -> None:
    names = [(P, "王磊"), (C, "东海机电"), (C, "东海控股")]
    result = linked(
        [("东海机电董事长王磊出席会议。", names), ("东海控股总经理王磊与东海机电签约。", names)],
        settings=plain,
    )
    assert [e.documents for e in result.entities if e.type is P] == [2]


@pytest.mark.parametrize(
    "chinese, latin",
    [
        ("迈克·布鲁克曼", "Mike Bruckman"),
        ("哈萨比斯", "Demis Hassabis"),
        ("纳德拉", "Satya Nadella"),
        ("阿莫迪", "Dario Amodei"),
    ],
)
def test_a_transliterated_name_meets_the_original_in_one_document(
    chinese: str, latin: str, plain: LinkingSettings
) -> None:
    result = linked([(f"{chinese}表示，{latin}的报告属实。", [(P, chinese), (P, latin)])], settings=plain)
    assert len(result.entities) == 1


def test_names_side_by_side_are_two(plain: LinkingSettings) -> None:
    result = linked([("首富集团、首富股份今日停牌。", [(C, "首富集团"), (C, "首富股份")])], settings=plain)
    assert len(result.entities) == 2


@pytest.mark.parametrize(
    "text, one",
    [
        ("青岚集团董事长林岚说，青岚今年不会裁员。", True),
        ("青岚公告称，控股股东青岚集团昨日减持了股份。", False),
        ("青岚集团注资青岚获批。", False),
        ("青岚将向青岚集团发行新股。", False),
        ("青岚集团拟收购一家芯片公司，青岚今年不会裁员。", True),
    ],
)
def test_a_company_and_its_group_are_one_unless_one_owns_or_buys_the_other(
    plain: LinkingSettings, text: str, one: bool
) -> None:
    result = linked([(text, [(C, "青岚集团"), (C, "青岚")])], settings=plain)
    assert together(result, "青岚集团", "青岚") is one


def test_a_listed_share_is_not_the_group(plain: LinkingSettings) -> None:
    result = linked([("*ST青岚", [(C, "*ST青岚")]), ("青岚集团", [(C, "青岚集团")])], settings=plain)
    assert not together(result, "*ST青岚", "青岚集团")


@pytest.mark.parametrize("words", ["更名为", "将改名为“", "的前身是", "，原名"])
def test_a_renamed_company_is_the_same(plain: LinkingSettings, words: str) -> None:
    text = f"海陵化纤{words}远川新材”。" if words.endswith("“") else f"海陵化纤{words}远川新材。"
    result = linked([(text, [(C, "海陵化纤"), (C, "远川新材")])], settings=plain)
    assert together(result, "海陵化纤", "远川新材")


def test_a_listed_name_counts_with_the_word_company_too() -> None:
    result = linked([("GSK", [(C, "GSK")]), ("葛兰素史克公司", [(C, "葛兰素史克公司")])])
    assert together(result, "GSK", "葛兰素史克公司")


def test_a_users_own_list_counts(plain: LinkingSettings) -> None:
    documents = [document("d0", "小鹅拿下订单。"), document("d1", "鹅厂拿下订单。")]
    mentions = [*mentions_in(documents[0], [(C, "小鹅")]), *mentions_in(documents[1], [(C, "鹅厂")])]
    own = [KnownName(C, ("鹅厂", "小鹅"))]
    assert len(link(mentions, [], documents, Decisions(), [], plain, own).entities) == 1
    assert len(link(mentions, [], documents, Decisions(), [], plain).entities) == 2
