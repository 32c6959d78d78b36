"""Companies by their legal form or trade word: …有限公司, …集团, …银行, … Inc."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.annotations import add_candidate, known_starts
from kg.extraction.boundaries import anchored_start, name_start
from kg.schema import EntityType

MADE_BY = "companies"

_LEGAL_FORM = re.compile(
    r"(?:集团|控股|科技|投资)?(?:股份)?(?:[（(][^（()）]{1,8}[）)])?有限(?:责任)?公司(?:[\u4e00-\u9fff]{2,8}分公司)?"
    r"|股份公司|合伙企业(?:[（(]有限合伙[）)])?|集团公司|[（(]有限合伙[）)]"
)
#: Words that end short names of companies and are rarely the end of anything else.
_TRADE_WORD = re.compile(
    r"集团|股份|银行|证券|基金|人寿|财险|信托|期货|理财|资管|资本|创投|控股|半导体|微电子|光电|影业|药业|制药|乳业|酒业|"
    r"重工|钢铁|矿业|石化|置业|地产|实业|律师事务所|会计师事务所|事务所|投资|科技|汽车|能源|医药|生物|电子|通信|电气|电器|"
    r"航空|传媒|保险|新材|机器人|智能|公司|咨询|研究"
)
_LATIN_FORM = re.compile(
    r"\b(?:[A-Z][\w&.'’-]{0,40},? ){1,5}(?:Inc\b\.?|Ltd\b\.?|Limited\b|Corp\b\.?|Corporation\b|LLC\b|PLC\b|plc\b|"
    r"Co\b\.?(?:,? Ltd\b\.?)?|Group\b|Holdings?\b|GmbH\b|AG\b|N\.V\.|S\.A\.|Capital\b|Ventures\b|Partners\b|"
    r"Technologies\b|Labs?\b|Bank\b|Securities\b)"
)


@Language.component(MADE_BY)
def companies(doc: Doc) -> Doc:
    """Propose names that end in a legal form, surely, and in a trade word, less surely."""
    text = doc._.text
    anchors = known_starts(doc)
    for match in _LEGAL_FORM.finditer(text):
        start = name_start(text, match.start())
        if match.start() - start >= 2:
            add_candidate(doc, start, match.end(), EntityType.COMPANY, 0.9, f"{MADE_BY}:legal_form")
            anchor = anchored_start(start + 1, match.start() - 1, anchors)
            if anchor is not None and start not in anchors:
                add_candidate(
                    doc, anchor, match.end(), EntityType.COMPANY, 0.6, f"{MADE_BY}:legal_form_anchored"
                )
    for match in _TRADE_WORD.finditer(text):
        start = name_start(text, match.start(), longest=10)
        if text[match.end() : match.end() + 1] in tuple("业化创股家界类型性化率额量员"):
            continue
        anchor = anchored_start(start, match.start(), anchors)
        if anchor is not None:
            add_candidate(doc, anchor, match.end(), EntityType.COMPANY, 0.6, f"{MADE_BY}:trade_word_anchored")
        if start != anchor and 2 <= match.start() - start <= 6:
            sure = 0.55 if match[0] in ("集团", "股份", "银行", "证券", "基金", "资本", "控股") else 0.3
            add_candidate(doc, start, match.end(), EntityType.COMPANY, sure, f"{MADE_BY}:trade_word")
    for match in _LATIN_FORM.finditer(text):
        add_candidate(doc, match.start(), match.end(), EntityType.COMPANY, 0.8, f"{MADE_BY}:latin_form")
    return doc
