"""A small hand-made build: 13 documents, 47 entities, 69 claims, with the rows that a real build writes.

The texts are ours, the facts public (2023 to 2025). It holds on purpose: a copied text, one deal told with
two amounts, planned, rumoured, denied and ended facts, people who changed posts, an entity without any
relation. `write(folder)` writes the Parquet tables; `build()` returns the rows by table name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from kg.schema import SYMMETRIC_RELATIONS, Action, EntityType, RelationType, Status
from kg.tables import (
    TABLES,
    Claim,
    Document,
    Entity,
    Mention,
    MentionEntity,
    Relation,
    Section,
    SectionKind,
    write_table,
)

#: Ids that entities had before they were found to be one.
FORMER_IDS = {"openai": ("openai-lp",)}

#: Entity id: (type, name, further names). A name belongs to one entity only.
ENTITIES: dict[str, tuple[EntityType, str, tuple[str, ...]]] = {
    "zhipu": (EntityType.COMPANY, "北京智谱华章科技有限公司", ("智谱",)),
    "moonshot": (EntityType.COMPANY, "月之暗面", ("Moonshot AI",)),
    "alibaba": (EntityType.COMPANY, "阿里巴巴", ("阿里",)),
    "alicloud": (EntityType.COMPANY, "阿里云", ()),
    "tencent": (EntityType.COMPANY, "腾讯", ("騰訊",)),
    "sequoia": (EntityType.COMPANY, "红杉中国", ()),
    "huafa": (EntityType.COMPANY, "华发集团", ()),
    "hangzhou_fund": (EntityType.COMPANY, "杭州城投产业基金", ()),
    "deepseek": (EntityType.COMPANY, "深度求索", ()),
    "huanfang": (EntityType.COMPANY, "幻方量化", ()),
    "baidu": (EntityType.COMPANY, "百度", ()),
    "nvidia": (EntityType.COMPANY, "英伟达", ("NVIDIA",)),
    "openai": (EntityType.COMPANY, "OpenAI", ()),
    "microsoft": (EntityType.COMPANY, "微软", ()),
    "softbank": (EntityType.COMPANY, "软银集团", ("软银",)),
    "ampere": (EntityType.COMPANY, "Ampere Computing", ("Ampere",)),
    "anthropic": (EntityType.COMPANY, "Anthropic", ()),
    "amazon": (EntityType.COMPANY, "亚马逊", ()),
    "google": (EntityType.COMPANY, "谷歌", ()),
    "meta": (EntityType.COMPANY, "Meta", ()),
    "apple": (EntityType.COMPANY, "苹果公司", ("苹果",)),
    "thinking": (EntityType.COMPANY, "Thinking Machines Lab", ()),
    "liang": (EntityType.PERSON, "梁文锋", ()),
    "schulman": (EntityType.PERSON, "John Schulman", ("舒尔曼",)),
    "murati": (EntityType.PERSON, "Mira Murati", ("穆拉蒂",)),
    "yao": (EntityType.PERSON, "姚顺雨", ()),
    "yang": (EntityType.PERSON, "杨植麟", ()),
    "china": (EntityType.REGION, "中国", ()),
    "eu": (EntityType.REGION, "欧盟", ()),
    "hangzhou": (EntityType.REGION, "杭州市", ("杭州",)),
    "beijing": (EntityType.REGION, "北京市", ()),
    "r1": (EntityType.MODEL, "DeepSeek-R1", ("R1",)),
    "v3": (EntityType.MODEL, "DeepSeek-V3", ()),
    "qwen": (EntityType.MODEL, "Qwen2.5-Max", ()),
    "o1": (EntityType.MODEL, "o1", ()),
    "kimi": (EntityType.MODEL, "Kimi", ()),
    "ai_act": (EntityType.POLICY, "人工智能法案", ()),
    "ai_plus": (EntityType.POLICY, "关于深入实施“人工智能+”行动的意见", ()),
    "diffusion": (EntityType.POLICY, "人工智能扩散框架", ()),
    "entity_list": (EntityType.POLICY, "实体清单", ()),
    "doc": (EntityType.ORGANIZATION, "美国商务部", ()),
    "samr": (EntityType.ORGANIZATION, "国家市场监督管理总局", ("市场监管总局",)),
    "state_council": (EntityType.ORGANIZATION, "国务院", ()),
    "commission": (EntityType.ORGANIZATION, "欧盟委员会", ()),
    "garante": (EntityType.ORGANIZATION, "意大利数据保护局", ()),
    "sasac": (EntityType.ORGANIZATION, "珠海市国资委", ()),
    "xinhua": (EntityType.ORGANIZATION, "新华社", ()),
}


class Fact(NamedTuple):
    """A claim by entity ids; `attributes` are fields of `Claim`."""

    type: RelationType
    head: str
    tail: str
    attributes: Mapping[str, Any] = MappingProxyType({})


class Article(NamedTuple):
    """A document: its sentences, each with the facts it states."""

    doc_id: str
    source: str
    title: str
    date: str
    sentences: list[tuple[str, list[Fact]]]


_I, _R, _C = RelationType.INVESTS_IN, RelationType.REGULATES, RelationType.COMPETES_WITH
_D, _U, _S = RelationType.DEVELOPS, RelationType.USES, RelationType.ISSUES
_W, _P = RelationType.WORKS_FOR, RelationType.PARTNERS_WITH
_B, _L = RelationType.SUBSIDIARY_OF, RelationType.LOCATED_IN


def _money(amount: float, currency: str, text: str, **more: Any) -> dict[str, Any]:
    return {"amount": amount, "currency": currency, "amount_text": text, **more}


_ZHIPU_ROUND = [
    (
        "北京智谱华章科技有限公司（智谱）宣布完成新一轮融资，由杭州城投产业基金投资10亿元。",
        [
            Fact(
                _I,
                "hangzhou_fund",
                "zhipu",
                _money(1e9, "CNY", "10亿元", date="2025-03-03", deal_id="zhipu-d"),
            )
        ],
    ),
    ("智谱总部位于北京市。", [Fact(_L, "zhipu", "beijing")]),
    (
        "此前阿里巴巴、腾讯和红杉中国都投资过智谱。",
        [
            Fact(_I, investor, "zhipu", {"date": "2023-10-20"})
            for investor in ("alibaba", "tencent", "sequoia")
        ],
    ),
]

ARTICLES = [
    Article("zhipu.md", "科技周报", "智谱完成新一轮融资", "2025-03-03", _ZHIPU_ROUND),
    Article("copy/zhipu.txt", "转载网", "智谱融资（转载）", "2025-03-04", _ZHIPU_ROUND),
    Article(
        "huafa.md",
        "珠海财经",
        "华发集团投资智谱",
        "2025-03-13",
        [
            (
                "华发集团以5亿元战略投资智谱，杭州城投产业基金的10亿元已经到账。",
                [
                    Fact(
                        _I,
                        "huafa",
                        "zhipu",
                        _money(5e8, "CNY", "5亿元", date="2025-03-13", deal_id="zhipu-h"),
                    ),
                    Fact(_I, "hangzhou_fund", "zhipu", _money(1e9, "CNY", "10亿元", deal_id="zhipu-d")),
                ],
            ),
            (
                "智谱与月之暗面在大模型市场竞争激烈，阿里云已与智谱合作。",
                [Fact(_C, "zhipu", "moonshot"), Fact(_P, "alicloud", "zhipu")],
            ),
            ("华发集团隶属于珠海市国资委。", [Fact(_B, "huafa", "sasac")]),
        ],
    ),
    Article(
        "entity-list.txt",
        "商务观察",
        "美国商务部把智谱列入实体清单",
        "2025-01-16",
        [
            (
                "美国商务部1月15日把智谱列入实体清单。",
                [
                    Fact(_R, "doc", "zhipu", {"action": Action.EXPORT_CONTROL, "date": "2025-01-15"}),
                    Fact(_R, "entity_list", "zhipu", {"action": Action.EXPORT_CONTROL, "date": "2025-01-15"}),
                    Fact(_S, "doc", "entity_list"),
                ],
            ),
            (
                "美国商务部还发布《人工智能扩散框架》，限制向中国出口芯片，英伟达受到影响。",
                [
                    Fact(_S, "doc", "diffusion", {"date": "2025-01-13"}),
                    Fact(_R, "diffusion", "china", {"action": Action.EXPORT_CONTROL, "date": "2025-01-13"}),
                    Fact(_R, "diffusion", "nvidia", {"action": Action.EXPORT_CONTROL, "date": "2025-01-13"}),
                ],
            ),
        ],
    ),
    Article(
        "moonshot.html",
        "投资周刊",
        "阿里巴巴入股月之暗面",
        "2024-05-24",
        [
            (
                "阿里巴巴以约8亿美元购入月之暗面36%的股权。",
                [
                    Fact(
                        _I,
                        "alibaba",
                        "moonshot",
                        _money(8e8, "USD", "约8亿美元", stake=36.0, date="2024-02", deal_id="moonshot-a"),
                    )
                ],
            ),
            (
                "红杉中国和腾讯也是月之暗面的股东，创始人杨植麟担任首席执行官。",
                [
                    Fact(_I, "sequoia", "moonshot", {"date": "2024-02"}),
                    Fact(_I, "tencent", "moonshot", {"date": "2024-08"}),
                    Fact(_W, "yang", "moonshot", {"role": "创始人、首席执行官"}),
                ],
            ),
            (
                "月之暗面开发的Kimi与深度求索的R1竞争。",
                [Fact(_D, "moonshot", "kimi"), Fact(_D, "deepseek", "r1"), Fact(_C, "kimi", "r1")],
            ),
        ],
    ),
    Article(
        "moonshot-annual.csv",
        "年报摘编",
        "阿里巴巴年报中的月之暗面",
        "2024-06-01",
        [
            (
                "年报显示，阿里巴巴对月之暗面的投资约为7.9亿美元。",
                [
                    Fact(
                        _I,
                        "alibaba",
                        "moonshot",
                        _money(7.9e8, "USD", "约7.9亿美元", date="2024-02", deal_id="moonshot-a"),
                    )
                ],
            ),
            ("阿里云是阿里巴巴的子公司。", [Fact(_B, "alicloud", "alibaba")]),
        ],
    ),
    Article(
        "deepseek.docx",
        "模型前线",
        "深度求索发布DeepSeek-R1",
        "2025-01-20",
        [
            (
                "位于杭州的深度求索发布DeepSeek-R1，性能比肩OpenAI的o1。",
                [
                    Fact(_L, "deepseek", "hangzhou"),
                    Fact(_D, "deepseek", "r1", {"date": "2025-01-20"}),
                    Fact(_D, "openai", "o1"),
                    Fact(_C, "r1", "o1"),
                ],
            ),
            (
                "深度求索由幻方量化创立，创始人为梁文锋，此前推出过DeepSeek-V3。",
                [
                    Fact(_B, "deepseek", "huanfang"),
                    Fact(_W, "liang", "deepseek", {"role": "创始人"}),
                    Fact(_D, "deepseek", "v3", {"date": "2024-12-26"}),
                ],
            ),
            (
                "腾讯、百度和阿里云先后接入DeepSeek-R1。",
                [Fact(_U, user, "r1", {"date": "2025-02"}) for user in ("tencent", "baidu", "alicloud")],
            ),
            (
                "阿里云随后发布Qwen2.5-Max，称其超过DeepSeek-V3。",
                [Fact(_D, "alicloud", "qwen", {"date": "2025-01-29"}), Fact(_C, "qwen", "v3")],
            ),
        ],
    ),
    Article(
        "italy.txt",
        "欧洲来信",
        "意大利数据保护局处罚OpenAI",
        "2025-01-31",
        [
            (
                "意大利数据保护局对OpenAI罚款1500万欧元，并于1月30日禁用深度求索的服务。",
                [
                    Fact(
                        _R,
                        "garante",
                        "openai",
                        _money(1.5e7, "EUR", "1500万欧元", action=Action.FINE, date="2024-12-20"),
                    ),
                    Fact(_R, "garante", "deepseek", {"action": Action.BAN, "date": "2025-01-30"}),
                ],
            ),
            (
                "欧盟的《人工智能法案》自2024年8月1日起生效，适用于OpenAI和谷歌。",
                [
                    Fact(_S, "eu", "ai_act", {"date": "2024-08-01"}),
                    Fact(_R, "ai_act", "openai", {"action": Action.SUPERVISE, "date": "2024-08-01"}),
                    Fact(_R, "ai_act", "google", {"action": Action.SUPERVISE, "date": "2024-08-01"}),
                ],
            ),
        ],
    ),
    Article(
        "fines.txt",
        "欧洲来信",
        "欧盟委员会处罚苹果和Meta",
        "2025-04-23",
        [
            (
                "欧盟委员会对苹果罚款5亿欧元，对Meta罚款2亿欧元。",
                [
                    Fact(
                        _R,
                        "commission",
                        "apple",
                        _money(5e8, "EUR", "5亿欧元", action=Action.FINE, date="2025-04-23"),
                    ),
                    Fact(
                        _R,
                        "commission",
                        "meta",
                        _money(2e8, "EUR", "2亿欧元", action=Action.FINE, date="2025-04-23"),
                    ),
                ],
            ),
            (
                "市场监管总局对英伟达立案调查，新华社作了报道。",
                [Fact(_R, "samr", "nvidia", {"action": Action.INVESTIGATE, "date": "2024-12-09"})],
            ),
        ],
    ),
    Article(
        "openai.md",
        "环球科技",
        "软银牵头投资OpenAI",
        "2025-03-31",
        [
            (
                "软银集团牵头向OpenAI投资400亿美元，微软也是OpenAI的股东。",
                [
                    Fact(
                        _I,
                        "softbank",
                        "openai",
                        _money(4e10, "USD", "400亿美元", date="2025-03-31", deal_id="openai-s"),
                    ),
                    Fact(_I, "microsoft", "openai", _money(1.3e10, "USD", "130亿美元", date="2023-01-23")),
                ],
            ),
            (
                "软银拟以65亿美元收购Ampere Computing。",
                [
                    Fact(
                        _I,
                        "softbank",
                        "ampere",
                        _money(
                            6.5e9, "USD", "65亿美元", date="2025-03-20", status=Status.PLANNED, stake=100.0
                        ),
                    )
                ],
            ),
            (
                "OpenAI与Anthropic、谷歌竞争。",
                [
                    Fact(_C, "openai", "anthropic"),
                    Fact(_C, "openai", "google"),
                    Fact(_C, "anthropic", "google"),
                ],
            ),
        ],
    ),
    Article(
        "anthropic.md",
        "环球科技",
        "亚马逊追加投资Anthropic",
        "2024-11-22",
        [
            (
                "亚马逊向Anthropic追加投资40亿美元。",
                [Fact(_I, "amazon", "anthropic", _money(4e9, "USD", "40亿美元", date="2024-11-22"))],
            ),
            (
                "据传谷歌拟再向Anthropic投资10亿美元。",
                [
                    Fact(
                        _I,
                        "google",
                        "anthropic",
                        _money(1e9, "USD", "10亿美元", date="2025-01", status=Status.RUMOURED),
                    )
                ],
            ),
            (
                "John Schulman离开OpenAI，加入Anthropic。",
                [
                    Fact(
                        _W,
                        "schulman",
                        "openai",
                        {"role": "联合创始人", "status": Status.ENDED, "date": "2024-08"},
                    ),
                    Fact(_W, "schulman", "anthropic", {"role": "研究员", "date": "2024-08"}),
                ],
            ),
        ],
    ),
    Article(
        "people.txt",
        "人事快讯",
        "穆拉蒂创办Thinking Machines Lab",
        "2025-02-18",
        [
            (
                "穆拉蒂卸任OpenAI首席技术官后创办Thinking Machines Lab，舒尔曼离开Anthropic加入。",
                [
                    Fact(
                        _W,
                        "murati",
                        "openai",
                        {"role": "首席技术官", "status": Status.ENDED, "date": "2024-09"},
                    ),
                    Fact(_W, "murati", "thinking", {"role": "创始人", "date": "2025-02-18"}),
                    Fact(
                        _W,
                        "schulman",
                        "anthropic",
                        {"role": "研究员", "status": Status.ENDED, "date": "2025-02"},
                    ),
                    Fact(_W, "schulman", "thinking", {"role": "首席科学家", "date": "2025-02-18"}),
                ],
            ),
            (
                "腾讯否认姚顺雨已经入职，姚顺雨此前任职于OpenAI。",
                [
                    Fact(_W, "yao", "tencent", {"status": Status.DENIED, "date": "2025-09-12"}),
                    Fact(_W, "yao", "openai", {"role": "研究员", "status": Status.ENDED}),
                ],
            ),
        ],
    ),
    Article(
        "policy.txt",
        "政策速览",
        "国务院印发人工智能+行动意见",
        "2025-08-26",
        [
            (
                "国务院印发《关于深入实施“人工智能+”行动的意见》，在中国推动应用。",
                [
                    Fact(_S, "state_council", "ai_plus", {"date": "2025-08-26"}),
                    Fact(_R, "ai_plus", "china", {"action": Action.OTHER, "date": "2025-08-26"}),
                ],
            ),
            (
                "美国商务部5月13日撤销《人工智能扩散框架》。",
                [Fact(_S, "doc", "diffusion", {"status": Status.ENDED, "date": "2025-05-13"})],
            ),
        ],
    ),
]

_DUPLICATE_OF = {"copy/zhipu.txt": "zhipu.md"}


def build(leave_out: Collection[str] = ()) -> dict[str, list[Any]]:
    """The rows of every table, by table name, as if the documents `leave_out` had never been read."""
    tables: dict[str, list[Any]] = {name: [] for name in TABLES}
    pairs: list[tuple[Claim, str, str]] = []
    for article in ARTICLES:
        if article.doc_id not in leave_out:
            _add_article(article, tables, pairs)
    named = {row.entity_id for row in tables["mention_entities"]}
    tables["claims"] = [claim for claim, _, _ in pairs]
    tables["entities"] = [_entity(key, tables) for key in ENTITIES if key in named]
    tables["relations"] = _relations(pairs, tables["documents"])
    return tables


def write(folder: Path) -> Path:
    """Write every table as Parquet into `folder` (made if absent); returns it."""
    return write_rows(folder, build())


def write_rows(folder: Path, tables: dict[str, list[Any]]) -> Path:
    """Write rows, by table name, as Parquet into `folder` (made if absent); returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, row_type in TABLES.items():
        write_table(folder / f"{name}.parquet", row_type, tables[name])
    return folder


