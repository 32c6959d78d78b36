"""What stands on a page beside its text: running heads, page numbers, tables of contents, disclaimers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from kg.documents.lines import (
    ends_sentence,
    is_byline,
    is_caption,
    is_numbered,
    is_page_label,
    is_page_number,
    letters,
    looks_like_heading,
)

PAGE_NUMBER = "page numbers (characters)"
RUNNING_HEAD = "running heads and feet repeated from page to page (characters)"
CONTENTS = "table of contents (characters)"
EMPTY_TABLE = "tables without text (characters)"
DISCLAIMER = "disclaimer (characters)"
FRONT_MATTER = "masthead and imprint of an issue (characters)"
DEPARTMENT = "names of departments of an issue (characters)"

_DIGITS = re.compile(r"\d+")
_CONTENTS_HEAD = re.compile(
    r"(?:本期|内容|图表|图|表|正文|文章)?目\s?[录錄]|CONTENTS|Contents|今日要目|要目|导读目录"
)
_CONTENTS_LINE = re.compile(r"(.*?\S)[\s.．…·。—-]*[\s.．…·]\s?(\d{1,4}|[A-Z]\d{1,3})$")
_PAGE_CODE = re.compile(r"(?:(.{2,60}?)[\s.．…·↗▶►]+)?([A-Z]\d{1,2})(?:\s?[~～—-]\s?[A-Z]?\d{1,2})?$")
_DISCLAIMER_HEAD = re.compile(
    r"(?:免责|重要|特别|法律|版权|郑重|分析师|风险)(?:条款|[声申]明|提示及免责声明)[:：]?"
    r"|(?:证券)?分析师(?:承诺|声明|介绍)|(?:行业|公司|股票)?投资评级(?:说明|定义|标准|体系)?|评级说明|Disclaimer"
    r"|免责声明及?.{0,8}",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"(?:【?(?:免责|版权|郑重|特别)[声申]明】?\s?[：:]"
    r"|.{0,60}(?:不构成(?:任何)?投资建议|不代表本(?:公司|网|平台|站|刊)(?:观点|立场)|未经.{0,12}(?:授权|许可).{0,16}不得))"
)


def contents_entry(line: str) -> tuple[str, str] | None:
    """The title and page of a line of a table of contents, or None."""
    if len(line) > 90 or ends_sentence(line):
        return None
    match = _CONTENTS_LINE.match(line)
    if match is None or not re.search(r"[^\W\d_]", match.group(1)):
        return None
    return match.group(1).strip(" .．…·\t"), match.group(2)


def is_contents_head(line: str) -> bool:
    """Whether `line` is the heading of a table of contents."""
    return _CONTENTS_HEAD.fullmatch(line) is not None


def is_contents_table(rows: list[list[str]]) -> bool:
    """Whether a table is a table of contents: titles on the left, growing page numbers on the right."""
    pages = [row[-1] for row in rows if len(row) == 2 and row[0] and not row[0][0].isdigit()]
    numbers = [int(page) for page in pages if page.isdecimal() and len(page) <= 4]
    return (
        len(numbers) >= 4
        and len(numbers) >= 0.8 * len([row for row in rows if any(row)])
        and all(a <= b for a, b in pairwise(numbers))
        and numbers[-1] <= 600
    )


def is_disclaimer_head(line: str) -> bool:
    """Whether `line` is the heading of a disclaimer or of the rating definitions of a report."""
    return len(line) <= 20 and _DISCLAIMER_HEAD.fullmatch(line.replace(" ", "")) is not None


def is_disclaimer(line: str) -> bool:
    """Whether a paragraph is a disclaimer by itself."""
    return len(line) <= 400 and _DISCLAIMER.match(line) is not None


def listed_titles(lines: Sequence[str]) -> set[str]:
    """The titles that the lines of a table of contents name, as folded letters; numbered chapters are left out.

    A title may go on in the line after the page number; it is then listed with and without that line.
    """
    titles: set[str] = set()
    entry = ""
    for line in lines:
        page_code = _PAGE_CODE.match(line)
        found = contents_entry(line)
        if page_code is not None:
            entry = letters(page_code.group(1) or "")
        elif found is not None:
            entry = "" if is_numbered(found[0]) or found[0].startswith(("图", "表")) else letters(found[0])
        elif entry and not is_contents_head(line):
            titles |= {entry + letters(line), letters(line)}
            entry = ""
            continue
        else:
            entry = ""
        if entry:
            titles.add(entry)
    return titles - {""}


def find_contents(lines: Sequence[str], gaps: Sequence[int]) -> set[int]:
    """Numbers of the lines that make up tables of contents: a heading and the run of entries below it, or the
    lines of a newspaper's front page that end in the number of a page inside (A3)."""
    return _listed_under_head(lines) | _listed_by_page_code(lines, gaps)


