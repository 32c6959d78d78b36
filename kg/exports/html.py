"""The viewer: one HTML file that shows the graph in any browser, without a network.

The front end lies bundled in `viewer/` beside this file (its source is `viewer/` of the repository); this module
puts the data into it. The page carries a content security policy that lets exactly its own script run and
nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from kg.characters import fold_character, is_han
from kg.exports.deals import deals, totals
from kg.exports.files import write_text
from kg.exports.layout import positions
from kg.graph import Graph
from kg.schema import ENTITIES, RELATIONS, Status

#: Attributes of a claim that the viewer shows, by the names of its word list.
_DETAILS = {
    "amount_text": "amount",
    "stake": "stake",
    "round": "round",
    "role": "role",
    "action": "action",
    "date_text": "date",
}


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the page; the layout is kept in the build folder, so that nodes stay where they were."""
    evidence = graph.evidence()
    return write_text(
        target, page(graph.folder.resolve().name, _graph(graph, evidence), _evidence(graph, evidence))
    )


def page(title: str, graph: dict[str, Any], evidence: dict[str, Any]) -> str:
    """The HTML text of a viewer with this data."""
    files = resources.files("kg.exports") / "viewer"
    template, script, style = (
        files.joinpath(name).read_text(encoding="utf-8") for name in ("page.html", "viewer.js", "viewer.css")
    )
    # Sigma sizes its canvases through the style object, which the policy does not concern.
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src blob: data:;"
        " base-uri 'none'; form-action 'none'"
    )
    parts = {
        "policy": policy,
        "title": html.escape(title),
        "style": style,
        "graph": embeddable({"title": title, **graph}),
        "claim_documents": embeddable(evidence["claims"]["document"]),
        "evidence": embeddable(evidence),
        "script": script,
    }
    # One pass over the template: what the data holds is never taken for a placeholder.
    pieces = template.split("{")
    filled = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}")
        filled.append(parts[name] + rest)
    return "".join(filled)


