"""The morning page: what the texts since a date add to the graph, each fact with its sentence and source.

`findings` looks it up, `write` sets it as HTML or Markdown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kg.errors import KgError
from kg.exports.deals import deals
from kg.exports.files import write_text
from kg.graph import Graph, records
from kg.linking.explain import Question
from kg.schema import ENTITIES, RELATIONS, EntityType, RelationType

_REGULATION = (RelationType.REGULATES, RelationType.ISSUES)
_MOST = 30
_MOST_DEALS = 8
_AROUND = 40


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the page: what is new, further details, the sentence that says so, and where it stands."""

    headline: str
    details: str
    sentence: str
    source: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its items; `more` items were left off."""

    title: str
    items: tuple[Item, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything on the page. `undated` texts could not be told to be new and are left out."""

    since: str
    documents: int
    facts: int
    entities: int
    undated: int
    sections: tuple[Section, ...]


def write(
    graph: Graph,
    target: Path,
    since: str,
    *,
    read_on: Mapping[str, str] | None = None,
    questions: Sequence[Question] = (),
) -> list[Path]:
    """Write the page as `.html` or `.md`; see `findings`. Raises KgError for another suffix or a bad date."""
    setters = {".html": _as_html, ".htm": _as_html, ".md": _as_markdown}
    setter = setters.get(target.suffix.lower())
    if setter is None:
        raise KgError(f"{target}: a report is written to a file that ends in .html or .md")
    page = setter(findings(graph, since, read_on=read_on, questions=questions))
    try:
        return write_text(target, page)
    except OSError as error:
        raise KgError(f"{target} cannot be written ({error.strerror}); choose another place") from error


def findings(
    graph: Graph,
    since: str,
    *,
    read_on: Mapping[str, str] | None = None,
    questions: Sequence[Question] = (),
) -> Findings:
    """What the texts dated `since` (ISO date) or later add to those before.

    With `read_on`, the days on which the build first read its documents (by doc_id) count instead of their own
    dates. `questions` are the pairs of names that a person should decide. Raises KgError for a bad date.
    """
    try:
        since = pd.Timestamp(since).strftime("%Y-%m-%d")
    except ValueError:
        raise KgError(f"{since!r} is no date; write it as 2025-01-31") from None
    documents = graph.documents.set_index("doc_id")
    days = pd.Series(dict(read_on), dtype=object) if read_on is not None else documents["date"]
    days = days.reindex(documents.index)
    evidence = graph.evidence().assign(day=lambda claims: claims["doc_id"].map(days))
    evidence = evidence[evidence["day"].notna()]
    recent = evidence[evidence["day"] >= since]
    first = evidence.groupby("relation_id")["day"].min()
    new_relations = set(first[first >= since].index)
    facts = graph.relations[graph.relations["relation_id"].isin(new_relations)]
    new_entities = _new_entities(graph, days, since)
    names = graph.entities.set_index("entity_id")["name"]
    lines = _Lines(names, recent)
    by_type = [
        _section(
            f"{definition.chinese} · {relation.replace('_', ' ').lower()}",
            [lines.relation(row) for row in _best_first(facts[facts["type"] == relation.value])],
        )
        for relation, definition in RELATIONS.items()
        if relation not in _REGULATION
    ]
    regulation = _best_first(facts[facts["type"].isin([t.value for t in _REGULATION])])
    sections = [
        *_deal_sections(graph, lines, recent),
        _section("新的监管与政策 · New regulation", [lines.relation(row) for row in regulation]),
        _section("状态变化 · Changed statuses", _changes(graph, lines, evidence, since)),
        *by_type,
        _section("新实体 · New entities", [_entity_item(graph, row, days) for row in new_entities]),
        _section("待确认的名称 · Pairs for review", [_question_item(question) for question in questions]),
    ]
    return Findings(
        since=since,
        documents=int((days.dropna() >= since).sum()),
        facts=len(new_relations),
        entities=len(new_entities),
        undated=int(days.isna().sum()),
        sections=tuple(section for section in sections if section.items),
    )


def _section(title: str, items: list[Item], most: int = _MOST) -> Section:
    return Section(title, tuple(items[:most]), max(0, len(items) - most))


def _best_first(relations: pd.DataFrame) -> list[dict[str, Any]]:
    ordered = relations.sort_values(
        ["independent_documents", "claims", "relation_id"], ascending=[False, False, True]
    )
    return list(records(ordered))


