"""`kg check`: everything that must hold in a build folder, and where it does not.

Rows are read as plain values, so that a table is judged as it lies there, also where no stage could have written
it. What is derived (counts, relations, deals) is made again by the code that makes it and compared.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import typing
from collections import Counter, defaultdict, namedtuple
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import folder as layout
from kg.errors import KgError
from kg.schema import SYMMETRIC_RELATIONS, allows
from kg.tables import TABLES, Claim, Document, arrow_schema, read_table

if TYPE_CHECKING:
    import pyarrow as pa

    from kg.stores.connection import Connection

#: Problems of one kind that are kept; beyond that they are counted.
KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is broken: the rule, the table (or file, or store), the id of the row, and a sentence."""

    rule: str
    where: str
    id: str
    sentence: str


@dataclass(slots=True)
class Checkup:
    """What was found. `rows` are those checked, by table; `skipped` says which rules could not be tried and why."""

    problems: list[Problem] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: dict[str, int] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def add(self, problems: Iterable[Problem]) -> bool:
        """Take problems up; whether there were none."""
        before = self.counts.total()
        for problem in problems:
            kind = (problem.rule, problem.where)
            self.counts[kind] += 1
            if self.counts[kind] <= KEPT:
                self.problems.append(problem)
        return self.counts.total() == before


def check(folder: Path, neo4j: Connection | None = None) -> Checkup:
    """Check the current build, and the Neo4j database `neo4j` against it.

    Raises KgError where there is no build, or none that this version reads, or Neo4j does not answer.
    """
    return layout.steadily(folder, lambda: _check(layout.require_build(folder), neo4j))


def _check(folder: Path, neo4j: Connection | None) -> Checkup:
    found = Checkup()
    manifest = layout.read_json(layout.current_path(folder, layout.MANIFEST))
    if "files" in manifest:
        found.add(_files(folder, manifest))
    else:
        found.skipped.append("sizes of files: this build was made by a kg that did not keep them")
    found.add(_said_by_people(folder))
    arrow = dict(_tables(folder, found))
    tables = {name: _rows(name, table) for name, table in arrow.items()}
    found.rows = {name: len(rows) for name, rows in tables.items()}
    sound = len(tables) == len(TABLES)
    for rule, needed in _RULES:
        if lacking := [name for name in needed if name not in tables]:
            found.skipped.append(f"{rule.__name__[1:]}: {', '.join(lacking)} cannot be read")
        else:
            sound = found.add(rule(tables)) and sound
    if not sound:
        found.skipped.append("what is derived, and the stores: the tables do not hold together")
        return found
    found.add(_derived(folder, tables))
    for file, rule_of_file in ((layout.FIRST_SEEN, _first_seen), (layout.REPORT, _report)):
        try:
            found.add(rule_of_file(folder, tables))
        except KgError as error:
            found.add([Problem("files", file, "", str(error))])
    _check_stores(folder, neo4j, found)
    return found


# -- files ----


def _files(folder: Path, manifest: dict[str, Any]) -> Iterator[Problem]:
    for file in layout.damaged_files(folder, manifest):
        path = layout.current_path(folder, file)
        size = f"{path.stat().st_size:,} bytes" if path.exists() else "missing"
        yield Problem("files", file, "", f"is {size} but was published with {manifest['files'][file]:,}")


def _said_by_people(folder: Path) -> Iterator[Problem]:
    from kg.building import settings
    from kg.linking import read_decisions

    for file, read in (
        (layout.DECISIONS, lambda: read_decisions(folder / layout.DECISIONS)),
        (layout.SETTINGS, lambda: settings.load(folder)),
    ):
        try:
            read()
        except KgError as error:
            yield Problem("files", file, "", str(error))


