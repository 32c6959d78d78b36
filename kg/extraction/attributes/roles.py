"""The post that a person holds: the words of the title between the employer and the name, or after 任."""

from __future__ import annotations

import re

_TITLE_WORD = (
    "董事长|董事会主席|董事会秘书|董秘|独立董事|董事|监事长|监事|主席|总裁|总经理|经理|总监|ceo|cto|cfo|coo|cio|cmo|cso|首席|"
    "创始人|创办人|联创|合伙人|负责人|主管|院长|校长|所长|主任|部长|局长|厅长|司长|处长|行长|会长|秘书长|书记|委员|总理|首相|总统|市长|省长|州长|"
    "县长|区长|大臣|国务卿|议员|议长|发言人|代表|研究员|分析师|策略师|学家|工程师|架构师|教授|讲师|博士|院士|学者|专家|顾问|记者|编辑|作者|律师|法官|"
    "检察|高管|党首|领导人|受托人|导师|室长|股东|领袖|掌门人|掌舵|实控人|实际控制人|大股东|法定代表人|员工|总干事|外长|防长|财长|教练|球员|总编|秘书|助理|执行官|运营官|理事"
)
_ENDS = re.compile(rf"(?:{_TITLE_WORD})")
_ASIDE = re.compile(r"^[^（(]{0,2}[（(][^（）()]{0,40}[)）]")
_TRIM = re.compile(
    r"^(?:[\"“”'》」』]|正|现|时任|原任|出任|担任|的|旗下|，|,|、|：|:|是|为|系|\s|由|现任|公司|该公司|该校|该行|后者|其|任|\d+\s?名|前(?![沿端瞻台])|原(?=[^料油创则]))+|(?:，|,|、|：|:|\s|的|是|为|[\"“”'])+$"
)
_LEAD = re.compile(r"^.*(?:成立|表示|宣布|公告|处以|对|获悉|透露|指出|聘请|任命|邀请)(?=\S{2})")
_AFTER = re.compile(
    r"(?:担任|出任|升任|接任|兼任|就任|当选|继任|履新|辞去|卸任|不再担任|获任|任命为|选举为|聘任为|调任|任|为|兼)(?:了|过|其)?(?P<role>[^，,。；;：:！!?？]{2,24})"
)


def role_between(text: str) -> str | None:
    """The title in the stretch between an employer and a person, or None if it is none."""
    words = _ASIDE.sub("", " ".join(text.split()))
    # The title stands in the last clause; what comes before it tells something else.
    role = _TRIM.sub("", _LEAD.sub("", re.split(r"[，,；;。！!？?]", words.rstrip("，,"))[-1]))
    if not 2 <= len(role) <= 40 or not _ENDS.search(role.lower()):
        return None
    return role


def role_after(text: str) -> str | None:
    """The post named after 任 / 担任 in what follows a person's name, or None."""
    match = _AFTER.search(text)
    if match is None:
        return None
    found = _ENDS.search(match["role"].lower())
    if found is None:
        return None
    role = match["role"]
    # Cut before a second clause; keep titles joined by 、 and 兼.
    for mark in ("并", "后", "一职", "期间", "的"):
        cut = role.find(mark, found.end())
        if cut > 0:
            role = role[:cut]
    return _TRIM.sub("", role) or None
