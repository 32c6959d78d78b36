"""Document ids that are unique without depending on chance."""

from __future__ import annotations


def unique_id(doc_id: str, taken: set[str]) -> str:
    """`doc_id`, or where it is taken, `doc_id#2`, `doc_id#3`, …; the result is added to `taken`."""
    unique = doc_id
    ordinal = 2
    while unique in taken:
        unique = f"{doc_id}#{ordinal}"
        ordinal += 1
    taken.add(unique)
    return unique
