"""Recognising texts that were copied with small changes, so that evidence counts independent texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from kg.characters import fold
from kg.tables import Document

#: Share of common character shingles (Jaccard) from which two texts are the same story.
THRESHOLD = 0.7
#: Days within which texts that are not letter for letter the same can be copies of one story.
_DAYS = 31
_SHINGLE = 4
_PERMUTATIONS = 64
_BANDS, _ROWS = 16, 4


def find_duplicates(documents: Iterable[Document]) -> dict[str, str]:
    """From the id of every copied document to the id of its original, in whatever order they come.

    Texts are compared without spaces and punctuation, folded (width, case, script). The original of a group is
    the earliest document, then the one with the smallest id. Texts shorter than 20 such characters are compared
    as a whole. Texts that differ in letters are copies only where their dates, if known, are a month apart at most:
    reports of recurring events are alike year after year.
    """
    order = sorted(documents, key=lambda document: (document.date or "9999", document.doc_id))
    shingles = [_shingles(document.text) for document in order]
    original: dict[int, int] = {}
    for later, earlier in _similar_pairs(shingles):
        if later in original or earlier in original:
            continue
        same = len(shingles[later]) == len(shingles[earlier]) and bool(
            (shingles[later] == shingles[earlier]).all()
        )
        if same or _close_in_time(order[later].date, order[earlier].date):
            original[later] = earlier
    return {order[later].doc_id: order[earlier].doc_id for later, earlier in original.items()}


def _close_in_time(left: str | None, right: str | None) -> bool:
    """Whether two dates lie so near that texts of them can be one story; years later, like texts are routine."""
    if left is None or right is None:
        return True
    try:
        return abs((date.fromisoformat(left) - date.fromisoformat(right)).days) <= _DAYS
    except ValueError:
        return True


def _shingles(text: str) -> Any:
    """The hashes of the runs of four characters of a text, each once, sorted (64-bit numbers)."""
    import numpy

    letters = "".join(filter(str.isalnum, fold(text)))
    codes = numpy.frombuffer(letters.encode("utf-32-le", "replace"), dtype=numpy.uint32).astype(numpy.uint64)
    if len(codes) == 0:
        return codes
    if len(codes) < 20:
        return _mix(numpy.array([_hash_whole(codes)], dtype=numpy.uint64))
    hashes = numpy.zeros(len(codes) - _SHINGLE + 1, dtype=numpy.uint64)
    for offset in range(_SHINGLE):
        hashes = hashes * numpy.uint64(0x100000001B3) + codes[offset : offset + len(hashes)]
    return numpy.unique(_mix(hashes))


def _hash_whole(codes: Any) -> int:
    """One number for a whole short text, the same on every run."""
    value = 0
    for code in codes.tolist():
        value = (value * 0x100000001B3 + code + 1) % 2**64
    return value


def _mix(hashes: Any) -> Any:
    """Numbers spread evenly over 64 bits (the finaliser of MurmurHash3)."""
    import numpy

    hashes = (hashes ^ (hashes >> numpy.uint64(33))) * numpy.uint64(0xFF51AFD7ED558CCD)
    hashes = (hashes ^ (hashes >> numpy.uint64(33))) * numpy.uint64(0xC4CEB9FE1A85EC53)
    return hashes ^ (hashes >> numpy.uint64(33))


def _similar_pairs(shingles: Sequence[Any]) -> list[tuple[int, int]]:
    """Pairs (later, earlier) of similar texts, sorted: candidates by LSH, then verified."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _ROWS))
    sketch = MinHash(num_perm=_PERMUTATIONS, hashfunc=int)
    pairs: list[tuple[int, int]] = []
    for number, hashes in enumerate(shingles):
        if not len(hashes):
            continue
        minhash = sketch.copy()
        minhash.update_batch(hashes >> 32)  # its scheme takes 32 bits
        pairs.extend(
            (number, earlier)
            for earlier in index.query(minhash)
            if _jaccard(hashes, shingles[earlier]) >= THRESHOLD
        )
        index.insert(number, minhash)
    return sorted(pairs)


def _jaccard(left: Any, right: Any) -> float:
    import numpy

    common = len(numpy.intersect1d(left, right, assume_unique=True))
    return common / (len(left) + len(right) - common)
