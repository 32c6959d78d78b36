"""A small build written by hand: three documents (one a copy), mentions, claims, graph."""

from __future__ import annotations

import dataclasses
from collections import Counter
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

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
    Span,
    write_table,
)

C, P, R = EntityType.COMPANY, EntityType.PERSON, EntityType.REGION
M, L, O = EntityType.MODEL, EntityType.POLICY, EntityType.ORGANIZATION  # noqa: E741

FUNDING = (
    "珠海华发集团战略投资智谱\n\n"
    "2025年3月13日，北京智谱华章科技有限公司（以下简称“智谱”）宣布完成新一轮融资，珠海华发集团以5亿元人民币入股。"
    "智谱的基座模型GLM-4被认为可与OpenAI的GPT-4o竞争。张鹏任智谱首席执行官。"
)
SANCTION = (
    "美国商务部将智谱列入实体清单\n\n"
    "2025年1月15日，美国商务部把智谱及其子公司列入《实体清单》。"
    "阿里云计划在浙江省投资3800亿元建设云和AI基础设施。"
)

#: entity id -> type, name, aliases, former ids
ENTITIES: dict[str, tuple[EntityType, str, tuple[str, ...], tuple[str, ...]]] = {
    "e-zhipu": (C, "北京智谱华章科技有限公司", ("智谱", "Zhipu AI"), ("e-zhipu-old",)),
    "e-huafa": (C, "珠海华发集团", (), ()),
    "e-openai": (C, "OpenAI", (), ()),
    "e-glm4": (M, "GLM-4", (), ()),
    "e-gpt4o": (M, "GPT-4o", (), ()),
    "e-zhangpeng": (P, "张鹏", (), ()),
    "e-doc": (O, "美国商务部", ("BIS",), ()),
    "e-list": (L, "实体清单", (), ()),
    "e-aliyun": (C, "阿里云", ("Alibaba Cloud",), ()),
    "e-zhejiang": (R, "浙江省", ("浙江",), ()),
}

_ZHIPU, _OPENAI = ("智谱", "e-zhipu"), ("OpenAI", "e-openai")
_GLM4, _GPT4O = ("GLM-4", "e-glm4"), ("GPT-4o", "e-gpt4o")

#: document, sentence as it starts, type, head (surface, entity), tail (surface, entity), attributes
FACTS: list[tuple[str, str, RelationType, tuple[str, str], tuple[str, str], dict[str, Any]]] = [
    (
        "news/funding.txt",
        "2025年3月13日，北京智谱",
        RelationType.INVESTS_IN,
        ("珠海华发集团", "e-huafa"),
        _ZHIPU,
        {
            "amount": 5e8,
            "currency": "CNY",
            "amount_text": "5亿元人民币",
            "date": "2025-03-13",
            "deal_id": "deal-1",
        },
    ),
    (
        "news/funding.txt",
        "智谱的基座模型",
        RelationType.DEVELOPS,
        _ZHIPU,
        _GLM4,
        {},
    ),
    (
        "news/funding.txt",
        "智谱的基座模型",
        RelationType.DEVELOPS,
        _OPENAI,
        _GPT4O,
        {},
    ),
    (
        "news/funding.txt",
        "智谱的基座模型",
        RelationType.COMPETES_WITH,
        _GPT4O,
        _GLM4,
        {},
    ),
    (
        "news/funding.txt",
        "张鹏任",
        RelationType.WORKS_FOR,
        ("张鹏", "e-zhangpeng"),
        _ZHIPU,
        {"role": "首席执行官", "status": Status.ONGOING},
    ),
    (
        "news/sanction.md",
        "2025年1月15日",
        RelationType.REGULATES,
        ("美国商务部", "e-doc"),
        _ZHIPU,
        {"action": Action.SANCTION, "date": "2025-01-15"},
    ),
    (
        "news/sanction.md",
        "2025年1月15日",
        RelationType.REGULATES,
        ("实体清单", "e-list"),
        _ZHIPU,
        {"action": Action.SANCTION, "date": "2025-01-15"},
    ),
    (
        "news/sanction.md",
        "阿里云计划",
        RelationType.INVESTS_IN,
        ("阿里云", "e-aliyun"),
        ("浙江省", "e-zhejiang"),
        {"amount": 3.8e11, "currency": "CNY", "amount_text": "3800亿元", "status": Status.PLANNED},
    ),
]


