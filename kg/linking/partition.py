"""From mentions to clusters of names: the part of linking that says what is one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import rustworkx

from kg.linking.blocking import candidate_pairs, grams
from kg.linking.clustering import cluster
from kg.linking.definitions import Definition
from kg.linking.features import (
    UNRELATED,
    Circumstances,
    Pair,
    cannot_be_one,
    features,
    is_short_for,
    relation,
    unrelated,
)
from kg.linking.hashes import Hashes, hash_of, mix
from kg.linking.known import KnownNames
from kg.linking.lists import unique
from kg.linking.local import VERSION
from kg.linking.memory import Memory
from kg.linking.nodes import Nodes, scopes_of
from kg.linking.occurrences import TYPES, Name, Numbers, Occurrences, sorted_codes
from kg.linking.pairs import (
    Marks,
    Stems,
    alike_in_documents,
    columns,
    full_names,
    left_is_shorter,
    marks_of_documents,
    marks_of_list,
    of_one_name,
    union,
)
from kg.linking.people import namesakes
from kg.linking.scoring import Weights
from kg.linking.within import NOTHING, look_within
from kg.parts import Parts, arrange
from kg.tables import Claim, Rows

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass
class Evidence:
    """Pairs of nodes worth comparing (`left` < `right`, sorted), how their names are related (`kind`, positions in
    `kinds`), by which `keys` a memory knows their names, and what the documents say of them: `marks` are those of
    `Circumstances` by name, `definitions` by pair, `known` by node the entries of the curated list."""

    nodes: Nodes
    left: Numbers
    right: Numbers
    keys: Hashes
    kinds: list[str]
    kind: Numbers
    marks: dict[str, Marks]
    longer: Numbers
    definitions: dict[Pair, list[Definition]]
    known: dict[int, frozenset[int]]

    def of(self, number: int) -> dict[str, float]:
        """What speaks for and against one of the pairs."""
        if self.says_nothing_more[number]:
            return unrelated(TYPES[self.nodes.type[self.left[number]]])
        pair = int(self.left[number]), int(self.right[number])
        circumstances = Circumstances(
            **{name: bool(marks[number]) for name, marks in self.marks.items()},
            longer=int(self.longer[number]),
            definitions=tuple(d.kind for d in self.definitions.get(pair, ())),
        )
        return features(
            self.nodes[pair[0]], self.nodes[pair[1]], self.kinds[self.kind[number]], circumstances
        )

    @cached_property
    def says_nothing_more(self) -> Marks:
        """Of which pairs all that is known is that their names have some characters in common."""
        listed = self.marks["known_alias"] | self.marks["known_as_two"]
        unrelated_names = np.array([kind == UNRELATED for kind in self.kinds], dtype=bool)[self.kind]
        nothing: Marks = unrelated_names & ~listed
        nothing[self.numbers(list(self.definitions))] = False
        return nothing

    def numbers(self, pairs: Sequence[Pair]) -> Numbers:
        """The positions of some of the pairs."""
        sides = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        count = len(self.nodes)
        return np.searchsorted(self.left * count + self.right, sides[:, 0] * count + sides[:, 1])

    @cached_property
    def pairs(self) -> dict[Pair, dict[str, float]]:
        """What speaks for and against each pair."""
        return {pair: self.of(number) for number, pair in enumerate(_pairs(self.left, self.right))}

    def known_as_two(self, pair: Pair) -> bool:
        """Whether it is one of the pairs and the curated list knows the names as those of two things."""
        nothing: frozenset[int] = frozenset()
        left, right = (self.known.get(side, nothing) for side in pair)
        if not left or not right or not left.isdisjoint(right):
            return False
        number = int(self.numbers([pair])[0])
        return number < len(self.left) and (self.left[number], self.right[number]) == pair


def gather(
    occurrences: Occurrences,
    types: Numbers,
    texts: Mapping[str, str],
    known: KnownNames,
    apart: Mapping[Name, Mapping[str, str]],
    claims: Sequence[Claim] = (),
    memory: Memory | None = None,
) -> Evidence:
    """All evidence. `types` are those of the mentions, decisions applied; `apart` names, by name and document, mentions
    that stand for themselves; `claims` tell who works where."""
    memory = Memory() if memory is None else memory
    said = look_within(occurrences, types, texts, claims, memory.made_from, memory.documents or NOTHING)
    definitions = list(Rows(Definition, said.tables["definitions"]))
    others = namesakes(_rows(said.tables["employers"]), _rows(said.tables["around"]), known)
    typed = occurrences if types is occurrences.type else occurrences.with_types(types)
    nodes = Nodes(
        typed,
        [
            scopes_of(typed, _versions(definitions)),
            _short_names(typed, said),
            scopes_of(typed, others),
            scopes_of(typed, apart),
        ],
    )
    names = _take_apart(nodes, memory.names)
    stems = Stems(*(names.tables["stems"][column].to_numpy() for column in ("hash", "length")))
    defined = _definitions_by_pair(nodes, definitions)
    listed = known.entries(nodes)
    owner = np.repeat(np.arange(len(nodes)), names.counts["grams"])
    left, right = union(
        [
            candidate_pairs(owner, names.tables["grams"]["gram"].to_numpy(), len(nodes)),
            alike_in_documents(nodes, said),
            of_one_name(nodes),
            columns(defined),
            columns(known.pairs(listed)),
        ],
        len(nodes),
    )
    identities = np.array(nodes.identities, dtype=np.uint64)
    keys = mix(identities[left], identities[right])
    kinds, kind = _relations(nodes, left, right, keys, memory)
    short_for = np.array([is_short_for(k) for k in kinds], dtype=bool)[kind]
    shorter = left_is_shorter(nodes, left, right, stems)
    short, long = np.where(shorter, left, right), np.where(shorter, right, left)
    stranger = np.zeros(len(nodes), dtype=bool)
    stranger[
        [
            i
            for name, scopes in others.items()
            for i in map(partial(nodes.find, name), scopes.values())
            if i is not None
        ]
    ] = True
    marks = {
        **marks_of_documents(nodes, said, left, right, short, short_for),
        **marks_of_list(left, right, listed, len(nodes)),
        "namesake": stranger[left] | stranger[right],
    }
    longer = full_names(short, long, short_for, stems)
    memory.documents, memory.names = said, names
    return Evidence(nodes, left, right, keys, kinds, kind, marks, longer, defined, listed)


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _versions(definitions: Sequence[Definition]) -> dict[Name, dict[str, str]]:
    """Bare versions count document by document where their family is named."""
    scoped: dict[Name, dict[str, str]] = defaultdict(dict)
    for definition in definitions:
        if definition.kind == VERSION:
            scoped[definition.type, definition.right][definition.doc_id] = definition.doc_id
    return scoped


def _short_names(occurrences: Occurrences, said: Parts) -> tuple[Numbers, Numbers, Numbers]:
    """Short names whose fuller forms differ between documents count document by document."""
    table, counts = said.tables["fuller"], said.counts["fuller"]
    document = np.repeat(np.arange(len(counts)), counts)
    name = occurrences.name[occurrences.starts[document] + table["short"].to_numpy()]
    different, stem = sorted_codes(table["stem"])
    codes = unique(name * (len(different) + 1) + stem)
    forms = np.bincount(codes // (len(different) + 1), minlength=len(occurrences.names))
    several = forms[name] > 1
    return name[several], document[several], document[several]


def _take_apart(nodes: Nodes, before: Parts | None) -> Parts:
    """By node its grams, and its stem's hash and length; `before` spares work on nodes that were there."""
    import pyarrow as pa

    identities = nodes.identities
    known = set(before.keys) if before else set()
    new = [(i, identity) for i, identity in enumerate(identities) if identity not in known]
    found = [grams(nodes[i]) for i, _ in new]
    stems = [nodes[i].parts.stem for i, _ in new]
    made = Parts(
        [identity for _, identity in new],
        {
            "grams": pa.table({"gram": pa.array(chain.from_iterable(found), pa.int64())}),
            "stems": pa.table(
                {
                    "hash": pa.array(map(hash_of, stems), pa.int64()),
                    "length": pa.array(map(len, stems), pa.int64()),
                }
            ),
        },
        {
            "grams": np.array([len(g) for g in found], dtype=np.int64),
            "stems": np.ones(len(new), dtype=np.int64),
        },
    )
    return arrange([made, *([before] if before else [])], identities)


