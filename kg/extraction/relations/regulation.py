"""REGULATES: which body, country or rule binds, approves, fines, sanctions or supervises whom."""

from __future__ import annotations

from kg.extraction.relations.constructions import Construction
from kg.schema import RelationType

_ACT = (
    "(?:制裁|处罚|罚款|调查|立案|约谈|警告|起诉|指控|问询|监管|监督|反垄断|反倾销|审查|加征|征收|关税|禁令|禁止|封禁|管制|封锁|限制|"
    "检查|巡视|督导|监管函|警示函|责令|批评|谴责|处分|整改|通报|豁免|罚单|诉讼|提起公诉|核查|关注函|监管措施|监管关注|采取.{0,10}措施|判处|判决|裁定|驳回|逮捕|吊销|罚)"
)
_APPROVE = "(?:批准|核准|审批|批复|许可|同意|审核通过|受理|注册|备案|认定|授予|牌照|审议通过|批文|放行|审查)"

CONSTRUCTIONS = (
    Construction(
        "regulation.act_on", RelationType.REGULATES, "{h:ORL}<a>(?:对|针对|向|就){t:CPRMO}<c>" + _ACT
    ),
    Construction(
        "regulation.act",
        RelationType.REGULATES,
        "{h:ORL}<g>(?:制裁|处罚|调查|约谈|起诉|警告|责令|指控|批准|核准|罚|监管|监督|要求|叫停|禁止|封禁|下架|解除|通报|指导|裁定|判处|批复|豁免|叫停|问询|立案调查|限制)(?:了|对)?<s>{t:CPRMO}",
    ),
    Construction(
        "regulation.towards",
        RelationType.REGULATES,
        "{h:ORL}<c>(?:向|给|对){t:CPOR}<c>(?:发出|下发|出具|发放|颁发|开出|送达|发布|下达|发送)",
    ),
    Construction(
        "regulation.passive",
        RelationType.REGULATES,
        "{t:CPRMO}<c>(?:被|遭到?|受到?|因|获得?|收到|取得|接到|接受|经|报请?|拿到|通过|须|需|由)(?:了)?{h:ORL}<c>(?:"
        + _ACT[3:-1]
        + "|"
        + _APPROVE[3:-1]
        + "|列入|认定|出具|下发|聘|上市聆讯)",
    ),
    Construction(
        "regulation.approval",
        RelationType.REGULATES,
        "{t:CMO}<a>(?:获得?|经|取得|得到|通过|收到|报|获得了|尚需|待){h:OR}<g>" + _APPROVE,
    ),
    Construction(
        "regulation.listed",
        RelationType.REGULATES,
        "{h:OR}<c>(?:将|把){t:CPROM}<a>(?:列入|纳入|加入|列为|移出|移除|剔除|认定为|添加|列为)",
    ),
    Construction(
        "regulation.listed_passive",
        RelationType.REGULATES,
        "{t:CPRMO}<c>(?:被|获|遭)?{h:OR}?<g>(?:列入|纳入|入选|列为|进入|移出|登上|加入)<g>{x:L}",
    ),
    Construction(
        "regulation.list_binds",
        RelationType.REGULATES,
        "{t:CPRMO}<c>(?:被|获|遭|已)?<g>(?:列入|纳入|入选|列为|移出|加入|获评|通过了?)<g>{h:L}",
    ),
    Construction(
        "regulation.list_binds_active",
        RelationType.REGULATES,
        "(?:将|把){t:CPRMO}<a>(?:列入|纳入|加入|移出|移除|剔除)<g>{h:L}",
    ),
    Construction(
        "regulation.pilot",
        RelationType.REGULATES,
        "(?:在|于){t:R}<g>(?:开展|启动|实施|进行|先行先试|设立|试行|推行)<g>(?:试点|{h:L})",
        triggers=("试点", "先行"),
    ),
    Construction(
        "regulation.body_pilot",
        RelationType.REGULATES,
        "{h:OL}<a>(?:在|将|支持|同意|批复|批准|选取|选择|确定){t:R}<a>(?:试点|先行先试|示范|试验区|纳入)",
    ),
    Construction(
        "regulation.tariff",
        RelationType.REGULATES,
        "{h:RO}<a>(?:对|向)(?:来自|原产于|自)?{t:R}<c>(?:关税|反倾销|制裁|管制|禁令|限制|反制|封锁)",
    ),
    Construction(
        "regulation.policy_binds",
        RelationType.REGULATES,
        "(?:根据|按照|依据|依照|违反|遵守|符合|适用|援引){h:L}<a>[,对]<g>{t:CPRM}",
    ),
    Construction(
        "regulation.policy_supports",
        RelationType.REGULATES,
        "{h:L}<c>(?:支持|要求|规定|适用于|覆盖|惠及|约束|明确|禁止|限制|将使|赋予|允许|推动|助力|针对|威胁|影响){t:CRMO}",
    ),
    Construction(
        "regulation.under",
        RelationType.REGULATES,
        "(?:在|经|由|报){h:O}<g>(?:指导|统筹|统一部署|部署|批准|支持|监管|领导|主管|审批|授权)下?<s>,?<s>{t:COR}",
    ),
    Construction("regulation.inspection", RelationType.REGULATES, "{h:O}批准,<a>巡视<g>对{t:CO}"),
    Construction(
        "regulation.supervisor_of",
        RelationType.REGULATES,
        "{t:C}<s>(?:的)?<s>(?:主管部门|监管机构|监管部门|监管者|实际控制人)(?:是|为)?{h:O}",
    ),
    Construction(
        "regulation.violates",
        RelationType.REGULATES,
        "{t:CPRMO}<c>(?:违反|触犯|不符合|符合|涉嫌违反|依据|适用|受){h:L}",
    ),
    Construction(
        "regulation.implement_in",
        RelationType.REGULATES,
        "{t:R}<c>(?:实施|启动|落实|执行|享受|实行|推行|出台|迎来){h:L}",
    ),
    Construction("regulation.amends", RelationType.REGULATES, "{h:L}<a>(?:修改|废止|修订){t:L}"),
    Construction(
        "regulation.exchange",
        RelationType.REGULATES,
        "{h:O}<s>(?:终止|恢复|受理|暂停|中止|同意|审议|审核)(?:了|对)?{t:C}<c>(?:上市|发行|ipo|交易|审核|申请|挂牌)",
    ),
    Construction(
        "regulation.list_adds",
        RelationType.REGULATES,
        "{h:OL}<a>(?:黑名单|清单|名单|列入|管控|制裁)<a>(?:新增|包括|涉及|含|增加|纳入|分别为)(?:了)?<g>{t:C}",
    ),
    Construction(
        "regulation.list_removes",
        RelationType.REGULATES,
        "{h:OL}(?:同时)?(?:取消|移除|剔除|移出|豁免)(?:了)?<g>(?:公司|企业|实体|名单|清单)<a>(?:包括|含)<g>{t:C}",
    ),
    Construction(
        "regulation.letter",
        RelationType.REGULATES,
        "{t:CP}<c>(?:收到|接到|收悉)(?:了)?{h:O}<g>(?:下发|出具|发出|发布|的)?<g>(?:函|通知|决定|罚单|警示|批复|批文|传票|处罚)",
    ),
    Construction(
        "regulation.grant",
        RelationType.REGULATES,
        "{h:ORL}<c>(?:给予|授予|准许|允许|责成|命令|勒令|敦促|强制|约束){t:CPRMO}",
    ),
    Construction(
        "regulation.submits",
        RelationType.REGULATES,
        "{t:CO}<c>(?:向|报){h:O}<c>(?:提交|递交|申请|报送|呈交|提出)<g>(?:申请|文件|招股|材料|上市|注册)",
    ),
    Construction(
        "regulation.imports",
        RelationType.REGULATES,
        "{h:ORL}<a>(?:原产于|进口自|来自|自|输入){t:R}<a>(?:关税|征税|征收|禁止)",
    ),
    Construction(
        "regulation.designated",
        RelationType.REGULATES,
        "{t:CRMO}<c>(?:获批|获评|入围|跻身|创建)<g>{h:L}(?!<s>(?:以来|精神))",
    ),
    Construction(
        "regulation.fined_by",
        RelationType.REGULATES,
        "{t:CPM}<c>(?:被|遭|收到|面临|接受)<s>{h:ORL}<g>(?:判|罚|诉|查|禁|令|约谈|立案|处分|点名|拘|捕)",
    ),
    Construction(
        "regulation.acted_on",
        RelationType.REGULATES,
        "{t:CPMO}<c>(?:被|遭|已被)(?:依法|正式)?<s>(?:立案|处罚|罚款|约谈|责令|警告|通报|调查|禁止|列入|叫停|下架|问询|吊销|起诉|判处|判决|暂停|封禁|制裁)",
    ),
    Construction(
        "regulation.approved",
        RelationType.REGULATES,
        "{t:CM}<c>(?:获批|获得批准|获准|获得许可|通过聆讯|过会|拿到批文|通过审批|通过审查|取得牌照|完成备案|通过备案)",
    ),
    Construction(
        "regulation.certified",
        RelationType.REGULATES,
        "{t:CM}<c>(?:通过|获得?|取得|拿到|斩获)(?:了)?{h:OR}<g>(?:认证|验收|核查|审核|许可|注册|审查|批文|批件)",
    ),
    Construction(
        "regulation.guided_list",
        RelationType.REGULATES,
        "{h:O}<g>(?:部署|指导|统筹|领导|授权)下<s>,?<g>{t:CO}",
    ),
)