def _add_article(article: Article, tables: dict[str, list[Any]], pairs: list[tuple[Claim, str, str]]) -> None:
    text = article.title + "\n" + "".join(sentence for sentence, _ in article.sentences)
    tables["documents"].append(
        Document(
            doc_id=article.doc_id,
            source=article.source,
            title=article.title,
            date=article.date,
            language="zh",
            text=text,
            content_hash=hashlib.sha256(text.encode()).hexdigest(),
            duplicate_of=_DUPLICATE_OF.get(article.doc_id),
        )
    )
    start = len(article.title) + 1
    tables["sections"] += [
        Section(article.doc_id, 0, len(article.title), SectionKind.TITLE),
        Section(article.doc_id, start, len(text), SectionKind.PARAGRAPH),
    ]
    mentions = _mentions(article.doc_id, text)
    tables["mentions"] += [mention for mention, _ in mentions]
    tables["mention_entities"] += [MentionEntity(mention.mention_id, key) for mention, key in mentions]
    for sentence, facts in article.sentences:
        end = start + len(sentence)
        inside: dict[str, Mention] = {}
        for mention, key in mentions:
            if start <= mention.start and mention.end <= end:
                inside.setdefault(key, mention)
        for fact in facts:
            claim = _claim(article.doc_id, fact, inside[fact.head], inside[fact.tail], start, end)
            pairs.append((claim, fact.head, fact.tail))
        start = end


