"""Near-duplicate texts: the same story copied, whatever the order in which the copies come."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import find_duplicates
from kg.tables import Document

STORY = (
    "阿里巴巴集团宣布，未来三年将投入超过三千八百亿元，用于建设云和人工智能硬件基础设施，总额超过去十年的总和。"
    "公司首席执行官吴泳铭表示，人工智能的爆发远超预期，国内科技产业潜力巨大。"
)
OTHER = "宁德时代在港交所递交上市申请，募集资金主要用于匈牙利工厂的建设，公司称海外需求保持增长，产能利用率处于高位。"


def document(doc_id: str, text: str, date: str | None = None) -> Document:
    return Document(doc_id, "s", "", date, "zh", text, "")


def test_copies_point_to_the_earliest_text() -> None:
    found = find_duplicates(
        [
            document("c", STORY.replace("，", ",") + "（记者 王芳）", "2025-02-26"),
            document("b", STORY, "2025-02-24"),
            document("a", STORY.replace("阿里巴巴集团", "阿里巴巴集團"), "2025-02-25"),
            document("d", OTHER, "2025-02-24"),
        ]
    )
    assert found == {"a": "b", "c": "b"}


def test_texts_that_share_a_theme_are_no_copies() -> None:
    other = STORY.replace("阿里巴巴集团", "腾讯公司").replace("三千八百", "九百")[:40] + OTHER[:60]
    assert find_duplicates([document("a", STORY), document("b", other)]) == {}


def test_reports_of_recurring_events_are_no_copies() -> None:
    routine = STORY.replace("未来三年", "2024年")
    assert find_duplicates([document("a", STORY, "2023-02-24"), document("b", routine, "2024-02-24")]) == {}
    assert find_duplicates([document("a", STORY, "2023-02-24"), document("b", STORY, "2024-02-24")]) == {
        "b": "a"
    }


def test_short_texts_are_compared_as_a_whole() -> None:
    found = find_duplicates(
        [document("a", "华为发布年报。"), document("b", "华为发布年报"), document("c", "华为发布新机")]
    )
    assert found == {"b": "a"}
    assert find_duplicates([document("a", "。"), document("b", "。")]) == {}


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 3), min_size=2, max_size=12))
def test_the_result_does_not_depend_on_the_order(random_source: random.Random, kinds: list[int]) -> None:
    texts = [STORY, STORY + "本报讯", OTHER, OTHER.replace("匈牙利", "德国")]
    documents = [document(f"d{i:02}", texts[kind], f"2025-01-{kind + 1:02}") for i, kind in enumerate(kinds)]
    shuffled = documents[:]
    random_source.shuffle(shuffled)
    assert find_duplicates(shuffled) == find_duplicates(documents)


def test_one_text_thousands_of_times_takes_no_quadratic_time() -> None:
    text = "2025年3月3日，智谱宣布完成超10亿元融资，杭州城投产业基金参与投资，这是今年以来的第二次。"
    documents = [document(f"d{i:05}", text, f"20{i % 90 + 10}-01-01") for i in range(20_000)]
    assert set(find_duplicates(documents).values()) == {"d00000"}