def _relations(
    nodes: Nodes, left: Numbers, right: Numbers, keys: Hashes, memory: Memory
) -> tuple[list[str], Numbers]:
    """How the names of each pair are related: all relations, and the position of each pair's."""
    kinds = {kind: number for number, kind in enumerate(memory.kinds)}

    def compare(pairs: Sequence[int]) -> list[int]:
        found = [relation(nodes[int(left[p])], nodes[int(right[p])]) for p in pairs]
        return [kinds.setdefault(kind, len(kinds)) for kind in found]

    kind = memory.relations.get(keys, compare)
    memory.kinds = list(kinds)
    return memory.kinds, kind


def scores(evidence: Evidence, weights: Weights, memory: Memory) -> npt.NDArray[np.float64]:
    """The log-odds of each pair."""
    nothing = evidence.says_nothing_more
    alone = np.array([weights.score(unrelated(type_)) for type_ in TYPES])
    found: npt.NDArray[np.float64] = alone[evidence.nodes.type[evidence.left]]
    telling = np.flatnonzero(~nothing)
    circumstances = evidence.longer.astype(np.uint64) << np.uint64(8)
    for bit, name in enumerate(sorted(evidence.marks)):
        circumstances |= evidence.marks[name].astype(np.uint64) << np.uint64(bit)
    defined = np.zeros(len(found), dtype=np.uint64)
    defined[evidence.numbers(list(evidence.definitions))] = [
        hash_of("\x1f".join(d.kind for d in found)) for found in evidence.definitions.values()
    ]
    keys = mix(mix(evidence.keys, circumstances), defined)[telling]
    found[telling] = memory.scores.get(
        keys, lambda new: [weights.score(evidence.of(int(telling[n]))) for n in new]
    )
    return found


