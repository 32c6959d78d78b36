"""LOCATED_IN: seats, registrations, plants, nationality."""

from __future__ import annotations

from kg.extraction.relations.constructions import Construction
from kg.schema import RelationType

_KIND = "(?:公司|企业|巨头|集团|银行|机构|券商|车企|媒体|品牌|平台|厂商|制造商|运营商|投行|大厂|基金|生产商|开发商|供应商|零售商|独角兽|创企|商|厂|报纸|日报|电视台|通讯社|网站|新闻网|大学|智库|评级公司|社|报|所|行|院|家)"

CONSTRUCTIONS = (
    Construction(
        "places.nationality",
        RelationType.LOCATED_IN,
        "{t:R}(?:的|本土|著名|知名|大型|最大|头部|老牌)*<g>" + _KIND + "{h:CO}",
    ),
    Construction("places.nationality_direct", RelationType.LOCATED_IN, "{t:R}(?:的|著名|知名|本土)?{h:CO}"),
    Construction("places.bracket", RelationType.LOCATED_IN, "{h:CO}\\({t:R}\\)"),
    Construction(
        "places.seated",
        RelationType.LOCATED_IN,
        "{h:C}<c>(?:位于|总部(?:位于|设在|设于|在)?|坐落于?|落户|扎根|注册(?:地|于|在)?|在|设于|地处|立足|落地|迁至|迁往|搬到|搬至|起源于|来自|入驻|选址|布局|驻)<s>{t:R}",
    ),
    Construction(
        "places.plant",
        RelationType.LOCATED_IN,
        "{h:CO}<s>(?:位于|在|设在|于){t:R}<g>(?:工厂|总部|园区|基地|研发|中心|项目|门店|办公|公司|数据中心|分公司|设厂|建厂|建设|建立|设立|落地|成立|矿|注册|生产|港)",
    ),
    Construction(
        "places.project",
        RelationType.LOCATED_IN,
        "{h:C}{t:R}(?:工厂|总部|园区|基地|研发中心|数据中心|项目|分公司|子公司|办公室|研究院|分行|店|市场|业务)",
    ),
    Construction(
        "places.seat_of",
        RelationType.LOCATED_IN,
        "(?:位于|总部在|总部位于|在|扎根|来自|落户于?)<s>{t:R}<g>(?:的)?<s>{h:C}",
    ),
    Construction(
        "places.found_in",
        RelationType.LOCATED_IN,
        "{h:C}<c>(?:在|于){t:R}<g>(?:成立|注册|设立|揭牌|开业|开设|投产|建成|建设|设厂|落成|运营|开工|上线|投建|建厂|新建)",
    ),
    Construction(
        "places.list_of",
        RelationType.LOCATED_IN,
        "{t:R}(?:的)?<g>(?:企业|公司|车企|厂商|科技公司|银行)<g>(?:包括|如|有|:|-|比如|例如)<s>{h:CO}",
    ),
    Construction(
        "places.group",
        RelationType.LOCATED_IN,
        "{t:R}(?:的)?<g>(?:企业|公司|车企|厂商|银行|大厂|巨头)<a>(?:新增|包括|分别是|分别为|例如|比如)<g>{h:C}",
    ),
    Construction(
        "places.and_others",
        RelationType.LOCATED_IN,
        "{h:C}(?:等|在内的|等在内的|这?[两三四五六七八几多]家)<s>{t:R}<g>(?:企业|公司|车企|厂商|巨头|银行|大厂)",
    ),
    Construction("places.in_of", RelationType.LOCATED_IN, "{h:CO}(?:的)?{t:R}(?=(?:工厂|总部|基地|分公司))"),
    Construction(
        "places.works_in",
        RelationType.LOCATED_IN,
        "{h:C}<c>(?:在|于){t:R}<g>(?:量产|投资|开服|扩产|扩建|办厂|办公|落户|投建|生产)",
    ),
    Construction(
        "places.topic_builds",
        RelationType.LOCATED_IN,
        "(?:^|[,:;])(?:并|还|也|同时|已|正|将|拟|计划|分别)*(?:在|于){t:R}<g>(?:建厂|设厂|建设|设立|投产|量产|开设|落成|建成|新建)",
    ),
    Construction(
        "places.born",
        RelationType.LOCATED_IN,
        "{h:CO}<c>(?:诞生(?:于|在)|创立于|成立于|起家于|发源于|总部设?在|落地|深耕|扎根于?)<s>{t:R}",
    ),
    Construction(
        "places.shop",
        RelationType.LOCATED_IN,
        "{h:C}<s>{t:R}<s>(?:首店|门店|校区|工厂|产业园|生产基地|研发中心|总部|数据中心)",
    ),
)
