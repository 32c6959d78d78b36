"""What a single line of a Chinese document looks like: heading, byline, caption, list item, page number."""

from __future__ import annotations

import re

from kg.characters import fold, is_han

TERMINAL = "。！？!?…；;"
_CLOSERS = "”’」』）)》〉】]\"'"
_CLOSER_OF = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "（": "）", "(": ")", "【": "】"}

_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6"
    "\U00020000-\U0003ffff]"
)
_NUMBERED = re.compile(
    r"(?:第[一二三四五六七八九十百\d]{1,4}[章节部分条篇]"
    r"|[一二三四五六七八九十]{1,3}[、．.，]|[（(][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\.?\s|\d{1,2}[.、．](?!\d)|[①-⑳])"
)
_LIST_ITEM = re.compile(r"(?:[-*•●◆■▪►➤·]\s|[●◆■▪►➤])")
_CAPTION = re.compile(
    r"(?:图表?|表格?|附表|附图|Figure|Fig\.?|Table)\s{0,2}\d{1,3}(?:[-.]\d{1,3})?\s{0,2}[：:.、\s]"
    r"|[▲▼△▽◀▶]|(?:数据|资料|图片|信息)来源\s?[：:]|(?:Source|Note)s?:|＞\s?信息来源"
    r"|(?:截止|截至)日期\s?[：:]|单位\s?[：:]|注\s?[：:]"
)
_CREDIT = re.compile(
    r".{0,60}(?:/\s?图|/\s?摄影?|/\s?供图|[^\s，。]{1,12}(?:\s?摄|\s?供图|\s拍摄)(?:[（(][^（()）]{1,20}[）)])?"
    r"|[（(](?:人民视觉|视觉中国|新华社发|受访者供图)[）)])$"
)
_SOURCE_LINE = re.compile(
    r"本[篇文]文?章?均?由.{2,20}采写|[（(]?(?:来源|消息来源|稿源|出处|作者|责任编辑|编辑|责编|校对|记者)\s?[：:/]"
)
_BYLINE = re.compile(
    r"[◎■□●▪◆【\s]{0,3}(?:[A-Za-z0-9\u4e00-\u9fff·]{0,14}?(?:记者|通讯员|评论员|特派员|特约撰稿人?|撰稿)(?=[\s:：/|｜])"
    r"|(?:本报|本刊|见习|实习)[\u4e00-\u9fff]{0,4}记者(?=[\u4e00-\u9fff·]{2,4}(?:\s|$))"
    r"|(?:文|撰文|作者|采写|编译)\s{0,3}[/|｜丨:：])"
)
_NAMES = re.compile(r"[\s:：/|｜丨、]*(?:[A-Za-z\u4e00-\u9fff·.]{1,12}(?:[\s、/|｜丨:：】]+|$)){1,8}")
_CONTACT = re.compile(
    r"(?:https?://|www\.|分析师|联系人|研究助理|执业证书编?号?|登记编码|SAC ?(?:执业)?(?:证书)?(?:编号|NO)?|邮箱|电邮"
    r"|E-?mail|电话|传真|网址|地址|(?:咨询|总机|热线|监督|订阅|发行征?订?|广告|客服|服务|联系)(?:电话|热线|邮箱|许可证|地址)|公司网站|邮政?编码?"
    r"|邮发代号|本报(?:地址|常年法律顾问|官方微[博信])|国内统一(?:连续出版物|刊)号|国际标准|广告(?:经营)?许可证|法律顾问"
    r"|零售价|主[管办]单位?|社长|总编辑?|出版日期|印刷|扫码|敬请关注|关注我们|微信公众号|.{0,10}微信公众号$|更多精彩)"
    r"[\s.:：]{0,3}"
)
_ADDRESS = re.compile(r"[\w.+-]{2,40}@[\w-]{2,40}\.[\w.]{2,20}")
# What a heading does not end with: words that need another after them.
_UNFINISHED = re.compile(
    r"(?:[的将是被把以于而或]|(?<![何所存实自内现正])在|(?<![参给授])与|(?<![饱温共总中])和|(?<![普涉触危波])及"
    r"|(?<![何])从|(?<![原基])因|(?<![合兼])并|随着|通过|包括|其中|表示|认为|指出|进行|预计|成为)$"
)
_OPENING = re.compile(
    r"(?:随着|据[^\s]{0,12}(?:报道|统计|了解|悉|介绍)|记者[\u4e00-\u9fff]{2}|与此同时|此外|目前|对此|例如|比如)"
)
# With a comma inside, the opening of running text rather than of a heading.
_CLAUSE = re.compile(
    r"(?:在|自|从|对于|作为|为了?|近[日年期]|日前|目前|今年|去年|同时|另外|此外|事实上|其中|而|但|不过|虽然|因此|为此|值得|正因|由于|据"
    r"|如今|早在|根据|截至|\d{1,4} ?年|\d{1,2}月"
    r"|.{2,20}(?:表示|认为|指出|透露|介绍|告诉记者|看来|了解到|获悉|注意到|说|称)[，,:：])"
)
_DATE_LINE = re.compile(
    r"\d{4}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}\s?日?(?:\s?(?:星期|周)[一二三四五六日天])?"
    r"(?:\s?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?(?:[\s|]{0,3}(?:来源|作者).{0,30})?"
)
_PAGE_LABEL = re.compile(
    r"(?:[\u4e00-\u9fff·]{2,8}\s?)?第?\s?[A-Z]?\d{1,3}\s?版(?:\s?[:：|/]?\s?[\u4e00-\u9fff·]{2,8})?"
    r"(?:\s?\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日(?:\s?(?:星期|周)[一二三四五六日天])?)?"
)
_EARLY_COMMA = re.compile(r".[，,、]")
_LAST_CLAUSE = re.compile(r"[，,][^，,\s]{1,2}$")
_DATELINE = re.compile(
    r"(?:本报讯|本报[\u4e00-\u9fff]{0,8}\d{1,2}月\d{1,2}日[电讯]|新华社[\u4e00-\u9fff]{1,8}\d{1,2}月\d{1,2}日电"
    r"|(?:中新[社网]|财联社|央视新闻|新华财经)[\u4e00-\u9fff]{0,6}\d{0,4}年?\s?\d{1,2}月\d{1,2}日[电讯]"
    r"|【[^】]{2,12}[讯电]】)"
)
_PLACE_REPORT = re.compile(r"[\u4e00-\u9fff\s、]{2,16}报道$")
_PAGE_NUMBER = re.compile(
    r"(?:[-—–·~\s]{1,4}\d{1,4}[-—–·~\s]{1,4}|第\s?\d{1,4}\s?页(?:\s?[,，/]?\s?共\s?\d{1,4}\s?页)?"
    r"|(?:Page|P\.?)\s?\d{1,4}(?:\s?(?:of|/)\s?\d{1,4})?|\d{1,4}\s?/\s?\d{1,4}|请务必阅读.{0,40})$",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"[（(]?(?:下转|上接|紧接|转|接)第?\s?[A-Z]{0,2}\d{1,3}\s?版?.{0,8}$|(?:上接|下转)\s?[A-Z]{1,2}\d{1,2}$"
)


