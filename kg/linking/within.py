"""What each document says about its names by itself, whatever else is read; so it is worked out once for a document."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kg.linking.blocking import alike
from kg.linking.definitions import Definition, find_definitions
from kg.linking.lists import stretches
from kg.linking.local import fuller_names, refer_back
from kg.linking.occurrences import TYPES, Name, Numbers, Occurrences
from kg.linking.people import employers, possible_employers
from kg.parts import Parts, arrange
from kg.tables import Claim, Mention, Rows, to_arrow

_END = re.compile(r"[。！？!?；;\n]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """In which sentence of its document a mention stands; a document without its text is one."""

    number: int


@dataclass(frozen=True, slots=True)
class Fuller:
    """A mention of a short name, by its position in the document, and the stem of the only name there that it may be
    short for."""

    short: int
    stem: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Mentions of two names that are `alike`, by their positions in the document."""

    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Employer:
    """The name key of a person and the stem of an employer."""

    doc_id: str
    person: str
    stem: str


@dataclass(frozen=True, slots=True)
class Around:
    """The stem of a possible employer that a document names."""

    doc_id: str
    stem: str


_ROWS: dict[str, type[Any]] = {
    "sentences": Sentence,
    "definitions": Definition,
    "fuller": Fuller,
    "alike": Alike,
    "employers": Employer,
    "around": Around,
}
#: What no document said.
NOTHING = Parts(
    [],
    {name: to_arrow(row_type, []) for name, row_type in _ROWS.items()},
    {name: np.zeros(0, dtype=np.int64) for name in _ROWS},
)


def look_within(
    occurrences: Occurrences,
    types: Numbers,
    texts: Mapping[str, str],
    claims: Sequence[Claim],
    made_from: Mapping[str, str],
    before: Parts,
) -> Parts:
    """What the documents say, those in `occurrences` in their order. `types` are the mentions' types, decisions
    applied; `made_from` gives, by document, what its text, mentions and claims were made from: what is known of it from
    `before` is taken over."""
    keys = [made_from.get(doc_id) or "" for doc_id in occurrences.documents]
    for document in np.unique(occurrences.document[types != occurrences.type]).tolist():
        start, end = occurrences.starts[document : document + 2]
        keys[document] = keys[document] and f"{keys[document]} {types[start:end].tolist()}"
    known = set(before.keys)
    new = [i for i, key in enumerate(keys) if key not in known]
    for i in new:
        keys[i] = keys[i] or f"new {i}"
    return arrange([before, _look(occurrences, types, texts, claims, new, [keys[i] for i in new])], keys)


def _look(
    occurrences: Occurrences,
    types: Numbers,
    texts: Mapping[str, str],
    claims: Sequence[Claim],
    documents: list[int],
    keys: Sequence[str],
) -> Parts:
    claims_of: dict[str, list[Claim]] = defaultdict(list)
    for claim in _claims(claims, [occurrences.documents[i] for i in documents]):
        claims_of[claim.doc_id].append(claim)
    rows: dict[str, list[Any]] = {name: [] for name in _ROWS}
    counts: dict[str, list[int]] = {name: [] for name in _ROWS}
    first, lengths = occurrences.starts[documents], np.diff(occurrences.starts)[documents]
    wanted = occurrences.order[stretches(first, lengths)]
    of_new = iter(Rows(Mention, occurrences.rows.table.take(wanted)))
    for i in documents:
        doc_id = occurrences.documents[i]
        start, end = occurrences.starts[i : i + 2].tolist()
        mentions = list(itertools.islice(of_new, end - start))
        names = [
            (TYPES[type_], occurrences.names[name][1])
            for type_, name in zip(
                types[start:end].tolist(), occurrences.name[start:end].tolist(), strict=True
            )
        ]
        for name, found in _says(texts.get(doc_id), mentions, names, claims_of[doc_id]).items():
            before = len(rows[name])
            rows[name].extend(found)
            counts[name].append(len(rows[name]) - before)
    return Parts(
        keys,
        {name: to_arrow(row_type, rows[name]) for name, row_type in _ROWS.items()},
        {name: np.array(numbers, dtype=np.int64) for name, numbers in counts.items()},
    )


def _claims(claims: Sequence[Claim], documents: Sequence[str]) -> Iterable[Claim]:
    if not isinstance(claims, Rows):
        return claims
    import pyarrow as pa
    import pyarrow.compute as pc

    table = claims.table
    return Rows(Claim, table.filter(pc.is_in(table["doc_id"], value_set=pa.array(documents, pa.string()))))


def _says(
    text: str | None, mentions: Sequence[Mention], names: Sequence[Name], claims: Sequence[Claim]
) -> dict[str, Iterable[Any]]:
    """The rows of one document. `mentions` are in order of their start, `names` what they are called."""
    doc_id = mentions[0].doc_id
    ends = [m.start() for m in _END.finditer(text or "")]
    first = {name: i for i, name in reversed(list(enumerate(names)))}
    different = list(dict.fromkeys(names))
    definitions: list[Definition] = []
    if text is not None and len(mentions) > 1:
        definitions = [*find_definitions(text, mentions), *refer_back(text, mentions)]
    return {
        "sentences": [Sentence(bisect_left(ends, m.start)) for m in mentions],
        "definitions": definitions,
        "fuller": [Fuller(first[short], stem) for short, stem in fuller_names(different)],
        "alike": [Alike(first[different[i]], first[different[j]]) for i, j in alike(different)],
        "employers": [Employer(doc_id, *pair) for pair in employers(text or "", mentions, claims)],
        "around": [Around(doc_id, stem) for stem in sorted(possible_employers(mentions))],
    }
