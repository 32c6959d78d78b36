"""Aliases that a document defines: 北京智谱华章科技有限公司（以下简称“智谱”）, 美国证券交易委员会（SEC）."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.annotations import Candidate, add_candidate
from kg.schema import EntityType

MADE_BY = "definitions"

_ALIAS = r"[^“”\"'‘’「」《》（）()，,。；;：:\n]{1,24}"
#: 以下简称“X”, in a bracket or after a comma, X in quotes or bare.
_DEFINED = re.compile(
    rf"(?P<open>[（(]|[，,])\s*(?:以下|下文|下)?(?:简称|统称|称)(?:为|作)?[:：]?\s*"
    rf"[“\"'‘「《]?(?P<alias>{_ALIAS}?)[”\"'’」》]?(?=[）)，,。；;\n]|或|、)"
)
#: A bracket right after a name that holds its other spelling: Latin for Chinese, Chinese for Latin.
_BRACKET = re.compile(
    r"\s?[（(]\s?(?P<alias>[A-Z][A-Za-z0-9.&'’\- ]{0,40}[A-Za-z0-9.]|"
    r"[\u4e00-\u9fff][\u4e00-\u9fff·・A-Za-z0-9]{1,14})\s?[）)]"
)
_NO_ALIAS = re.compile(
    r"(?:本|该|原|标的|上市|目标|我)?(?:公司|集团|银行|发行人|本行|我行|协议|合同|基金|甲方|乙方|报告期|本次.*|下同|控股股东|标的|项目)\Z"
    r"|[A-Z]{2,6}[:：.]|\d+\Z|(?:SH|SZ|HK|US|IPO|CEO|AI|APP|App|ETF|GDP|CPI|PMI|REITs?|L[1-5]|VLA|AGI|LLM)\Z"
    r"|.*(?:亿|万|美元|港元|%|月|日|年|季度|左右|以上|以下|图|表|版|报道|记者|来源|新华社|财联社|编辑|含|例如|如|即|包括|"
    r"暂定名|原名|征求意见稿|试行|草案|有限合伙|集团|中国)\Z"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """The alias at `start`..`end` stands for the name that ends at `name_end`."""

    name_end: int
    start: int
    end: int
    explicit: bool


def definitions_in(text: str) -> Iterator[Definition]:
    """Alias definitions by their form alone, wherever a bracket or 简称 follows a Chinese or Latin character."""
    for match in _DEFINED.finditer(text):
        if match.start() and not _NO_ALIAS.match(match["alias"]):
            yield Definition(match.start(), match.start("alias"), match.end("alias"), True)
    for match in _BRACKET.finditer(text):
        alias = match["alias"]
        before = text[match.start() - 1 : match.start()]
        latin = alias[0].isascii()
        if before.isalnum() and latin != before.isascii() and not _NO_ALIAS.match(alias):
            yield Definition(match.start(), match.start("alias"), match.end("alias"), False)


@Language.component(MADE_BY)
def definitions(doc: Doc) -> Doc:
    """Propose the alias with the type of the name it is defined for."""
    by_end: dict[int, list[Candidate]] = {}
    for candidate in doc._.candidates:
        if candidate.confidence >= 0.5:
            by_end.setdefault(candidate.end, []).append(candidate)
    for definition in definitions_in(doc._.text):
        names = by_end.get(definition.name_end)
        if not names:
            continue
        name = max(names, key=lambda c: (c.end - c.start, c.confidence, c.type))
        if not definition.explicit and name.type in (EntityType.REGION, EntityType.POLICY, EntityType.MODEL):
            continue
        confidence = name.confidence * (0.95 if definition.explicit else 0.75)
        kind = "explicit" if definition.explicit else "bracket"
        add_candidate(doc, definition.start, definition.end, name.type, confidence, f"{MADE_BY}:{kind}")
    return doc
