"""INVESTS_IN: who puts money or capital into whom, active, passive, nominal, in rounds and in founding."""

from __future__ import annotations

from kg.extraction.relations.constructions import Construction
from kg.schema import RelationType

_BUY = (
    "(?:全资|战略|要约|联合|共同|溢价|间接|直接|协议|现金|拟|将|欲|再次?|已|正|成功|连续|继续|大幅|累计|吸收|整体|独家|跨界|低调|重金|斥资|同意|完成|宣布)*"
    "(?:收购|并购|购买|购入|买下|入股|参股|注资|增资|控股|增持|减持|入主|战投|认购|举牌|清仓|私有化|吞并|吸收合并|吸并|合并|接盘|竞购|洽购|拿下|抄底)"
)
_SHARE = "(?:股权|股份|股票|[abh]股|流通股|法人股|份额|%|少数股|多数股)"
_LEAD = "(?:(?:联合|共同|独家|持续|继续|联席|超额)?(?:领投|跟投|参投|投资|加码|加注|追投|出资|入股|参与(?:投资|跟投|本轮|其中)|参与(?=[,。]|$)|战略投资|追加投资))"
_HOLDER = "(?:(?:第?[一二三四五六七八九十]{1,2}|最大|单一|并列第一)?大?(?:战略|原|老|新|现|小|外资|机构|创始|控股|主要|重要|间接|内资)?(?:控股)?(?:股东|投资者|投资方|投资人|出资人|基石投资者|实际控制人|实控人|出资方))"

