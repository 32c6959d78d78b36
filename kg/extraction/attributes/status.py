"""Status: whether the words around a fact say it is planned, rumoured, denied, going on or over.

Words are folded, names in them are masked by `*`, so that a word inside a name says nothing.
"""

from __future__ import annotations

import re

from kg.schema import RelationType, Status

_DENIED = re.compile(
    r"否认|不存在|并未(?!来)|从未|尚未(?:与|签|达|获|收)|辟谣|不属实|不实|并非|未(?:与|能|获|通过|获批|参与|持有|收到|获得|发生|被)|不予置评|拒绝了?(?!履)|不会(?:收购|投资|参与|出售|加强|对|与|向)|没有(?:与|投|收购|合作|任何)|无(?:合作|任何关系|关联关系)|否决"
)
_ENDED = re.compile(
    r"终止|清仓|退出|不再(?:持有|是|与)|放弃|取消|解除|撤销|撤回|停止|告吹|流产|解约|出清|全部(?:出售|转让|减持|卖出)|售出全部|废止|结束|移出|关闭|关停|解散|未果|未能如愿"
)
#: Words that make an end somebody's wish or a thing to come.
_WISHED = re.compile(r"(?:要求(?=[^,;。]{0,2}\*)|呼吁|敦促|希望|建议|主张|威胁|可能|考虑)[^,;。]{0,12}$")
_HEARSAY = re.compile(r"据悉|据称|据传|援引|知情人士|消息人士|消息称|媒体称|报道称|报道:|韩媒:|外媒:")
_RUMOUR = re.compile(
    r"传(?:闻|言|出|将|拟|要|与|被|收)|曾传|猜测|(?<!宣)(?<!遗)传(?=\*|[^统承播奇感达真染][^,;。]{0,12}(?:将|拟|要|收购|入股))|爆料|疑似|曝(?!光)|或(?:将|于|会|以|收|向)|有望(?=[^,]{0,6}可能)"
)
_POSSIBLE = re.compile(r"可能")
_TALKS = re.compile(r"有意|洽购|洽谈|考虑|磋商|商谈|(?<!第)谈判|探讨|讨论|接洽")
_SHIFTED = r"下调|上调|降|整合|换|变成|变更|扩大|迁|列入|纳入|转让|列为|注入|出售|移出|提高|提升|调整|拆|划|转|用于|作为|视为|融入|引入"
_WILL = (
    rf"将(?!\*|军|来|领|士|其|把|所|近|于20|持续|继续|(?![向对以与在于被由会])[^,;。]{{1,14}}(?:{_SHIFTED}))"
)
_PLANNED = re.compile(
    rf"拟(?!态|合|真|人|定于)|(?<![原按该此])计划(?!经济|显示|中|的)|{_WILL}|将被|即将|有望|预计|预案|意向|准备|打算|寻求|筹划|筹备|(?<!所)欲|未来[^,。]{{0,3}}年|力争|提议|若(?!干)|一旦|初步协议|备忘录|威胁|征求意见|草案|需要?[^,;。]{0, 16}批准|呼吁|待(?=[^遇])|候任|(?:交易|收购|本次|划转|重组|转让)完成后|要约|报价|议案|发行股份[^,;。]{0, 6}购买|可望|尚[需待]|还需|最快|承诺(?:向|将|投|追)|争创|企图|试图|如果"
)
_AGREED = re.compile(r"敲定|同意(?=[^,;。]{0,8}(?:收购|投资|向|以|购))|达成[^,;。]{0,8}收购协议")
_ONGOING = re.compile(
    r"正(?=在|全|加|进|大|推|积|逐|持|研|开|与|就|联|携)|目前[从由]|持续(?!加注|跟投|夯实)|减持|进行中|仍在|不断|推进|至今|逐步|重启|深化|陆续|在建"
)
#: What is going on by its nature: an inquiry that was opened, buying from a supplier.
_GOES_ON = {
    RelationType.REGULATES: re.compile(
        r"(?:启动|展开)[^,;。]{0,12}(?:调查|审查)"
        r"|^(?!.*(?:加强|扩大|宣布|通过|批准|公布)).*对\*+(?:实施|采取)?的[^,;。]{0,8}(?:制裁|管制|封锁|禁令|限制)"
    ),
    RelationType.PARTNERS_WITH: re.compile(r"客户之一|采购(?!合同|协议|订单)"),
}
_NEVER = re.compile(r"(?!)")
#: 将推出多项举措，包括…: the clause is one of several things to come.
_LISTED_PLAN = re.compile(r"(?:将|拟|计划)(?:出台|推出|实施|采取|开展)[^;。]{0,40}(?:包括|如)[^;。]{0,60}$")
_APPLIES = re.compile(r"申请|受理|递交|提交|递表")
_APPROVED = re.compile(r"(?<!经)(?<!否)(?:同意|批准|核准|通过)(?!后)|获批|注册生效|驳回")
_MAKES = re.compile(
    r"(?:将|拟|计划|即将|有望|预计|准备)[^,;。]{0,14}(?:发布|推出|上线|开源|亮相|开放|训练|研发|开发|问世|揭晓)|即将(?:发布|推出)?"
)
_MAKING = re.compile(r"正(?:在)?[^,;。]{0,6}(?:研发|开发|训练|测试|打造)|研发中|开发中")
_AIMS = re.compile(r"拟|旨在|意图|(?<!所)欲|瞄准|(?:将|预计|若成真)[^,;。]{0,8}(?:超|追)")
_BUILDS = re.compile(
    r"建设|建厂|设厂|兴建|新建|投建|设立|开设|落户|落地|动工|扩建|建造|建立|工厂|园区|门店|研发中心|项目|基地|数据中心"
)

