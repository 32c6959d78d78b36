"""How things look on a terminal. Whatever comes from documents goes through `plain` first."""

from __future__ import annotations

import contextlib
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from kg.progress import Progress


def plain(value: Any) -> str:
    """`value` as text that cannot steer a terminal: control, bidi and other format characters are shown, not sent."""
    if value is None:
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return "".join(
        c if c == "\n" or unicodedata.category(c) not in _UNSAFE else f"<U+{ord(c):04X}>" for c in text
    )


_UNSAFE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def console(*, error: bool = False) -> Console:
    """A console on standard output, or on standard error."""
    from rich.console import Console

    return Console(stderr=error, highlight=False, markup=False, emoji=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None = None) -> Table:
    """A table of plain text; numbers to the right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    rows = [list(row) for row in rows]
    drawn = Table(title=None if title is None else Text(title), title_justify="left", box=box.SIMPLE_HEAD)
    for i, column in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[i], (int, float)) or row[i] is None for row in rows)
        drawn.add_column(Text(plain(column)), justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(_cell(value)) for value in row))
    return drawn


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows of a query: a table where it fits the terminal, else one block a row."""
    from rich.measure import Measurement
    from rich.text import Text

    out = console()
    drawn = table(columns, rows)
    if Measurement.get(out, out.options.update(max_width=100_000), drawn).maximum <= out.width:
        out.print(drawn)
    else:
        width = max((len(column) for column in columns), default=0)
        for row in rows:
            for column, value in zip(columns, row, strict=True):
                if value is not None and value != []:
                    line = Text(f"{plain(column):<{width}}  ", style="dim")
                    line.append(Text(_cell(value).replace("\n", " "), style="not dim"))
                    out.print(line)
            out.print()
    out.print(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) and abs(value) >= 1000 else f"{value:g}"
    if isinstance(value, dict):
        return plain(json.dumps(value, ensure_ascii=False))
    return plain(value)


def print_json(value: Any) -> None:
    """A JSON value for machines; characters beyond ASCII as they are."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Comma-separated values; a cell that a spreadsheet would run as a formula gets a leading apostrophe."""
    import csv

    writer = csv.writer(sys.stdout)
    writer.writerow([_csv_cell(column) for column in columns])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)


def _csv_cell(value: Any) -> Any:
    from kg.exports.files import STARTS_A_FORMULA

    if isinstance(value, (list, tuple, dict)):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(STARTS_A_FORMULA):
        return "'" + value
    return value


class _Drawn:
    """Progress as a bar on standard error."""

    def __init__(self, bars: Any) -> None:
        self._bars = bars
        self._task: Any = None

    def stage(self, name: str, total: int, unit: str) -> None:
        if self._task is not None:
            self._bars.update(self._task, completed=self._bars.tasks[self._task].total)
        self._task = self._bars.add_task(name, total=total, unit=unit)

    def advance(self, count: int) -> None:
        self._bars.advance(self._task, count)


@contextlib.contextmanager
def progress(quiet: bool = False) -> Iterator[Progress]:
    """Progress bars with rate and time left, or silence where nobody looks."""
    from kg.progress import Silent

    if quiet:
        yield Silent()
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")

    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}"),
        Rate(),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=console(error=True)) as bars:
        drawn = _Drawn(bars)
        yield drawn
