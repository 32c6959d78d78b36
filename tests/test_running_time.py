"""Four times the text takes about four times as long, whatever the text: no pattern or parser of ours is quadratic."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable

import pytest
from spacy.language import Language

from kg.documents.cutting import cut
from kg.documents.decoding import decode
from kg.documents.html import read_html
from kg.documents.plain import read_text
from kg.documents.sections import verbatim_sections
from kg.extraction import ExtractionSettings, load_pipeline
from kg.extraction.pipeline import _doc
from kg.tables import Document

SENTENCE = "2025年3月3日，北京智谱华章科技股份有限公司宣布完成超10亿元融资，杭州城投产业基金参与投资。"
#: Quadratic growth would be 16-fold, and a millisecond tells nothing.
MOST_GROWTH, TOO_SHORT = 10, 0.08

WORST = (
    "（",
    "、",
    "智谱、",
    "1",
    "有限公司",
    "（中国）",
    "A.",
    "GPT-4 ",
    "收购智谱",
    "以下简称“",
    "# 智谱\n",
    SENTENCE,
)
UNITS = (
    "(", "《", "“", "【", "（）", "，", "和", "及其子公司、", "一", "1,", "1.", "2025年", "10亿元", "％", "公司", "集团", "科技", "a", "A ",
    "GPT-", "Co., Ltd. ", "-", "—", "·", ".", "…", "。", "！", "“”", "'", "/", "@", "*", "_", "#", "|", "~", "$", "\\", "`", "[", "![", "](",
    "**", "__", "投资", "投资了", "被", "监管", "与", "由", "将", "不", "据", "同比增长", "张", "王小明、", "北京市", "先生", "董事长", "CEO",
    "《通知》", "工信部", " ", "\t", "\u3000", "\n", "a\t", "人 ", "人\n", "\u0301", "\ue000", "智谱投资英伟达，", "智谱投资英伟达。", "OpenAI、",
    "OpenAI与英伟达竞争", "（以下简称“", "智谱（", "其", "该公司", "亿", "约", "第", "A轮融资", "领投", "近日", "截至", "%", "10%股权", "国务院",
    "、中国", "发布", "模型", "DeepSeek-R1 ", "R1、", "2.5", "v", "·A", "|a|b|\n", "智谱\t10亿元\n", "1. 智谱\n", "今天天气很好我们去了公园\n", "本报记者",
    "图1：", "目录\n智谱 1\n", "来源：", "2025-", "<b>", "<table>", "<td>1", "<br>智谱", "</p>", "&amp;", "GPT-{n} ", "智谱{n}有限公司、", "{n}\n",
)  # fmt: skip


@pytest.fixture(scope="module")
def pipeline() -> Language:
    return load_pipeline(ExtractionSettings(model=False))


def text(unit: str, length: int) -> str:
    """A sentence, a run of the unit (numbered where it says so), a sentence."""
    count = length // len(unit.replace("{n}", "123"))
    run = "".join(unit.replace("{n}", str(i)) for i in range(count)) if "{n}" in unit else unit * count
    return f"{SENTENCE}\n{run}\n{SENTENCE}"


def steps(pipeline: Language, content: str) -> Iterable[tuple[str, Callable[[], object]]]:
    """Every parser and every component, each to be run once in this order."""
    pages = read_text(content)
    sections = verbatim_sections("d", content)
    doc = _doc(pipeline, Document("d", "d", "t", None, "zh", content, "h"), sections)
    yield "decoding", lambda: decode(content.encode("gb18030"))
    yield "lines", lambda: read_text(content)
    yield "cutting", lambda: cut(pages.blocks)
    yield "HTML", lambda: read_html(f"<p>{content}")
    yield "sections", lambda: verbatim_sections("d", content)
    yield "tokens", lambda: pipeline.make_doc(content)
    for name, component in pipeline.pipeline:
        yield name, lambda component=component: component(doc)  # type: ignore[misc]


def seconds(pipeline: Language, content: str) -> dict[str, float]:
    found = {}
    gc.disable()
    try:
        for name, step in steps(pipeline, content):
            begun = time.process_time()
            step()
            found[name] = time.process_time() - begun
    finally:
        gc.enable()
        gc.collect()
    return found


def too_slow(pipeline: Language, unit: str, length: int) -> dict[str, tuple[float, float]]:
    """Steps whose time grows too much from a text to one four times as long, with both times."""
    short, long = seconds(pipeline, text(unit, length)), seconds(pipeline, text(unit, 4 * length))
    return {
        name: (short[name], long[name])
        for name in long
        if long[name] > max(TOO_SHORT, MOST_GROWTH * max(short[name], TOO_SHORT / MOST_GROWTH / 2))
    }


def check(pipeline: Language, units: Iterable[str], length: int) -> None:
    seconds(pipeline, SENTENCE)  # what is loaded on first use
    slow = {}
    for unit in units:
        # A busy machine can spoil one measurement, not the same one twice.
        first = too_slow(pipeline, unit, length)
        again = too_slow(pipeline, unit, length) if first else {}
        if both := {name: (first[name], again[name]) for name in first.keys() & again.keys()}:
            slow[unit] = both
    assert not slow


def test_four_times_the_text_takes_four_times_as_long(pipeline: Language) -> None:
    check(pipeline, WORST, 4_000)


@pytest.mark.campaign
@pytest.mark.timeout(3_600)
def test_no_text_takes_quadratic_time(pipeline: Language) -> None:
    check(pipeline, (*WORST, *UNITS), 12_000)