def _definitions_by_pair(nodes: Nodes, definitions: Sequence[Definition]) -> dict[Pair, list[Definition]]:
    by_pair: dict[Pair, list[Definition]] = defaultdict(list)
    for definition in definitions:
        left, right = (
            nodes.in_document((definition.type, key), definition.doc_id)
            for key in (definition.left, definition.right)
        )
        if left is not None and right is not None and left != right:
            by_pair[min(left, right), max(left, right)].append(definition)
    return dict(by_pair)


def join(
    evidence: Evidence,
    weights: Weights,
    threshold: float,
    together: Sequence[Pair] = (),
    apart: Sequence[Pair] = (),
    memory: Memory | None = None,
) -> tuple[list[int], list[Pair]]:
    """The cluster of each node (its first node's position), and the `together` pairs that `apart` forbids.

    Each block, which is what pairs above the threshold and decisions connect, is clustered by itself; where decisions
    do not touch it and its names, scores and threshold are those of the last linking, the memory has its clusters.
    """
    memory = Memory() if memory is None else memory
    nodes, left, right = evidence.nodes, evidence.left, evidence.right
    count, scored = len(nodes), scores(evidence, weights, memory)
    good = np.flatnonzero(scored > threshold)
    block = _blocks(count, [*_pairs(left[good], right[good]), *together, *apart])
    inner = np.flatnonzero(block[left] == block[right])
    decided = np.zeros(count, dtype=bool)
    decided[block[np.array([*together, *apart], dtype=np.int64).ravel()]] = True

    def contradict(i: int, j: int) -> bool:
        return evidence.known_as_two((min(i, j), max(i, j))) or cannot_be_one(nodes[i], nodes[j])

    def clusters(
        blocks: Marks, together: Sequence[Pair] = (), apart: Sequence[Pair] = ()
    ) -> tuple[Numbers, list[Pair]]:
        wanted = inner[blocks[block[left[inner]]]]
        pairs = dict(zip(_pairs(left[wanted], right[wanted]), scored[wanted].tolist(), strict=True))
        found, refused = cluster(count, pairs, threshold, together, apart, contradict)
        return np.array(found, dtype=np.int64), refused

    found, refused = clusters(decided, together, apart)
    by_block = np.argsort(block, kind="stable")
    starts = np.searchsorted(block[by_block], block)  # of each node's block
    rank = np.empty(count, dtype=np.int64)
    rank[by_block] = np.arange(count) - starts[by_block]
    free = np.flatnonzero(~decided[block] & (np.bincount(block, minlength=count)[block] > 1))

    def make(new: Sequence[int]) -> Sequence[int]:
        blocks = np.zeros(count, dtype=bool)
        blocks[block[free[new]]] = True
        ranks: list[int] = rank[clusters(blocks)[0][free[new]]].tolist() if new else []
        return ranks

    keys = _made_of(evidence, block, inner, scored, threshold)[free]
    found[free] = by_block[starts[free] + memory.blocks.get(keys, make)]
    return found.tolist(), refused


def _blocks(count: int, pairs: Iterable[Pair]) -> Numbers:
    """By node, the first node of those that the pairs connect with it."""
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(count))
    graph.add_edges_from_no_data(list(pairs))
    found = np.arange(count)
    for members in rustworkx.connected_components(graph):
        found[list(members)] = min(members)
    return found


def _made_of(
    evidence: Evidence, block: Numbers, inner: Numbers, scored: npt.NDArray[np.float64], threshold: float
) -> Hashes:
    """By node, a hash of the node and of all that says how its block is clustered."""
    identities = np.array(evidence.nodes.identities, dtype=np.uint64)
    pairs = mix(mix(evidence.keys, scored.view(np.uint64)), evidence.marks["known_as_two"].astype(np.uint64))
    blocks = np.full(len(block), hash_of(repr(threshold)), dtype=np.uint64)
    np.add.at(blocks, block, mix(identities, identities))
    np.add.at(blocks, block[evidence.left[inner]], pairs[inner])
    return mix(blocks[block], identities)


def _pairs(left: Numbers, right: Numbers) -> Iterator[Pair]:
    return zip(left.tolist(), right.tolist(), strict=True)