def _listed_under_head(lines: Sequence[str]) -> set[int]:
    found: set[int] = set()
    number = 0
    while number < len(lines):
        if not is_contents_head(lines[number]):
            number += 1
            continue
        run = [number]
        last = number
        misses = 0
        for following in range(number + 1, len(lines)):
            if contents_entry(lines[following]) is not None or is_contents_head(lines[following]):
                run.extend(range(last + 1, following + 1))
                last = following
                misses = 0
            else:
                misses += 1
                if misses > 2:
                    break
        if len(run) >= 4:
            found.update(run)
        number = last + 1
    return found


def _listed_by_page_code(lines: Sequence[str], gaps: Sequence[int]) -> set[int]:
    coded = [i for i, line in enumerate(lines) if len(line) <= 70 and _PAGE_CODE.match(line) is not None]
    if len(coded) < 5 or len({lines[i].rpartition(" ")[2] for i in coded}) < 4:
        return set()
    second_lines = {
        i + 1
        for i in coded
        if i + 1 < len(lines)
        and gaps[i + 1] == 0
        and looks_like_heading(lines[i + 1])
        and len(lines[i + 1]) <= 30
    }
    return set(coded) | second_lines


def find_furniture(lines: Sequence[str], pages: Sequence[int], known_pages: bool) -> dict[int, str]:
    """Numbers of the lines that are page furniture, with the reason why each is left out.

    `pages` is the page of each line; where the format does not tell pages (`known_pages` false), what repeats
    at a distance is taken for furniture.
    """
    found = {i: PAGE_NUMBER for i, line in enumerate(lines) if is_page_number(line)}
    found |= dict.fromkeys(_bare_numbers(lines), PAGE_NUMBER)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        if len(line) <= 60 and not ends_sentence(line) and "\t" not in line and not line.startswith("|"):
            places[_DIGITS.sub("0", line) if known_pages else line].append(i)
    edges = _page_edges(pages) if known_pages else set()
    labels = {i for i, line in enumerate(lines) if is_page_label(line) or is_page_number(line)}
    found = dict.fromkeys(labels, RUNNING_HEAD) | found
    for line, where in places.items():
        if is_caption(line) or is_byline(line):
            continue
        if known_pages:
            where = [i for i in where if i in edges]
            on = {pages[i] for i in where}
            repeats = len(on) >= 3 or (len(on) == 2 and on == set(pages))
        else:
            repeats = len(where) >= 3 and where[-1] - where[0] >= 20 * (len(where) - 1)
            # The name of the paper or site stands beside the number of the page.
            repeats = repeats or (len(where) >= 2 and any({i - 1, i + 1} & labels for i in where))
        if repeats:
            found = dict.fromkeys(where, RUNNING_HEAD) | found
    return found


def _bare_numbers(lines: Sequence[str]) -> list[int]:
    """Lines that are only a number, where they count up through the file by ones, as page numbers do."""
    numbers = [(i, int(line)) for i, line in enumerate(lines) if line.isdecimal() and len(line) <= 4]
    steps = Counter(b - a for (_, a), (_, b) in pairwise(numbers))
    return [i for i, _ in numbers] if len(numbers) >= 3 and steps[1] >= 0.7 * (len(numbers) - 1) else []


def _page_edges(pages: Sequence[int], reach: int = 3) -> set[int]:
    """Numbers of the first and last lines of every page."""
    edges: set[int] = set()
    starts = [i for i, page in enumerate(pages) if i == 0 or page != pages[i - 1]]
    for start, end in zip(starts, [*starts[1:], len(pages)], strict=True):
        edges.update(range(start, min(start + reach, end)))
        edges.update(range(max(end - reach, start), end))
    return edges