def _tables(folder: Path, found: Checkup) -> Iterator[tuple[str, pa.Table]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name, row_type in TABLES.items():
        try:
            table = pq.read_table(layout.table_path(folder, name))
        except FileNotFoundError:
            found.add([Problem("files", name, "", "is missing")])
            continue
        except (pa.ArrowException, OSError) as error:
            found.add([Problem("files", name, "", f"cannot be read: {str(error).splitlines()[0]}")])
            continue
        schema = arrow_schema(row_type)
        wrong = [f.name for f in schema if f.name not in table.column_names]
        if wrong:
            found.add([Problem("files", name, "", f"lacks the columns {', '.join(wrong)}")])
            continue
        table = table.select(schema.names)
        wrong = [f.name for f in schema if table.schema.field(f.name).type != f.type]
        if wrong:
            found.add([Problem("files", name, "", f"has other types in the columns {', '.join(wrong)}")])
        elif found.add(_values(name, table)):
            yield name, table


def _values(name: str, table: pa.Table) -> Iterator[Problem]:
    """Values that the column cannot have."""
    hints = typing.get_type_hints(TABLES[name])
    ids = table.column(KEYS[name]).to_pylist() if name in KEYS else list(map(str, range(len(table))))
    for field_ in arrow_schema(TABLES[name]):
        column = table.column(field_.name)
        if column.null_count and not field_.nullable:
            empty = [i for i, value in enumerate(column.to_pylist()) if value is None]
            yield from (Problem("values", name, ids[i] or str(i), f"{field_.name} is empty") for i in empty)
        allowed = _allowed(hints[field_.name], field_.name)
        if allowed is None:
            continue
        says, holds = allowed
        for i, value in enumerate(column.to_pylist()):
            if value is not None and not holds(value):
                yield Problem("values", name, ids[i], f"{field_.name} is {value!r}; it must be {says}")


_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def _allowed(hint: Any, column: str) -> tuple[str, Callable[[Any], bool]] | None:
    options = typing.get_args(hint) or (hint,)
    for option in options:
        if isinstance(option, type) and issubclass(option, StrEnum):
            values = {member.value for member in option}
            return f"one of {', '.join(sorted(values))}", values.__contains__
    if column == "confidence":
        return "from 0 to 1", lambda value: 0 <= value <= 1
    if column in ("date", "first_date", "last_date"):
        return "a date such as 2025-03-01", lambda value: _DATE.fullmatch(value) is not None
    if int in options:
        return "0 or more", lambda value: value >= 0
    return None


def _rows(name: str, table: pa.Table) -> list[Any]:
    row = namedtuple(name, table.column_names)  # type: ignore[misc]
    return list(map(row._make, zip(*(column.to_pylist() for column in table.columns), strict=True)))


# -- rows and what they name ----

Tables = dict[str, list[Any]]

#: The column that a table's rows are known by.
KEYS = {
    "documents": "doc_id",
    "mentions": "mention_id",
    "claims": "claim_id",
    "entities": "entity_id",
    "mention_entities": "mention_id",
    "relations": "relation_id",
    "identities": "key",
}

_REFERENCES = (
    ("documents", "duplicate_of", "documents"),
    ("sections", "doc_id", "documents"),
    ("mentions", "doc_id", "documents"),
    ("claims", "doc_id", "documents"),
    ("claims", "head_mention", "mentions"),
    ("claims", "tail_mention", "mentions"),
    ("mention_entities", "mention_id", "mentions"),
    ("mention_entities", "entity_id", "entities"),
    ("relations", "head", "entities"),
    ("relations", "tail", "entities"),
    ("relations", "best_claim", "claims"),
)


def _unique(tables: Tables) -> Iterator[Problem]:
    for name, key in KEYS.items():
        for value, count in Counter(getattr(row, key) for row in tables[name]).items():
            if count > 1:
                yield Problem("ids", name, value, f"{count} rows have this {key}")
    ends = Counter((row.type, row.head, row.tail) for row in tables["relations"])
    for row in tables["relations"]:
        if ends[row.type, row.head, row.tail] > 1:
            yield Problem("ids", "relations", row.relation_id, "another relation joins the same two entities")


def _references(tables: Tables) -> Iterator[Problem]:
    known = {name: {getattr(row, key) for row in tables[name]} for name, key in KEYS.items()}
    for name, column, target in _REFERENCES:
        for i, row in enumerate(tables[name]):
            value = getattr(row, column)
            if value is not None and value not in known[target]:
                own = getattr(row, KEYS[name]) if name in KEYS else str(i)
                yield Problem("references", name, own, f"{column} {value} is not in {target}")
    former = {former: row.entity_id for row in tables["entities"] for former in row.former_ids}
    for row in tables["identities"]:
        if row.entity_id not in known["entities"] and row.entity_id not in former:
            yield Problem(
                "references", "identities", row.key, f"entity_id {row.entity_id} is not in entities"
            )
    owners = Counter(former for row in tables["entities"] for former in row.former_ids)
    for former_id, owner in former.items():
        if former_id in known["entities"]:
            yield Problem("ids", "entities", owner, f"its former id {former_id} is another entity's id")
        elif owners[former_id] > 1:
            yield Problem("ids", "entities", owner, f"its former id {former_id} is another entity's, too")


def _orphans(tables: Tables) -> Iterator[Problem]:
    """Rows that nothing leads to."""
    linked = {row.mention_id for row in tables["mention_entities"]}
    for row in tables["mentions"]:
        if row.mention_id not in linked:
            yield Problem("orphans", "mentions", row.mention_id, f"{row.text} is linked to no entity")
    named = {row.entity_id for row in tables["mention_entities"]}
    for row in tables["entities"]:
        if row.entity_id not in named:
            yield Problem("orphans", "entities", row.entity_id, f"no mention names {row.name}")


def _texts(tables: Tables) -> Iterator[Problem]:
    """Offsets against the texts."""
    texts = {row.doc_id: row.text for row in tables["documents"]}
    copies = {row.doc_id for row in tables["documents"] if row.duplicate_of is not None}
    for row in tables["documents"]:
        if hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).hexdigest() != row.content_hash:
            yield Problem("offsets", "documents", row.doc_id, "content_hash is not that of the text")
        if row.duplicate_of in copies:
            yield Problem("references", "documents", row.doc_id, f"{row.duplicate_of} is a duplicate itself")
    for i, row in enumerate(tables["sections"]):
        length = len(texts.get(row.doc_id, ""))
        if row.doc_id in texts and not 0 <= row.start <= row.end <= length:
            place = f"{row.start}–{row.end} of {row.doc_id}, which has {length} characters"
            yield Problem("offsets", "sections", str(i), f"lies outside its document: {place}")
    for row in tables["mentions"]:
        text = texts.get(row.doc_id)
        if text is not None and (row.start >= row.end or text[row.start : row.end] != row.text):
            there = text[row.start : row.end]
            sentence = f"says {row.text!r} where {row.doc_id} has {there!r}, at {row.start}–{row.end}"
            yield Problem("offsets", "mentions", row.mention_id, sentence)
    for row in tables["claims"]:
        if row.doc_id not in texts:
            continue
        spans = [("sentence", row.start, row.end), *(("context", s["start"], s["end"]) for s in row.context)]
        for what, start, end in spans:
            if not 0 <= start < end <= len(texts[row.doc_id]):
                sentence = f"its {what} {start}–{end} lies outside {row.doc_id}"
                yield Problem("offsets", "claims", row.claim_id, sentence)


