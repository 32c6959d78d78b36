"""Amounts of money: where they stand in a text, how much, in which currency.

A linear pattern finds the stretch; cn2an reads Chinese numerals; what it does not know (currency signs, English
millions, ranges, 数亿, 上亿 and 四五百万) is read here.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

import cn2an

from kg.characters import fold


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at `start`..`end`; `low`..`high` in units of `currency` (ISO 4217), `high` None unless a range."""

    start: int
    end: int
    text: str
    low: float
    high: float | None
    currency: str


#: Words and signs for a currency, longest first in the pattern.
CURRENCIES: dict[str, str] = {
    "人民币": "CNY", "元人民币": "CNY", "元": "CNY", "块钱": "CNY", "rmb": "CNY", "cny": "CNY", "¥": "CNY",
    "美元": "USD", "美金": "USD", "usd": "USD", "us$": "USD", "$": "USD", "刀": "USD", "美金元": "USD",
    "欧元": "EUR", "eur": "EUR", "€": "EUR",
    "港元": "HKD", "港币": "HKD", "hkd": "HKD", "hk$": "HKD", "港纸": "HKD", "元港币": "HKD",
    "日元": "JPY", "日圆": "JPY", "jpy": "JPY", "英镑": "GBP", "gbp": "GBP", "£": "GBP",
    "韩元": "KRW", "韩圜": "KRW", "krw": "KRW", "新台币": "TWD", "台币": "TWD", "元新台币": "TWD", "nt$": "TWD",
    "新加坡元": "SGD", "新元": "SGD", "坡元": "SGD", "s$": "SGD", "澳元": "AUD", "澳大利亚元": "AUD", "a$": "AUD",
    "加元": "CAD", "加拿大元": "CAD", "c$": "CAD", "瑞士法郎": "CHF", "瑞郎": "CHF", "卢布": "RUB", "卢比": "INR",
    "印度卢比": "INR", "泰铢": "THB", "印尼盾": "IDR", "越南盾": "VND", "里亚尔": "SAR", "迪拉姆": "AED",
    "瑞典克朗": "SEK", "丹麦克朗": "DKK", "挪威克朗": "NOK", "林吉特": "MYR", "令吉": "MYR", "比索": "MXN",
    "雷亚尔": "BRL", "兰特": "ZAR", "里拉": "TRY", "新西兰元": "NZD", "澳门元": "MOP", "澳门币": "MOP",
}  # fmt: skip

