"""Relations between given names: constructions with their direction, lists, passives, context, tables, the schema.

A text marks its names as [name|type letter], two names of one thing as [name|type letter|token].
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pytest

from kg.documents.sections import verbatim_sections
from kg.extraction.pipeline import claims_between, load_pipeline
from kg.extraction.relations.learned import load_scorer
from kg.extraction.settings import ExtractionSettings
from kg.schema import Action, EntityType, Status, allows
from kg.tables import Claim, Document, Dropped, Mention

TYPES = {
    "C": EntityType.COMPANY,
    "P": EntityType.PERSON,
    "R": EntityType.REGION,
    "M": EntityType.MODEL,
    "L": EntityType.POLICY,
    "O": EntityType.ORGANIZATION,
}
_MARK = re.compile(r"\[([^\[\]|]+)\|([CPRMLO])(?:\|(\w+))?\]")


@dataclass
class Read:
    """What was found in a marked text."""

    text: str
    claims: list[Claim]
    dropped: list[Dropped]

    def facts(self) -> set[tuple[str, str, str]]:
        return {(self.name(c.head_mention), c.type.value, self.name(c.tail_mention)) for c in self.claims}

    def name(self, mention_id: str) -> str:
        _, start, end = mention_id.rsplit(":", 2)
        return self.text[int(start) : int(end)]

    def one(self, head: str, type: str, tail: str) -> Claim:
        found = [
            c
            for c in self.claims
            if (self.name(c.head_mention), c.type.value, self.name(c.tail_mention)) == (head, type, tail)
        ]
        assert len(found) == 1, (head, type, tail, self.facts())
        return found[0]


@pytest.fixture(scope="module", params=[True, False], ids=["learned", "rules"])
def nlp(request):
    return load_pipeline(ExtractionSettings(model=request.param))


@pytest.fixture(scope="module")
def read(nlp):
    def run(marked: str, date: str | None = "2025-03-14") -> Read:
        text, mentions, clusters, position = "", [], {}, 0
        for match in _MARK.finditer(marked):
            text += marked[position : match.start()]
            start, end = len(text), len(text) + len(match[1])
            mention_id = f"d:{start}:{end}"
            mentions.append(Mention(mention_id, "d", start, end, TYPES[match[2]], match[1], 1.0, "given"))
            clusters[mention_id] = match[3] or f"{match[2]}{match[1]}"
            text += match[1]
            position = match.end()
        text += marked[position:]
        document = Document("d", "d.txt", "", date, "zh", text, "0")
        claims, dropped = claims_between(nlp, document, verbatim_sections("d", text), mentions, clusters)
        return Read(text, claims, dropped)

    return run


@pytest.mark.parametrize(
    ("marked", "fact"),
    [
        ("[软银|C]收购[安谋|C]。", ("软银", "INVESTS_IN", "安谋")),
        ("[安谋|C]被[软银|C]收购。", ("软银", "INVESTS_IN", "安谋")),
        ("[智谱|C]获[华发集团|C]战略投资。", ("华发集团", "INVESTS_IN", "智谱")),
        ("[腾讯|C]持有[京东|C]约2%的股份。", ("腾讯", "INVESTS_IN", "京东")),
        ("[英伟达|C]向[OpenAI|C]投资300亿美元。", ("英伟达", "INVESTS_IN", "OpenAI")),
        ("[国家市场监管总局|O]对[阿里巴巴|C]立案调查。", ("国家市场监管总局", "REGULATES", "阿里巴巴")),
        ("[美国|R]对[中国|R]商品加征关税。", ("美国", "REGULATES", "中国")),
        ("[DeepSeek|C]发布[DeepSeek-V3|M]。", ("DeepSeek", "DEVELOPS", "DeepSeek-V3")),
        ("[腾讯云|C]上线[DeepSeek-R1|M]。", ("腾讯云", "USES", "DeepSeek-R1")),
        ("[国务院|O]印发《[新一代人工智能发展规划|L]》。", ("国务院", "ISSUES", "新一代人工智能发展规划")),
        ("[谷歌|C]首席执行官[皮查伊|P]表示乐观。", ("皮查伊", "WORKS_FOR", "谷歌")),
        ("[腾讯|C]旗下[微信|C]更新。", ("微信", "SUBSIDIARY_OF", "腾讯")),
        ("[荷兰|R]芯片设备巨头[阿斯麦|C]公布财报。", ("阿斯麦", "LOCATED_IN", "荷兰")),
    ],
)
def test_each_relation_has_its_direction(read, marked, fact):
    assert fact in read(marked).facts()


def test_a_symmetric_relation_is_stated_once(read):
    facts = read("[苹果|C]宣布与[阿里巴巴|C]达成合作。").facts()
    assert len([f for f in facts if f[1] == "PARTNERS_WITH"]) == 1


def test_rivals_compete(read):
    assert {f[1] for f in read("[GLM-5|M]在编程上超越[Claude 4|M]。").facts()} == {"COMPETES_WITH"}


def test_every_investor_of_a_round_is_found_with_the_amount_of_the_whole_round(read):
    found = read("[月之暗面|C]完成10亿美元B轮融资，由[阿里巴巴|C]领投，[红杉中国|C]、[小红书|C]跟投。")
    for investor in ("阿里巴巴", "红杉中国", "小红书"):
        claim = found.one(investor, "INVESTS_IN", "月之暗面")
        assert (claim.amount, claim.currency, claim.round) == (1e9, "USD", "B轮")


def test_a_word_for_the_company_before_stands_for_it_and_its_place_is_kept(read):
    found = read("[宇树科技|C]今日公布计划。该公司收购了[灵犀机器人|C]。")
    claim = found.one("宇树科技", "INVESTS_IN", "灵犀机器人")
    assert any("宇树科技" in found.text[s.start : s.end] for s in claim.context)
    assert found.text[claim.start : claim.end].startswith("该公司")


def test_one_character_stands_for_a_country_named_elsewhere(read):
    found = read(
        "[美国|R]与[俄罗斯|R]的会谈昨日结束。[欧盟|R]同日宣布，对俄制裁再延长六个月，并征收新的关税。"
    )
    claim = found.one("欧盟", "REGULATES", "俄罗斯")
    assert [found.text[c.start : c.end] for c in claim.context]


def test_the_company_of_a_registration_is_the_one_founded_not_the_headline_or_the_register(read):
    found = read(
        "[蓝鲸出行|C]在中山成立新公司 — [天眼查|C]工商信息显示，近日，[中山鲸行科技有限公司|C]成立，"
        "注册资本2000万元。[企查查|C]股权穿透显示，该公司由[广州鲸行科技有限公司|C]全资持股。"
    )
    assert ("中山鲸行科技有限公司", "SUBSIDIARY_OF", "广州鲸行科技有限公司") in found.facts()
    assert not any("查" in head + tail for head, _, tail in found.facts())


def test_an_office_that_bears_the_name_of_its_ministry_is_a_part_of_it(read):
    found = read("[教育部|O]召开会议部署工作。会后，一位专家解读说，[教育部办公厅|O]将公布细则。")
    assert ("教育部办公厅", "SUBSIDIARY_OF", "教育部") in found.facts()


def test_reporters_write_for_the_paper_named_elsewhere(read):
    found = read("本报记者 [王明|P] [李红|P] 上海报道\n公司对《[经济观察报|O]》记者表示，销售平稳。")
    assert {("王明", "WORKS_FOR", "经济观察报"), ("李红", "WORKS_FOR", "经济观察报")} <= found.facts()


def test_brackets_that_repeat_a_name_do_not_hide_the_verb(read):
    facts = read("[智谱华章科技|C|z]（[智谱|C|z]，02513.HK）收购[面壁智能|C]。").facts()
    assert {f[1:] for f in facts} == {("INVESTS_IN", "面壁智能")}


@pytest.mark.parametrize(
    ("marked", "status"),
    [
        ("[美团|C]拟收购[饿了么|C]。", Status.PLANNED),
        ("[美团|C]否认收购[饿了么|C]。", Status.DENIED),
        ("[美团|C]终止收购[饿了么|C]。", Status.ENDED),
        ("[美团|C]收购[饿了么|C]。", Status.COMPLETED),
    ],
)
def test_plans_and_denials_stay_with_their_status(read, marked, status):
    assert read(marked).one("美团", "INVESTS_IN", "饿了么").status is status


def test_attributes_stand_beside_the_fact(read):
    claim = read("3月10日，[欧盟委员会|O]对[谷歌|C]处以29.5亿欧元罚款。").one(
        "欧盟委员会", "REGULATES", "谷歌"
    )
    assert (claim.action, claim.amount, claim.currency) == (Action.FINE, 2.95e9, "EUR")
    assert (claim.date, claim.date_text, claim.amount_text) == ("2025-03-10", "3月10日", "29.5亿欧元")
    claim = read("[字节跳动|C]首席科学家[吴永辉|P]出席。").one("吴永辉", "WORKS_FOR", "字节跳动")
    assert claim.role == "首席科学家"


def test_a_table_is_read_by_its_header_and_the_company_is_inherited(read):
    found = read(
        "表1：大模型进展\n公司\t模型\t时间\n[谷歌|C]\t[Gemini 2.0|M]\t2024.12.11\n\t[Gemini 2.5|M]\t2025.3.25\n"
        "[月之暗面|C]\t[Kimi K2|M]\t2025.7.11\n"
    )
    assert found.facts() == {
        ("谷歌", "DEVELOPS", "Gemini 2.0"),
        ("谷歌", "DEVELOPS", "Gemini 2.5"),
        ("月之暗面", "DEVELOPS", "Kimi K2"),
    }
    claim = found.one("谷歌", "DEVELOPS", "Gemini 2.5")
    assert claim.date == "2025-03-25"
    assert [found.text[s.start : s.end] for s in claim.context] == ["谷歌"]


def test_the_caption_of_a_table_can_make_the_companies_users(read):
    found = read("表2：接入[DeepSeek-R1|M]的云厂商\n公司\t时间\n[华为云|C]\t2025.2.1\n[天翼云|C]\t2025.2.5\n")
    assert {("华为云", "USES", "DeepSeek-R1"), ("天翼云", "USES", "DeepSeek-R1")} <= found.facts()


def test_a_table_of_rounds_and_one_of_policies(read):
    rounds = read(
        "融资方\t投资方\t金额\t轮次\n[银河通用|C]\t[美团|C]、[北汽产投|C]\t5亿元\tA轮\n[众擎|C]\t[商汤国香|C]\t1亿元\tPre-A轮\n"
    )
    claim = rounds.one("北汽产投", "INVESTS_IN", "银河通用")
    assert (claim.amount, claim.round) == (5e8, "A轮")
    policies = read(
        "时间\t区域\t政策\n2024.4.24\t[北京|R]\t《[北京市算力建设方案|L]》\n2024.6.6\t[山东|R]\t《[山东省算力行动方案|L]》\n"
    )
    assert ("北京", "ISSUES", "北京市算力建设方案") in policies.facts()
    assert policies.one("山东", "ISSUES", "山东省算力行动方案").date == "2024-06-06"


def test_nothing_is_claimed_that_the_schema_forbids(read):
    found = read("[张三|P]收购[DeepSeek-R1|M]，[李四|P]与[GPT-5|M]合作，[上海|R]超越[王五|P]。")
    for claim in found.claims:
        head, tail = (c.rsplit(":", 2) for c in (claim.head_mention, claim.tail_mention))
        assert head != tail
        assert allows(claim.type, _type(found, claim.head_mention), _type(found, claim.tail_mention))


def _type(found: Read, mention_id: str) -> EntityType:
    return {"张": TYPES["P"], "李": TYPES["P"], "王": TYPES["P"], "上": TYPES["R"]}.get(
        found.name(mention_id)[0], TYPES["M"]
    )


def test_evidence_is_a_sentence_that_holds_a_name_of_the_fact(read):
    found = read("[甲骨文|C]股价上涨。[软银|C]收购[安谋|C]，[英伟达|C]入股[英特尔|C]。天气晴。")
    for claim in found.claims:
        sentence = found.text[claim.start : claim.end]
        assert found.name(claim.head_mention) in sentence and found.name(claim.tail_mention) in sentence


def test_claims_do_not_depend_on_how_clusters_are_called_or_on_other_documents(read):
    marked = "[软银|C|{0}]收购[安谋|C|{1}]。[软银集团|C|{0}]创始人[孙正义|P|{2}]称满意。"
    first = read(marked.format("a", "b", "c"))
    read("[甲|C]收购[乙|C]。")
    second = read(marked.format("z9", "x", "a"))
    assert first.claims == second.claims
    assert len({c.claim_id for c in first.claims}) == len(first.claims)


def test_a_document_without_names_has_no_claims(read):
    assert read("今天没有新闻。").claims == []


def test_every_claim_says_what_made_it_and_how_sure_it_is(read):
    for claim in read("[软银|C]收购[安谋|C]，[荷兰|R]企业[阿斯麦|C]与[台积电|C]合作。").claims:
        assert re.match(r"(?:rule:[a-z_.]+|learned(?:\+rule:[a-z_.]+)?)$", claim.made_by)
        assert 0 < claim.confidence <= 1
        assert replace(claim) == claim


def test_versions_of_one_developers_model_do_not_compete(read):
    found = read("[OpenAI|C]发布[GPT-5|M]，性能超越[GPT-4o|M]，也超越[Claude 4|M]。")
    rivals = {frozenset((h, t)) for h, type, t in found.facts() if type == "COMPETES_WITH"}
    assert frozenset(("GPT-5", "GPT-4o")) not in rivals
    assert [d.reason for d in found.dropped] == ["versions of one developer's model do not compete"]


def test_an_investment_takes_the_amount_of_the_sentence_beside_it(read):
    found = read("[银河通用|C]完成5亿元A轮融资。[美团|C]入股[银河通用|C]。")
    claim = found.one("美团", "INVESTS_IN", "银河通用")
    assert (claim.amount, claim.round) == (5e8, "A轮")


def test_the_learned_score_was_fitted_to_the_classifier_that_ships():
    assert load_scorer().uses_encoder
