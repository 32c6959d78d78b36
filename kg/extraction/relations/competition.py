"""COMPETES_WITH: rivals, comparisons by rank, fights for a market."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extraction.relations.constructions import Construction
from kg.extraction.relations.findings import Evidence
from kg.schema import EntityType, RelationType

_VERB = (
    "(?:超越|超过|超出|反超|赶超|追赶|击败|打败|战胜|碾压|领先于?|领先|落后于|落后|对标|媲美|比肩|叫板|挑战|抗衡|不敌|优于|逊于|不及|弱于|强于|"
    "接近|逼近|取代|替代|挤压|抢占|抢夺|追上|赶上|持平|相当于|不逊于|不输|仅次于|撼动|狙击|围剿|看齐|匹敌|直逼|越过|力压|高于|低于|胜过|媲美于|打破|碾压|紧追|次于|反击|迎战|对决|力克)"
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
)


_STEM = re.compile(r"[a-z\u4e00-\u9fff]+", re.IGNORECASE)


def without_versions(evidence: Sequence[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """The evidence without rivalry between versions of one developer's model, and what was taken out.

    Two models are of one developer where the document gives both the same one, or where their names begin alike.
    """
    developers: dict[int, set[int]] = {}
    for found in evidence:
        if found.type is RelationType.DEVELOPS:
            developers.setdefault(found.tail.entity, set()).add(found.head.entity)
    kept: list[Evidence] = []
    versions: list[Evidence] = []
    for found in evidence:
        (versions if _are_versions(found, developers) else kept).append(found)
    return kept, versions


def _are_versions(found: Evidence, developers: dict[int, set[int]]) -> bool:
    if found.type is not RelationType.COMPETES_WITH:
        return False
    if {found.head.type, found.tail.type} != {EntityType.MODEL}:
        return False
    if developers.get(found.head.entity, set()) & developers.get(found.tail.entity, set()):
        return True
    stems = [_STEM.match(name.text) for name in (found.head, found.tail)]
    first, second = (stem.group().lower() if stem else "" for stem in stems)
    return len(first) > 2 and first == second