def _claim(doc_id: str, fact: Fact, head: Mention, tail: Mention, start: int, end: int) -> Claim:
    key = f"{fact.type}|{head.mention_id}|{tail.mention_id}|{start}"
    return replace(
        Claim(
            claim_id=f"{doc_id}:{hashlib.sha1(key.encode()).hexdigest()[:12]}",
            doc_id=doc_id,
            start=start,
            end=end,
            type=fact.type,
            head_mention=head.mention_id,
            tail_mention=tail.mention_id,
            confidence=0.9,
            made_by="triggers",
        ),
        **fact.attributes,
    )


def _mentions(doc_id: str, text: str) -> list[tuple[Mention, str]]:
    """Every occurrence of every name, longest first, without overlaps, in the order of the text."""
    names = sorted(
        ((name, key) for key, (_, first, more) in ENTITIES.items() for name in (first, *more)),
        key=lambda pair: (-len(pair[0]), pair[0]),
    )
    taken = [False] * len(text)
    found = []
    for name, key in names:
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            if not any(taken[start:end]):
                taken[start:end] = [True] * len(name)
                mention = Mention(
                    f"{doc_id}:{start}:{end}", doc_id, start, end, ENTITIES[key][0], name, 0.95, "gazetteer"
                )
                found.append((mention, key))
            start = text.find(name, end)
    return sorted(found, key=lambda pair: pair[0].start)