def width(text: str) -> int:
    """Columns that `text` takes in a fixed-width layout: two for an ideograph, one for a Latin letter."""
    return len(text) + len(_WIDE.findall(text))


def ends_sentence(text: str) -> bool:
    """Whether `text` ends where a sentence can end."""
    return text.rstrip(_CLOSERS + " ")[-1:] in tuple(TERMINAL) and text.rstrip(" ") != ""


def open_bracket(text: str, reach: int = 200) -> str | None:
    """The closing mark that `text` still waits for, looking at its last `reach` characters; None if balanced."""
    waiting: list[str] = []
    for character in text[-reach:]:
        if character in _CLOSER_OF:
            waiting.append(_CLOSER_OF[character])
        elif waiting and (character == waiting[-1] or {character, waiting[-1]} == {")", "）"}):
            waiting.pop()
    return waiting[-1] if waiting else None


def closes(text: str, mark: str) -> bool:
    """Whether `text` holds the closing `mark` of a bracket that was opened before it."""
    depth = 0
    pair = {"）": "）)", ")": "）)"}.get(mark, mark)
    openers = {opener for opener, closer in _CLOSER_OF.items() if closer in pair}
    for character in text:
        if character in openers:
            depth += 1
        elif character in pair:
            if depth == 0:
                return True
            depth -= 1
    return False