def _ends(tables: Tables) -> Iterator[Problem]:
    """The two names of a claim stand in what it cites."""
    mentions = {row.mention_id: row for row in tables["mentions"]}
    for row in tables["claims"]:
        spans = [(row.start, row.end), *((s["start"], s["end"]) for s in row.context)]
        for end in ("head", "tail"):
            mention = mentions.get(getattr(row, f"{end}_mention"))
            if mention is None:
                continue
            if mention.doc_id != row.doc_id:
                sentence = f"its {end} {mention.text} stands in another document, {mention.doc_id}"
            elif not any(a <= mention.start and mention.end <= b for a, b in spans):
                sentence = f"its {end} {mention.text} stands neither in its sentence nor in its context"
            else:
                continue
            yield Problem("offsets", "claims", row.claim_id, sentence)


def _schema(tables: Tables) -> Iterator[Problem]:
    from kg.linking.relations import relation_id

    types = {row.entity_id: row.type for row in tables["entities"]}
    for row in tables["relations"]:
        head, tail = types.get(row.head), types.get(row.tail)
        if head is None or tail is None:
            continue
        if not allows(row.type, head, tail):
            sentence = f"the schema has no {row.type} from a {head} to a {tail}"
        elif row.head == row.tail:
            sentence = "joins an entity to itself"
        elif row.type in SYMMETRIC_RELATIONS and row.head > row.tail:
            sentence = f"{row.type} is symmetric, so that its ends must be in the order of their ids"
        elif row.relation_id != relation_id(row.type, row.head, row.tail):
            sentence = "its id is not that of its type and ends"
        else:
            continue
        yield Problem("schema", "relations", row.relation_id, sentence)


def _entities(tables: Tables) -> Iterator[Problem]:
    from kg.linking.naming import aliases

    mentions = {row.mention_id: row for row in tables["mentions"]}
    named: dict[str, list[Any]] = defaultdict(list)
    for row in tables["mention_entities"]:
        if row.mention_id in mentions:
            named[row.entity_id].append(mentions[row.mention_id])
    for row in tables["entities"]:
        own = named[row.entity_id]
        spellings = Counter(mention.text for mention in own)
        wanted = {
            "mentions": len(own),
            "documents": len({mention.doc_id for mention in own}),
            "aliases": list(aliases(row.name, spellings)),
        }
        yield from _differing("entities", row.entity_id, row, wanted, "its mentions")


def _differing(where: str, id_: str, row: Any, wanted: dict[str, Any], source: str) -> Iterator[Problem]:
    for column, value in wanted.items():
        if (found := getattr(row, column)) != value:
            yield Problem(where, where, id_, f"{column} is {found!r}, but {source} give {value!r}")


_RULES: tuple[tuple[Callable[[Tables], Iterator[Problem]], tuple[str, ...]], ...] = (
    (_unique, tuple(KEYS)),
    (_references, ("sections", *KEYS)),
    (_orphans, ("mentions", "mention_entities", "entities")),
    (_texts, ("documents", "sections", "mentions", "claims")),
    (_ends, ("mentions", "claims")),
    (_schema, ("entities", "relations")),
    (_entities, ("mentions", "mention_entities", "entities")),
)


