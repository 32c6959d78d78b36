"""Dates: where they stand in a text and which day, month or year they mean, seen from the document's date.

A linear pattern finds the stretch. A bare month and day is the nearest such day that is not more than four months
ahead, a bare day the latest such day not more than a week ahead. 周二 lies in the week of the document, 上周五 in the
one before, and 周末 is its Sunday. 当天 and 同日 are the day named before them, else the document's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from kg.characters import fold


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date at `start`..`end` as written, and in ISO form: YYYY, YYYY-MM or YYYY-MM-DD; None if it cannot be told."""

    start: int
    end: int
    text: str
    iso: str | None


_PART = r"(?:初|底|末|中旬|上旬|下旬|年初|年底|年末|上半年|下半年|第?[一二三四1-4]季度|q[1-4]|内|间|春节|元旦|开年)"
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s?年\s?(?:(?P<ymonth>\d{1,2})\s?月(?:份)?\s?(?:(?P<yday>\d{1,2})\s?[日号])?)?(?P<ypart>" + _PART + r")?"
    r"|(?P<iso>(?:19|20)\d{2}[-/.](?P<imonth>\d{1,2})(?:[-/.](?P<iday>\d{1,2}))?)(?![\d.])"
    r"|(?P<relative>今年|去年|明年|前年|本年度?|同年|次年|后年)\s?(?:(?P<rmonth>\d{1,2})\s?月(?:份)?\s?(?:(?P<rday>\d{1,2})\s?[日号])?)?(?P<rpart>" + _PART + r")?"
    r"|(?P<nearmonth>本月|上个?月|下个?月|当月)\s?(?:(?P<nday>\d{1,2})\s?[日号])?(?P<npart>" + _PART + r")?"
    r"|(?P<month>\d{1,2})\s?月(?:份)?\s?(?:(?P<day>\d{1,2})\s?[日号]|(?P<mpart>" + _PART + r")|(?![\d饼球]))"
    r"|(?P<adverb>昨日|昨天|昨晚|今日|今天|今晨|今晚|今早|明日|明天|前天|前日|后天|当日|当天|同日|同一天)(?:[(（](?P<amonth>\d{1,2})月(?P<aday>\d{1,2})日[)）])?"
    r"|(?P<week>(?:本|上|下|这|上个|下个)?(?:周|星期|礼拜)[一二三四五六日天末])"
    r"|(?<![\d月/.\-])(?P<bareday>\d{1,2})\s?日(?![均元本内报前后圆经])"
)  # fmt: skip
_YEARS = {"今年": 0, "去年": -1, "明年": 1, "前年": -2, "本年": 0, "本年度": 0, "后年": 2}
_MONTHS = {"本月": 0, "当月": 0, "上月": -1, "上个月": -1, "下月": 1, "下个月": 1}
_TO = re.compile(r"\s?(?:至|到|-|~)\s?")
_SAME_DAY = frozenset({"当日", "当天", "同日", "同一天"})
_WEEKDAYS = {day: i for i, day in enumerate("一二三四五六日")} | {"天": 6, "末": 6}
_DAYS = {"昨": -1, "今": 0, "明": 1, "前": -2, "后": 2, "当": 0, "同": 0}


def find_dates(text: str, reference: str | None) -> list[FoundDate]:
    """Every date in `text`, in order; `reference` is the document's date (YYYY-MM-DD) or None if unknown."""
    folded = fold(text)
    today = _as_date(reference)
    found: list[FoundDate] = []
    for match in _DATE.finditer(folded):
        iso = None
        if match[0] in _SAME_DAY:
            iso = next((d.iso for d in reversed(found) if d.iso and len(d.iso) == 10), None)
        elif (
            found
            and (match["month"] or match["bareday"])
            and _TO.fullmatch(folded[found[-1].end : match.start()])
        ):
            iso = _end_of_range(found[-1].iso, match)
        iso = iso or _resolve(match, today)
        found.append(FoundDate(match.start(), match.end(), text[match.start() : match.end()], iso))
    return found


def _end_of_range(start: str | None, match: re.Match[str]) -> str | None:
    """3月1日至8月31日: the end lies in the year of the start, or the next; None where that cannot be told."""
    if not start or len(start) < 7:
        return None
    year, month = int(start[:4]), match["month"] or start[5:7]
    if int(month) < int(start[5:7]):
        year += 1
    return _iso(year, month, match["day"] or match["bareday"])


def _as_date(reference: str | None) -> date | None:
    try:
        return date.fromisoformat(reference) if reference else None
    except ValueError:
        return None


def _resolve(match: re.Match[str], today: date | None) -> str | None:
    if match["year"]:
        return _iso(int(match["year"]), match["ymonth"], match["yday"])
    if match["iso"]:
        return _iso(int(match["iso"][:4]), match["imonth"], match["iday"])
    if today is None:
        return None
    if match["relative"]:
        offset = _YEARS.get(match["relative"])
        return None if offset is None else _iso(today.year + offset, match["rmonth"], match["rday"])
    if match["nearmonth"]:
        months = today.year * 12 + today.month - 1 + _MONTHS[match["nearmonth"]]
        return _iso(months // 12, str(months % 12 + 1), match["nday"])
    if match["month"]:
        return _nearest_month(today, match["month"], match["day"])
    if match["adverb"]:
        if match["amonth"]:
            return _nearest_month(today, match["amonth"], match["aday"])
        return (today + timedelta(days=_DAYS[match["adverb"][0]])).isoformat()
    if match["bareday"]:
        return _nearest_day(today, int(match["bareday"]))
    return _in_week(match["week"], today)


def _iso(year: int, month: str | None, day: str | None) -> str | None:
    if not month:
        return f"{year:04d}"
    if not 1 <= int(month) <= 12:
        return None
    if not day:
        return f"{year:04d}-{int(month):02d}"
    try:
        return date(year, int(month), int(day)).isoformat()
    except ValueError:
        return None


def _nearest_month(today: date, month: str, day: str | None) -> str | None:
    if not 1 <= int(month) <= 12:
        return None
    ahead = (int(month) - today.month) % 12
    year = (
        today.year + (today.month + ahead - 1) // 12
        if ahead <= 4
        else today.year - (1 if int(month) > today.month else 0)
    )
    return _iso(year, month, day)


def _nearest_day(today: date, day: int) -> str | None:
    if not 1 <= day <= 31:
        return None
    candidate = today + timedelta(days=7)
    for _ in range(62):
        if candidate.day == day:
            return candidate.isoformat()
        candidate -= timedelta(days=1)
    return None


def _in_week(written: str, today: date) -> str:
    weeks = {"上": -1, "下": 1}.get(written[0], 0)
    monday = today - timedelta(days=today.weekday())
    return (monday + timedelta(days=7 * weeks + _WEEKDAYS[written[-1]])).isoformat()
