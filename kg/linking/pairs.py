"""The pairs of nodes worth comparing, and what all documents together say of each, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kg.linking.lists import make_lists, unique
from kg.linking.nodes import Nodes
from kg.linking.occurrences import Numbers
from kg.parts import Parts

Marks = npt.NDArray[np.bool_]
Pairs = tuple[Numbers, Numbers]


@dataclass(frozen=True)
class Stems:
    """By node, a hash of the stem of its name and the stem's length."""

    hash: Numbers
    length: Numbers


def columns(pairs: Iterable[tuple[int, int]]) -> Pairs:
    """Pairs as two columns."""
    left, right = np.array(list(pairs), dtype=np.int64).reshape(-1, 2).T
    return left, right


def union(pairs: Sequence[Pairs], count: int) -> Pairs:
    """All pairs of nodes (of `count`) once, sorted, the smaller first."""
    left = np.concatenate([np.minimum(*sides) for sides in pairs])
    right = np.concatenate([np.maximum(*sides) for sides in pairs])
    codes = unique(left * max(count, 1) + right)
    return codes // max(count, 1), codes % max(count, 1)


def alike_in_documents(nodes: Nodes, said: Parts) -> Pairs:
    """The nodes that one document names by names that are alike."""
    table = said.tables["alike"]
    start = np.repeat(nodes.occurrences.starts[:-1], said.counts["alike"])
    left, right = (nodes.of_mention[start + table[side].to_numpy()] for side in ("left", "right"))
    return left, right


def of_one_name(nodes: Nodes) -> Pairs:
    """Nodes that bear one name in different documents."""
    first = np.flatnonzero(np.r_[True, nodes.name[1:] != nodes.name[:-1]][: len(nodes)])
    # The node of the name everywhere else sorts first; those of single documents meet through it.
    left = np.repeat(first, np.diff(np.r_[first, len(nodes)]))
    other = left != np.arange(len(nodes))
    return left[other], np.arange(len(nodes))[other]


def left_is_shorter(nodes: Nodes, left: Numbers, right: Numbers, stems: Stems) -> Marks:
    """Of which pairs the left node is the shorter, as `shorter_first` has it."""
    lengths = np.array([len(key) for _, key in nodes.occurrences.names], dtype=np.int64)[nodes.name]
    by_stem = stems.length[left] - stems.length[right]
    shorter: Marks = np.where(by_stem != 0, by_stem, lengths[left] - lengths[right]) <= 0
    return shorter


def marks_of_documents(
    nodes: Nodes, said: Parts, left: Numbers, right: Numbers, short: Numbers, short_for: Marks
) -> dict[str, Marks]:
    """Of `Circumstances` what documents of both say. `short` is the shorter of each pair, `short_for` tells whether it
    may be short for the other."""
    o = nodes.occurrences
    pair, document = nodes.documents.in_common(left, right)
    shared, sentence, only_match = (np.zeros(len(left), dtype=bool) for _ in range(3))
    shared[pair] = True
    wanted = short_for[pair]
    pair, document = pair[wanted], document[wanted]
    _, of_pair, rivals = np.unique(
        short[pair] * (len(o.documents) + 1) + document, return_inverse=True, return_counts=True
    )
    only_match[pair[rivals[of_pair] == 1]] = True
    number = said.tables["sentences"]["number"].to_numpy()
    most = int(number.max(initial=0)) + 1
    _, sentences = np.unique(o.document * most + number, return_inverse=True)
    count = len(sentences) + 1
    both = np.flatnonzero(shared)
    together, _ = make_lists(nodes.of_mention, sentences, len(nodes), count).in_common(
        left[both], right[both]
    )
    sentence[both[together]] = True
    return {"shared": shared, "sentence": sentence, "only_match": only_match}


def full_names(short: Numbers, long: Numbers, short_for: Marks, stems: Stems) -> Numbers:
    """For each pair of how many different names the shorter may be short, at least 1."""
    _, stem = np.unique(stems.hash, return_inverse=True)
    codes = unique(short[short_for] * (len(stem) + 1) + stem[long[short_for]])
    counts = np.bincount(codes // (len(stem) + 1), minlength=len(stem))
    return np.where(short_for, np.maximum(counts[short], 1), 1)


def marks_of_list(
    left: Numbers, right: Numbers, known: Mapping[int, frozenset[int]], count: int
) -> dict[str, Marks]:
    """Of `Circumstances` what the curated list says of nodes of which it knows both."""
    listed = np.zeros(count, dtype=bool)
    listed[list(known)] = True
    marks = {name: np.zeros(len(left), dtype=bool) for name in ("known_alias", "known_as_two")}
    for number in np.flatnonzero(listed[left] & listed[right]).tolist():
        apart = known[int(left[number])].isdisjoint(known[int(right[number])])
        marks["known_as_two" if apart else "known_alias"][number] = True
    return marks