# -- what is derived ----


def _derived(folder: Path, tables: Tables) -> Iterator[Problem]:
    """Deals and relations, and the claims that make none."""
    from kg.linking.deals import assign_deals
    from kg.linking.linker import REJECTED
    from kg.linking.relations import make_relations

    claims: list[Claim] = list(read_table(layout.table_path(folder, "claims"), Claim))
    documents = {d.doc_id: d for d in read_table(layout.table_path(folder, "documents"), Document)}
    entity_of = {row.mention_id: row.entity_id for row in tables["mention_entities"]}
    types = {row.entity_id: row.type for row in tables["entities"]}
    without_deals = [dataclasses.replace(claim, deal_id=None) for claim in claims]
    for claim, anew in zip(claims, assign_deals(without_deals, entity_of, documents), strict=True):
        yield from _differing(
            "claims", claim.claim_id, claim, {"deal_id": anew.deal_id}, "the claims of one event"
        )
    ids = {claim.claim_id for claim in claims}
    left_out = {row.example for row in tables["dropped"] if row.stage == "link" and row.example in ids}
    rejected = {row.example for row in tables["dropped"] if row.example in ids and row.reason == REJECTED}
    wanted, dropped = make_relations(
        [claim for claim in claims if claim.claim_id not in rejected],
        entity_of,
        types,
        documents,
        _confirmed(folder, tables, ids),
    )
    for claim_id in sorted({row.example for row in dropped} - left_out):
        yield Problem("orphans", "claims", claim_id, "is in no relation, and dropped does not say why")
    yield from _compared(tables["relations"], wanted)


def _confirmed(folder: Path, tables: Tables, claims: set[str]) -> frozenset[str]:
    """The best claims that owe it to a decision; one made since the build has had no effect yet."""
    from kg.linking import read_decisions

    try:
        confirmed = read_decisions(folder / layout.DECISIONS).confirmed_claims()
    except KgError:
        confirmed = set()
    return frozenset({row.best_claim for row in tables["relations"]} & set(confirmed) & claims)


def _compared(relations: list[Any], wanted: list[Any]) -> Iterator[Problem]:
    there = {row.relation_id: row for row in relations}
    for anew in wanted:
        row = there.pop(anew.relation_id, None)
        if row is None:
            sentence = f"is missing: claims say {anew.head} {anew.type} {anew.tail}"
            yield Problem("relations", "relations", anew.relation_id, sentence)
        else:
            values = {f.name: getattr(anew, f.name) for f in dataclasses.fields(anew)}
            yield from _differing("relations", anew.relation_id, row, values, "its claims")
    for relation_id in there:
        yield Problem("orphans", "relations", relation_id, "no claim states it")


def _first_seen(folder: Path, tables: Tables) -> Iterator[Problem]:
    days = layout.first_seen_dates(folder)
    documents = {row.doc_id for row in tables["documents"]}
    for doc_id in sorted(documents - days.keys()):
        yield Problem("report", layout.FIRST_SEEN, doc_id, "has no day on which it was first read")
    for doc_id in sorted(days.keys() - documents):
        yield Problem("orphans", layout.FIRST_SEEN, doc_id, "is no document of the build")


def _report(folder: Path, tables: Tables) -> Iterator[Problem]:
    report = layout.read_json(layout.current_path(folder, layout.REPORT))
    characters = sum(len(row.text) for row in tables["documents"])
    for what, count in (("documents", len(tables["documents"])), ("characters", characters)):
        if report.get(what) != count:
            yield Problem("report", layout.REPORT, what, f"says {report.get(what)}; the tables hold {count}")
    for name in ("mentions", "entities", "claims", "relations"):
        counts = Counter(row.type for row in tables[name])
        for type_, said in report.get(name, {}).items():
            if said != counts[type_]:
                sentence = f"says {said} {type_}; the table holds {counts[type_]}"
                yield Problem("report", layout.REPORT, name, sentence)


# -- stores ----


def _check_stores(folder: Path, neo4j: Connection | None, found: Checkup) -> None:
    import tempfile

    from kg.building import checking_stores
    from kg.stores.elements import prepare

    with tempfile.TemporaryDirectory(prefix="kg-check-") as temporary:
        elements = prepare(folder, Path(temporary))
        store = layout.current_path(folder, layout.STORE)
        found.add(Problem("store", *parts) for parts in checking_stores.embedded_differences(store, elements))
        if neo4j is not None:
            found.add(
                Problem("neo4j", *parts) for parts in checking_stores.neo4j_differences(neo4j, elements)
            )