class _Lines:
    """Relations and deals as items, told by their best recent claim."""

    def __init__(self, names: pd.Series[str], recent: pd.DataFrame) -> None:
        self._names = names
        best = recent.drop_duplicates("relation_id")  # evidence comes best first
        self._best = {row["relation_id"]: row for row in records(best)}

    def relation(self, relation: dict[str, Any], status: str | None = None) -> Item:
        definition = RELATIONS[RelationType(relation["type"])]
        head, tail = self._names[relation["head"]], self._names[relation["tail"]]
        arrow = "—" if definition.symmetric else "→"
        claim = self._best[relation["relation_id"]]
        parts = [claim.get("amount_text"), claim.get("round"), claim.get("role"), claim.get("action")]
        if "stake" in claim:
            parts.append(f"{claim['stake']:g}%")
        parts += [claim.get("date"), status or claim["status"]]
        copies = relation["independent_documents"]
        if copies > 1:
            parts.append(f"{copies} independent texts")
        return Item(
            headline=f"{head} {arrow} {definition.chinese} {arrow} {tail}",
            details=", ".join(str(part) for part in parts if part),
            sentence=claim["sentence"],
            source=_source(claim),
            names=(claim["head_text"], claim["tail_text"]),
        )

    def deal(self, deal: dict[str, Any]) -> Item:
        heads, tails = ("、".join(self._names[list(deal[end])]) for end in ("heads", "tails"))
        parts = [deal.get("amount_text"), deal.get("round"), deal.get("date"), deal["status"]]
        return Item(
            headline=f"{heads} → {tails}",
            details=", ".join(str(part) for part in parts if part),
            sentence=deal["sentence"],
            source=_source(deal),
        )


def _source(row: dict[str, Any]) -> str:
    """Title, date, origin and page of the text that a claim or deal stands in."""
    page = f"p. {int(row['page'])}" if "page" in row else None
    parts = (row.get("title") or row["doc_id"], row.get("document_date"), row.get("source"), page)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _deal_sections(graph: Graph, lines: _Lines, recent: pd.DataFrame) -> list[Section]:
    """The largest deals by currency; amounts in different currencies are not compared."""
    recent = recent[recent["type"] == RelationType.INVESTS_IN.value]
    told = set(recent["deal_id"].fillna(recent["relation_id"]))
    table = deals(graph)
    table = table[table["deal_id"].isin(told) & table["amount"].notna() & table["currency"].notna()]
    counts = table["currency"].value_counts()
    return [
        _section(
            f"最大交易 · Biggest deals, {currency}",
            [lines.deal(row) for row in records(table[table["currency"] == currency])],
            _MOST_DEALS,
        )
        for currency in sorted(counts.index, key=lambda c: (-counts[c], c))
    ]


def _changes(graph: Graph, lines: _Lines, evidence: pd.DataFrame, since: str) -> list[Item]:
    """Relations whose last status before the date differs from their last one since."""
    ordered = evidence.sort_values(["day", "claim_id"])
    before = ordered[ordered["day"] < since].groupby("relation_id")["status"].last()
    after = ordered[ordered["day"] >= since].groupby("relation_id")["status"].last()
    both = pd.DataFrame({"before": before, "after": after}).dropna()
    both = both[both["before"] != both["after"]]
    changes = {
        relation_id: f"{old} → {new}"
        for relation_id, old, new in zip(both.index, both["before"], both["after"], strict=True)
    }
    changed = graph.relations[graph.relations["relation_id"].isin(changes)]
    return [lines.relation(row, changes[row["relation_id"]]) for row in _best_first(changed)]


def _new_entities(graph: Graph, days: pd.Series[Any], since: str) -> list[dict[str, Any]]:
    """Entities that no earlier text mentions, with their first mention; most mentioned first."""
    mentions = graph.mentions.merge(graph.mention_entities, on="mention_id")
    mentions = mentions.assign(day=mentions["doc_id"].map(days)).dropna(subset=["day"])
    mentions = mentions.sort_values(["day", "doc_id", "start"]).drop_duplicates("entity_id")
    new = mentions[mentions["day"] >= since][["entity_id", "doc_id", "start", "end"]]
    table = graph.entities.merge(new, on="entity_id")
    return list(records(table.sort_values(["mentions", "entity_id"], ascending=[False, True])))


