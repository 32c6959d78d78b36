"""From mentions to clusters of names: the part of linking that says what is one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from kg.linking.blocking import candidate_pairs, local_pairs
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
from kg.linking.nodes import Name, Node, group, make_nodes, sentence_numbers
from kg.linking.people import namesakes
from kg.linking.scoring import Weights
from kg.schema import EntityType
from kg.tables import Claim, Mention


@dataclass(slots=True)
class Evidence:
    """Nodes, the pairs of them worth comparing, and what speaks for and against each pair."""

    nodes: list[Node]
    pairs: dict[Pair, dict[str, float]]
    definitions: dict[Pair, list[Definition]]


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
) -> Evidence:
    """All evidence. `mentions` are sorted; `apart` names, by name and document, mentions that stand for themselves;
    `claims` tell who works where."""
    definitions = definitions_of(mentions, texts)
    groups = group(mentions, types)
    scoped = scopes(groups, definitions)
    others = namesakes(groups, mentions, claims, texts, known)
    for name, documents in (*others.items(), *apart.items()):
        scoped.setdefault(name, {}).update(documents)
    nodes = make_nodes(mentions, groups, scoped, sentence_numbers(mentions, texts))
    by_pair = _definitions_by_pair(nodes, definitions)
    pairs = sorted(
        {*candidate_pairs(nodes), *local_pairs(nodes), *by_pair, *_same_names(nodes), *known.pairs(nodes)}
    )
    kinds = {pair: relation(nodes[pair[0]], nodes[pair[1]]) for pair in pairs}
    longer, only_match = possible_full_names(nodes, kinds)
    strangers = frozenset(
        i for i, n in enumerate(nodes) if n.doc_id and n.doc_id in others.get((n.type, n.key), {}).values()
    )
    context = Context(by_pair, longer, only_match, known.entries(nodes), strangers)
    remote = {t: unrelated(t) for t in EntityType}
    found = {}
    for pair in pairs:
        if kinds[pair] == UNRELATED and pair not in by_pair and not context.shares_entry(pair):
            found[pair] = remote[nodes[pair[0]].type]
        else:
            found[pair] = features(nodes, pair, kinds[pair], context)
    return Evidence(nodes, found, by_pair)


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
    nodes, pairs = evidence.nodes, evidence.pairs

    def contradict(i: int, j: int) -> bool:
        return cannot_be_one(nodes[i], nodes[j]) or "known as two things" in pairs.get(
            (min(i, j), max(i, j)), ()
        )

    scores = {pair: weights.score(found) for pair, found in evidence.pairs.items()}
    return cluster(len(nodes), scores, threshold, together, apart, contradict)
