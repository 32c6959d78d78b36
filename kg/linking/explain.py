"""Why names were joined or kept apart, and which pairs a person should look at: the evidence, weight by weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

from kg.linking.decisions import Decisions, Judgement
from kg.linking.definitions import APART
from kg.linking.features import UNRELATED, Pair, cannot_be_one, relation
from kg.linking.identity import mention_key
from kg.linking.known import KnownName
from kg.linking.linker import Partition, make_partition
from kg.linking.normalise import name_key
from kg.linking.scoring import load_weights
from kg.linking.settings import LinkingSettings
from kg.tables import Claim, Document, Identity, Mention

#: Characters of text shown on each side of a name.
CONTEXT = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of evidence: its name, what it adds to the log-odds, and what was seen."""

    evidence: str
    weight: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The evidence on two names. `total` is in log-odds, above `threshold` they are one thing; `joined` says whether
    they are one entity now, and `because` by what: evidence, decision, or other names of the two entities."""

    left: str
    right: str
    joined: bool
    total: float
    threshold: float
    because: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A pair for a person: the mention keys that a decision would name, and where the names stand."""

    left: str
    right: str
    left_name: str
    right_name: str
    type: str
    joined: bool
    explanation: Explanation
    left_sentences: tuple[str, ...]
    right_sentences: tuple[str, ...]