_SIGNS = sorted((c for c in CURRENCIES if not "\u4e00" <= c[-1] <= "\u9fff"), key=len, reverse=True)
_WORDS = sorted((c for c in CURRENCIES if "\u4e00" <= c[-1] <= "\u9fff"), key=len, reverse=True)
_ENGLISH = {"k": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "trillion": 1e12, "tn": 1e12}  # fmt: skip
_APPROXIMATE = (
    r"(?:约为?|大约|近|超过?|逾|不低于|不超过|不少于|至少|最高|最多|高达|总计|合计|共计|将近|接近|突破|上限)"
)
_DIGITS = r"\d[\d,]{0,18}(?:\.\d{1,6})?"
_HAN = r"[〇零一二两三四五六七八九十百千]{1,8}"
_QUANTITY = rf"(?:{_DIGITS}|{_HAN}|[数几上百千]{{1,3}})"
_SCALE = r"(?:\s?(?:万亿|百亿|千亿|十亿|百万|千万|十万|亿|万|千|百))?"
_NUMBER = rf"{_QUANTITY}(?:余|多)?{_SCALE}(?:余|多)?"
_SIGN = "(?:" + "|".join(map(re.escape, _SIGNS)) + ")"
_WORD = "(?:" + "|".join(map(re.escape, _WORDS)) + ")"
_TO = r"\s?(?:至|到|-|~)\s?"
_AMOUNT = re.compile(
    rf"(?P<blur>{_APPROXIMATE}\s?)?(?:"
    rf"(?P<sign>{_SIGN})\s?(?P<sl>{_DIGITS})(?:\s?-\s?(?P<sh>{_DIGITS}))?(?P<ss>\s?(?:trillion|billion|million|bn|mn|tn|[mbk](?![a-z]))|{_SCALE})?"
    rf"|(?P<number>{_NUMBER}(?:\s?(?:元|{_WORD}))?(?:{_TO}{_NUMBER})?|(?<=[超近逾过达约])\s?(?:百亿|千亿|万亿|亿|千万|百万))\s?(?P<word>{_WORD})"
    r"(?P<yuan>\s?(?:人民币|港币|新台币))?"
    rf"|(?P<el>{_DIGITS})\s?(?P<es>trillion|billion|million|bn|mn)\s?(?P<ew>dollars?|usd|euros?|yuan|rmb|pounds?)"
    r")"
)  # fmt: skip
_ENGLISH_WORDS = {"d": "USD", "u": "USD", "e": "EUR", "y": "CNY", "r": "CNY", "p": "GBP"}
_SCALES = {"万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "十亿": 1e9, "亿": 1e8, "千万": 1e7, "百万": 1e6, "十万": 1e5, "万": 1e4, "千": 1e3, "百": 1e2}  # fmt: skip
_ONES = "一二三四五六七八九"
#: 四五百万: four to five million.
_NEIGHBOURS = {a + b: i for i, (a, b) in enumerate(itertools.pairwise(_ONES), 1)} | {"一两": 1, "两三": 2}


def find_amounts(text: str) -> list[Amount]:
    """Every amount of money in `text`, in order. Linear in its length."""
    folded = fold(text)
    if (
        not any(c in folded for c in "元币金镑$¥€£布铢盾里迪克林令比雷兰郎")
        and "usd" not in folded
        and "rmb" not in folded
        and "dollar" not in folded
    ):
        return []
    amounts = []
    for match in _AMOUNT.finditer(folded):
        amount = _read(match, text)
        if amount is not None:
            amounts.append(amount)
    return amounts


def _read(match: re.Match[str], text: str) -> Amount | None:
    start, end = match.span()
    written = text[start:end]
    if match["sign"]:
        factor = _factor(match["ss"] or "")
        low = float(match["sl"].replace(",", "")) * factor
        high = float(match["sh"].replace(",", "")) * factor if match["sh"] else None
        return Amount(start, end, written, round(low, 2), high, CURRENCIES[match["sign"]])
    if match["el"]:
        factor = _ENGLISH[match["es"]]
        return Amount(
            start,
            end,
            written,
            float(match["el"].replace(",", "")) * factor,
            None,
            _ENGLISH_WORDS[match["ew"][0]],
        )
    currency = CURRENCIES[(match["yuan"] or "").strip() or match["word"]]
    values = _values("".join(match["number"].split()))
    if values is None:
        return None
    low, high = values
    return Amount(start, end, written, round(low, 2), None if high is None else round(high, 2), currency)


def _factor(unit: str) -> float:
    unit = unit.strip()
    if not unit:
        return 1.0
    return _ENGLISH.get(unit) or _SCALES[unit]


_RANGE = re.compile(
    rf"(?P<low>{_QUANTITY})(?P<ls>{_SCALE})(?:元|{_WORD})?(?:至|到|-|~)(?P<high>{_QUANTITY})(?P<hs>{_SCALE})$"
)


@lru_cache(maxsize=4096)
def _values(number: str) -> tuple[float, float | None] | None:
    """The number or range that `number` (no spaces, no currency at its end) says."""
    match = _RANGE.match(number)
    if match:
        low, high = _plain(match["low"]), _plain(match["high"])
        if low is None or high is None:
            return None
        upper = high * _factor(match["hs"])
        # 5 至 8 亿: the unit said once holds for both.
        lower = low * _factor(match["ls"] or match["hs"])
        return (lower, upper) if lower < upper else (upper, None)
    number = number.replace("余", "").replace("多", "").replace("元", "")
    scale = next((s for s in _SCALES if number.endswith(s)), "")
    rest, factor = number[: len(number) - len(scale)], _factor(scale)
    if not scale and rest in ("数", "几", "上"):
        return None
    if rest in ("", "上"):
        return factor, None
    if rest in ("数", "几"):
        return factor, 10 * factor
    if rest in _NEIGHBOURS:
        low = _NEIGHBOURS[rest]
        return low * factor, (low + 1) * factor
    # 3500亿 is a number and its scale, 三千五百亿 one numeral.
    numeral, times = (rest, factor) if rest[0].isascii() else (number, 1.0)
    value = _plain(numeral)
    return None if value is None else (value * times, None)


def _plain(numeral: str) -> float | None:
    """A number without a range, in digits or in Chinese numerals."""
    try:
        return float(numeral.replace(",", ""))
    except ValueError:
        pass
    try:
        return float(cn2an.cn2an(numeral, "smart"))
    except ValueError:
        return None
