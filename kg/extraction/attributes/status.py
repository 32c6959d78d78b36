"""Status: whether the words around a fact say it is planned, rumoured, denied, going on or over."""

from __future__ import annotations

import re

from kg.schema import RelationType, Status

_DENIED = re.compile(
    r"否认|不存在|并未(?!来)|从未|尚未(?:与|签|达|获|收)|辟谣|不属实|不实|并非|未(?:与|能|获|通过|获批|参与|持有|收到|获得)|不予置评|拒绝了?|不会(?:收购|投资|参与|出售)|没有(?:与|投|收购|合作|任何)|无(?:合作|任何关系|关联关系)|驳回"
)
_ENDED = re.compile(
    r"终止|清仓|退出|卸任|辞去|辞职|离职|离任|不再(?:担任|持有|是)|(?<![目此以之当空年月日])前(?=\s?\*)|(?<![目此以之当空年月日])前(?:[^,。*]{0,8}(?:师|员|家|官))|(?<![目此以])前(?:任|总|董|首席|高管|ceo|员工|主席|副|行长|部长|外长|总理|研究员|cto|cfo|掌门)|原(?:副|总|董|首席|党|行长|部长|主席|主任|局长|书记|股东|大股东|第[一二]大)|曾任|曾担任|曾是|放弃|取消|解除|撤销|撤回|停止|告吹|流产|失败|解约|出清|退休|逝世|去世|解聘|免去|全部(?:出售|转让|减持)|售出全部|废止|结束"
)
_RUMOURED = re.compile(
    r"传(?:闻|出|言|将|拟)?(?=[^统承播奇感达真])|据悉(?=.{0,12}(?:有意|正|将|拟|洽|考虑|寻求|可能))|消息(?:称|人士)|知情人士|有意|或(?:将|于|会|以|收|向|成)|可能|洽谈|考虑|磋商|商谈|谈判|讨论|爆料|疑似|曝"
)
_PLANNED = re.compile(
    r"拟(?!态|合|真|人)|计划(?!经济)|将(?!军|来|领|士|其|把|所|近|于20|[^,]{1,14}(?:列入|纳入|转让|列为|注入|出售|移出))|即将|有望|预计|预案|意向|准备|打算|希望|寻求|筹划|筹备|欲|宣布将|未来|力争|目标|提议|呼吁|如果|若(?!干)|一旦|如愿|初步协议|意向书|备忘录|威胁|考虑|申请|征求意见|草案|待(?=[^遇])"
)
_ONGOING = re.compile(
    r"正在?(?=[^式常规确当因好])|持续|减持|进行中|继续|仍在|不断|推进|出售|转让|挂牌|至今|期间|逐步|日益|展开"
)

_ENDS_A_POST = re.compile(r"^(?:前|原|时任)")


def status_of(type: RelationType, words: str) -> Status:
    """The status that `words` (folded: the clause around the fact) give a fact of `type`; completed where they give none."""
    if _DENIED.search(words):
        return Status.DENIED
    if _ENDED.search(words):
        return Status.ENDED
    if _RUMOURED.search(words):
        return Status.RUMOURED
    if _PLANNED.search(words):
        return Status.PLANNED
    if type in (
        RelationType.INVESTS_IN,
        RelationType.PARTNERS_WITH,
        RelationType.REGULATES,
        RelationType.DEVELOPS,
    ) and _ONGOING.search(words):
        return Status.ONGOING
    return Status.COMPLETED
