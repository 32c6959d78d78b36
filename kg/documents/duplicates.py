"""Recognising texts that were copied with small changes, so that evidence counts independent texts."""

from __future__ import annotations

from collections import defaultdict
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
_BANDS, _ROWS = 16, 4
#: Shingles that are hashed at once, so that a long text does not fill the memory.
_AT_ONCE = 10_000


def find_duplicates(documents: Iterable[Document], sketches: dict[str, str] | None = None) -> dict[str, str]:
    """From the id of every copied document to the id of its original, in whatever order they come.

    Texts are compared without spaces and punctuation, folded (width, case, script). The original of a group is
    the earliest document, then the one with the smallest id. Texts shorter than 20 such characters are compared
    as a whole. Texts that differ in letters are copies only where their dates, if known, are a month apart at most:
    reports of recurring events are alike year after year.

    `sketches`, by content hash, are what an earlier call left there; they are brought up to date.
    """
    order = sorted(documents, key=lambda document: (document.date or "9999", document.doc_id))
    sketches = {} if sketches is None else sketches
    _bring_up_to_date(sketches, order)
    shingles = _Shingles(order)
    original: dict[int, int] = {}
    originals_with: defaultdict[int, list[int]] = defaultdict(list)
    # Only originals are compared with: a text that stands there a thousand times costs a thousand comparisons.
    for later, bands in _shared_bands([sketches[document.content_hash] for document in order]).items():
        candidates = sorted({earlier for band in bands for earlier in originals_with[band]})
        found = next((i for i in candidates if _is_copy(order, shingles, later, i)), None)
        if found is None:
            for band in bands:
                originals_with[band].append(later)
        else:
            original[later] = found
    return {order[later].doc_id: order[earlier].doc_id for later, earlier in original.items()}


def _is_copy(order: Sequence[Document], shingles: _Shingles, later: int, earlier: int) -> bool:
    left, right = shingles[later], shingles[earlier]
    if _jaccard(left, right) < THRESHOLD:
        return False
    same = len(left) == len(right) and bool((left == right).all())
    return same or _close_in_time(order[later].date, order[earlier].date)


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


class _Shingles(dict[int, Any]):
    """The shingles of the documents that are looked at, by position."""

    def __init__(self, documents: Sequence[Document]) -> None:
        super().__init__()
        self._documents = documents

    def __missing__(self, number: int) -> Any:
        self[number] = _shingles(self._documents[number].text)
        return self[number]


def _bring_up_to_date(sketches: dict[str, str], documents: Sequence[Document]) -> None:
    texts = {document.content_hash: document.text for document in documents}
    for content_hash in sketches.keys() - texts.keys():
        del sketches[content_hash]
    for content_hash in texts.keys() - sketches.keys():
        sketches[content_hash] = _sketch(texts[content_hash])


def _sketch(text: str) -> str:
    """The hashes of the bands of a text's MinHash, 16 hexadecimal digits each; "" where it has no letters."""
    import numpy

    hashes = _shingles(text)
    if not len(hashes):
        return ""
    numbers = _mix(numpy.arange(2 * _BANDS * _ROWS, dtype=numpy.uint64)).reshape(2, -1, 1)
    factors, summands = numbers[0] | numpy.uint64(1), numbers[1]
    parts = [hashes[i : i + _AT_ONCE] for i in range(0, len(hashes), _AT_ONCE)]
    lowest = numpy.min([(part * factors + summands).min(axis=1) for part in parts], axis=0)
    rows = lowest.reshape(_BANDS, _ROWS)
    bands = numpy.zeros(_BANDS, dtype=numpy.uint64)
    for column in range(_ROWS):
        bands = _mix(bands * numpy.uint64(0x100000001B3) + rows[:, column])
    return bands.astype(">u8").tobytes().hex()


def _shared_bands(sketches: Sequence[str]) -> dict[int, list[int]]:
    """By position, in order, the texts that have a band in common with others, and numbers for those bands."""
    import numpy

    numbers = numpy.array([number for number, sketch in enumerate(sketches) if sketch], dtype=numpy.int64)
    joined = "".join(sketches)
    table = numpy.frombuffer(bytes.fromhex(joined), dtype=numpy.uint64).reshape(-1, _BANDS)
    shared: defaultdict[int, list[int]] = defaultdict(list)
    count = 0
    for band in range(_BANDS):
        order = numpy.argsort(table[:, band], kind="stable")
        ordered = table[order, band]
        starts = numpy.flatnonzero(numpy.r_[True, ordered[1:] != ordered[:-1]]) if len(order) else order
        ends = numpy.r_[starts[1:], len(order)]
        for start, end in zip(starts[ends - starts > 1], ends[ends - starts > 1], strict=True):
            for number in numbers[order[start:end]].tolist():
                shared[number].append(count)
            count += 1
    return dict(sorted(shared.items()))


def _jaccard(left: Any, right: Any) -> float:
    import numpy

    common = len(numpy.intersect1d(left, right, assume_unique=True))
    return common / (len(left) + len(right) - common)
