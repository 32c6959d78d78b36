"""Where a name that is recognised by its ending begins."""

from __future__ import annotations

import re
from collections.abc import Container

#: Words that hold a character of `_BEFORE` and yet stand in names.
_PROTECTED = (
    "国家|共和国|日本|成都|首都|东京都|都市|对外|对华|和平|和谐|和信|和黄|经济|经贸|经营|经信|经开|大使|使馆|财经|"
    "以色列|并购|在线|在野|从业|家电|家居|个人|个体|名人|名城|单位|到家|发展和改革|工业和信息化|资源和社会|住房和城乡|"
    "文化和旅游|林业和草原|粮食和物资|海洋和大气|食品和药物|药品和|科学和技术|国土安全和|质量和|竞争和市场|竞争与市场|"
    "海关与|海关和|证券与|安全与|安全和|企业和初创|标准与技术|标准和技术|金融与|科技与|创新与|研究与|经济与|政治与|"
    "新闻与|信息与|教育和|教育与|技术与|工程与|管理与|能源与|环境与|健康与|社会与|艺术与|人工智能与|大数据与|未来|"
    "前海|前沿|中国|中央|中心|中信|中金|中科|中国|后勤|及时|各州|名校|时代|时报|时尚|日报|日化|日用|日立|日产|日月|"
    "年代|月之暗面|月球|点评|点石|家族|家庭|家具|科学家|专家|等待|高等|同等|说明|学说|名创优品|位置|定位|单个|知名|"
    "将军|使命|由于|于洪|让渡|请求|据点|数据|证据|依据|已故|即时|即梦|又一|还原|不动产|不可|并州|而立|但斌|或有|对标|"
    "向日葵|方向|意向|至诚|都江堰|被动|被告|为民|华为|中为|有为|在建|存在|是否|称号|名称|职称"
)
#: Words before a name that are no part of it; a name starts after the last of them.
_BEFORE = (
    "以及|还有|其中|包括|例如|比如|诸如|通过|根据|按照|依据|关于|随着|除了|作为|成为|属于|位于|来自|针对|面对|旗下|所属|"
    "控股子公司|控股的|全资子公司|子公司|母公司|参股公司|关联方|股东|联合|携手|牵手|分别|同意|认为|表示|宣布|指出|显示|"
    "披露|透露|获得|收购|投资了|入股|起诉|处罚|约谈|要求|批准|发布|推出|成立|设立|组建|签署|签约|合作|担任|出任|任职|加入|"
    "离开|当选|兼任|前往|访问|会见|召开|举行|参加|出席|记者|采访|董事长|总经理|总裁|创始人|负责人|院长|校长|局长|部长|教授|"
    "研究员|分析师|首席|今日|昨日|近日|日前|目前|此前|此次|当天|同日|去年|今年|明年|上述|该|某|这家|那家|一家|两家|三家|多家|"
    "知名|著名|包含|涉及|以及|转让|持有|控制|经由|毕业|就读|现任|曾任|历任|原任|的|了|与|和|及|由|对|向|在|是|为|将|被|从|到|"
    "使|令|让|把|给|跟|于|以|并|而|但|或|等|曾|已|拟|经|据|请|称|说|如|即|则|也|又|还|都|不|至|前|后|家|名|位|个|"
    r"[年月日时点]|\d+|中(?=[^国央心信金科])"
)
_SKIP_OR_BEFORE = re.compile(rf"(?:{_PROTECTED})|(?P<before>{_BEFORE})")
_STOP = re.compile(r"[，。、；：！？\s“”\"'《》〈〉【】\[\]|/*#「」『』,;:!?—…<>｜]")


def name_start(text: str, stem_end: int, longest: int = 24) -> int:
    """Start of the name whose recognised ending begins at `stem_end`; equal to `stem_end` where none is left.

    Goes left to the nearest mark that cannot be inside a name, then past the last word that stands before names.
    """
    begin = max(0, stem_end - longest)
    for mark in _STOP.finditer(text, begin, stem_end):
        begin = mark.end()
    for match in _SKIP_OR_BEFORE.finditer(text, begin, stem_end):
        if match["before"]:
            begin = match.end()
    # A bracket that closes in the name must open in it, and the other way round.
    for opening, closing in ("（）", "()"):
        name = text[begin:stem_end]
        if name.count(opening) != name.count(closing):
            begin += max(name.rfind(opening), name.rfind(closing)) + 1
    while begin < stem_end and text[begin] in "-·&）)（(":
        begin += 1
    return begin


def anchored_start(start: int, stem_end: int, anchors: Container[int]) -> int | None:
    """The first place from `start` on where a known name begins (重庆 in 位于重庆金融监管局), or None."""
    return next((i for i in range(start, stem_end) if i in anchors), None)
