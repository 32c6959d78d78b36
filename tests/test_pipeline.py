"""The pipeline as a whole: same results however it is run, versions, given names, what is left out."""

from __future__ import annotations

import random

import pytest

from kg.extraction import (
    ExtractionSettings,
    claims_between,
    extract,
    extraction_version,
    load_pipeline,
)
from kg.schema import EntityType
from kg.tables import Document, Mention

TEXTS = [
    "宁德时代与福特汽车合作，在密歇根州建厂，福特汽车首席执行官吉姆·法利出席签约。",
    "北京星海智能科技有限公司（以下简称“星海智能”）完成5亿元B轮融资，红杉中国领投。星海智能总部位于北京。",
    "欧盟委员会依据《数字市场法案》对苹果公司展开调查。",
    "",
    "2025年第三季度营业收入同比增长12.5%。",
    "DeepSeek发布DeepSeek-V3，梁文锋表示，R1也将升级。\n\n月之暗面推出Kimi K2。",
    "a" * 3000 + "华为" + "。" * 500,
]


@pytest.fixture(scope="module")
def nlp():
    return load_pipeline(ExtractionSettings())


def article(number: int, text: str):
    return Document(f"d{number}", "test", "", "2025-07-01", "zh", text, ""), []


ARTICLES = [article(i, text) for i, text in enumerate(TEXTS)]


def test_offsets_ids_and_order(nlp):
    results = list(extract(nlp, ARTICLES))
    assert [r.doc_id for r in results] == [document.doc_id for document, _ in ARTICLES]
    for (document, _), result in zip(ARTICLES, results, strict=True):
        previous = 0
        for mention in result.mentions:
            assert document.text[mention.start : mention.end] == mention.text
            assert mention.mention_id == f"{document.doc_id}:{mention.start}:{mention.end}"
            assert mention.start >= previous
            previous = mention.end
    assert results[3].mentions == results[4].mentions == []


def test_results_do_not_depend_on_order_or_company(nlp):
    together = {r.doc_id: r for r in extract(nlp, ARTICLES)}
    shuffled = ARTICLES[:]
    random.Random(3).shuffle(shuffled)
    assert {r.doc_id: r for r in extract(nlp, shuffled)} == together
    for one in ARTICLES:
        (alone,) = extract(nlp, [one])
        assert alone == together[alone.doc_id]


def test_least_confidence_leaves_names_out_and_counts_them(nlp):
    strict = load_pipeline(ExtractionSettings(min_confidence=0.95))
    for everything, sure in zip(extract(nlp, ARTICLES), extract(strict, ARTICLES), strict=True):
        kept = [m for m in everything.mentions if m.confidence >= 0.95]
        assert sure.mentions == kept
        left_out = sum(d.count for d in sure.dropped if "least confidence" in d.reason)
        assert left_out == len(everything.mentions) - len(kept)


def test_claims_between_given_names_use_those_names_alone(nlp):
    document, sections = article(9, "甲星科技收购乙月软件60%股权。")
    mentions = [
        Mention("d9:0:4", "d9", 0, 4, EntityType.COMPANY, "甲星科技", 1.0, "given"),
        Mention("d9:6:10", "d9", 6, 10, EntityType.COMPANY, "乙月软件", 1.0, "given"),
    ]
    claims, _ = claims_between(nlp, document, sections, mentions, {"d9:0:4": "x", "d9:6:10": "y"})
    assert [(c.type, c.head_mention, c.tail_mention) for c in claims] == [("INVESTS_IN", "d9:0:4", "d9:6:10")]
    none, _ = claims_between(nlp, document, sections, mentions[:1], {"d9:0:4": "x"})
    assert none == []


def test_the_version_follows_settings_and_watch_list(tmp_path):
    plain = extraction_version(ExtractionSettings())
    assert plain == extraction_version(ExtractionSettings())
    assert extraction_version(ExtractionSettings(model=False)) != plain
    assert extraction_version(ExtractionSettings(min_confidence=0.5)) != plain
    path = tmp_path / "names.csv"
    path.write_text("name,aliases,type,ticker,note\n青禾,,Company,,\n", encoding="utf-8")
    watched = extraction_version(ExtractionSettings(watch_list=path))
    path.write_text("name,aliases,type,ticker,note\n青禾,,Model,,\n", encoding="utf-8")
    assert len({plain, watched, extraction_version(ExtractionSettings(watch_list=path))}) == 3


def test_sentences_keep_their_closing_quotes(nlp):
    doc = nlp("他说：“今年会更好。”随后离开！Nvidia rose. Intel fell.\n一、第一点\n- 第二点")
    assert [s.text.strip() for s in doc.sents] == [
        "他说：“今年会更好。”",
        "随后离开！",
        "Nvidia rose.",
        "Intel fell.",
        "一、第一点",
        "- 第二点",
    ]