_FORMER = re.compile(
    r"^[\"“”'》)\s]*(?:前(?![十百沿瞻端台]|\d)|原(?!则|油|料|创)|时任)|曾任|曾担任|曾是|曾在|曾就职|曾供职|淡出|历任(?!.*现任)|前(?=负责人|首席|总|ceo|副|董事|高管|员工|工程师|研究员|主管|主席|行长|掌门|合伙人|科学家|成员)"
)
_ONCE = re.compile(
    r"(?:曾任|曾担任|曾是|曾在|曾就职|彼时|时任|接替|卸去|卸任|辞去|历任|曾为|(?<![目此以之当空年月日])前|(?<![还高复])原)[^,;。*]{0,10}$"
)
_LEAVES = re.compile(
    r"离职|离任|离开|卸任|辞去|辞职|辞任|不再担任|退休|逝世|去世|辞世|病逝|解聘|免去|被免|解除|解雇|卸去|退任|下台|请辞|落马"
)
_JOINS = re.compile(
    r"(?:将|拟|计划|即将|候任|提名)[^,;。]{0,12}(?:接任|接替|出任|担任|加入|就任|上任|执掌|重返|调任|转任|任)|候任|被提名|当选"
)

_SELLS = re.compile(r"转让|出售|出让|售予|售给|卖给|卖出|卖掉|抛售|划转|剥离|脱手|撤出|撤资")
_BUYS_FROM = re.compile(r"(?:受让|收购|购买|购入|买入|接手|承接|从|向)了?[^,;。]{0,8}$")
_HOLDS = re.compile(r"所持|持有的?(?!者)|拥有的?|手中|名下|原?(?:大|第.)股东")
_HANDS_OVER = re.compile(r"(?:将|把)(?:其|所|旗下|持|手中|部分|拥有|公司|\*)|所持|持有的")
_WHOLLY = re.compile(r"全部|所有(?!者)|悉数|完成|不再")
_NOT_YET = re.compile(
    r"拟|将(?!其|所|旗下|持|手中|部分|拥有|公司|\*)|计划|挂牌|欲|考虑|谈判|部分|如果|若|有意|减持|同意|准备"
)

#: Relations that are states: what the sentence goes on to plan is not about them.
STATES = frozenset({RelationType.SUBSIDIARY_OF, RelationType.COMPETES_WITH})
_GO_ON = frozenset(
    {
        RelationType.INVESTS_IN,
        RelationType.PARTNERS_WITH,
        RelationType.REGULATES,
        RelationType.ISSUES,
        RelationType.USES,
        RelationType.LOCATED_IN,
    }
)


