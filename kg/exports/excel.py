"""An Excel workbook for people: entities, relations, investments and the sentences, one sheet each."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from kg.errors import KgError
from kg.exports.deals import deals
from kg.exports.files import STARTS_A_FORMULA, replacing
from kg.graph import Graph
from kg.schema import ENTITIES, RELATIONS, EntityType, RelationType

if TYPE_CHECKING:
    import xlsxwriter

_MOST_ROWS = 1_048_575
_LONGEST_TEXT = 32_767
#: Widths in characters by column, where the title's own is not enough.
_WIDTHS = {
    "name": 30,
    "head": 26,
    "tail": 26,
    "investors": 30,
    "targets": 26,
    "aliases": 34,
    "sentence": 90,
    "document": 40,
    "title": 40,
    "relation": 18,
    "type": 18,
}


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the workbook. Raises KgError where a sheet would be longer than Excel allows."""
    import xlsxwriter

    sheets = {
        "Entities 实体": _entities(graph),
        "Relations 关系": _relations(graph),
        "Investments 投资": _investments(graph),
        "Evidence 原文": _evidence(graph),
    }
    for name, frame in sheets.items():
        if len(frame) > _MOST_ROWS:
            raise KgError(
                f"The sheet {name} would have {len(frame)} rows and Excel takes {_MOST_ROWS};"
                " choose a part with --subgraph or --types, or export to .csv"
            )
    # In memory first: what xlsxwriter cannot write to a file it writes as tracebacks to the terminal.
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as workbook:
        for name, frame in sheets.items():
            _sheet(workbook, name, frame)
    with replacing(target) as (path,):
        path.write_bytes(content.getbuffer())
    return [target]


def _entities(graph: Graph) -> pd.DataFrame:
    entities = graph.entities.sort_values(["mentions", "entity_id"], ascending=[False, True])
    return pd.DataFrame(
        {
            "name": entities["name"],
            "type": entities["type"].map(_entity_type),
            "aliases": entities["aliases"].map(lambda forms: " | ".join(forms)),
            "mentions": entities["mentions"],
            "documents": entities["documents"],
            "id": entities["entity_id"],
        }
    )


def _relations(graph: Graph) -> pd.DataFrame:
    relations = graph.relations
    best = graph.evidence().groupby("relation_id", sort=False).first()
    best = best.reindex(relations["relation_id"]).reset_index(drop=True)
    names = graph.entities.set_index("entity_id")["name"]
    table = pd.DataFrame(
        {
            "head": relations["head"].map(names),
            "relation": relations["type"].map(_relation_type),
            "tail": relations["tail"].map(names),
            "status": relations["status"],
            "amount": relations["amount"],
            "currency": relations["currency"],
            **{name: best[name] for name in ("stake", "round", "role", "action")},
            "first_date": relations["first_date"],
            "last_date": relations["last_date"],
            "documents": relations["independent_documents"],
            "sentence": best["sentence"],
            "title": best["title"],
            "reported": best["document_date"],
            "id": relations["relation_id"],
        }
    )
    return table.sort_values(["documents", "id"], ascending=[False, True])


def _investments(graph: Graph) -> pd.DataFrame:
    table = deals(graph)
    names = graph.entities.set_index("entity_id")["name"]
    return pd.DataFrame(
        {
            "investors": table["heads"].map(lambda ids: " | ".join(names[list(ids)])),
            "targets": table["tails"].map(lambda ids: " | ".join(names[list(ids)])),
            **{name: table[name] for name in ("amount", "currency", "amount_text", "stake", "round")},
            "status": table["status"],
            "date": table["date"],
            "sentence": table["sentence"],
            "title": table["title"],
            "reported": table["document_date"],
            "id": table["deal_id"],
        }
    )


def _evidence(graph: Graph) -> pd.DataFrame:
    evidence = graph.evidence()
    names = graph.entities.set_index("entity_id")["name"]
    return pd.DataFrame(
        {
            "head": evidence["head"].map(names),
            "relation": evidence["type"].map(_relation_type),
            "tail": evidence["tail"].map(names),
            "sentence": evidence["sentence"],
            "status": evidence["status"],
            "amount_text": evidence["amount_text"],
            "date": evidence["date"],
            "title": evidence["title"],
            "document": evidence["doc_id"],
            "page": evidence["page"],
            "reported": evidence["document_date"],
            "confidence": evidence["confidence"],
            "relation_id": evidence["relation_id"],
        }
    )


def _entity_type(name: str) -> str:
    return f"{ENTITIES[EntityType(name)].chinese} {name}"


def _relation_type(name: str) -> str:
    return f"{RELATIONS[RelationType(name)].chinese} {name}"


def _sheet(workbook: xlsxwriter.Workbook, name: str, frame: pd.DataFrame) -> None:
    sheet = workbook.add_worksheet(name)
    heading = workbook.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
    top = {"valign": "top"}
    formats = {
        "text": workbook.add_format(top),
        "wrapped": workbook.add_format({**top, "text_wrap": True}),
        "number": workbook.add_format({**top, "num_format": "#,##0.##"}),
        # Marks the cell as text, so that editing it does not turn it into a formula.
        "quoted": workbook.add_format({**top, "quote_prefix": True}),
    }
    for column, title in enumerate(frame.columns):
        sheet.write_string(0, column, title, heading)
        sheet.set_column(column, column, _WIDTHS.get(title, 14))
        wrapped = title == "sentence"
        for row, value in enumerate(frame[title].tolist(), 1):
            _cell(sheet, row, column, value, formats, wrapped)
    sheet.freeze_panes(1, 1)
    if len(frame.columns):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)


def _cell(sheet: Any, row: int, column: int, value: Any, formats: dict[str, Any], wrapped: bool) -> None:
    if value is None or value != value:
        return
    if isinstance(value, str):
        text = value if len(value) <= _LONGEST_TEXT else value[: _LONGEST_TEXT - 1] + "…"
        kind = "quoted" if text.startswith(STARTS_A_FORMULA) else "wrapped" if wrapped else "text"
        sheet.write_string(row, column, text, formats[kind])
    else:
        sheet.write_number(row, column, value, formats["number"])
