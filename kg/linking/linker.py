"""The stage: mentions and claims in, entities and relations out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from kg.linking.deals import assign_deals
from kg.linking.decisions import Decision, Decisions, Judgement
from kg.linking.identity import WITNESSES, Naming, mention_key, name_clusters, new_id
from kg.linking.known import KnownName, KnownNames, known_names
from kg.linking.lists import make_lists
from kg.linking.memory import Memory
from kg.linking.naming import aliases, best_name
from kg.linking.nodes import Nodes
from kg.linking.occurrences import TYPES, Name, Numbers, Occurrences, occurrences
from kg.linking.partition import Evidence, gather, join
from kg.linking.references import References, parse_key
from kg.linking.references import standing_apart as documents_apart
from kg.linking.relations import make_relations
from kg.linking.scoring import load_weights
from kg.linking.settings import LinkingSettings
from kg.schema import EntityType
from kg.tables import (
    Claim,
    Document,
    Dropped,
    Entity,
    Identity,
    Mention,
    MentionEntity,
    Relation,
    Rows,
    arrow_schema,
    as_rows,
)

#: Why a claim that a person rejected is left out.
REJECTED = "claim rejected by decision"


@dataclass(frozen=True, slots=True)
class Linking:
    """What linking gives. `claims` are the input's, in its order, with `deal_id`; all else is sorted by id."""

    entities: tuple[Entity, ...]
    mention_entities: Rows[MentionEntity]
    relations: tuple[Relation, ...]
    identities: tuple[Identity, ...]
    claims: tuple[Claim, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Partition:
    """The clusters before they have ids: by node the cluster's first node, and what the decisions did."""

    evidence: Evidence
    clusters: list[int]
    references: References
    dropped: list[Dropped]


def link(
    mentions: Sequence[Mention],
    claims: Sequence[Claim],
    documents: Sequence[Document],
    decisions: Decisions,
    identities: Sequence[Identity],
    settings: LinkingSettings | None = None,
    watch_list: Sequence[KnownName] = (),
    memory: Memory | None = None,
) -> Linking:
    """Link a whole build. `watch_list` holds names the user knows to be one thing, the best name first; `memory`
    spares work that the last linking did, and changes nothing else."""
    settings = settings or LinkingSettings()
    partition = make_partition(
        mentions, claims, documents, decisions, identities, settings, watch_list, memory
    )
    nodes = partition.evidence.nodes
    roots, cluster = np.unique(partition.clusters, return_inverse=True)
    naming = name_clusters(_recognised_by(nodes, cluster, len(roots), identities), identities)
    names = _decided_names(decisions, partition)
    entities = _entities(nodes, cluster, naming, {int(cluster[node]): name for node, name in names.items()})
    mention_entities = _mention_entities(nodes, cluster, naming)
    claims = list(claims)
    entity_of = _ends(claims, mention_entities)
    with_deals = assign_deals(claims, entity_of, {d.doc_id: d for d in documents})
    rejected = decisions.rejected_claims()
    relations, dropped = make_relations(
        [c for c in with_deals if c.claim_id not in rejected],
        entity_of,
        {e.entity_id: e.type for e in entities},
        {d.doc_id: d for d in documents},
        frozenset(decisions.confirmed_claims()),
    )
    dropped += [Dropped(c.doc_id, "link", REJECTED, 1, c.claim_id) for c in claims if c.claim_id in rejected]
    return Linking(
        entities=tuple(sorted(entities, key=lambda e: e.entity_id)),
        mention_entities=mention_entities,
        relations=tuple(relations),
        identities=naming.identities,
        claims=tuple(with_deals),
        dropped=(*partition.dropped, *dropped),
    )


def make_partition(
    mentions: Sequence[Mention],
    claims: Sequence[Claim],
    documents: Sequence[Document],
    decisions: Decisions,
    identities: Sequence[Identity],
    settings: LinkingSettings,
    watch_list: Sequence[KnownName] = (),
    memory: Memory | None = None,
) -> Partition:
    """Which mentions are one thing, decisions applied."""
    memory = Memory() if memory is None else memory
    columns = occurrences(mentions)
    texts = {d.doc_id: d.text for d in documents}
    known = _known(settings, watch_list)
    types = columns.type
    partition = _partition(columns, types, texts, claims, decisions, identities, settings, known, memory)
    if decisions.types():
        types = _decided_types(types, decisions, partition)
        partition = _partition(columns, types, texts, claims, decisions, identities, settings, known, memory)
    return partition


def _known(settings: LinkingSettings, watch_list: Sequence[KnownName]) -> KnownNames:
    entries = list(watch_list)
    if settings.curated_names:
        from kg.resources.aliases import load_aliases

        entries.extend(KnownName(e.type, (e.name, *e.aliases)) for e in load_aliases())
    return known_names(entries)


def _partition(
    columns: Occurrences,
    types: Numbers,
    texts: Mapping[str, str],
    claims: Sequence[Claim],
    decisions: Decisions,
    identities: Sequence[Identity],
    settings: LinkingSettings,
    known: KnownNames,
    memory: Memory,
) -> Partition:
    pairs = decisions.pairs()
    different = [(d.left, d.right) for d in pairs if d.judgement is Judgement.DIFFERENT]
    standing_apart = _standing_apart(different, columns, types, identities)
    evidence = gather(columns, types, texts, known, standing_apart, claims, memory)
    wanted = {side for d in pairs for side in (d.left, d.right)}
    wanted |= decisions.types().keys() | decisions.names().keys()
    references = References(evidence.nodes, identities, wanted)
    together, apart, dropped = _resolve(pairs, references, evidence.nodes)
    clusters, refused = join(
        evidence, load_weights(), settings.threshold, list(together), list(apart), memory
    )
    dropped += [_undone(together[pair], "decision same contradicts a decision different") for pair in refused]
    return Partition(evidence, clusters, references, dropped)


def _standing_apart(
    different: Sequence[tuple[str, str]],
    columns: Occurrences,
    types: Numbers,
    identities: Sequence[Identity],
) -> dict[Name, dict[str, str]]:
    wanted = {side for pair in different for side in pair if not parse_key(side)}
    ids: dict[str, str] = {}
    if wanted:
        typed = columns.with_types(types)
        for name, document in np.unique(np.stack([typed.name, typed.document]), axis=1).T.tolist():
            type_, text = typed.names[name]
            key = mention_key(type_, text, typed.documents[document])
            if (entity_id := new_id(type_, key)) in wanted:
                ids[entity_id] = key
        for row in identities:
            if row.entity_id in wanted:
                ids.setdefault(row.entity_id, row.key)
    return documents_apart(different, ids)


def _resolve(
    pairs: Sequence[Decision], references: References, nodes: Nodes
) -> tuple[dict[tuple[int, int], Decision], dict[tuple[int, int], Decision], list[Dropped]]:
    """The pairs of nodes that decisions join and part, and the decisions that mean nothing in this build."""
    together: dict[tuple[int, int], Decision] = {}
    apart: dict[tuple[int, int], Decision] = {}
    dropped: list[Dropped] = []
    for decision in pairs:
        left, right = references.find(decision.left), references.find(decision.right)
        if left is None or right is None:
            missing = decision.left if left is None else decision.right
            dropped.append(_undone(decision, "decision on something not in this build", missing))
        elif decision.judgement is Judgement.DIFFERENT:
            if left == right:
                dropped.append(_undone(decision, "decision different on one name in one document"))
            else:
                apart[min(left, right), max(left, right)] = decision
        elif nodes[left].type is not nodes[right].type:
            dropped.append(_undone(decision, "decision same across types"))
        elif left != right:
            together[min(left, right), max(left, right)] = decision
    return together, apart, dropped


def _undone(decision: Decision, reason: str, example: str | None = None) -> Dropped:
    return Dropped("", "link", reason, 1, example or f"{decision.left} | {decision.right}")


def _recognised_by(
    nodes: Nodes, cluster: Numbers, count: int, identities: Sequence[Identity]
) -> list[tuple[EntityType, list[str]]]:
    """The type of each cluster, and the mention keys by which it is recognised: the first of each of its names, and
    those that the last build knew."""
    import pyarrow as pa
    import pyarrow.compute as pc

    o, documents = nodes.occurrences, nodes.documents
    node = np.repeat(np.arange(len(nodes)), np.diff(documents.starts))
    rank = np.arange(len(node)) - documents.starts[node]
    begins = pa.array([mention_key(type_, key, "") for type_, key in o.names], pa.string())
    ends = pa.array(o.documents, pa.string())
    keys = pc.binary_join_element_wise(begins.take(nodes.name[node]), ends.take(documents.values), "")
    old = as_rows(Identity, identities).table["key"]
    wanted = np.flatnonzero((rank < WITNESSES) | pc.is_in(keys, old).to_numpy(zero_copy_only=False))
    types = np.zeros(count, dtype=np.int64)
    types[cluster] = nodes.type
    found: list[tuple[EntityType, list[str]]] = [(TYPES[t], []) for t in types.tolist()]
    for number, key in zip(cluster[node[wanted]].tolist(), keys.take(wanted).to_pylist(), strict=True):
        found[number][1].append(key)
    for _, recognised in found:
        recognised.sort()
    return found


def _decided_names(decisions: Decisions, partition: Partition) -> dict[int, str]:
    """By node, the name that a person gave its cluster."""
    found: dict[int, str] = {}
    for reference, name in decisions.names().items():
        node = partition.references.find(reference)
        if node is None:
            partition.dropped.append(
                Dropped("", "link", "decision on something not in this build", 1, reference)
            )
        else:
            found[node] = name
    return found


def _decided_types(types: Numbers, decisions: Decisions, partition: Partition) -> Numbers:
    """The types of the mentions with those that people gave to whole entities."""
    changed = types.copy()
    clusters = np.array(partition.clusters)
    cluster_of_mention = clusters[partition.evidence.nodes.of_mention]
    for reference, type_ in decisions.types().items():
        node = partition.references.find(reference)
        if node is not None:
            changed[cluster_of_mention == clusters[node]] = TYPES.index(type_)
    return changed


def _entities(nodes: Nodes, cluster: Numbers, naming: Naming, names: Mapping[int, str]) -> list[Entity]:
    """The entities by cluster; `names` are those that people gave."""
    o, count = nodes.occurrences, len(naming.ids)
    texts = len(o.texts) + 1
    spelt, times = np.unique(cluster[nodes.of_mention] * texts + o.text, return_counts=True)
    spellings: list[dict[str, int]] = [{} for _ in range(count)]
    for code, number in zip(spelt.tolist(), times.tolist(), strict=True):
        spellings[code // texts][o.texts[code % texts]] = number
    node = np.repeat(cluster, np.diff(nodes.documents.starts))
    documents = np.diff(make_lists(node, nodes.documents.values, count, nodes.documents.limit).starts)
    members: list[list[int]] = [[] for _ in range(count)]
    for i, number in enumerate(cluster.tolist()):
        members[number].append(i)
    entities = []
    types = nodes.type.tolist()
    for number, found in enumerate(documents.tolist()):
        type_ = TYPES[types[members[number][0]]]
        name = names.get(number) or best_name(
            type_, spellings[number], partial(map, nodes.__getitem__, members[number])
        )
        entities.append(
            Entity(
                entity_id=naming.ids[number],
                type=type_,
                name=name,
                aliases=aliases(name, spellings[number]),
                former_ids=naming.former_ids[number],
                mentions=sum(spellings[number].values()),
                documents=found,
            )
        )
    return entities


def _mention_entities(nodes: Nodes, cluster: Numbers, naming: Naming) -> Rows[MentionEntity]:
    """Which entity each mention names, sorted by mention."""
    import pyarrow as pa

    o = nodes.occurrences
    ids = pa.array(naming.ids, pa.string()).take(cluster[nodes.of_mention])
    table = pa.table(
        {"mention_id": o.rows.table["mention_id"].take(o.order), "entity_id": ids},
        schema=arrow_schema(MentionEntity),
    )
    return Rows(MentionEntity, table.sort_by("mention_id").combine_chunks())


def _ends(claims: Sequence[Claim], mention_entities: Rows[MentionEntity]) -> dict[str, str]:
    """The entities of the mentions that claims join."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = mention_entities.table
    wanted = {end for c in claims for end in (c.head_mention, c.tail_mention)}
    rows = table.filter(pc.is_in(table["mention_id"], value_set=pa.array(sorted(wanted), pa.string())))
    return dict(zip(rows["mention_id"].to_pylist(), rows["entity_id"].to_pylist(), strict=True))
