"""DEVELOPS and USES: who makes an AI model, and who puts it to work."""

from __future__ import annotations

from kg.extraction.relations.constructions import Construction
from kg.schema import RelationType

_RELEASE = (
    "(?:发布|推出|开源|上线|公布|更新|升级|训练|研发|开发|自研|打造|官宣|放出|披露|亮相|推进|发表|开放|预告|下调|下架|暂停|测试|公开|带来|展示|拥有|宣布|最新|"
    "发售|内测|灰度|公测|曝光|迭代|预览|构建|推送|首发|创建|孵化|免费|上调|重磅|介绍|扩大|运营)"
)

CONSTRUCTIONS = (
    Construction(
        "models.own",
        RelationType.DEVELOPS,
        "{h:CO}(?:的|旗下|旗下的|自研|自研的|自家|最新|新一代|开源|首款|全新|公司|自主研发的|出品的|发布的|推出的|开发的)?(?:最新|新一代|开源|首款|全新|ai|旗舰|通用|推理|多模态|大语言|语言|视频|视觉|助手|大模型|模型|生成|智能|聊天机器人|智能体|人工智能|的)*{t:M}",
    ),
    Construction(
        "models.release", RelationType.DEVELOPS, "{h:COP}<c>" + _RELEASE + "(?:了|其|并开源|及|的)?<g>{t:M}"
    ),
    Construction(
        "models.release_wide",
        RelationType.DEVELOPS,
        "{h:CO}<g>(?:发布|推出|开源|宣布|上线)<a>(?:、|,|和|及){t:M}",
    ),
    Construction(
        "models.released_by",
        RelationType.DEVELOPS,
        "{t:M}<c>(?:由|是|为|系|出自|来自){h:CO}<g>(?:开发|研发|发布|推出|打造|训练|出品|自研|的|自主|旗下)",
    ),
    Construction(
        "models.topic_release",
        RelationType.DEVELOPS,
        "(?:^|[,:|])(?:正式|首次|即将|会|将|已|又)*(?:发布|推出|开源|上线|自研|新增)(?:了|并开源)?<g>{t:M}",
    ),
    Construction(
        "models.team",
        RelationType.DEVELOPS,
        "{h:COP}<g>(?:团队|研究院|实验室)<g>(?:发布|推出|开源|提出|研发){t:M}",
    ),
    Construction(
        "models.after",
        RelationType.DEVELOPS,
        "{t:M}<c>(?:开发商|开发者|制造商|母公司|开发公司|背后的公司|研发方|厂商)(?:是|为)?{h:CO}",
    ),
    Construction("models.bracket", RelationType.DEVELOPS, "{h:C}[(:]{t:M}"),
    Construction(
        "uses.adopt",
        RelationType.USES,
        "{h:COPR}<c>(?:接入|集成|部署|搭载|引入|采用|使用|适配|上架|整合|上线|支持|内置|调用|嵌入|融合|基于|运行|托管|应用|融入|配备|部署了|结合|换为|选用|本地化部署|依托|提供|装载|运用|试用|植入|预装|绑定|打通)(?:了|自研|开源|的)?<g>{t:M}",
    ),
    Construction(
        "uses.onto",
        RelationType.USES,
        "{t:M}<c>(?:接入|登陆|上线|部署(?:在|于|到)?|集成(?:到|至|进|于)?|整合(?:进|到|至)|落地|入驻|适配|嵌入|搭载(?:在|于)|上车|植入|用于|赋能)<g>{h:COR}",
    ),
    Construction("uses.based", RelationType.USES, "(?:^|[,:。])(?:基于|依托|搭载|采用|接入|借助){t:M}"),
    Construction(
        "uses.let",
        RelationType.USES,
        "(?:将|把){t:M}<g>(?:接入|集成|整合|嵌入|部署|引入|融入|装入|应用)<g>{h:C}",
    ),
)