def _entity(key: str, tables: dict[str, list[Any]]) -> Entity:
    entity_type, name, aliases = ENTITIES[key]
    ids = {row.mention_id for row in tables["mention_entities"] if row.entity_id == key}
    documents = {row.doc_id for row in tables["mentions"] if row.mention_id in ids}
    former = FORMER_IDS.get(key, ())
    return Entity(key, entity_type, name, tuple(sorted({name, *aliases})), former, len(ids), len(documents))


def _relations(pairs: list[tuple[Claim, str, str]], documents: list[Document]) -> list[Relation]:
    """Claims by type, head and tail; the pair of a symmetric type in the order of the ids."""
    original = {row.doc_id: row.duplicate_of or row.doc_id for row in documents}
    groups: dict[tuple[RelationType, str, str], list[Claim]] = {}
    for claim, head, tail in pairs:
        if claim.type in SYMMETRIC_RELATIONS and tail < head:
            head, tail = tail, head
        groups.setdefault((claim.type, head, tail), []).append(claim)
    relations = []
    for (relation_type, head, tail), claims in groups.items():
        latest = max(claims, key=lambda claim: (claim.date or "", claim.claim_id))
        best = max(claims, key=lambda claim: (claim.amount is not None, claim.date or "", claim.claim_id))
        dates = sorted(claim.date for claim in claims if claim.date)
        relations.append(
            Relation(
                relation_id=f"{relation_type}:{head}:{tail}",
                type=relation_type,
                head=head,
                tail=tail,
                status=latest.status,
                first_date=dates[0] if dates else None,
                last_date=dates[-1] if dates else None,
                amount=best.amount,
                currency=best.currency,
                claims=len(claims),
                independent_documents=len({original[claim.doc_id] for claim in claims}),
                best_claim=best.claim_id,
            )
        )
    return relations
