"""PARTNERS_WITH: cooperation, contracts, supply, joint ventures."""

from __future__ import annotations

from kg.extraction.relations.constructions import Construction
from kg.schema import RelationType

_JOINT = "(?:合作|签约|签署|签订|达成|联合|携手|联手|共同|合资|共建|结盟|牵手|协议|战略伙伴|合并|洽谈|谈判|联名|携|组建|共享|并肩|会谈|互通|绑定|深化|协作|合同|供应)"

CONSTRUCTIONS = (
    Construction(
        "partnership.with", RelationType.PARTNERS_WITH, "{h:CO}<c>(?:与|和|同|跟|及){t:COR}<c>" + _JOINT
    ),
    Construction(
        "partnership.list",
        RelationType.PARTNERS_WITH,
        "{l:CO}(?:等|双方|三方|两家|多家|分别|正式|近日|今日|今天|将|共|宣布|拟|已|正)*<g>"
        + "(?!联合投资|联合领投|共同投资|共同出资认购|联合印发|共同持股)"
        + _JOINT,
        within_list=True,
    ),
    Construction(
        "partnership.hand_in_hand",
        RelationType.PARTNERS_WITH,
        "{h:CO}<g>(?:携手|联合|牵手|联手|会同|携|联名|签约|委托|绑定|结盟|搭档|协同|拥抱|合作伙伴|合作方|合作){t:CO}",
    ),
    Construction(
        "partnership.partner_of",
        RelationType.PARTNERS_WITH,
        "{h:CO}<c>(?:是|为|成为|作为|系)<s>{t:CO}<g>(?:合作伙伴|供应商|客户|合作方|承销商|经销商|保荐|代理商|服务商|伙伴|代工|合作)",
    ),
    Construction(
        "partnership.supplier",
        RelationType.PARTNERS_WITH,
        "{h:CO}<g>(?:供应商|客户|合作伙伴|合作方|代工厂|代工商|供货商|订单|保荐机构|主承销商)(?:包括|为|是|有|:|来自)?{t:CO}",
    ),
    Construction(
        "partnership.supply",
        RelationType.PARTNERS_WITH,
        "{h:CO}<c>(?:向|为|给|从|由|与|委托){t:CO}<c>(?:供应|供货|采购|提供|订购|购买|交付|代工|生产|租赁|租用|贷款|授信|担保|下单|承销|保荐|出货|代理|定制)",
    ),
    Construction(
        "partnership.buys",
        RelationType.PARTNERS_WITH,
        "{h:C}<g>(?:采购|使用|采用|订购|租用|选用|搭载)(?:了)?{t:C}<g>(?:芯片|产品|服务|技术|平台|算力|内存|gpu|电池|设备|方案|零部件|面板)",
    ),
    Construction(
        "partnership.contract",
        RelationType.PARTNERS_WITH,
        "{h:CO}<c>(?:获得?|赢得|拿到|中标|斩获|收到|拿下|承接|签下){t:CO}<g>(?:订单|合同|大单|项目|采购|定点|授信|贷款|合约)",
    ),
)
