"""Persons: a name after a title or before a verb of saying, foreign names with a middle dot, bylines."""

from __future__ import annotations

import re
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from kg.extraction.annotations import add_candidate
from kg.resources import gazetteers
from kg.schema import EntityType

MADE_BY = "persons"

_TITLE = (
    r"董事长|董事局主席|副董事长|总经理|副总经理|总裁|副总裁|首席执行官|首席财务官|首席技术官|首席科学家|首席经济学家|"
    r"首席运营官|首席分析师|首席策略师|首席宏观分析师|首席研究员|创始人|联合创始人|创办人|合伙人|执行董事|独立董事|董事|"
    r"监事|董秘|董事会秘书|总监|总编辑|主编|主任|副主任|主席|副主席|书记|副书记|省长|副省长|市长|副市长|区长|县长|部长|"
    r"副部长|局长|副局长|司长|副司长|处长|院长|副院长|所长|副所长|校长|副校长|行长|副行长|会长|副会长|秘书长|理事长|总统|"
    r"副总统|总理|副总理|首相|外长|防长|财长|大臣|发言人|议长|议员|参议员|众议员|国务卿|教授|副教授|研究员|副研究员|"
    r"分析师|经济学家|专家|博士|院士|律师|负责人|代表|委员|经理|工程师|记者|本报记者|编辑|见习记者|实习记者|CEO|CFO|CTO|COO|"
    r"CMO|CIO|先生|女士|掌门人|实控人|实际控制人|大股东|自然人|法定代表人|总设计师|主持人|演员|导演|学者|作家"
)
_VERB = (
    r"表示|认为|指出|介绍|称|说|透露|强调|告诉|坦言|分析|解释|回应|提到|建议|直言|补充|宣布|出任|担任|接任|辞去|辞任|卸任|"
    r"当选|会见|出席|在接受|在微博|在内部信|发文|预计|预测|写道|呼吁|坦承|谈到|接受"
)
#: Characters that transliterated foreign names are written with.
_SOUND = (
    "阿埃艾爱安昂奥澳巴白拜班邦保鲍贝本比彼毕宾波伯勃博布查柴彻茨措达戴丹当道德得登邓狄迪蒂丁东杜多敦顿厄恩尔法范方菲费"
    "芬丰冯佛弗夫福富盖甘冈高戈格葛根贡古瓜圭哈海汉豪赫黑亨洪胡华怀惠霍基吉季加嘉贾简焦杰津金卡凯坎康考柯科可克肯孔库夸"
    "奎昆拉莱兰朗劳勒雷黎里理利莉丽连列林琳留刘卢鲁路伦罗洛吕马玛迈麦曼芒梅门蒙米密明莫墨默姆穆那纳娜乃奈南内尼涅宁牛"
    "纽努诺欧帕潘庞佩彭皮珀普其齐奇契钱乔切琴邱瑞若撒萨塞赛桑森沙山珊尚舍申圣史什施士舒斯思丝松苏索塔泰坦汤唐陶特滕提"
    "田廷通图托瓦万旺威韦维魏温文翁沃乌武西希锡席夏香肖谢欣辛雄休修许逊雅亚延扬杨耶叶伊依因英尤约泽扎詹张珍芝治朱卓兹佐"
    "蕾薇娅茜琪婷丝露妮黛蓓伽娃梵玻茵柏尧昌晓霖岚碧莎穗泉茅勋拿岑"
)
_FOREIGN = re.compile(rf"[{_SOUND}]{{1,8}}(?:[·・•‧][{_SOUND}A-Z.\-]{{1,9}}){{1,3}}")
_LATIN = re.compile(
    rf"(?:{_TITLE})\s?([A-Z][a-zà-ÿ]+(?:[ -](?:[A-Z]\.?|[A-Z][a-zà-ÿ'’]+)){{1,2}})(?![A-Za-z])"
)
_BYLINE = re.compile(
    r"(?:本报记者|见习记者|记者|编辑|作者|文/|责任编辑|撰文)[:：]?\s?([\u4e00-\u9fff]{2,3})(?=\s|$|报道|[/／、，])"
)
#: What stands after a Chinese name: a mark, a space, a date, or the first character of the usual next words.
_AFTER = (
    r"(?=[，。、；：:,.!?！？）)（(“”\"》\s\d/|]|\Z|表示|认为|指出|介绍|称|说|透露|强调|告诉|坦言|分析|解释|回应|提|建议|直言|"
    r"补充|宣布|出[任席售]|担任|接[任受]|辞|卸任|当选|会见|在|发[文布表]|预计|预测|写道|呼吁|谈|对|向|与|和|及|也|则|将|曾|于|就|为|"
    r"等|还|不|已|从|到|的|以|是|持|减持|增持|拟|被|签署|率|主持|参加|获|离|加[入盟]|通过|致|共同|同时|当[天日时]|[今昨近]日|先生|女士)"
)
_RARE_SURNAME = 15


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    surnames = gazetteers.surnames()
    double = "|".join(name for name in surnames if len(name) == 2)
    single = "".join(name for name, share in surnames.items() if len(name) == 1 and share >= _RARE_SURNAME)
    name = rf"((?:{double}|[{single}])[\u4e00-\u9fff]{{1,2}}?)"
    return (
        re.compile(rf"(?:{_TITLE})、?\s?(?:{name}{_AFTER})"),
        re.compile(rf"(?<![\u4e00-\u9fff]){name}(?={_VERB})"),
    )


@Language.component(MADE_BY)
def persons(doc: Doc) -> Doc:
    """Propose persons from titles, verbs of saying, bylines and the shape of foreign names."""
    text = doc._.text
    titled, saying = _patterns()
    for match in titled.finditer(text):
        if not _common_word(match[1]):
            add_candidate(doc, *match.span(1), EntityType.PERSON, 0.75, f"{MADE_BY}:title")
    for match in saying.finditer(text):
        if not _common_word(match[1]):
            add_candidate(doc, *match.span(1), EntityType.PERSON, 0.65, f"{MADE_BY}:saying")
    for match in _FOREIGN.finditer(text):
        start, end = match.span()
        while text[start] in "席总于向和与等由经该的":  # the end of a title or a word before the name
            start += 1
        add_candidate(doc, start, end, EntityType.PERSON, 0.85, f"{MADE_BY}:foreign")
    for match in _LATIN.finditer(text):
        add_candidate(doc, *match.span(1), EntityType.PERSON, 0.85, f"{MADE_BY}:latin")
    for match in _BYLINE.finditer(text):
        if not _common_word(match[1]) and match[1][0] in gazetteers.surnames():
            add_candidate(doc, *match.span(1), EntityType.PERSON, 0.8, f"{MADE_BY}:byline")
    return doc


def _common_word(name: str) -> bool:
    """Whether a word that begins with a family name is known to be no person (高管, 方面)."""
    return name[:2] in gazetteers.not_persons()