class Explainer:
    """Explains one partition. Build it once with the inputs of `link`, then ask."""

    def __init__(
        self,
        mentions: Sequence[Mention],
        claims: Sequence[Claim],
        documents: Sequence[Document],
        decisions: Decisions,
        identities: Sequence[Identity] = (),
        settings: LinkingSettings | None = None,
        watch_list: Sequence[KnownName] = (),
    ) -> None:
        self._settings = settings or LinkingSettings()
        self._decisions = decisions
        self._texts = {d.doc_id: d.text for d in documents}
        self._partition: Partition = make_partition(
            mentions, claims, documents, decisions, identities, self._settings, watch_list
        )
        self._nodes = self._partition.evidence.nodes
        self._mentions = list(self._nodes.occurrences.mentions)
        of_mention = self._nodes.of_mention.tolist()
        self._node_of = {m.mention_id: i for m, i in zip(self._mentions, of_mention, strict=True)}
        self._decided = self._decided_pairs()

    def within(self, mention_ids: Sequence[str]) -> list[Explanation]:
        """Why these mentions are one entity: for each of their names after the first, its strongest link."""
        members = sorted(
            {self._node_of[m] for m in mention_ids}, key=lambda i: (-len(self._nodes.mentions[i]), i)
        )
        found = []
        for rank, i in enumerate(members[1:], start=1):
            others = members[:rank]
            best = max(others, key=lambda j: (self._score(i, j), -j))
            found.append(self.pair(best, i))
        return found

    def named(self, mention_ids: Sequence[str], name: str) -> list[str]:
        """Those of the mentions that bear this name, in any spelling."""
        key = name_key(name)
        return [m for m in mention_ids if self._nodes[self._node_of[m]].key == key]

    def between(self, left_ids: Sequence[str], right_ids: Sequence[str]) -> Explanation:
        """The strongest evidence between a mention of the one and a mention of the other entity."""
        left = sorted({self._node_of[m] for m in left_ids})
        right = sorted({self._node_of[m] for m in right_ids})
        best = max(((i, j) for i in left for j in right), key=lambda p: (self._score(*p), -p[0], -p[1]))
        return self.pair(*best)

    def pair(self, i: int, j: int) -> Explanation:
        """The evidence on two nodes, strongest first."""
        pair = (min(i, j), max(i, j))
        a, b = self._nodes[i], self._nodes[j]
        steps: list[Step] = []
        judgement = self._decided.get(pair)
        if judgement:
            steps.append(Step(f"decision: {judgement[0].value}", 0.0, judgement[1]))
        if a.type is not b.type:
            steps.append(Step("two types", 0.0, f"{a.type} and {b.type} are never joined"))
        features = self._partition.evidence.pairs.get(pair)
        if features is None:
            if a.type is b.type:
                steps.append(Step("never compared", 0.0, "the names share nothing rare"))
        else:
            values = load_weights().values
            weighed = [
                Step(name, round(values.get(name, 0.0) * value, 3), self._detail(name, pair))
                for name, value in features.items()
                if values.get(name, 0.0) * value
            ]
            # First where two names of the type stand before any evidence, then the heaviest.
            steps += sorted(weighed, key=lambda s: (s.evidence != a.type, -abs(s.weight), s.evidence))
        if a.type is b.type and i != j and cannot_be_one(a, b):
            steps.append(
                Step("names contradict each other", 0.0, "other place, version, number or first name")
            )
        joined = self._partition.clusters[i] == self._partition.clusters[j]
        total, threshold = round(sum(s.weight for s in steps), 3), self._settings.threshold
        because = "evidence" if joined == (total > threshold) else "other names"
        if judgement and judgement[0] is (Judgement.SAME if joined else Judgement.DIFFERENT):
            because = "decision"
        return Explanation(a.text, b.text, joined, total, threshold, because, tuple(steps))

    def questions(self, limit: int = 50) -> list[Question]:
        """The pairs a person should decide, most valuable first: uncertain, and between names that are often used.

        Pairs that were decided, also as unsure, are left out.
        """
        weights = load_weights()
        ranked: list[tuple[float, Pair]] = []
        for pair, features in self._partition.evidence.pairs.items():
            if pair in self._decided:
                continue
            a, b = self._nodes[pair[0]], self._nodes[pair[1]]
            distance = abs(weights.score(features) - self._settings.threshold)
            if distance > 4 or relation(a, b) in ("same name", UNRELATED):
                continue
            value = sum(log1p(len(self._nodes.mentions[side])) for side in pair)
            ranked.append((value / (0.5 + distance), pair))
        ranked.sort(key=lambda r: (-r[0], r[1]))
        return [self._question(pair) for _, pair in ranked[:limit]]

    def _question(self, pair: Pair) -> Question:
        a, b = self._nodes[pair[0]], self._nodes[pair[1]]
        explanation = self.pair(*pair)
        return Question(
            left=self._key(pair[0]),
            right=self._key(pair[1]),
            left_name=a.text,
            right_name=b.text,
            type=a.type.value,
            joined=explanation.joined,
            explanation=explanation,
            left_sentences=self._sentences(pair[0]),
            right_sentences=self._sentences(pair[1]),
        )

    def _sentences(self, node: int, limit: int = 3) -> tuple[str, ...]:
        found: list[str] = []
        for position in self._nodes.mentions[node][:limit].tolist():
            mention = self._mentions[position]
            text = self._texts.get(mention.doc_id)
            if text is not None:
                around = text[max(0, mention.start - CONTEXT) : mention.end + CONTEXT]
                found.append(f"{mention.doc_id}: {' '.join(around.split())}")
        return tuple(found)

    def _score(self, i: int, j: int) -> float:
        features = self._partition.evidence.pairs.get((min(i, j), max(i, j)))
        return load_weights().score(features) if features is not None else float("-inf")

    def _detail(self, name: str, pair: Pair) -> str:
        """Where a definition stands, or what the two names are."""
        if name.startswith("defined: "):
            kind = name.removeprefix("defined: ").removesuffix(" (region)")
            for definition in self._partition.evidence.definitions.get(pair, ()):
                if definition.kind == kind:
                    text = self._texts.get(definition.doc_id, "")[definition.start : definition.end + 2]
                    verb = "apart" if kind in APART else "one"
                    return f"{definition.doc_id} ({verb}): {' '.join(text.split())[:80]}"
        a, b = self._nodes[pair[0]], self._nodes[pair[1]]
        if name == a.type:
            return f"two names of this type ({a.type}), before any evidence"
        if "place" in name:
            return f"{a.parts.place or '-'} / {b.parts.place or '-'}"
        if "number" in name:
            return f"{' '.join(a.parts.numbers) or '-'} / {' '.join(b.parts.numbers) or '-'}"
        if name.startswith(f"{a.type.value}: "):
            return f"{a.parts.stem} / {b.parts.stem}"
        return ""

    def _decided_pairs(self) -> dict[Pair, tuple[Judgement, str]]:
        found: dict[Pair, tuple[Judgement, str]] = {}
        for decision in self._decisions.rows:
            if not decision.judgement.on_pair:
                continue
            left, right = (
                self._partition.references.find(decision.left),
                self._partition.references.find(decision.right),
            )
            if left is not None and right is not None and left != right:
                note = " ".join(filter(None, (decision.who, decision.when, decision.note)))
                found[min(left, right), max(left, right)] = (decision.judgement, note)
        return found

    def _key(self, node: int) -> str:
        named = self._nodes[node]
        return mention_key(named.type, named.text, self._nodes.document_ids(node)[0])
