"""Facts in tables: the header says what a column holds, a row joins its cells.

A cell left empty inherits the last text above it in that column as long as everything to its left is empty too
(the company is written once, its models below each other). The caption can tell what the table as a whole says
("接入 DeepSeek 的云厂商" makes the companies users).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kg.extraction.relations.frames import Name
from kg.schema import EntityType, RelationType, allows
from kg.tables import Section, SectionKind, Span

#: What a column holds, by its header; the first that fits counts.
_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("rival", re.compile(r"对标|竞品|竞争对手|对手")),
    ("investor", re.compile(r"投资方|领投|投资机构|投资人|投资者|收购方|买方|出资方|股东")),
    ("investee", re.compile(r"融资方|被投|标的|融资企业|融资公司|被收购|卖方|获投")),
    ("amount", re.compile(r"金额|融资额|投资额|交易额|资本开支|规模")),
    ("round", re.compile(r"轮次")),
    ("date", re.compile(r"时间|日期|年月")),
    ("role", re.compile(r"职务|职位|任职|头衔")),
    ("person", re.compile(r"姓名|人物|高管|负责人|创始人")),
    ("seat", re.compile(r"总部|所在地|注册地")),
    ("policy", re.compile(r"政策|文件|规划|法规|方案|办法|法律")),
    ("region", re.compile(r"区域|地区|省份|省市|城市|国家")),
    ("model", re.compile(r"模型|产品|代表作")),
    ("actor", re.compile(r"公司|厂商|企业|机构|主体|开发者|开发商|团队|银行|平台|单位|品牌")),
)
_ADOPTION = re.compile(r"接入|部署|采用|使用|适配|上线|应用|落地")


@dataclass(frozen=True, slots=True)
class TableFinding:
    """A relation that a row states: its row as the evidence, captions and inherited cells as context."""

    type: RelationType
    head: Name
    tail: Name
    start: int
    end: int
    construction: str
    context: tuple[Span, ...]
    date: Span | None = None
    amount: Span | None = None
    round: Span | None = None
    role: Span | None = None


@dataclass(slots=True)
class _Row:
    start: int
    end: int
    #: Column number to cell; inherited cells included.
    cells: dict[int, Section] = field(default_factory=dict)
    inherited: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its rows and what stands above it."""

    rows: tuple[_Row, ...]
    kinds: dict[int, str]
    headers: dict[int, Section]
    caption: Span | None


def read_tables(sections: Sequence[Section], text: str) -> list[Table]:
    """The tables of a document from its cells."""
    groups: dict[int, list[Section]] = {}
    for section in sections:
        if section.kind is SectionKind.TABLE and section.table_id is not None and section.row is not None:
            groups.setdefault(section.table_id, []).append(section)
    return [_table(cells, sections, text) for _, cells in sorted(groups.items())]


def _table(cells: list[Section], sections: Sequence[Section], text: str) -> Table:
    by_row: dict[int, dict[int, Section]] = {}
    for cell in cells:
        by_row.setdefault(cell.row or 0, {})[cell.column or 0] = cell
    first = min(by_row)
    headers = by_row[first] if any(c.header for c in cells) or len(by_row) > 1 else {}
    kinds: dict[int, str] = {}
    for column, cell in headers.items():
        header = text[cell.start : cell.end]
        kind = next((k for k, pattern in _COLUMNS if len(header) <= 16 and pattern.search(header)), None)
        if kind is not None:
            kinds[column] = kind
    rows: list[_Row] = []
    above: dict[int, Section] = {}
    for number in sorted(by_row):
        own = by_row[number]
        if number == first and headers:
            continue
        row = _Row(min(c.start for c in own.values()), max(c.end for c in own.values()), dict(own))
        leftmost = min(own)
        for column, cell in above.items():
            if column < leftmost:
                row.cells[column] = cell
                row.inherited.add(column)
        above = dict(row.cells)
        rows.append(row)
    return Table(tuple(rows), kinds, headers, _caption(cells, sections))


def _caption(cells: list[Section], sections: Sequence[Section]) -> Span | None:
    start = min(c.start for c in cells)
    before = [s for s in sections if s.kind is not SectionKind.TABLE and s.end <= start]
    if not before:
        return None
    nearest = max(before, key=lambda s: s.end)
    return Span(nearest.start, nearest.end) if nearest.end - nearest.start <= 80 else None


