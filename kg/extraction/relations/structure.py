"""SUBSIDIARY_OF: subsidiaries, units, brands, departments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.extraction.relations.constructions import Construction, Finding
from kg.extraction.relations.frames import Frame, Name
from kg.schema import EntityType, RelationType
from kg.tables import Span

_CHILD = "(?:(?:全资|控股|参股|境外|海外|间接|直接|下属|核心|二级|一级|美国|香港|中国|新|两家|三家|多家|重要|上市|的)*(?:子公司|孙公司|附属公司|分公司|子品牌|品牌|部门|平台|机构|企业|单位|事业部|事业群|业务|实验室|团队|基金|公司))"

CONSTRUCTIONS = (
    Construction(
        "structure.under",
        RelationType.SUBSIDIARY_OF,
        "{t:CO}(?:集团|公司)?(?:旗下|下属|下辖|所属|麾下|控股|全资控股|辖下|内部|全资|直属)(?:的|拥有|有|控股|全资|核心|一级|二级|上市|共有)*<g>{h:CO}",
        nearest="t",
    ),
    Construction(
        "structure.child",
        RelationType.SUBSIDIARY_OF,
        "{t:CO}(?:的|在[^,。]{1,8})?<s>" + _CHILD[:-1].replace("|公司))", "))") + ")(?:-+|—+|:)?{h:CO}",
        nearest="t",
    ),
    Construction(
        "structure.child_topic",
        RelationType.SUBSIDIARY_OF,
        "(?:^|[,。:;])(?:公司|其|及其|由|通过|同时|且|并)*(?:旗下|下属)?(?:的)?(?:全资|控股|间接|下属|全资控股|境外|海外|重要)*(?:子公司|孙公司|附属公司|分公司)(?:-+|:|为)?{h:CO}",
    ),
    Construction(
        "structure.is_child",
        RelationType.SUBSIDIARY_OF,
        "{h:CO}<s>(?:是|为|系|作为|成为|隶属于?|属于|变为|将成为|已成为)<s>{t:CO}<g>(?:子公司|孙公司|附属|旗下|下属|分公司|子品牌|全资|控股|品牌|部门|机构|事业部|单位)",
        nearest="t",
    ),
    Construction(
        "structure.belongs",
        RelationType.SUBSIDIARY_OF,
        "{h:CO}<g>(?:隶属于?|归属于?|脱胎于|并入|纳入|归入|归属|整合(?:到|进|至))<s>{t:CO}",
    ),
    Construction(
        "structure.parent",
        RelationType.SUBSIDIARY_OF,
        "{h:CO}<s>(?:的)?<s>(?:母公司|控股股东|间接控股股东|总公司|总部|控制方|实际控制人|直接控股股东)(?:-+|为|是|系|:)?{t:CO}",
        nearest="t",
    ),
    Construction(
        "structure.parent_of",
        RelationType.SUBSIDIARY_OF,
        "{t:CO}<s>(?:是|为|系|作为)<s>{h:CO}<g>(?:母公司|控股股东|总公司)",
    ),
    Construction(
        "structure.owned",
        RelationType.SUBSIDIARY_OF,
        "{h:C}<c>由{t:C}<g>(?:全资持股|全资控股|100%持股|100%控股|全资拥有|控股(?=[,。]|$))",
    ),
    Construction(
        "structure.owned_topic",
        RelationType.SUBSIDIARY_OF,
        "(?:由|被){t:C}<g>(?:全资持股|全资控股|100%持股|100%控股|全资拥有)",
    ),
    Construction(
        "structure.controls",
        RelationType.SUBSIDIARY_OF,
        "{t:C}<s>(?:全资|绝对|间接)?(?:控股|全资拥有|全资持有)(?:的|了)?{h:C}",
    ),
    Construction(
        "structure.founds_whole",
        RelationType.SUBSIDIARY_OF,
        "{t:C}<c>(?:成立|设立|新设|组建|注册)(?:了)?(?:一家)?(?:全资|控股)?<s>(?:子公司|孙公司|分公司|部门|事业部|事业群|研究院|实验室|团队)?<s>{h:C}",
    ),
    Construction(
        "structure.reorganises",
        RelationType.SUBSIDIARY_OF,
        "{t:C}<g>(?:整合|合并|调整|拆分|分拆|重组|剥离|关闭|出售|裁撤){h:C}(?:部门|业务|团队|事业部|组织)?",
        nearest="t",
    ),
    Construction(
        "structure.unit",
        RelationType.SUBSIDIARY_OF,
        "{t:C}{h:C}(?:部门|事业部|业务|团队|事业群|子公司|分公司)",
        nearest="t",
    ),
    Construction(
        "structure.mother",
        RelationType.SUBSIDIARY_OF,
        "{h:CO}<c>(?:的)?母公司(?:-+|为|是|系|:)?{t:CO}",
    ),
    Construction(
        "structure.bracket",
        RelationType.SUBSIDIARY_OF,
        "{h:CO}\\({t:CO}<s>(?:旗下|控股|全资|子公司|附属)",
    ),
    Construction(
        "structure.listed_under",
        RelationType.SUBSIDIARY_OF,
        "{h:CO}(?:等)<s>{t:CO}(?:集团)?(?:旗下|系|控股|下属)",
    ),
    Construction(
        "structure.parent_topic",
        RelationType.SUBSIDIARY_OF,
        "(?:^|[,。:;])(?:公司)?(?:的)?(?:控股股东|母公司|间接控股股东)(?:为|是|系|:)?{t:CO}",
    ),
    Construction(
        "structure.ecosystem",
        RelationType.SUBSIDIARY_OF,
        "{h:C}(?:等|等在内的)<s>{t:C}<s>(?:生态|旗下|体系|系|集团内)",
    ),
)

#: What stands after the parent's name in the name of a part of it (教育部办公厅, 京东物流).
_PART = {
    EntityType.ORGANIZATION: re.compile(
        r".*(?:[局司厅处院所系部]|中心|委员会|办公室|实验室|分会|分局|支队|司令部|学院|党团|组)$"
    ),
    EntityType.COMPANY: re.compile(
        r".*(?:[分支]行|[分子]公司|云|部|事业群|研究院|研究所|实验室|平台|团队|电商|物流|医疗|健康|创投|资本|中国)$"
    ),
}
_SHORTEST_PARENT = 2


def find_parts(frames: Sequence[Frame]) -> Iterator[Finding]:
    """Parts that bear the name of the whole before their own, wherever the document names the whole."""
    whole: dict[str, Name] = {}
    for frame in frames:
        for name in frame.names:
            if name.type in _PART and len(name.text) >= _SHORTEST_PARENT:
                whole.setdefault(name.text, name)
    seen: set[int] = set()
    for frame in frames:
        for name in frame.names:
            if name.type not in _PART or name.entity in seen or not _PART[name.type].match(name.text):
                continue
            starts = (name.text[:end] for end in range(len(name.text) - 1, _SHORTEST_PARENT - 1, -1))
            parent = next((whole[start] for start in starts if start in whole), None)
            if parent is None or parent.entity == name.entity or parent.type is not name.type:
                continue
            seen.add(name.entity)
            outside = not frame.start <= parent.start < frame.end
            context = (Span(parent.start, parent.end),) if outside else ()
            kind = "part_of_body" if name.type is EntityType.ORGANIZATION else "part_of_company"
            yield Finding(
                RelationType.SUBSIDIARY_OF, name, parent, name.start, name.end,
                f"structure.{kind}", frame, context,
            )  # fmt: skip
