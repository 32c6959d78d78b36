"""COMPETES_WITH: rivals, comparisons by rank, fights for a market."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extraction.relations.constructions import Construction
from kg.extraction.relations.findings import Evidence
from kg.schema import EntityType, RelationType

_VERB = (
    "(?:超越|超过|超出|反超|赶超|追赶|击败|打败|战胜|碾压|领先于?|领先|落后于|落后|对标|媲美|比肩|叫板|挑战|抗衡|不敌|优于|逊于|不及|弱于|强于|"
    "接近|逼近|取代|替代|挤压|抢占|抢夺|追上|赶上|持平|相当于|不逊于|不输|仅次于|撼动|狙击|围剿|看齐|匹敌|直逼|越过|力压|高于|低于|胜过|媲美于|打破|碾压|紧追|次于|反击|迎战|对决|力克|抢先|赶上|不如|强过|高出|胜出|压倒|分流|截断|封杀|直指|瞄准|迫使|倒逼|蚕食|冲击|颠覆)"
)

CONSTRUCTIONS = (
    Construction(
        "competition.verb",
        RelationType.COMPETES_WITH,
        "{h:CM}<g>" + _VERB + "(?:了|过|着|美国|竞争对手|行业|对手)?<s>{t:CM}",
    ),
    Construction(
        "competition.verb_over_comma",
        RelationType.COMPETES_WITH,
        "{h:CM}<c>,<c>(?:超越|超过|反超|击败|打败|碾压|领先于|落后于|对标|媲美|比肩|挑战|抗衡|优于|不敌|比肩|逼近|仅次于)(?:了)?<s>{t:CM}",
    ),
    Construction(
        "competition.passive",
        RelationType.COMPETES_WITH,
        "{h:CM}<c>(?:被|遭|面临|面对|受到)(?:来自)?{t:CM}<g>(?:超越|超过|反超|击败|竞争|挤压|挑战|取代|冲击|赶超|压制|追赶|围剿)",
    ),
    Construction(
        "competition.with",
        RelationType.COMPETES_WITH,
        "{h:CMR}<c>(?:与|和|同|跟|对){t:CMR}<c>(?:竞争|争夺|抗衡|较量|角逐|对抗|抢夺|pk|展开厮杀|博弈|不相上下|同台|差距|并驾齐驱|比拼|交锋|抢(?:单|市场|份额)|竞赛|对决|竞购|媲美|持平|一较高下|厮杀)",
    ),
    Construction(
        "competition.list",
        RelationType.COMPETES_WITH,
        "{l:CMR}(?:等|两家|之间|两大|三大|巨头|公司)?<g>(?:竞争|争夺|较量|角逐|对抗|博弈|之争|大战|竞购|竞赛|战争|三足鼎立|双雄|格局之战|军备竞赛|激战|鏖战|同业竞争|价格战)",
        within_list=True,
    ),
    Construction(
        "competition.rival_of",
        RelationType.COMPETES_WITH,
        "{h:CM}<c>(?:竞争对手|对手|劲敌|竞品|竞争者|竞争产品|死敌|老对手|挑战者)(?:包括|是|为|有|如|:|之一|-+)?{t:CM}",
    ),
    Construction(
        "competition.is_rival",
        RelationType.COMPETES_WITH,
        "{h:CM}<c>(?:是|为|成为|作为|视为|系)<s>{t:CM}<g>(?:竞争对手|对手|劲敌|竞品|挑战者|竞争者|替代)",
    ),
    Construction(
        "competition.compare",
        RelationType.COMPETES_WITH,
        "{h:CM}<c>(?:比|较|相比|相较于?|比起){t:CM}<g>(?:高|低|快|强|好|更|多|少|便宜|领先|出|优|提升|差|慢|弱)",
    ),
    Construction(
        "competition.gap",
        RelationType.COMPETES_WITH,
        "(?:缩小|拉大|扩大)?(?:与|和|同){t:CMR}<g>(?:的)?<g>(?:差距|竞争|竞赛)",
    ),
    Construction(
        "competition.share",
        RelationType.COMPETES_WITH,
        "{h:C}<c>(?:从|自){t:C}<g>(?:手中|那里|处)<g>(?:夺|抢|争|赢|拿)",
    ),
    Construction(
        "competition.versus",
        RelationType.COMPETES_WITH,
        "{h:CM}<s>(?:vs\\.?|对阵|pk|对垒|大战|迎战|决战|硬刚|硬碰){t:CM}",
    ),
    Construction(
        "competition.threat",
        RelationType.COMPETES_WITH,
        "{h:CM}<a>(?:对|给){t:CM}<g>(?:形成|构成|带来|造成)<g>(?:挑战|冲击|威胁|竞争|压力)",
    ),
    Construction(
        "competition.level",
        RelationType.COMPETES_WITH,
        "{h:CM}<c>(?:与|和|同){t:CM}<g>(?:相当|相近|比肩|持平|接近|相媲美|一致|正面)",
    ),
    Construction(
        "competition.purpose",
        RelationType.COMPETES_WITH,
        "{h:CMR}<c>(?:以|意在|旨在|欲|试图|从而|来|计划)(?:对标|抗衡|挑战|对抗|追赶|赶超|竞争|应对|超越|狙击|取代){t:CMR}",
    ),
    Construction(
        "competition.better",
        RelationType.COMPETES_WITH,
        "{h:CM}<c>(?:超过|超越|高于|低于|优于|不及|不如|落后于|领先于?|逊于|接近|持平|媲美|反超|赶超|比肩|对标)(?:了|于)?{t:CM}",
    ),
    Construction(
        "competition.fraction",
        RelationType.COMPETES_WITH,
        "{h:CM}<c>(?:仅为|只有|约为|相当于|是|不到|仅是|为){t:CM}<s>(?:的)?<s>(?:[0-9一二三四五六七八九十百]+(?:分之|/|%|倍|成)|一半)",
    ),
    Construction(
        "competition.same_level",
        RelationType.COMPETES_WITH,
        "{h:CM}<c>(?:与|和|同|跟){t:CM}<c>(?:并列|同一水平|同一梯队|同级|同等|旗鼓相当|难分|贴身|直面|鼎立|对打|正面|看齐)",
    ),
    Construction(
        "competition.instead",
        RelationType.COMPETES_WITH,
        "{h:CM}<g>(?:作为|定位为?|被称为|被视为|号称|誉为|堪称|是|成为|取代|打破)(?:了)?<s>{t:CM}<g>(?:替代|平替|劲敌|杀手|挑战者|竞争者|对手|垄断|地位|份额)",
    ),
    Construction(
        "competition.rivals_of_topic",
        RelationType.COMPETES_WITH,
        "(?:竞争对手|老对手|对手|竞品|劲敌|友商)(?:包括|如|:|为|是)?{t:C}",
    ),
    Construction(
        "competition.and_other_rivals",
        RelationType.COMPETES_WITH,
        "{t:C}(?:等)<s>(?:竞品|竞争对手|对手|友商|竞争者)",
    ),
    Construction(
        "competition.topic_compares",
        RelationType.COMPETES_WITH,
        "(?:超越|超过|接近|媲美|优于|对标|比肩|领先于?|仅为|低于|高于|持平|不及|逊于|落后于|击败|超出|逼近|持平于)(?:了|于)?<s>{t:CM}(?!<s>(?:旗下|公司|的?总))",
    ),
    Construction(
        "competition.beats_second",
        RelationType.COMPETES_WITH,
        "{h:CM}<a>(?:超越|超过|击败|优于|领先于?|对标|媲美|比肩|接近|逼近|碾压|反超|赶超|落后于|不及|逊于|打败|持平|力压|胜过)(?:了|于)?<s>(?:{x:C}(?:的)?<s>)?{y:CM}(?:、|和|与|及|以及|,|/)(?:{z:C}(?:的)?<s>)?{t:CM}",
    ),
    Construction(
        "competition.list_war",
        RelationType.COMPETES_WITH,
        "{l:CMO}(?:等|为首|为代表|的|在|之间|三大|两大|四大|巨头|玩家|厂商|企业)<g>(?:大战|争夺|竞赛|角逐|混战|博弈|之争|厮杀|鼎立|争霸|竞逐|交锋|比拼|卡位|对垒)",
        within_list=True,
    ),
    Construction(
        "competition.side_by_side",
        RelationType.COMPETES_WITH,
        "{h:C}{t:C}<g>(?:大战|之争|竞赛|竞争|争霸|对决|博弈|格局)",
    ),
)


_STEM = re.compile(r"[a-z\u4e00-\u9fff]+", re.IGNORECASE)


def without_versions(evidence: Sequence[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """The evidence without rivalry between versions of one developer's model, and what was taken out.

    Two models are of one developer where the likeliest developer of both in the document is the same, or where
    their names begin alike.
    """
    likeliest: dict[int, Evidence] = {}
    for found in evidence:
        if found.type is RelationType.DEVELOPS:
            known = likeliest.get(found.tail.entity)
            if known is None or found.confidence > known.confidence:
                likeliest[found.tail.entity] = found
    developers = {model: found.head.entity for model, found in likeliest.items()}
    kept: list[Evidence] = []
    versions: list[Evidence] = []
    for found in evidence:
        (versions if _are_versions(found, developers) else kept).append(found)
    return kept, versions


def _are_versions(found: Evidence, developers: dict[int, int]) -> bool:
    if found.type is not RelationType.COMPETES_WITH:
        return False
    if {found.head.type, found.tail.type} != {EntityType.MODEL}:
        return False
    developer = developers.get(found.head.entity)
    if developer is not None and developer == developers.get(found.tail.entity):
        return True
    stems = [_STEM.match(name.text) for name in (found.head, found.tail)]
    first, second = (stem.group().lower() if stem else "" for stem in stems)
    return len(first) > 2 and first == second