def find_in_tables(tables: Sequence[Table], text: str, names: Sequence[Name]) -> Iterator[TableFinding]:
    """What the rows of the tables state."""
    for table in tables:
        caption = text[table.caption.start : table.caption.end] if table.caption else ""
        caption_names = _inside(names, table.caption) if table.caption else []
        for row in table.rows:
            yield from _row_findings(table, row, caption, caption_names, names)


def row_subjects(tables: Sequence[Table], names: Sequence[Name]) -> list[tuple[Span, Name]]:
    """The company that each row is about, for words like 公司 in its cells."""
    subjects = []
    for table in tables:
        for row in table.rows:
            for column, cell in sorted(row.cells.items()):
                found = [n for n in _inside(names, cell) if n.type is EntityType.COMPANY]
                if found and table.kinds.get(column, "actor") in ("actor", "investor", "investee", "model"):
                    subjects.append((Span(row.start, row.end), found[0]))
                    break
    return subjects


def _inside(names: Sequence[Name], span: Section | Span | None) -> list[Name]:
    if span is None:
        return []
    return [n for n in names if span.start <= n.start and n.end <= span.end]


def _row_findings(
    table: Table, row: _Row, caption: str, caption_names: list[Name], names: Sequence[Name]
) -> Iterator[TableFinding]:
    columns: dict[str, list[tuple[int, Name]]] = {}
    for column, cell in sorted(row.cells.items()):
        kind = table.kinds.get(column)
        for name in _inside(names, cell):
            columns.setdefault(kind or "other", []).append((column, name))
    spans = {kind: _own_cell(table, row, kind) for kind in ("date", "amount", "round", "role")}

    def findings(type: RelationType, heads: str, tails: str, name: str) -> Iterator[TableFinding]:
        for head_column, head in columns.get(heads, []):
            for tail_column, tail in columns.get(tails, []):
                if head.entity == tail.entity or not allows(type, head.type, tail.type):
                    continue
                if {head_column, tail_column} <= row.inherited:
                    continue
                context = [
                    Span(row.cells[c].start, row.cells[c].end)
                    for c in (head_column, tail_column)
                    if c in row.inherited
                ]
                if table.caption is not None and name == "table.adopters":
                    context.append(table.caption)
                yield TableFinding(type, head, tail, row.start, row.end, name, tuple(context), **spans)

    adopts = _ADOPTION.search(caption) is not None
    for actor in ("actor", "investee", "other"):
        if adopts:
            yield from findings(RelationType.USES, actor, "model", "table.adopters")
        else:
            yield from findings(RelationType.DEVELOPS, actor, "model", "table.models")
    if not columns.get("model"):
        yield from findings(RelationType.DEVELOPS, "actor", "rival", "table.models")
    yield from findings(RelationType.COMPETES_WITH, "model", "rival", "table.rivals")
    if not columns.get("model"):
        yield from findings(RelationType.COMPETES_WITH, "actor", "rival", "table.rivals")
    yield from findings(RelationType.INVESTS_IN, "investor", "investee", "table.rounds")
    yield from findings(RelationType.INVESTS_IN, "investor", "actor", "table.rounds")
    yield from findings(RelationType.ISSUES, "region", "policy", "table.policies")
    yield from findings(RelationType.ISSUES, "actor", "policy", "table.policies")
    yield from findings(RelationType.WORKS_FOR, "person", "actor", "table.posts")
    yield from findings(RelationType.LOCATED_IN, "actor", "seat", "table.seats")
    if adopts:
        for model in caption_names:
            for _, actor_name in columns.get("actor", []):
                if allows(RelationType.USES, actor_name.type, model.type):
                    context = (table.caption,) if table.caption else ()
                    yield TableFinding(
                        RelationType.USES,
                        actor_name,
                        model,
                        row.start,
                        row.end,
                        "table.adopters",
                        context,
                        **spans,
                    )
    for owner in caption_names:
        for column, model in columns.get("rival", []):
            if column not in row.inherited and allows(RelationType.DEVELOPS, owner.type, model.type):
                context = (table.caption,) if table.caption else ()
                yield TableFinding(
                    RelationType.DEVELOPS,
                    owner,
                    model,
                    row.start,
                    row.end,
                    "table.caption_owner",
                    context,
                    **spans,
                )


def _own_cell(table: Table, row: _Row, kind: str) -> Span | None:
    for column, cell in row.cells.items():
        if table.kinds.get(column) == kind:
            return Span(cell.start, cell.end)
    return None