def rows() -> dict[str, list[Any]]:
    """Every table of the build as rows."""
    documents = [
        _document("news/funding.txt", FUNDING, "2025-03-13", None),
        _document("news/funding-copy.txt", FUNDING, "2025-03-14", "news/funding.txt"),
        _document("news/sanction.md", SANCTION, "2025-01-15", None),
    ]
    sections = [
        Section(d.doc_id, start, end, kind, page=1)
        for d in documents
        for start, end, kind in (
            (0, len(d.title), SectionKind.TITLE),
            (len(d.title) + 2, len(d.text), SectionKind.PARAGRAPH),
        )
    ]
    mentions: dict[str, Mention] = {}
    owners: dict[str, str] = {}
    claims: list[tuple[Claim, str, str]] = []
    for document in documents:
        original = document.duplicate_of or document.doc_id
        for doc, opening, type_, head, tail, attributes in FACTS:
            if doc != original:
                continue
            start = document.text.index(opening)
            end = document.text.index("。", start) + 1
            ends = []
            for surface, entity in (head, tail):
                at = document.text.find(surface, start, end)
                mention = Mention(
                    f"{document.doc_id}:{at}:{at + len(surface)}",
                    document.doc_id,
                    at,
                    at + len(surface),
                    ENTITIES[entity][0],
                    surface,
                    0.9,
                    "gazetteer",
                )
                mentions[mention.mention_id] = mention
                owners[mention.mention_id] = entity
                ends.append(mention.mention_id)
            digest = sha1(repr((type_, *ends, start)).encode()).hexdigest()[:12]
            claim = Claim(
                claim_id=f"{document.doc_id}:{digest}",
                doc_id=document.doc_id,
                start=start,
                end=end,
                type=type_,
                head_mention=ends[0],
                tail_mention=ends[1],
                confidence=0.8,
                made_by="triggers",
                context=(Span(0, len(document.title)),),
                **attributes,
            )
            claims.append((claim, head[1], tail[1]))
    return {
        "documents": documents,
        "sections": sections,
        "dropped": [],
        "mentions": list(mentions.values()),
        "claims": [claim for claim, _, _ in claims],
        "entities": _entities(mentions, owners),
        "mention_entities": [MentionEntity(m, e) for m, e in owners.items()],
        "relations": _relations(claims, {d.doc_id: d for d in documents}),
        "identities": [],
    }


def write(folder: Path, tables: dict[str, list[Any]] | None = None) -> Path:
    """The build in `folder`; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (tables or rows()).items():
        write_table(folder / f"{name}.parquet", TABLES[name], content)
    return folder


def renamed(tables: dict[str, list[Any]], entity_id: str, name: str) -> dict[str, list[Any]]:
    """The same tables with another name for one entity."""
    entities = [
        dataclasses.replace(e, name=name) if e.entity_id == entity_id else e for e in tables["entities"]
    ]
    return {**tables, "entities": entities}


def _document(doc_id: str, text: str, date: str, duplicate_of: str | None) -> Document:
    return Document(
        doc_id=doc_id,
        source=doc_id,
        title=text.split("\n")[0],
        date=date,
        language="zh",
        text=text,
        content_hash=sha256(text.encode()).hexdigest(),
        duplicate_of=duplicate_of,
    )


def _entities(mentions: dict[str, Mention], owners: dict[str, str]) -> list[Entity]:
    counts = Counter(owners.values())
    documents = {(owners[m.mention_id], m.doc_id) for m in mentions.values()}
    per_entity = Counter(entity for entity, _ in documents)
    return [
        Entity(i, type_, name, aliases, former, counts[i], per_entity[i])
        for i, (type_, name, aliases, former) in ENTITIES.items()
    ]


def _relations(claims: list[tuple[Claim, str, str]], documents: dict[str, Document]) -> list[Relation]:
    groups: dict[tuple[RelationType, str, str], list[Claim]] = {}
    for claim, head, tail in claims:
        if claim.type in SYMMETRIC_RELATIONS:
            head, tail = sorted((head, tail))
        groups.setdefault((claim.type, head, tail), []).append(claim)
    return [
        Relation(
            relation_id=f"r{number}",
            type=type_,
            head=head,
            tail=tail,
            status=stated[0].status,
            first_date=stated[0].date,
            last_date=stated[0].date,
            amount=stated[0].amount,
            currency=stated[0].currency,
            claims=len(stated),
            independent_documents=len({documents[c.doc_id].duplicate_of or c.doc_id for c in stated}),
            best_claim=stated[0].claim_id,
        )
        for number, ((type_, head, tail), stated) in enumerate(groups.items(), 1)
    ]
