"""ISSUES: who issues, passes, signs or proposes a policy."""

from __future__ import annotations

from kg.extraction.relations.constructions import Construction
from kg.schema import RelationType

_ISSUE = (
    "(?:印发|发布|公布|出台|颁布|制定|签署|通过|提出|推出|修订|起草|下发|审议|施行|实施|启动|发起|建立|设立|编制|推行|提交|签订|推进|开展|批准|批复|公开|更新|启用|宣布|"
    "发出|调整|优化|打造|联合|试行|推动|落实|完善|部署|创设|新设立?|明确|执行|深入|研究|废除|敲定|废止|达成|表决|签|发放|执行|迎来|强化)"
)

CONSTRUCTIONS = (
    Construction(
        "policies.issue",
        RelationType.ISSUES,
        "{h:ORP}(?!<s>(?:列入|纳入|入选))<c>" + _ISSUE + "(?:了|的|并施行|实施)?<g>{t:L}",
    ),
    Construction("policies.own", RelationType.ISSUES, "{h:OR}(?:的|此前的|最新|新版|等[^,。]{0,6})?{t:L}"),
    Construction(
        "policies.issued_by",
        RelationType.ISSUES,
        "{t:L}<c>(?:由|经|是|为|系){h:ORP}<g>(?:印发|发布|公布|出台|颁布|制定|签署|通过|提出|推出|修订|起草|审议|批准|签|表决|编制|发起)",
    ),
    Construction(
        "policies.long",
        RelationType.ISSUES,
        "{h:O}<a>(?:印发|发布|公布|出台|颁布|制定|修订|联合)(?:了|实施|的)?<g>{t:L}",
    ),
    Construction("policies.signed", RelationType.ISSUES, "{h:RO}<g>签署<g>{t:L}"),
)
