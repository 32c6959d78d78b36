"""The stage: mentions and claims in, entities and relations out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.linking.deals import assign_deals
from kg.linking.decisions import Decision, Decisions, Judgement
from kg.linking.identity import WITNESSES, Naming, mention_key, name_clusters, new_id
from kg.linking.known import KnownName, KnownNames, known_names
from kg.linking.memory import Memory
from kg.linking.naming import aliases, best_name
from kg.linking.nodes import Name, Node, sort_mentions
from kg.linking.partition import Evidence, gather, join
from kg.linking.references import References, parse_key
from kg.linking.references import standing_apart as documents_apart
from kg.linking.relations import make_relations
from kg.linking.scoring import load_weights
from kg.linking.settings import LinkingSettings
from kg.schema import EntityType
from kg.tables import Claim, Document, Dropped, Entity, Identity, Mention, MentionEntity, Relation

#: Why a claim that a person rejected is left out.
REJECTED = "claim rejected by decision"


@dataclass(frozen=True, slots=True)
class Linking:
    """What linking gives. `claims` are the input's, in its order, with `deal_id`; all else is sorted by id."""

    entities: tuple[Entity, ...]
    mention_entities: tuple[MentionEntity, ...]
    relations: tuple[Relation, ...]
    identities: tuple[Identity, ...]
    claims: tuple[Claim, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Partition:
    """The clusters before they have ids: nodes, by node the cluster's first node, and how each was decided."""

    mentions: list[Mention]
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
    claims = list(claims)
    partition = make_partition(
        mentions, claims, documents, decisions, identities, settings, watch_list, memory
    )
    members = _members(partition.clusters)
    nodes = partition.evidence.nodes
    naming = _name(members, nodes, identities)
    names = _decided_names(decisions, partition)
    entities, mention_entities = _entities(members, partition, naming, names)
    entity_of = {row.mention_id: row.entity_id for row in mention_entities}
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
        mention_entities=tuple(sorted(mention_entities, key=lambda r: r.mention_id)),
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
    ordered = sort_mentions(mentions)
    texts = {d.doc_id: d.text for d in documents}
    known = _known(settings, watch_list)
    types = [m.type for m in ordered]
    partition = _partition(ordered, types, texts, claims, decisions, identities, settings, known, memory)
    if decisions.types():
        types = _decided_types(types, decisions, partition)
        partition = _partition(ordered, types, texts, claims, decisions, identities, settings, known, memory)
    return partition


def _known(settings: LinkingSettings, watch_list: Sequence[KnownName]) -> KnownNames:
    entries = list(watch_list)
    if settings.curated_names:
        from kg.resources.aliases import load_aliases

        entries.extend(KnownName(e.type, (e.name, *e.aliases)) for e in load_aliases())
    return known_names(entries)


def _partition(
    mentions: list[Mention],
    types: Sequence[EntityType],
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
    standing_apart = _standing_apart(different, mentions, types, identities)
    evidence = gather(mentions, types, texts, known, standing_apart, claims, memory)
    wanted = {side for d in pairs for side in (d.left, d.right)}
    wanted |= decisions.types().keys() | decisions.names().keys()
    references = References(evidence.nodes, identities, wanted)
    together, apart, dropped = _resolve(pairs, references, evidence.nodes)
    clusters, refused = join(evidence, load_weights(), settings.threshold, list(together), list(apart))
    dropped += [_undone(together[pair], "decision same contradicts a decision different") for pair in refused]
    return Partition(mentions, evidence, clusters, references, dropped)


def _standing_apart(
    different: Sequence[tuple[str, str]],
    mentions: Sequence[Mention],
    types: Sequence[EntityType],
    identities: Sequence[Identity],
) -> dict[Name, dict[str, str]]:
    wanted = {side for pair in different for side in pair if not parse_key(side)}
    ids: dict[str, str] = {}
    if wanted:
        from kg.linking.normalise import name_key

        for mention, type_ in zip(mentions, types, strict=True):
            key = mention_key(type_, name_key(mention.text), mention.doc_id)
            if (entity_id := new_id(type_, key)) in wanted:
                ids[entity_id] = key
        for row in identities:
            if row.entity_id in wanted:
                ids.setdefault(row.entity_id, row.key)
    return documents_apart(different, ids)


def _resolve(
    pairs: Sequence[Decision], references: References, nodes: Sequence[Node]
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


def _members(clusters: Sequence[int]) -> list[list[int]]:
    """Positions of nodes by cluster, in order of the first."""
    found: dict[int, list[int]] = defaultdict(list)
    for node, root in enumerate(clusters):
        found[root].append(node)
    return [found[root] for root in sorted(found)]


def _name(members: Sequence[Sequence[int]], nodes: Sequence[Node], identities: Sequence[Identity]) -> Naming:
    old = {row.key for row in identities}
    clusters = []
    for cluster in members:
        keys = []
        for i in cluster:
            node = nodes[i]
            for rank, doc_id in enumerate(sorted(node.documents)):
                key = mention_key(node.type, node.key, doc_id)
                if rank < WITNESSES or key in old:
                    keys.append(key)
        clusters.append((nodes[cluster[0]].type, sorted(keys)))
    return name_clusters(clusters, identities)


def _decided_names(decisions: Decisions, partition: Partition) -> dict[int, str]:
    """By cluster, the name a person gave it."""
    found: dict[int, str] = {}
    for reference, name in decisions.names().items():
        node = partition.references.find(reference)
        if node is None:
            partition.dropped.append(
                Dropped("", "link", "decision on something not in this build", 1, reference)
            )
        else:
            found[partition.clusters[node]] = name
    return found


def _decided_types(
    types: Sequence[EntityType], decisions: Decisions, partition: Partition
) -> list[EntityType]:
    """The types of the mentions with those that people gave to whole entities."""
    changed = list(types)
    members: dict[int, list[int]] = defaultdict(list)
    for i, root in enumerate(partition.clusters):
        members[root].append(i)
    for reference, type_ in decisions.types().items():
        node = partition.references.find(reference)
        if node is None:
            continue
        for i in members[partition.clusters[node]]:
            for position in partition.evidence.nodes[i].mentions:
                changed[position] = type_
    return changed


def _entities(
    members: Sequence[Sequence[int]], partition: Partition, naming: Naming, names: Mapping[int, str]
) -> tuple[list[Entity], list[MentionEntity]]:
    nodes, mentions = partition.evidence.nodes, partition.mentions
    entities, rows = [], []
    for number, cluster in enumerate(members):
        entity_id = naming.ids[number]
        spellings: Counter[str] = Counter()
        documents: set[str] = set()
        for i in cluster:
            documents.update(nodes[i].documents)
            for position in nodes[i].mentions:
                spellings[mentions[position].text] += 1
                rows.append(MentionEntity(mentions[position].mention_id, entity_id))
        name = names.get(cluster[0]) or best_name([nodes[i] for i in cluster], spellings)
        entities.append(
            Entity(
                entity_id=entity_id,
                type=nodes[cluster[0]].type,
                name=name,
                aliases=aliases(name, spellings),
                former_ids=naming.former_ids[number],
                mentions=sum(spellings.values()),
                documents=len(documents),
            )
        )
    return entities, rows
