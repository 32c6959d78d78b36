"""Stakes: percentages of shares or capital (51% 股权, 持股比例为 40%, 从 5% 增至 8%: 8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.characters import fold


@dataclass(frozen=True, slots=True)
class Stake:
    """A stake at `start`..`end`, in percent."""

    start: int
    end: int
    percent: float


_PERCENT = r"(?P<n{}>\d{{1,3}}(?:\.\d{{1,6}})?)\s?%"
_SHARES = r"股权|股份|股票|持股|权益|表决权|投票权|股本|已发行股|流通股|少数股|多数股|控股权|所有权|份额|出资|普通股|[ah]股"
_HOLDING = r"持股比例?|持有|持股|占股|占比|股权比例|出资比例|控股|收购|认缴比例|入股|增持|减持|合计持有|所持|占总?股本|占其"
_STAKE = re.compile(
    # 从 5% 增至 8%: the stake after the deal.
    r"\d%[^,。;%\d]{0,6}(?:增|升|降|减|提高|提升|下降|稀释|变更|上升|增加|减少|回落)[^,。;%\d]{0,3}[至到为]\s?" + _PERCENT.format(0)
    + r"|" + _PERCENT.format(1) + rf"(?!\S{{0,6}}(?:增|升|降|减)[^,。;%\d]{{0,3}}[至到为]\s?\d)\s?的?(?:[^,。;%\d的]{{0,6}})?(?:{_SHARES})"
    + rf"|(?:{_HOLDING})[^,。;%\d]{{0,12}}" + _PERCENT.format(2) + r"(?!\S{0,6}(?:增|升|降|减)[^,。;%\d]{0,3}[至到为]\s?\d)"
    + r"|(?P<all>全资|全部股权|全部股份|100%控股)"
)  # fmt: skip


def find_stakes(text: str) -> list[Stake]:
    """Every stake in `text`, in order; 全资 and 全部股权 are 100 %."""
    if not any(c in text for c in ("%", "％", "全资", "全部股")):
        return []
    stakes = []
    for match in _STAKE.finditer(fold(text)):
        percent = 100.0 if match["all"] else float(match["n0"] or match["n1"] or match["n2"])
        if percent <= 100:
            stakes.append(Stake(match.start(), match.end(), percent))
    return stakes
