"""From mentions to clusters of names: the part of linking that says what is one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby

import numpy as np
import numpy.typing as npt

from kg.linking.blocking import candidate_pairs, grams, local_pairs
from kg.linking.clustering import cluster
from kg.linking.definitions import Definition, find_definitions
from kg.linking.features import (
    UNRELATED,
    Context,
    Pair,
    cannot_be_one,
    features,
    possible_full_names,
    relation,
    unrelated,
)
from kg.linking.known import KnownNames
from kg.linking.local import refer_back, scopes
from kg.linking.memory import Memory
from kg.linking.nodes import Name, Node, group, make_nodes, sentence_numbers
from kg.linking.people import namesakes
from kg.linking.scoring import Weights
from kg.schema import EntityType
from kg.tables import Claim, Mention


@dataclass
class Evidence:
    """Nodes, how the names of each pair worth comparing are related, by which `keys` (in the same order) a memory knows
    the pairs, and what the documents say of them."""

    nodes: list[Node]
    kinds: dict[Pair, str]
    keys: npt.NDArray[np.uint64]
    context: Context
    memory: Memory

    def of(self, pair: Pair) -> dict[str, float]:
        """What speaks for and against one of the pairs."""
        if self.says_nothing_more(pair):
            return unrelated(self.nodes[pair[0]].type)
        return features(self.nodes, pair, self.kinds[pair], self.context)

    def says_nothing_more(self, pair: Pair) -> bool:
        """Whether all that is known of a pair is that its names have some characters in common."""
        context = self.context
        return (
            self.kinds[pair] == UNRELATED
            and pair not in context.definitions
            and not context.shares_entry(pair)
        )

    @cached_property
    def pairs(self) -> dict[Pair, dict[str, float]]:
        """What speaks for and against each pair."""
        return {pair: self.of(pair) for pair in self.kinds}


def definitions_of(mentions: Sequence[Mention], texts: Mapping[str, str]) -> list[Definition]:
    """What the documents say about their names. `mentions` are sorted by document and start."""
    found: list[Definition] = []
    for doc_id, members in groupby(mentions, key=lambda m: m.doc_id):
        ordered = list(members)
        text = texts.get(doc_id)
        if text is not None and len(ordered) > 1:
            found.extend(find_definitions(text, ordered))
            found.extend(refer_back(text, ordered))
    return found


def gather(
    mentions: Sequence[Mention],
    types: Sequence[EntityType],
    texts: Mapping[str, str],
    known: KnownNames,
    apart: Mapping[Name, Mapping[str, str]],
    claims: Sequence[Claim] = (),
    memory: Memory | None = None,
) -> Evidence:
    """All evidence. `mentions` are sorted; `apart` names, by name and document, mentions that stand for themselves;
    `claims` tell who works where."""
    memory = Memory() if memory is None else memory
    definitions = definitions_of(mentions, texts)
    groups = group(mentions, types)
    scoped = scopes(groups, definitions)
    others = namesakes(groups, mentions, claims, texts, known)
    for name, documents in (*others.items(), *apart.items()):
        scoped.setdefault(name, {}).update(documents)
    nodes = make_nodes(mentions, groups, scoped, sentence_numbers(mentions, texts))
    del groups, scoped  # which are as large as the nodes
    by_pair = _definitions_by_pair(nodes, definitions)
    identities = [node.identity for node in nodes]
    names = [memory.grams.get(i, partial(grams, n)) for i, n in zip(identities, nodes, strict=True)]
    others_too = {*local_pairs(nodes), *by_pair, *_same_names(nodes), *known.pairs(nodes)}
    pairs = list(dict.fromkeys(sorted([*candidate_pairs(nodes, names), *others_too])))
    keys = _pair_keys(identities, pairs)
    kinds = {
        pair: memory.relations.get(key, partial(relation, nodes[pair[0]], nodes[pair[1]]))
        for pair, key in zip(pairs, keys.tolist(), strict=True)
    }
    longer, only_match = possible_full_names(nodes, kinds)
    strangers = frozenset(
        i for i, n in enumerate(nodes) if n.doc_id and n.doc_id in others.get((n.type, n.key), {}).values()
    )
    context = Context(by_pair, longer, only_match, known.entries(nodes), strangers)
    return Evidence(nodes, kinds, keys, context, memory)


def _pair_keys(identities: Sequence[int], pairs: Sequence[Pair]) -> npt.NDArray[np.uint64]:
    """A 64-bit hash of each pair of nodes."""
    hashes = np.array(identities, dtype=np.uint64)
    sides = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    left, right = hashes[sides[:, 0]], hashes[sides[:, 1]]
    mixed = (left ^ (left >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15) + right
    keys: npt.NDArray[np.uint64] = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return keys


def scores(evidence: Evidence, weights: Weights) -> dict[Pair, float]:
    """The log-odds of each pair."""

    def score(pair: Pair) -> float:
        return weights.score(evidence.of(pair))

    nodes, context, kept = evidence.nodes, evidence.context, evidence.memory.scores
    nothing_more = {type_: weights.score(unrelated(type_)) for type_ in EntityType}
    found = {}
    for pair, key in zip(evidence.kinds, evidence.keys.tolist(), strict=True):
        if evidence.says_nothing_more(pair):
            found[pair] = nothing_more[nodes[pair[0]].type]
        elif pair in context.definitions:
            found[pair] = score(pair)
        else:
            circumstances = context.circumstances(nodes, pair)
            found[pair] = kept.get((key, circumstances), partial(score, pair))
    return found


def _same_names(nodes: Sequence[Node]) -> set[Pair]:
    """Pairs of nodes that bear one name in different documents."""
    found: set[Pair] = set()
    for _, members in groupby(range(len(nodes)), key=lambda i: (nodes[i].type, nodes[i].key)):
        same = list(members)
        # The node of the name everywhere else sorts first; those of single documents meet through it.
        found.update((same[0], other) for other in same[1:])
    return found


def _definitions_by_pair(
    nodes: Sequence[Node], definitions: Sequence[Definition]
) -> dict[Pair, list[Definition]]:
    positions: dict[tuple[EntityType, str, str | None], int] = {
        (node.type, node.key, node.doc_id): i for i, node in enumerate(nodes)
    }

    def find(type_: EntityType, key: str, doc_id: str) -> int | None:
        found = positions.get((type_, key, doc_id))
        return positions.get((type_, key, None)) if found is None else found

    by_pair: dict[Pair, list[Definition]] = defaultdict(list)
    for definition in definitions:
        left = find(definition.type, definition.left, definition.doc_id)
        right = find(definition.type, definition.right, definition.doc_id)
        if left is not None and right is not None and left != right:
            by_pair[min(left, right), max(left, right)].append(definition)
    return dict(by_pair)


def join(
    evidence: Evidence,
    weights: Weights,
    threshold: float,
    together: Sequence[Pair] = (),
    apart: Sequence[Pair] = (),
) -> tuple[list[int], list[Pair]]:
    """The cluster of each node (its first node's position), and the `together` pairs that `apart` forbids."""
    nodes = evidence.nodes

    def contradict(i: int, j: int) -> bool:
        pair = (min(i, j), max(i, j))
        known_as_two = pair in evidence.kinds and evidence.context.known_as_two(pair)
        return known_as_two or cannot_be_one(nodes[i], nodes[j])

    return cluster(len(nodes), scores(evidence, weights), threshold, together, apart, contradict)
