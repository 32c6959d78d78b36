"""The resolved graph of a build: its tables as pandas DataFrames, and as a networkx graph.

    from kg import open_graph

    g = open_graph("demo")
    g.entities                      # one row an entity
    g.neighbours("智谱")            # what it is related to
    g.evidence(relation_id)         # the sentences that say so

Nothing here writes; every table is read when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from kg import folder as build_folder
from kg.characters import fold
from kg.errors import KgError
from kg.schema import SYMMETRIC_RELATIONS, EntityType
from kg.tables import TABLES, Entity

if TYPE_CHECKING:
    import networkx as nx

_SYMMETRIC = {relation.value for relation in SYMMETRIC_RELATIONS}


def open_graph(folder: str | Path) -> Graph:
    """The graph of the build in `folder`, or of bare tables there. Raises KgError where there are none."""
    folder = Path(folder)
    return build_folder.steadily(folder, lambda: _open(folder))


def _open(folder: Path) -> Graph:
    tables_there = build_folder.table_path(folder, "entities").is_file()
    if not tables_there or build_folder.current_path(folder, build_folder.MANIFEST).exists():
        build_folder.require_build(folder)
    paths = {name: build_folder.table_path(folder, name) for name in TABLES}
    return Graph(folder, files={name: pa.OSFile(str(path)) for name, path in paths.items() if path.exists()})


class Graph:
    """The tables of one build, read lazily, and the questions people ask of them.

    `tables` replaces tables of the folder by frames in memory: a selection is a graph, too. `files` are the open
    tables, so that all are of one build, also when the next one takes its place before they are read.
    """

    def __init__(
        self,
        folder: Path,
        tables: Mapping[str, pd.DataFrame] | None = None,
        files: Mapping[str, pa.NativeFile] | None = None,
    ) -> None:
        self.folder = folder
        self._files = dict(files or {})
        self._tables: dict[str, pd.DataFrame] = dict(tables or {})
        self._whole = not tables

    def __repr__(self) -> str:
        return f"Graph({str(self.folder)!r}: {len(self.entities)} entities, {len(self.relations)} relations)"

    @property
    def is_whole(self) -> bool:
        """Whether this is all of a build, not a selection from it."""
        return self._whole

    def table(self, name: str) -> pd.DataFrame:
        """A table of the build, by its name in `kg.tables.TABLES`. Raises KgError if missing or broken."""
        if name not in self._tables:
            self._tables[name] = _read(self.folder, name, self._files.get(name))
        return self._tables[name]

    @property
    def entities(self) -> pd.DataFrame:
        """entity_id, type, name, aliases, former_ids, mentions, documents."""
        return self.table("entities")

    @property
    def relations(self) -> pd.DataFrame:
        """relation_id, type, head, tail (entity ids), status, dates, amount, currency, counts, best_claim."""
        return self.table("relations")

    @property
    def claims(self) -> pd.DataFrame:
        """What single sentences state, with their attributes; see `kg.tables.Claim`."""
        return self.table("claims")

    @property
    def mentions(self) -> pd.DataFrame:
        """Names in documents, at code points `start` to `end`; see `kg.tables.Mention`."""
        return self.table("mentions")

    @property
    def mention_entities(self) -> pd.DataFrame:
        """mention_id, entity_id."""
        return self.table("mention_entities")

    @property
    def documents(self) -> pd.DataFrame:
        """doc_id, source, title, date, language, text, content_hash, duplicate_of."""
        return self.table("documents")

    @property
    def sections(self) -> pd.DataFrame:
        """Stretches of documents with their kind; table cells with row, column and header."""
        return self.table("sections")

    def replaced(self, **tables: pd.DataFrame) -> Graph:
        """This graph with some tables replaced."""
        return Graph(self.folder, {**self._tables, **tables}, self._files)

    # -- entities ----

    def find(self, name: str) -> Entity:
        """The entity that `name` means: an id, a former id, a name or an alias, or `Type:name`.

        Where several share the name, the one mentioned most. Raises KgError with the nearest names if none.
        """
        found = self.find_all(name)
        if found:
            return found[0]
        near = self.suggestions(name)
        hint = f"; the nearest names are {', '.join(near)}" if near else ""
        raise KgError(f"There is no entity {name!r} in {self.folder}{hint}")

    def find_all(self, name: str) -> list[Entity]:
        """Every entity that `name` may mean, by the strictest reading that fits any, most mentioned first."""
        prefix, colon, rest = name.partition(":")
        types = {t.value for t in EntityType}
        wanted = prefix if colon and prefix in types else None
        for key in (name, rest) if wanted else (name,):
            for lookup, form in ((self._exact, key), (self._folded, _loose(key))):
                for ids in lookup:
                    found = [self._entity(i) for i in ids.get(form, ())]
                    if wanted and key == rest:
                        found = [entity for entity in found if entity.type == wanted]
                    if found:
                        return sorted(found, key=lambda e: (-e.mentions, e.entity_id))
        return self._known_otherwise(rest if wanted else name, wanted)

    def _known_otherwise(self, name: str, wanted: str | None) -> list[Entity]:
        """Entities whose texts use another name of the well-known thing that `name` names."""
        from kg.resources.aliases import load_aliases

        found: dict[str, Entity] = {}
        for entry in load_aliases():
            forms = {_loose(known) for known in (entry.name, *entry.aliases)}
            if _loose(name) in forms and wanted in (None, entry.type):
                for ids in self._folded:
                    for entity in (self._entity(i) for form in forms for i in ids.get(form, ())):
                        if entity.type == entry.type:
                            found[entity.entity_id] = entity
        return sorted(found.values(), key=lambda e: (-e.mentions, e.entity_id))

    def suggestions(self, name: str, limit: int = 3) -> list[str]:
        """Names of entities that look like `name`, nearest first."""
        from rapidfuzz import fuzz, process

        names, aliases = self._folded[2], self._folded[3]
        matches = process.extract(
            _loose(name), [*names, *aliases], scorer=fuzz.ratio, limit=limit * 3, score_cutoff=50
        )
        ids = [(names.get(form) or aliases[form])[0] for form, _, _ in matches]
        return list(dict.fromkeys(self._entity(i).name for i in ids))[:limit]

    def name(self, entity_id: str) -> str:
        """The name of an entity by its id."""
        return str(self._entity_rows.at[entity_id, "name"])

    def neighbours(self, name: str) -> pd.DataFrame:
        """The relations of an entity, best supported first.

        Columns: relation, direction (`out`, `in`, or `both` for symmetric ones), name, type, entity_id (of
        the other end), status, first_date, last_date, amount, currency, claims, independent_documents,
        relation_id.
        """
        entity_id = self.find(name).entity_id
        relations = self.relations
        own = relations[(relations["head"] == entity_id) | (relations["tail"] == entity_id)]
        outward = own["head"] == entity_id
        others = own["tail"].where(outward, own["head"])
        direction = outward.map({True: "out", False: "in"}).mask(own["type"].isin(_SYMMETRIC), "both")
        ends = self._entity_rows.reindex(others)
        table = pd.DataFrame(
            {
                "relation": own["type"],
                "direction": direction,
                "name": ends["name"].to_numpy(),
                "type": ends["type"].to_numpy(),
                "entity_id": others,
            }
        ).join(own.drop(columns=["type", "head", "tail", "best_claim"]))
        columns = [column for column in table.columns if column != "relation_id"] + ["relation_id"]
        return table.sort_values(
            ["independent_documents", "claims", "relation_id"], ascending=[False, False, True]
        )[columns].reset_index(drop=True)

    # -- evidence ----

    @cached_property
    def stated(self) -> pd.DataFrame:
        """The claims with what they stand for: `head`, `tail` (entity ids) and `relation_id`.

        The ends of a symmetric claim are turned the way its relation has them. Claims whose relation is not
        in the graph have no row.
        """
        ids = self.mention_entities.set_index("mention_id")["entity_id"]
        claims = self.claims.assign(
            head=self.claims["head_mention"].map(ids).astype(object),
            tail=self.claims["tail_mention"].map(ids).astype(object),
        )
        keys = ["type", "head", "tail"]
        relations = self.relations[[*keys, "relation_id"]]
        straight = claims.merge(relations, on=keys)
        symmetric = claims[claims["type"].isin(_SYMMETRIC) & ~claims["claim_id"].isin(straight["claim_id"])]
        ends = {
            "head": "tail",
            "tail": "head",
            "head_mention": "tail_mention",
            "tail_mention": "head_mention",
        }
        turned = symmetric.rename(columns=ends).merge(relations, on=keys)
        return pd.concat([straight, turned[straight.columns]], ignore_index=True)

    def evidence(self, relation_id: str | None = None) -> pd.DataFrame:
        """The sentences behind a relation, best first; behind all relations, in turn, where none is given.

        Columns: relation_id, claim_id, sentence, context (the texts of further spans the claim needs),
        head_text, tail_text (the names as written), head_start, head_end, tail_start, tail_end (code points
        within the sentence; -1 where the name stands in the context), doc_id, title, source, document_date,
        page, duplicate_of, deal_id, and the claim's attributes. Raises KgError if there is no such relation.
        """
        if relation_id is None:
            return self._evidence.copy()
        if not (self.relations["relation_id"] == relation_id).any():
            raise KgError(f"There is no relation {relation_id!r} in {self.folder}")
        return self._told(self.stated[self.stated["relation_id"] == relation_id])

    @cached_property
    def _evidence(self) -> pd.DataFrame:
        return self._told(self.stated)

    def _told(self, claims: pd.DataFrame) -> pd.DataFrame:
        """Claims, by relation and best first, with their sentences and documents."""
        relations = self.relations
        claims = claims.assign(
            number=claims["relation_id"].map({r: i for i, r in enumerate(relations["relation_id"])}),
            second=~claims["claim_id"].isin(relations["best_claim"]),
            copy=claims["doc_id"].isin(self._copies),
        ).sort_values(
            ["number", "second", "copy", "confidence", "claim_id"], ascending=[True, True, True, False, True]
        )
        documents = self.documents.set_index("doc_id")
        texts = documents["text"].to_dict()
        mentions = self.mentions.set_index("mention_id")[["start", "end", "text"]]
        table = claims.drop(columns=["number", "second", "copy"]).reset_index(drop=True)
        table["sentence"] = [
            texts[doc][start:end]
            for doc, start, end in zip(table["doc_id"], table["start"], table["end"], strict=True)
        ]
        table["context"] = [
            [texts[doc][span["start"] : span["end"]] for span in spans]
            for doc, spans in zip(table["doc_id"], table["context"], strict=True)
        ]
        for end in ("head", "tail"):
            named = mentions.reindex(table[f"{end}_mention"]).reset_index(drop=True)
            inside = (named["start"] >= table["start"]) & (named["end"] <= table["end"])
            table[f"{end}_text"] = named["text"]
            table[f"{end}_start"] = (named["start"] - table["start"]).where(inside, -1).astype(int)
            table[f"{end}_end"] = (named["end"] - table["start"]).where(inside, -1).astype(int)
        of = documents.reindex(table["doc_id"]).reset_index(drop=True)
        table["title"], table["source"] = of["title"], of["source"]
        table["document_date"], table["duplicate_of"] = of["date"], of["duplicate_of"]
        table["page"] = self._pages(table)
        return table.drop(columns=["head_mention", "tail_mention"])

    def _pages(self, claims: pd.DataFrame) -> list[int | None]:
        """The page each claim starts on, where its document has pages."""
        paged = self.sections[self.sections["page"].notna() & self.sections["doc_id"].isin(claims["doc_id"])]
        of_document = {
            doc: list(zip(rows["start"], rows["end"], rows["page"], strict=True))
            for doc, rows in paged.groupby("doc_id")
        }
        return [
            next((int(page) for start, end, page in of_document.get(doc, ()) if start <= at < end), None)
            for doc, at in zip(claims["doc_id"], claims["start"], strict=True)
        ]

    # -- other views ----

    def networkx(self) -> nx.MultiDiGraph[str]:
        """A directed multigraph: nodes by entity id, edges keyed by relation id, every column an attribute.

        Empty values are left out, and `aliases` and `former_ids` are tuples of strings.
        """
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for row in records(self.entities):
            graph.add_node(row.pop("entity_id"), **row)
        for row in records(self.relations):
            graph.add_edge(row.pop("head"), row.pop("tail"), key=row.pop("relation_id"), **row)
        return graph

    def query(self, cypher: str, **parameters: Any) -> pd.DataFrame:
        """The answer of the build's embedded store to Cypher text, or to a named query of `kg query`.

        Raises KgError where there is no such query, or the text is not valid or would write.
        """
        from kg.stores import embedded, queries

        text, given = queries.resolve(cypher, parameters)
        columns, rows = build_folder.steadily(
            self.folder,
            lambda: embedded.query(build_folder.current_path(self.folder, build_folder.STORE), text, given),
        )
        return pd.DataFrame(rows, columns=columns)

    # -- lookups ----

    @cached_property
    def _entity_rows(self) -> pd.DataFrame:
        return self.entities.set_index("entity_id")

    def _entity(self, entity_id: str) -> Entity:
        row: Any = self._entity_rows.loc[entity_id]
        return Entity(
            entity_id=entity_id,
            type=EntityType(row["type"]),
            name=row["name"],
            aliases=tuple(row["aliases"]),
            former_ids=tuple(row["former_ids"]),
            mentions=int(row["mentions"]),
            documents=int(row["documents"]),
        )

    @cached_property
    def _exact(self) -> tuple[dict[str, list[str]], ...]:
        """Entity ids by id, former id, name and alias."""
        rows = self.entities
        ids = list(rows["entity_id"])
        return (
            {i: [i] for i in ids},
            _index(zip(ids, rows["former_ids"], strict=True)),
            _index((i, [name]) for i, name in zip(ids, rows["name"], strict=True)),
            _index(zip(ids, rows["aliases"], strict=True)),
        )

    @cached_property
    def _folded(self) -> tuple[dict[str, list[str]], ...]:
        """The same with width, case, script and spaces folded away."""
        return tuple(
            _index((i, [_loose(form)]) for form, ids in forms.items() for i in ids) for forms in self._exact
        )

    @cached_property
    def _copies(self) -> set[str]:
        return set(self.documents.loc[self.documents["duplicate_of"].notna(), "doc_id"])


def records(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """The rows of a table as dictionaries of plain values, without the empty ones; lists become tuples."""
    columns = [frame[name].tolist() for name in frame.columns]
    for values in zip(*columns, strict=True):
        row = {}
        for name, value in zip(frame.columns, values, strict=True):
            if hasattr(value, "tolist"):
                value = value.tolist()
            if isinstance(value, list):
                value = tuple(value)
            if value is not None and value == value:  # a missing number is NaN, which differs from itself
                row[name] = value
        yield row


def _read(folder: Path, name: str, file: pa.NativeFile | None) -> pd.DataFrame:
    from kg.tables import arrow_schema

    path = folder / f"{name}.parquet"
    again = f"`kg rebuild {folder}` makes it again"
    if file is None:
        raise KgError(f"The table {path} is missing; {again}")
    try:
        file.seek(0)
        table = pq.read_table(file)
    except (pa.ArrowException, OSError) as error:
        raise KgError(f"The table {path} cannot be read ({error}); {again}") from error
    missing = [column for column in arrow_schema(TABLES[name]).names if column not in table.column_names]
    if missing:
        raise KgError(f"The table {path} lacks {', '.join(missing)}; {again}")
    frame: pd.DataFrame = table.to_pandas()
    for field in table.schema:
        if pa.types.is_string(field.type):  # plain strings and None, also where every value is missing
            column = frame[field.name].astype(object)
            frame[field.name] = column.where(column.notna(), None)
    return frame


def _index(names: Iterable[tuple[str, Iterable[str]]]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for entity_id, forms in names:
        for form in forms:
            known = index.setdefault(form, [])
            if entity_id not in known:
                known.append(entity_id)
    return index


def _loose(name: str) -> str:
    return "".join(fold(name).split())