def is_numbered(text: str) -> bool:
    """Whether `text` starts like a numbered heading or list item: 一、 （二） 1.2 第三章."""
    return _NUMBERED.match(text) is not None


def is_list_item(text: str) -> bool:
    """Whether `text` starts with a bullet."""
    return _LIST_ITEM.match(text) is not None


def is_caption(text: str) -> bool:
    """Whether `text` is a caption of a figure or table, its source, or the credit of a picture."""
    return len(text) <= 200 and (
        _CAPTION.match(text) is not None or (len(text) <= 60 and _CREDIT.match(text) is not None)
    )


def is_byline(text: str) -> bool:
    """Whether `text` names who wrote the article: 本报记者 … 北京报道."""
    if len(text) > 60 or (match := _BYLINE.match(text)) is None:
        return False
    return _NAMES.fullmatch(text[match.end() :].strip()) is not None


def is_place_of_report(text: str) -> bool:
    """Whether `text` is the second line of a byline: 上海 北京报道."""
    return len(text) <= 16 and _PLACE_REPORT.fullmatch(text) is not None


def has_dateline(text: str) -> bool:
    """Whether a paragraph starts like a wire item: 本报讯, 新华社北京3月4日电."""
    return _DATELINE.match(text) is not None


def is_source_line(text: str) -> bool:
    """Whether `text` is a short line that states source, author or editor."""
    return len(text) <= 60 and _SOURCE_LINE.match(text) is not None


def is_page_number(text: str) -> bool:
    """Whether `text` is nothing but a page number or a line printed at the foot of every page."""
    return len(text) <= 60 and _PAGE_NUMBER.match(text) is not None


def is_date_line(text: str) -> bool:
    """Whether `text` is nothing but a date, as in a masthead, and perhaps a time and a source."""
    return len(text) <= 70 and _DATE_LINE.fullmatch(text) is not None


def is_page_label(text: str) -> bool:
    """Whether `text` names a page of a newspaper: A2版, 第03版：要闻."""
    return len(text) <= 48 and _PAGE_LABEL.fullmatch(text) is not None


def is_turn_line(text: str) -> bool:
    """Whether `text` sends the reader to another page: 下转 D4."""
    return len(text) <= 14 and _TURN.match(text) is not None


def is_contact(text: str) -> bool:
    """Whether `text` is a line of an imprint: address, telephone, e-mail, licence, editor in chief."""
    return (
        len(text) <= 120 and "。" not in text and (_CONTACT.match(text) or _ADDRESS.search(text)) is not None
    )


def is_unfinished(text: str) -> bool:
    """Whether `text` is the beginning of a sentence without its end, as far as its words tell."""
    if _UNFINISHED.search(text[-4:]) is not None:
        return True
    if len(text) > 60:
        return False
    return _OPENING.match(text) is not None or (
        (_CLAUSE.match(text) or _LAST_CLAUSE.search(text)) is not None
        and ("，" in text or "," in text)
        and text[-1] not in "？！?!"
    )


def letters(text: str) -> str:
    """The folded letters and digits of `text` alone, for comparing titles."""
    return "".join(filter(str.isalnum, fold(text)))


def looks_like_heading(text: str) -> bool:
    """Whether `text`, standing alone, has the shape of a heading: short and with no full stop."""
    if (
        not 2 <= len(text) <= 48
        or text[-1] in "。；;，,、：:…"
        or _EARLY_COMMA.match(text)
        or "。" in text
        or "\t" in text
    ):
        return False
    if text[-1] in "？！?!" and (len(text) > 36 or text.count("，") + text.count(",") > 1):
        return False
    if (
        is_caption(text)
        or is_byline(text)
        or is_source_line(text)
        or is_page_number(text)
        or is_turn_line(text)
    ):
        return False
    if is_date_line(text) or is_page_label(text):
        return False
    if is_list_item(text) or is_place_of_report(text) or is_contact(text) or is_unfinished(text):
        return False
    count = sum(is_han(c) or c.isalpha() for c in text)
    return count >= 2 and count * 2 >= len(text.replace(" ", "")) and text.count("，") + text.count(",") <= 2