def status_of(type: RelationType, words: str, before: str = "") -> Status:
    """The status that `words` (the clause around the fact) give a fact of `type`; completed where they give none.

    `before` is what the sentence says before that clause, where hearsay is named.
    """
    words, before = _joined(words), _joined(before)
    if type in STATES:
        return _status_of_state(type, words)
    if type is RelationType.DEVELOPS:
        return _status_of_model(words, before)
    if _DENIED.search(words):
        return Status.DENIED
    ended = _ENDED.search(words)
    if ended and not _WISHED.search(words[: ended.start()]):
        return Status.ENDED
    if _is_rumour(words, before):
        return Status.RUMOURED
    if type is RelationType.REGULATES and _APPLIES.search(words) and not _APPROVED.search(words):
        return Status.ONGOING if not _WILL_ONLY.search(words) else Status.PLANNED
    if _TALKS.search(words) or _PLANNED.search(words):
        return Status.PLANNED
    if type is RelationType.INVESTS_IN and (_AGREED.search(words) or before.endswith(("完成后,", "之后,"))):
        return Status.PLANNED
    if _LISTED_PLAN.search(before):
        return Status.PLANNED
    if type in _GO_ON and (_ONGOING.search(words) or _GOES_ON.get(type, _NEVER).search(words)):
        return Status.ONGOING
    return Status.COMPLETED


def status_of_seller(before: str, between: str, after: str) -> Status | None:
    """What becomes of the holding of a head that sells it; None where the words do not make the head a seller.

    `between` are the words from the head to the tail, `after` the rest of the clause, names masked.
    """
    before, between, after = _joined(before), _joined(between), _joined(after)
    if _DENIED.search(between + after) or before.endswith(("向", "给", "与", "予")):
        return None
    bought = _BUYS_FROM.search(before) and _HOLDS.search(between)
    sells = _SELLS.search(between) or (_SELLS.search(after) and _HANDS_OVER.search(between))
    if not (bought or sells):
        return None
    if _NOT_YET.search(before[-12:] + between) or "挂牌" in after:
        return Status.ONGOING
    # Who hands over what he holds is out of it, who sells so and so many shares goes on.
    handed = bought or _HANDS_OVER.search(between) or _WHOLLY.search(between + after)
    return Status.ENDED if handed else Status.ONGOING


_WILL_ONLY = re.compile(rf"{_WILL}|预计|尚需")


def _joined(words: str) -> str:
    """Words without the spaces and line breaks that stand inside them."""
    return "".join(words.split())


def is_building(words: str) -> bool:
    """Whether the words speak of a site being set up, whose plan is that of its place."""
    return bool(_BUILDS.search(words))


def _is_rumour(words: str, before: str) -> bool:
    if _RUMOUR.search(words) or _POSSIBLE.search(words):
        return True
    return bool(_HEARSAY.search(before + words)) and bool(_TALKS.search(words) or _PLANNED.search(words))


def _status_of_state(type: RelationType, words: str) -> Status:
    if re.search(r"否认|并非|不存在|无(?:任何)?关联", words):
        return Status.DENIED
    if type is RelationType.SUBSIDIARY_OF and re.search(r"解散|剥离|脱离", words):
        return Status.ENDED
    if type is RelationType.COMPETES_WITH:
        return Status.PLANNED if _AIMS.search(words) else Status.COMPLETED
    return Status.PLANNED if re.search(r"将成为|拟成立|拟设立|完成后|分拆为", words) else Status.COMPLETED


def _status_of_model(words: str, before: str) -> Status:
    if re.search(r"否认|辟谣|不属实", words):
        return Status.DENIED
    if (
        _RUMOUR.search(words)
        or _POSSIBLE.search(words)
        or (_HEARSAY.search(before + words) and _MAKES.search(words))
    ):
        return Status.RUMOURED
    if _MAKES.search(words):
        return Status.PLANNED
    return Status.ONGOING if _MAKING.search(words) else Status.COMPLETED


def status_of_post(before: str, between: str, after: str) -> Status:
    """The status of a post by the words before, between and after the employer and the person, in either order."""
    before, between, after = _joined(before), _joined(between), _joined(after)
    if _FORMER.search(between) or _LEAVES.search(between) or _LEAVES.search(after) or _ONCE.search(before):
        return Status.ENDED
    if re.search(r"否认|不属实", between + after):
        return Status.DENIED
    if _RUMOUR.search(between) and _JOINS.search(between):
        return Status.RUMOURED
    if _JOINS.search(between) or _JOINS.search(after[:14]) or "候任" in before[-4:]:
        return Status.PLANNED
    return Status.COMPLETED
