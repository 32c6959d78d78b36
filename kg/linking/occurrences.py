"""The mentions as columns of numbers, so that what goes over all of them does not look at them one by one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kg.linking.normalise import name_key
from kg.schema import EntityType
from kg.tables import Mention, Rows, as_rows

if TYPE_CHECKING:
    import pyarrow as pa

#: A name of one type: what all its mentions have in common.
Name = tuple[EntityType, str]
Numbers = npt.NDArray[np.int64]
TYPES = tuple(sorted(EntityType))


@dataclass(frozen=True)
class Occurrences:
    """The mentions by document, start, end and type, whatever order they came in.

    `order` are their positions in `rows`; `document`, `type` and `text` positions in `documents`, `TYPES` and `texts`,
    which are sorted.
    """

    rows: Rows[Mention]
    order: Numbers
    documents: list[str]
    document: Numbers
    type: Numbers
    texts: list[str]
    text: Numbers

    def __len__(self) -> int:
        return len(self.order)

    @cached_property
    def mentions(self) -> Rows[Mention]:
        """The mentions in this order."""
        return Rows(Mention, self.rows.table.take(self.order))

    @cached_property
    def starts(self) -> Numbers:
        """Where the mentions of each document begin, and the number of all at the end."""
        return np.searchsorted(self.document, np.arange(len(self.documents) + 1))

    @cached_property
    def names(self) -> list[Name]:
        """All names, sorted."""
        return self._names[0]

    @cached_property
    def name(self) -> Numbers:
        """For each mention the position of its name."""
        return self._names[1]

    @cached_property
    def position(self) -> dict[Name, int]:
        """The position of each name."""
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def document_position(self) -> dict[str, int]:
        """The position of each document."""
        return {doc_id: i for i, doc_id in enumerate(self.documents)}

    @cached_property
    def _names(self) -> tuple[list[Name], Numbers]:
        count = max(len(self.texts), 1)
        typed, of_mention = np.unique(self.type * count + self.text, return_inverse=True)
        found = [(TYPES[code // count], name_key(self.texts[code % count])) for code in typed.tolist()]
        names = sorted(set(found))
        position = {name: i for i, name in enumerate(names)}
        return names, np.array([position[name] for name in found], dtype=np.int64)[of_mention]

    def with_types(self, types: Numbers) -> Occurrences:
        """The same with other types."""
        return dataclasses.replace(self, type=types)


def occurrences(mentions: Sequence[Mention]) -> Occurrences:
    """The columns of the mentions."""
    rows = as_rows(Mention, mentions)
    documents, document = sorted_codes(rows.table["doc_id"])
    texts, text = sorted_codes(rows.table["text"])
    used, type_ = sorted_codes(rows.table["type"])
    type_ = np.array([TYPES.index(EntityType(t)) for t in used], dtype=np.int64)[type_]
    start, end = (rows.table[column].to_numpy() for column in ("start", "end"))
    order = np.lexsort((type_, end, start, document))
    place = np.stack([document, start, end, type_])[:, order]
    if (place[:, 1:] == place[:, :-1]).all(axis=0).any():
        order = np.lexsort((sorted_codes(rows.table["mention_id"])[1], type_, end, start, document))
    return Occurrences(rows, order, documents, document[order], type_[order], texts, text[order])


def sorted_codes(column: pa.ChunkedArray) -> tuple[list[str], Numbers]:
    """The different strings of a column, sorted, and the position of each row's."""
    encoded = column.combine_chunks().dictionary_encode()
    values: list[str] = encoded.dictionary.to_pylist()
    by_value = sorted(range(len(values)), key=values.__getitem__)
    position = np.empty(len(values), dtype=np.int64)
    position[by_value] = np.arange(len(values))
    return [values[i] for i in by_value], position[encoded.indices.to_numpy()]
