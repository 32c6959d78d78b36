"""Deals from text: retellings join, look-alikes stay apart."""

from __future__ import annotations

import pytest

from kg.documents.sections import verbatim_sections
from kg.extraction import ExtractionSettings, extract, load_pipeline
from kg.linking import Decisions, link
from kg.schema import RelationType
from kg.tables import Document

NEWS = {
    "plan": ("2025-03-20", "软银集团3月19日宣布，将以65亿美元收购芯片设计公司Ampere Computing，交易预计在下半年完成。"),
    "retold": ("2025-03-21", "据报道，软银同意以65亿美元现金收购芯片公司Ampere Computing。"),
    "completion": ("2025-11-26", "软银集团今日宣布，已完成对Ampere Computing的收购，交易金额为65亿美元。"),
    "round A": ("2024-03-05", "月之暗面完成10亿美元A轮融资，由阿里巴巴领投，红杉中国跟投。"),
    "round B": ("2024-08-05", "月之暗面宣布完成3亿美元B轮融资，由腾讯领投。"),
    "round A again": ("2025-01-10", "月之暗面此前的A轮融资达10亿美元，由阿里巴巴领投。"),
    "purchase": ("2025-06-12", "京东6月12日以5亿元收购达达集团20%的股权。"),
    "subscription": ("2025-06-12", "京东6月12日以3亿元认购达达集团5%的股权。"),
}  # fmt: skip


@pytest.fixture(scope="module")
def deals() -> list[set[str]]:
    documents = [Document(name, name, "", date, "zh", text, name) for name, (date, text) in NEWS.items()]
    mentions, claims = [], []
    pipeline = load_pipeline(ExtractionSettings())
    for found in extract(pipeline, ((d, verbatim_sections(d.doc_id, d.text)) for d in documents)):
        mentions += found.mentions
        claims += found.claims
    by_deal: dict[str, set[str]] = {}
    for claim in link(mentions, claims, documents, Decisions(), []).claims:
        if claim.type is RelationType.INVESTS_IN:
            assert claim.deal_id is not None
            by_deal.setdefault(claim.deal_id, set()).add(claim.doc_id)
    return list(by_deal.values())


@pytest.mark.parametrize(
    "retellings", [{"plan", "retold", "completion"}, {"round A", "round A again"}, {"round B"}]
)
def test_what_tells_of_one_deal_joins(deals: list[set[str]], retellings: set[str]) -> None:
    assert retellings in deals


def test_two_purchases_of_one_day_stay_apart(deals: list[set[str]]) -> None:
    assert {"purchase"} in deals
    assert {"subscription"} in deals
