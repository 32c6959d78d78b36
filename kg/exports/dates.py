"""ISO dates that may stop at the year or the month, as whole days."""

from __future__ import annotations

import calendar


def first_day(date: str) -> str:
    """The first day that an ISO date can mean: `2024-02` is `2024-02-01`."""
    return date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date


def last_day(date: str) -> str:
    """The last day that an ISO date can mean: `2024-02` is `2024-02-29`."""
    if len(date) == 4:
        return f"{date}-12-31"
    if len(date) == 7:
        year, month = map(int, date.split("-"))
        return f"{date}-{calendar.monthrange(year, month)[1]:02}"
    return date
