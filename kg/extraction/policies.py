"""Policies: what stands in 《》 and ends in a word for a law, plan or rule; quoted programmes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.annotations import add_candidate
from kg.schema import EntityType

MADE_BY = "policies"

#: The last word of a title that names a policy.
_HEAD = (
    "法|法典|法案|法令|法规|条例|办法|规定|规则|细则|规范|准则|规程|章程|规划|纲要|方案|计划|行动|意见|意见稿|通知|公告|"
    "通告|决定|决议|命令|行政令|令|协议|协定|条约|公约|议定书|宣言|共识|备忘录|指南|指引|导则|措施|举措|政策|战略|路线图|"
    "目录|清单|名单|标准|要求|解释|解答|批复|答复|函|裁定|框架|框架协议|倡议|政府工作报告|若干条|十条|十六条|草案|修正案|"
    "预案|细目|条款|制度|体系|机制|承诺|试行"
)
_TITLE = re.compile(
    rf"(?:{_HEAD})(?:[（(〔][^（()）]{{0,40}}[）)〕]|》|〉|[一二三四五六七八九十0-9.]*(?:版|号)?)*\Z"
)
_LATIN_TITLE = re.compile(r"\b(?:Act|Law|Bill|Regulation|Directive|Agreement|Order|Treaty)\b(?: of \d{4})?\Z")
#: Titles of reports, books and media that end like a policy, or hold what only they hold.
_NOT = re.compile(
    r"报告(?!$)|白皮书|蓝皮书|研究|日报|周刊|杂志|财经|观察|指数|年报|季报|公告书|说明书|问卷|手册|研报"
)
_QUOTED = re.compile(
    r"[“\"]([^”\"“\n]{2,16})[”\"](?:专项)?(?:行动计划|行动|发展规划|规划|计划|工程|战略|倡议|法案|试点|清单|政策|机制|制度|改革)"
)


@Language.component(MADE_BY)
def policies(doc: Doc) -> Doc:
    """Propose titles in 《》 that name a policy, and quoted programmes with their noun (“人工智能+”行动)."""
    text = doc._.text
    for start, end in titles(text):
        title = text[start:end]
        if (_TITLE.search(title) or _LATIN_TITLE.search(title)) and not _NOT.search(title):
            add_candidate(doc, start, end, EntityType.POLICY, 0.9, MADE_BY)
    for match in _QUOTED.finditer(text):
        add_candidate(doc, match.start(), match.end(), EntityType.POLICY, 0.6, MADE_BY)
    return doc


def titles(text: str) -> Iterator[tuple[int, int]]:
    """What stands between outermost 《 and 》, a title within a title being part of it; at most 200 characters."""
    depth, start = 0, 0
    for match in re.finditer(r"[《》]", text):
        if match[0] == "《":
            if depth and match.start() - start > 200:
                depth = 0  # the last one was never closed
            depth += 1
            if depth == 1:
                start = match.end()
        elif depth:
            depth -= 1
            if not depth and 1 < match.start() - start <= 200:
                yield start, match.start()
