"""Amounts, dates, stakes, rounds, roles, actions and status: what they are in normal form."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extraction.attributes.actions import action_of
from kg.extraction.attributes.dates import find_dates
from kg.extraction.attributes.money import find_amounts
from kg.extraction.attributes.roles import role_after, role_between
from kg.extraction.attributes.rounds import find_rounds
from kg.extraction.attributes.stakes import find_stakes
from kg.extraction.attributes.status import status_of, status_of_post, status_of_seller
from kg.schema import Action, RelationType, Status


@pytest.mark.parametrize(
    ("written", "low", "high", "currency"),
    [
        ("5亿元", 5e8, None, "CNY"),
        ("5 亿元人民币", 5e8, None, "CNY"),
        ("约5亿美元", 5e8, None, "USD"),
        ("超60亿美元", 6e9, None, "USD"),
        ("不低于3000亿元", 3e11, None, "CNY"),
        ("近百亿元", 1e10, None, "CNY"),
        ("1.2万亿元", 1.2e12, None, "CNY"),
        ("5000万欧元", 5e7, None, "EUR"),
        ("2.2亿港元", 2.2e8, None, "HKD"),
        ("1500亿日元", 1.5e11, None, "JPY"),
        ("35.2万亿韩元", 3.52e13, None, "KRW"),
        ("HK$3.5亿", 3.5e8, None, "HKD"),
        ("US$5bn", 5e9, None, "USD"),
        ("$1.1 billion", 1.1e9, None, "USD"),
        ("1,234.5万元", 12_345_000, None, "CNY"),
        ("两亿美元", 2e8, None, "USD"),
        ("５亿元", 5e8, None, "CNY"),
        ("5億美元", 5e8, None, "USD"),
        ("5亿至8亿美元", 5e8, 8e8, "USD"),
        ("3-5亿元", 3e8, 5e8, "CNY"),
        ("40亿至50亿美元", 4e9, 5e9, "USD"),
        ("数亿元人民币", 1e8, 1e9, "CNY"),
        ("数千万元", 1e7, 1e8, "CNY"),
    ],
)
def test_an_amount_is_a_number_or_a_range_in_a_currency(written, low, high, currency):
    (amount,) = find_amounts(f"公司获得{written}的融资。")
    assert (amount.low, amount.high, amount.currency) == (pytest.approx(low), high, currency)


def test_an_amount_keeps_its_place_and_its_spelling():
    text = "公司以 5 亿元人民币收购前者，另出资US$20m。"
    first, second = find_amounts(text)
    assert text[first.start : first.end] == first.text == "5 亿元人民币"
    assert text[second.start : second.end] == second.text == "US$20m"


@pytest.mark.parametrize("text", ["增长20%", "共10万吨", "美元走强", "员工3000人", ""])
def test_what_is_no_amount_is_left_alone(text):
    assert find_amounts(text) == []


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2025年1月17日", "2025-01-17"),
        ("2024 年 12 月", "2024-12"),
        ("2024年", "2024"),
        ("2025-03-01", "2025-03-01"),
        ("2024.11.4", "2024-11-04"),
        ("去年12月", "2024-12"),
        ("今年一季度", "2025"),
        ("3月13日", "2025-03-13"),
        ("12月16日", "2024-12-16"),
        ("7月", "2025-07"),
        ("上月", "2025-02"),
        ("本月10日", "2025-03-10"),
        ("昨日", "2025-03-13"),
        ("今天（3月14日）", "2025-03-14"),
        ("周二", "2025-03-11"),
        ("上周五", "2025-03-07"),
        ("11日", "2025-03-11"),
        ("28日", "2025-02-28"),
    ],
)
def test_a_date_is_resolved_against_the_date_of_the_document(written, iso):
    assert [d.iso for d in find_dates(f"公司{written}宣布了收购。", "2025-03-14")] == [iso]


def test_the_same_day_is_the_day_named_before():
    found = find_dates("委员会27日表示，该公司当天接受调查，同日停牌。", "2025-03-30")
    assert [d.iso for d in found] == ["2025-03-27"] * 3
    assert [d.iso for d in find_dates("当天停牌。", "2025-03-30")] == ["2025-03-30"]


def test_the_end_of_a_period_lies_in_the_year_of_its_start():
    found = find_dates("今年3月1日至8月31日实行，去年11月5日至1月3日试行。", "2025-03-02")
    assert [d.iso for d in found] == ["2025-03-01", "2025-08-31", "2024-11-05", "2025-01-03"]


def test_without_a_document_date_only_a_full_date_is_resolved():
    found = find_dates("2025年1月17日公告，3月13日完成，昨日生效。", None)
    assert [(d.text, d.iso) for d in found] == [
        ("2025年1月17日", "2025-01-17"),
        ("3月13日", None),
        ("昨日", None),
    ]


def test_impossible_dates_are_not_invented():
    assert [d.iso for d in find_dates("2025年13月40日", "2025-03-14")] == [None]
    assert find_dates("100日元", "2025-03-14") == []


def test_stakes_are_percentages_of_shares_not_of_growth():
    assert [s.percent for s in find_stakes("收购其51%股权，持股比例为 40.5%，营收增长20%")] == [51, 40.5]
    assert [s.percent for s in find_stakes("由母公司全资持有")] == [100]


@pytest.mark.parametrize(
    ("words", "percent"),
    [
        ("持股比例由17%降至1.5%", 1.5),
        ("将持股比例从5%增至8%", 8),
        ("持股比例由8.01%降至7.98%", 7.98),
        ("转让<公司>12.5%东安动力股份", 12.5),
    ],
)
def test_the_stake_is_the_one_after_the_deal(words, percent):
    assert [s.percent for s in find_stakes(words)] == [percent]


def test_rounds_have_one_spelling():
    names = [r.name for r in find_rounds("完成pre-A轮、Ａ＋轮、B 轮、天使轮和战略融资，拟IPO")]
    assert names == ["Pre-A轮", "A+轮", "B轮", "天使轮", "战略投资", "IPO"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("甲公司收购乙公司", Status.COMPLETED),
        ("甲公司拟收购乙公司", Status.PLANNED),
        ("甲公司计划投资乙公司", Status.PLANNED),
        ("甲公司将投资乙公司", Status.PLANNED),
        ("据悉甲公司有意收购乙公司", Status.RUMOURED),
        ("传甲公司将收购乙公司", Status.RUMOURED),
        ("甲公司否认收购乙公司", Status.DENIED),
        ("甲公司终止收购乙公司", Status.ENDED),
        ("甲公司清仓乙公司", Status.ENDED),
        ("甲公司减持乙公司", Status.ONGOING),
    ],
)
def test_hearsay_and_negation_set_the_status(words, status):
    assert status_of(RelationType.INVESTS_IN, words) is status


@pytest.mark.parametrize(
    ("words", "before", "status"),
    [
        ("正洽谈收购乙公司", "", Status.PLANNED),
        ("正洽谈收购乙公司", "知情人士透露,", Status.RUMOURED),
        ("将所持股权以一元转让", "", Status.COMPLETED),
        ("拟终止收购乙公司", "", Status.ENDED),
        ("可能终止收购乙公司", "", Status.RUMOURED),
        ("同意以五亿元收购乙公司", "", Status.PLANNED),
    ],
)
def test_talks_are_plans_and_with_hearsay_rumours(words, before, status):
    assert status_of(RelationType.INVESTS_IN, words, before) is status


@pytest.mark.parametrize(
    ("before", "between", "after", "status"),
    [
        ("", "转让", "10%股权", Status.ONGOING),
        ("", "将所持", "全部股权转让给丙公司", Status.ENDED),
        ("丙公司受让", "所持", "15%股份", Status.ENDED),
        ("", "拟出售", "部分股权", Status.ONGOING),
        ("丙公司向", "出售", "全部股权", None),
        ("", "收购", "全部股权", None),
    ],
)
def test_a_seller_goes_out_or_goes_on_selling(before, between, after, status):
    assert status_of_seller(before, between, after) is status


@pytest.mark.parametrize(
    ("before", "between", "after", "status"),
    [
        ("", "首席执行官", "表示乐观", Status.COMPLETED),
        ("", "前首席科学家", "创业", Status.ENDED),
        ("", "机器人业务前负责人", "加盟", Status.ENDED),
        ("", "首席技术官", "周三宣布离职", Status.ENDED),
        ("曾任", "副总裁的", "", Status.ENDED),
        ("", "将出任", "首席财务官", Status.PLANNED),
    ],
)
def test_posts_end_and_begin(before, between, after, status):
    assert status_of_post(before, between, after) is status


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("对该公司处以5亿欧元罚款", Action.FINE),
        ("加征25%的关税", Action.TARIFF),
        ("列入出口管制管控名单", Action.EXPORT_CONTROL),
        ("将其列入实体清单", Action.SANCTION),
        ("禁止该产品进口", Action.BAN),
        ("对其立案调查", Action.INVESTIGATE),
        ("批准其上市申请", Action.APPROVE),
        ("向其发放支付牌照", Action.LICENSE),
        ("开展数据跨境试点", Action.PILOT),
        ("出具警示函", Action.SUPERVISE),
        ("作出说明", Action.OTHER),
    ],
)
def test_the_action_of_a_regulator_follows_its_words(words, action):
    assert action_of(words) is action


def test_roles_are_the_words_of_the_title():
    assert role_between("创始人兼 CEO ") == "创始人兼 CEO"
    assert role_between("(600276.SH)董事、副总经理") == "董事、副总经理"
    assert role_between("在财报会上表示，") is None
    assert role_between("周三宣布，首席执行官") == "首席执行官"
    assert role_between("成立，法定代表人为") == "法定代表人"
    assert role_after("出任首席科学家，负责基础研究") == "首席科学家"


@given(
    st.text(
        alphabet="0123456789.,亿万千百元美欧港至到-约近超数$¥年月日号今去上下周一二三 轮A股权%全资",
        max_size=60,
    )
)
def test_every_find_lies_in_the_text(text):
    for found in [
        *find_amounts(text),
        *find_dates(text, "2025-03-14"),
        *find_stakes(text),
        *find_rounds(text),
    ]:
        assert 0 <= found.start < found.end <= len(text)
    for amount in find_amounts(text):
        assert amount.low >= 0
        assert amount.high is None or amount.high > amount.low


@pytest.mark.parametrize("piece", ["1", "1,", "约", "亿", "5亿至", "2025年", "十", "3月", "%", "A轮"])
def test_long_runs_of_one_piece_take_linear_time(piece):
    def seconds(count: int) -> float:
        text = piece * count
        started = time.process_time()
        find_amounts(text)
        find_dates(text, "2025-03-14")
        find_stakes(text)
        find_rounds(text)
        return time.process_time() - started

    seconds(2_000)
    assert seconds(40_000) < 40 * max(seconds(4_000), 0.002)