def embeddable(data: Any) -> str:
    """JSON that may stand inside a script element: no `<`, so neither `</script>` nor `<!--`."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _graph(graph: Graph, evidence: pd.DataFrame) -> dict[str, Any]:
    entities, relations, documents = graph.entities, graph.relations, graph.documents
    ids = entities["entity_id"].tolist()
    row = {entity_id: number for number, entity_id in enumerate(ids)}
    entity_types = {t.value: number for number, t in enumerate(ENTITIES)}
    relation_types = {t.value: number for number, t in enumerate(RELATIONS)}
    statuses = {status.value: number for number, status in enumerate(Status)}
    sources = {source: number for number, source in enumerate(dict.fromkeys(documents["source"]))}
    claims_of: dict[str, list[int]] = {}
    for claim, relation_id in enumerate(evidence["relation_id"]):
        claims_of.setdefault(relation_id, []).append(claim)
    place = positions(graph)
    investments = deals(graph)
    raised, invested = totals(investments, "tails"), totals(investments, "heads")
    aliases = [
        [a for a in forms if a != name]
        for forms, name in zip(entities["aliases"], entities["name"], strict=True)
    ]
    return {
        "entityTypes": [
            {"type": d.type, "chinese": d.chinese, "meaning": d.meaning, "colour": d.colour}
            for d in ENTITIES.values()
        ],
        "relationTypes": [
            {
                "type": d.type,
                "chinese": d.chinese,
                "meaning": d.meaning,
                "symmetric": d.symmetric,
                "core": d.core,
            }
            for d in RELATIONS.values()
        ],
        "statuses": [status.value for status in Status],
        "traditional": _traditional_forms(name for name in entities["name"]),
        "nodes": {
            "id": ids,
            "name": entities["name"].tolist(),
            "type": [entity_types[t] for t in entities["type"]],
            "aliases": aliases,
            "pinyin": [
                pinyin_forms([name, *forms]) for name, forms in zip(entities["name"], aliases, strict=True)
            ],
            "x": [round(place[i][0], 3) for i in ids],
            "y": [round(place[i][1], 3) for i in ids],
            "mentions": entities["mentions"].tolist(),
            "documents": entities["documents"].tolist(),
            "raised": [raised.get(i, {}) for i in ids],
            "invested": [invested.get(i, {}) for i in ids],
        },
        "edges": {
            "id": relations["relation_id"].tolist(),
            "head": [row[i] for i in relations["head"]],
            "tail": [row[i] for i in relations["tail"]],
            "type": [relation_types[t] for t in relations["type"]],
            "status": [statuses[s] for s in relations["status"]],
            "first": relations["first_date"].tolist(),
            "last": relations["last_date"].tolist(),
            "amount": _none_for_missing(relations["amount"]),
            "currency": relations["currency"].tolist(),
            "claims": [claims_of.get(i, []) for i in relations["relation_id"]],
            "documents": relations["independent_documents"].tolist(),
        },
        "documents": {
            "id": documents["doc_id"].tolist(),
            "title": documents["title"].tolist(),
            "date": documents["date"].tolist(),
            "source": [sources[s] for s in documents["source"]],
            "copy": documents["duplicate_of"].notna().tolist(),
        },
        "sources": list(sources),
    }


def _evidence(graph: Graph, evidence: pd.DataFrame) -> dict[str, Any]:
    """The claims by column; a sentence that serves several claims is stored once."""
    sentences: dict[str, int] = {}

    def number(sentence: str) -> int:
        return sentences.setdefault(sentence, len(sentences))

    document = {doc_id: row for row, doc_id in enumerate(graph.documents["doc_id"])}
    statuses = {status.value: row for row, status in enumerate(Status)}
    claims = {
        "sentence": [number(s) for s in evidence["sentence"]],
        "context": [[number(s) for s in texts] for texts in evidence["context"]],
        "document": [document[d] for d in evidence["doc_id"]],
        "page": _none_for_missing(evidence["page"]),
        "head": _spans(evidence, "head"),
        "tail": _spans(evidence, "tail"),
        "headText": evidence["head_text"].tolist(),
        "tailText": evidence["tail_text"].tolist(),
        "status": [statuses[s] for s in evidence["status"]],
        "details": [
            {name: value for name, value in zip(_DETAILS.values(), values, strict=True) if not pd.isna(value)}
            for values in zip(*(evidence[column] for column in _DETAILS), strict=True)
        ],
        "confidence": [round(c, 3) for c in evidence["confidence"]],
        "by": evidence["made_by"].tolist(),
    }
    return {"sentences": list(sentences), "claims": claims}


def _spans(evidence: pd.DataFrame, end: str) -> list[tuple[int, int] | None]:
    return [
        (start, stop) if start >= 0 else None
        for start, stop in zip(evidence[f"{end}_start"], evidence[f"{end}_end"], strict=True)
    ]


def _none_for_missing(column: pd.Series[Any]) -> list[Any]:
    return [None if pd.isna(value) else value for value in column.tolist()]


def pinyin_forms(names: list[str]) -> list[str]:
    """What people type for Chinese names: initials and whole syllables (智谱: `zp`, `zhipu`)."""
    from pypinyin import Style, lazy_pinyin

    forms: dict[str, None] = {}
    for name in names:
        if any(map(is_han, name)):
            for style in (Style.FIRST_LETTER, Style.NORMAL):
                syllables = lazy_pinyin(name, style=style)
                forms["".join(s for s in "".join(syllables).lower() if s.isascii() and s.isalnum())] = None
    return [form for form in forms if form]


def _traditional_forms(names: Any) -> dict[str, str]:
    """Traditional characters that mean a character of these names, so that the search understands both scripts."""
    wanted = {character for name in names for character in map(fold_character, name) if is_han(character)}
    return {
        character: simple
        for character in map(chr, range(0x4E00, 0xA000))
        if (simple := fold_character(character)) != character and simple in wanted
    }