CONSTRUCTIONS = (
    Construction(
        "investment.active",
        RelationType.INVESTS_IN,
        "{h:CPOR}<g>"
        + _BUY
        + "(?:了|过|于|的是|旗下|原|对|其|美国|中国|日本|德国|韩国)?<s>{t:COM}(?!<s>(?:生产|工厂|产品|商品|服务|业务人员))",
    ),
    Construction(
        "investment.active_over_comma",
        RelationType.INVESTS_IN,
        "{h:CPO}<c>(?:拟|将|欲|宣布|计划|完成|已|以)<c>(?:收购|并购|购买|入股|参股|注资|增资|控股|增持|认购)<s>{t:CO}",
    ),
    Construction(
        "investment.invest_verb",
        RelationType.INVESTS_IN,
        "{h:CPO}<g>(?:战略|领|跟|联合|独家|追加)?(?:投资|押注|加码|重仓|下注)(?:了|于|过)?<s>{t:CM}",
    ),
    Construction(
        "investment.towards",
        RelationType.INVESTS_IN,
        "{h:CPOR}<c>(?:向|对|给|为|与){t:CO}<c>(?:增资|投资|注资|出资|入股|注入|拨款|投入|要约|收购|发起.{0,4}收购|提供.{0,14}(?:资金|资本)|战投|增持|减持|减资)",
    ),
    Construction(
        "investment.shares_of",
        RelationType.INVESTS_IN,
        "{h:CPO}<c>(?:持有|持股|拥有|买入|购买|受让|购入|获得|取得|收购|出售|转让|抛售|卖出|减持|增持|剥离|挂牌|认购|质押|退出|吸纳|竞得|接手)<g>{t:CO}<g>"
        + _SHARE,
    ),
    Construction(
        "investment.shares_moved",
        RelationType.INVESTS_IN,
        "{h:CPO}<c>(?:将|把|就)(?:所|其)?(?:持有?的?)?<g>{t:CO}<g>"
        + _SHARE
        + "<g>(?:转让|出售|卖|划转|注入|售|置出|挂牌)",
    ),
    Construction(
        "investment.holds",
        RelationType.INVESTS_IN,
        "{h:CPO}<s>(?:直接|间接|合计|共|仍|分别|累计|目前|全资)*(?:持有|持股|拥有|控股|控制)(?:了|着)?{t:CO}(?=[^的]|的<g>"
        + _SHARE
        + ")",
    ),
    Construction(
        "investment.passive",
        RelationType.INVESTS_IN,
        "{t:CO}<c>(?:被|获得?|得到|引入|引进|获批?|遭到?|由|受到?|迎来)(?:了)?(?:来自)?{h:CPOR}<g>(?:收购|并购|入股|投资|战投|领投|跟投|增持|减持|控股|持有|持股|注资|增资|参股|举牌|认购|接盘|清仓|吸收合并|入主|私有化|加持|融资|收入囊中|全资)",
    ),
    Construction(
        "investment.held_by_topic",
        RelationType.INVESTS_IN,
        "(?:由|被){h:CPO}<g>(?:共同|全资|间接|直接|合计|分别|联合)*(?:持股|持有|出资|控股|投资(?=[,。设成]|$)|收购|入股)",
    ),
    Construction("investment.round_lead", RelationType.INVESTS_IN, "{t:C}<c>融资<a>{h:CPO}<g>" + _LEAD),
    Construction(
        "investment.round_lead_topic",
        RelationType.INVESTS_IN,
        "{h:CPO}(?:等|旗下)?<g>(?:领投|跟投|参投|联合投资|共同投资|联合参与|追加投资|持续加码|持续加注|继续跟投|超额认购|跟进投资)",
    ),
    Construction(
        "investment.round_by",
        RelationType.INVESTS_IN,
        "{t:C}<c>(?:完成|获得?|宣布|斩获|拿到)<a>(?:融资|投资)<a>(?:由|投资方|投资人|投资机构|股东)<g>{h:CPO}(?=<g>(?:"
        + _LEAD
        + "|等|,|$|。))",
    ),
    Construction(
        "investment.round_of",
        RelationType.INVESTS_IN,
        "{t:C}<c>(?:获得?|得到|引入|拿到|收获)<s>{h:CPO}(?:等)?<g>(?:的)?<g>(?:投资|融资|战投|注资|入股|增资|战略投资)",
    ),
    Construction(
        "investment.investors_topic",
        RelationType.INVESTS_IN,
        "(?:投资方|投资人|投资者|投资机构|领投方|跟投方|股东|出资方)(?:包括|为|是|有|:|还有|含|涵盖|名单|分别为|包括了|阵容)<s>{h:CPO}",
    ),
    Construction(
        "investment.holder_of",
        RelationType.INVESTS_IN,
        "{h:CPO}(?:(?:作)?为|是|成为|将成为|系|跃升为|仍为)<s>{t:CO}<s>(?:的)?<s>" + _HOLDER,
    ),
    Construction(
        "investment.holder_is",
        RelationType.INVESTS_IN,
        "{t:CO}(?:的)?<s>" + _HOLDER + "(?:包括|为|是|系|有|:|-|由|变更为|均?为)<s>{h:CPO}",
    ),
    Construction(
        "investment.holder_apposition",
        RelationType.INVESTS_IN,
        "{t:CO}(?:的)?(?:两|三|四|五)?(?:家|位|名)?" + _HOLDER + "(?:-+|—+|、)?(?:的)?{h:CPO}",
    ),
    Construction(
        "investment.holder_after",
        RelationType.INVESTS_IN,
        "{h:CPO}(?:等)?<g>(?:成为|入列|位列|跻身)<s>{t:CO}<g>" + _HOLDER,
    ),
    Construction(
        "investment.found",
        RelationType.INVESTS_IN,
        "{h:CPO}<c>(?:出资|投资|合资|合作|共同|发起|独资|全资|参与|联合|联手|携手|参股|斥资)?<g>(?:设立|成立|组建|新设|创立|新成立|创办)(?:了)?<g>{t:C}",
    ),
    Construction(
        "investment.founded_by",
        RelationType.INVESTS_IN,
        "{t:C}<c>由{h:CPO}<g>(?:出资|投资|发起|合资|共同|联合|合作|全资)<g>(?:设立|成立|组建|创立|创办|组成|建立|$|,)",
    ),
    Construction(
        "investment.joint_venture",
        RelationType.INVESTS_IN,
        "{t:C}<s>(?:是|为|系)<s>{h:CPO}<g>(?:的合资|合资|共同出资|投资|出资|参股|入股)",
    ),
    Construction(
        "investment.topic_buys",
        RelationType.INVESTS_IN,
        "(?:^|[,:])(?:公司)?(?:拟|将|已|计划|正|宣布|同意|欲|并)<g>" + _BUY + "<s>{t:CO}",
    ),
    Construction(
        "investment.placed_in",
        RelationType.INVESTS_IN,
        "{h:CPO}<c>(?:在|于){t:R}<c>(?:投资|投入|斥资|豪掷|砸下)(?=<g>(?:[0-9]|超|约|建|数|近|兴|逾|亿))",
    ),
    Construction(
        "investment.place_invest",
        RelationType.INVESTS_IN,
        "{h:CPO}<c>(?:投资|投入|斥资)<c>(?:在|于){t:R}<g>(?:建|设|打造|兴建|扩建)",
    ),
    Construction(
        "investment.appropriated",
        RelationType.INVESTS_IN,
        "{h:OR}<a>(?:下达|预拨|拨付|安排|下拨|紧急预拨)<a>(?:支持|用于|帮助)<s>{t:R}",
    ),
    Construction(
        "investment.round_joins",
        RelationType.INVESTS_IN,
        "{h:CPO}(?:等)?<g>(?:参与|加持|参投|持续加注|继续加注|追加投资|超额认购|追投|加注|跟进|跟投|领投|投资)"
        "(?:投资|跟投|本轮|了)?<s>(?=[,。;]|$)",
        triggers=("融资", "轮"),
    ),
    Construction(
        "investment.round_holders",
        RelationType.INVESTS_IN,
        "(?:老股东|新股东|现有股东|既有股东|产业方|投资方|财务投资人|战略投资方)<s>{h:CPO}",
        triggers=("融资", "轮"),
    ),
    Construction(
        "investment.placement",
        RelationType.INVESTS_IN,
        "(?:战略配售|战配|基石投资者|配售名单)<c>{h:CPO}",
    ),
    Construction(
        "investment.assets",
        RelationType.INVESTS_IN,
        "{h:CPO}<g>(?:旗下|所持|持有的|持股的|投资的|参股的|控股的|入股的|投资入股的){t:C}(?=<g>"
        + _SHARE
        + ")",
    ),
    Construction(
        "investment.trades",
        RelationType.INVESTS_IN,
        "{h:CPO}<c>(?:加仓|减仓|建仓|清仓|调仓|新买入|新进|重仓|持仓|抛售|增配|减配)(?:了|持有)?<g>{t:C}",
    ),
    Construction(
        "investment.portfolio",
        RelationType.INVESTS_IN,
        "(?:持仓|重仓股|持股|投资组合)<g>(?:为|包括|是|有|:)<s>{t:C}",
    ),
    Construction(
        "investment.handed_to",
        RelationType.INVESTS_IN,
        "(?:将|把)<g>{t:CO}<c>(?:出售|转让|卖|售|划转|注入)(?:给|予|至|于)?<g>{h:CPO}",
    ),
    Construction(
        "investment.bought_from",
        RelationType.INVESTS_IN,
        "{h:CPO}<c>(?:从|自|向){x:CPO}<g>(?:收购|受让|购买|购入|接手|买下|买入)<g>{t:CO}",
    ),
    Construction(
        "investment.places",
        RelationType.INVESTS_IN,
        "{h:CPO}<a>(?:在|于|加码|投向){t:R}<s>(?:投资|投入|斥资)<s>(?:[0-9]|超|约|数|近|逾)",
    ),
    Construction(
        "investment.founds_together",
        RelationType.INVESTS_IN,
        "(?:联合|携手|与|和|同){h:CPO}<g>(?:组建|成立|设立|创建|创办)(?:了)?<g>{t:CO}",
    ),
)