def _entity_item(graph: Graph, row: dict[str, Any], days: pd.Series[Any]) -> Item:
    document = graph.documents[graph.documents["doc_id"] == row["doc_id"]].iloc[0]
    text = document["text"]
    around = text[max(0, row["start"] - _AROUND) : row["end"] + _AROUND]
    others = [alias for alias in row["aliases"] if alias != row["name"]]
    definition = ENTITIES[EntityType(row["type"])]
    return Item(
        headline=f"{row['name']} ({definition.chinese})",
        details=", ".join([*others[:4], f"{row['mentions']} mentions"]),
        sentence=" ".join(around.split()),
        source=", ".join(p for p in (document["title"], days[row["doc_id"]], document["source"]) if p),
        names=(text[row["start"] : row["end"]],),
    )


def _question_item(question: Question) -> Item:
    joined = "now one entity" if question.joined else "now two entities"
    sentences = [*question.left_sentences[:1], *question.right_sentences[:1]]
    return Item(
        headline=f"{question.left_name} = {question.right_name}?",
        details=f"{ENTITIES[EntityType(question.type)].chinese}, {joined}; score {question.explanation.total:.2f}",
        sentence=" ／ ".join(sentences),
        source=f"{question.left}; {question.right}",
        names=(question.left_name, question.right_name),
    )


_STYLE = """
:root { color-scheme: light dark; --quiet: #697586; --line: #d9dee5; --mark: #fff0b8; }
@media (prefers-color-scheme: dark) { :root { --quiet: #97a3b3; --line: #333c48; --mark: #5a4a10; } }
body { font: 15px/1.65 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif;
  max-width: 780px; margin: 2.5em auto; padding: 0 1.2em; }
h1 { font-size: 1.6em; margin-bottom: 0; } h2 { font-size: 1.15em; margin-top: 2em; padding-bottom: .2em;
  border-bottom: 1px solid var(--line); }
p { margin: .2em 0; } ul { padding: 0; list-style: none; } li { margin: 1em 0; }
.headline { font-weight: 600; } .details, .source, .summary, .more { color: var(--quiet); font-size: .9em; }
blockquote { margin: .2em 0; padding-left: .8em; border-left: 3px solid var(--line); }
mark { background: var(--mark); color: inherit; border-radius: 2px; }
"""


def _as_html(found: Findings) -> str:
    parts = [
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{html.escape(_title(found))}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f'<h1>{html.escape(_title(found))}</h1>\n<p class="summary">{html.escape(_summary(found))}</p>',
    ]
    for section in found.sections:
        parts.append(f"<section>\n<h2>{html.escape(section.title)}</h2>\n<ul>")
        for item in section.items:
            parts.append(
                f'<li><p><span class="headline">{html.escape(item.headline)}</span>'
                f' <span class="details">{html.escape(item.details)}</span></p>'
                f"<blockquote>{_marked(item)}</blockquote>"
                f'<p class="source">{html.escape(item.source)}</p></li>'
            )
        parts.append("</ul>")
        if section.more:
            parts.append(f'<p class="more">… {section.more} more</p>')
        parts.append("</section>")
    return "\n".join([*parts, "</body>\n</html>\n"])


def _marked(item: Item) -> str:
    """The sentence with its names marked, longest first, as text that HTML cannot mistake."""
    names = sorted({name for name in item.names if name}, key=len, reverse=True)
    if not names:
        return html.escape(item.sentence)
    pieces: list[str] = re.split("(" + "|".join(map(re.escape, names)) + ")", item.sentence)
    return "".join(
        f"<mark>{html.escape(piece)}</mark>" if number % 2 else html.escape(piece)
        for number, piece in enumerate(pieces)
    )


def _as_markdown(found: Findings) -> str:
    lines = [f"# {_escaped(_title(found))}", "", _escaped(_summary(found)), ""]
    for section in found.sections:
        lines += [f"## {_escaped(section.title)}", ""]
        for item in section.items:
            details = f" ({_escaped(item.details)})" if item.details else ""
            lines += [f"- **{_escaped(item.headline)}**{details}", ""]
            lines += [f"  > {_escaped(item.sentence)}", "", f"  {_escaped(item.source)}", ""]
        if section.more:
            lines += [f"… {section.more} more", ""]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """Text that Markdown shows as it stands, in one line."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", " ".join(text.split()))


def _title(found: Findings) -> str:
    return f"{found.since} 以来的新情况 · What is new since {found.since}"


def _summary(found: Findings) -> str:
    summary = f"{found.documents} documents, {found.facts} new facts, {found.entities} new entities"
    return f"{summary}; {found.undated} documents bear no date and are left out" if found.undated else summary
