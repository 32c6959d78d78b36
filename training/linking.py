"""Train the linker's weights on annotated documents and write `kg/linking/data/weights.json`.

usage: python training/linking.py GOLD.jsonl [--finre alias_pairs_train.jsonl] [--folds 5] [--write]

The model is a logistic regression over the named features of `kg.linking.features`, fitted by Newton's
method with L2 from zero, so that the same data gives the same weights to the last digit. Only spans, types and the
entity of each mention are read; a pair of names is one thing if most of their mentions share an entity.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from kg.evaluation.documents import AnnotatedDocument, AnnotatedMention
from kg.evaluation.score import score as evaluate
from kg.linking import blocking
from kg.linking.known import KnownName, KnownNames, known_names
from kg.linking.normalise import name_key
from kg.linking.occurrences import occurrences
from kg.linking.partition import Evidence, gather, join
from kg.linking.scoring import Weights
from kg.linking.settings import LinkingSettings
from kg.resources.aliases import load_aliases
from kg.schema import EntityType
from kg.tables import Mention

#: Log-odds that are not learnt: what somebody wrote down is nearly sure.
GIVEN = {
    "known alias": 9.0,
    "known as two things": -9.0,
    "defined: cue in brackets": 9.0,
    "defined: cue": 7.0,
    "defined: that is": 5.0,
    "defined: renamed": 6.0,
    "defined: Chinese and Latin name together": 7.0,
    "Company: same stem, share/stock": 6.0,
    "works for somebody else": -15.0,
    "Person: sounds alike": 1.0,
    "Person: sounds alike, in one document": 3.0,
    "Person: sounds alike, first name too": 3.0,
    "Organization: same stem, spelling": 6.0,
    "Company: another trade, documents apart": -3.0,
    "Company: more than a trade, documents apart": -5.0,
    "Company: abbreviation, documents apart": -2.0,
    "Company: place on one side, group on the other": -6.0,
    "branch on one side": -4.0,
    "Region: kind of place": -6.0,
    "Policy: same stem, full title": 9.0,
    "Region: same stem, country before it": 6.0,
    "Region: one division": 9.0,
    "Region: two divisions": -9.0,
}
TARGET = Path(__file__).parent.parent / "kg" / "linking" / "data" / "weights.json"


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def mentions_of(documents: list[dict]) -> tuple[list[Mention], dict[str, str], dict[str, str]]:
    """Mentions, texts by document, gold entity by mention id."""
    mentions, texts, gold = [], {}, {}
    for document in documents:
        doc_id = document["doc_id"]
        texts[doc_id] = document["text"]
        for m in document["mentions"]:
            mention_id = f"{doc_id}:{m['start']}:{m['end']}"
            surface = document["text"][m["start"] : m["end"]]
            mentions.append(
                Mention(mention_id, doc_id, m["start"], m["end"], EntityType(m["type"]), surface, 1.0, "gold")
            )
            gold[mention_id] = m["entity"]
    return mentions, texts, gold


def evidence_of(documents: list[dict], known: KnownNames) -> tuple[Evidence, list[Mention], dict[str, str]]:
    mentions, texts, gold = mentions_of(documents)
    columns = occurrences(mentions)
    return gather(columns, columns.type, texts, known, {}), list(columns.mentions), gold


def labels_of(
    evidence: Evidence, mentions: list[Mention], gold: dict[str, str]
) -> dict[tuple[int, int], int]:
    nodes = evidence.nodes
    entities = [Counter(gold[mentions[p].mention_id] for p in nodes.mentions[i]) for i in range(len(nodes))]
    return {(i, j): int(bool(entities[i].keys() & entities[j].keys())) for i, j in evidence.pairs}


def is_reliable(features: dict[str, float], label: int) -> bool:
    """Whether a label can be learnt from: the annotators joined names within documents, so that names that never stand
    in one document are apart in the gold even where they are one thing (浙江 and 浙江省)."""
    apart = not any(name.endswith(": in one document") for name in features)
    return bool(label) or not (
        apart and any(": same stem" in n or n.endswith("is a full legal name") for n in features)
    )


def fit(rows: list[dict[str, float]], labels: list[int], l2: float = 1.0, rounds: int = 25) -> Weights:
    """Newton's method on the L2-penalised logistic loss; the types' own weights are hardly penalised."""
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, n in counts.items() if n >= 2 and name not in GIVEN)
    column = {name: k for k, name in enumerate(names)}
    # Equal rows are counted, not repeated; what is given is added to their log-odds.
    grouped: Counter[tuple] = Counter()
    for row, label in zip(rows, labels, strict=True):
        cells = tuple(sorted((column[n], v) for n, v in row.items() if n in column))
        grouped[cells, sum(GIVEN.get(n, 0.0) * v for n, v in row.items()), label] += 1
    matrix = np.zeros((len(grouped), len(names)))
    offset, target, times = np.zeros(len(grouped)), np.zeros(len(grouped)), np.zeros(len(grouped))
    for r, ((cells, given, label), n) in enumerate(sorted(grouped.items())):
        for k, value in cells:
            matrix[r, k] = value
        offset[r], target[r], times[r] = given, label, n
    penalty = np.asarray([0.05 if name in set(EntityType) else l2 for name in names])

    def loss(weight: np.ndarray) -> float:
        odds = matrix @ weight + offset
        return float(times @ (np.logaddexp(0, odds) - target * odds) + penalty @ weight**2 / 2)

    weight = np.zeros(len(names))
    for _ in range(rounds):
        probability = 1 / (1 + np.exp(-np.clip(matrix @ weight + offset, -30, 30)))
        gradient = matrix.T @ (times * (probability - target)) + penalty * weight
        if np.abs(gradient).max() < 1e-6:
            break
        curvature = (matrix * (times * probability * (1 - probability))[:, None]).T @ matrix + np.diag(
            penalty
        )
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while loss(weight - size * step) > loss(weight) and size > 1e-6:
            size /= 2
        weight = weight - size * step
    learnt = {name: round(float(w), 3) for name, w in zip(names, weight, strict=True)}
    return Weights({**learnt, **GIVEN})


Rows = tuple[list[dict[str, float]], list[int]]


@contextmanager
def comparing_more() -> Iterator[None]:
    """Pairs that share little are not compared in use; here they are the examples of names that are two things."""
    used = blocking.SHARED, blocking.KEPT
    blocking.SHARED, blocking.KEPT = 0.0, 40
    yield
    blocking.SHARED, blocking.KEPT = used


def rows_of_gold(documents: list[dict]) -> Rows:
    """The pairs of the annotated documents with reliable labels."""
    evidence, mentions, gold = evidence_of(documents, KnownNames())
    labels = labels_of(evidence, mentions, gold)
    pairs = [p for p in sorted(evidence.pairs) if is_reliable(evidence.pairs[p], labels[p])]
    return [evidence.pairs[p] for p in pairs], [labels[p] for p in pairs]


def rows_of_aliases() -> Rows:
    """The pairs among the names of the curated list, each name alone in a document: what names show by themselves."""
    bearers: dict[tuple[EntityType, str], set[int]] = {}
    for number, entry in enumerate(load_aliases()):
        for name in (entry.name, *entry.aliases):
            bearers.setdefault((entry.type, name), set()).add(number)
    names = sorted(bearers)
    mentions = [
        Mention(f"a{i:06}", f"a{i:06}", 0, len(name), type_, name, 1.0, "list")
        for i, (type_, name) in enumerate(names)
    ]
    columns = occurrences(mentions)
    evidence = gather(columns, columns.type, {}, KnownNames(), {})
    entities = [
        set().union(*(bearers[mentions[p].type, mentions[p].text] for p in evidence.nodes.mentions[i]))
        for i in range(len(evidence.nodes))
    ]
    pairs = sorted(evidence.pairs)
    # That no document names two of them together says nothing here.
    rows = [{n: v for n, v in evidence.pairs[p].items() if not n.endswith("documents apart")} for p in pairs]
    return rows, [int(bool(entities[i] & entities[j])) for i, j in pairs]


def contradicts_itself(row: dict) -> bool:
    """Whether a pair is labelled as one company and as owner and owned at once."""
    return bool(row["same"]) and not {"自己", "unknown"}.issuperset(row["labels"])


def rows_of_finre(path: Path) -> Rows:
    """The labelled pairs of FinRE (MIT): two companies in one sentence, one thing or two."""
    mentions, texts = [], {}
    votes: dict[frozenset[str], list[int]] = {}
    for number, row in enumerate(read(path)):
        if name_key(row["a"]) == name_key(row["b"]) or contradicts_itself(row):
            continue
        doc_id = f"f{number:06}"
        texts[doc_id] = row["text"]
        votes.setdefault(frozenset((name_key(row["a"]), name_key(row["b"]))), []).append(row["same"])
        taken: set[int] = set()
        for name in sorted((row["a"], row["b"]), key=len, reverse=True):
            start = row["text"].find(name)
            while start >= 0 and not taken.isdisjoint(range(start, start + len(name))):
                start = row["text"].find(name, start + 1)
            if start >= 0:
                end = start + len(name)
                taken.update(range(start, end))
                mention_id = f"{doc_id}:{start}:{end}"
                mentions.append(
                    Mention(mention_id, doc_id, start, end, EntityType.COMPANY, name, 1.0, "finre")
                )
    columns = occurrences(mentions)
    evidence = gather(columns, columns.type, texts, KnownNames(), {})
    rows, labels = [], []
    for i, j in sorted(evidence.pairs):
        label = votes.get(frozenset((evidence.nodes[i].key, evidence.nodes[j].key)))
        if label and evidence.nodes[i].key != evidence.nodes[j].key:
            rows.append(evidence.pairs[i, j])
            labels.append(int(2 * sum(label) > len(label)))
    return rows, labels


def score(documents: list[dict], known: KnownNames, weights: Weights) -> tuple[float, float]:
    """F1 of B-cubed and of alias pairs, as `kg evaluate --stage linking` has them."""
    evidence, mentions, gold = evidence_of(documents, known)
    clusters = join(evidence, weights, LinkingSettings().threshold)[0]
    found = {
        mention.mention_id: str(clusters[i])
        for mention, i in zip(mentions, evidence.nodes.of_mention, strict=True)
    }
    answers = {d.doc_id: d for d in annotated(documents, mentions, found)}
    scores = evaluate(annotated(documents, mentions, gold), answers)
    return scores.linking.f1, scores.alias_pairs.f1


def annotated(
    documents: list[dict], mentions: list[Mention], entity: dict[str, str]
) -> list[AnnotatedDocument]:
    spans = defaultdict(list)
    for m in mentions:
        spans[m.doc_id].append(AnnotatedMention(m.start, m.end, m.type.value, entity[m.mention_id]))
    return [AnnotatedDocument(d["doc_id"], d["text"], tuple(spans[d["doc_id"]]), ()) for d in documents]


def table(figures: list[float]) -> str:
    texts = [f"B-cubed {b:.3f} alias pairs {a:.3f}" for b, a in zip(figures[::2], figures[1::2], strict=True)]
    return "   without the list of known aliases: ".join(texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--finre", type=Path, help="alias_pairs_train.jsonl of FinRE")
    parser.add_argument(
        "--folds", type=int, default=0, help="also print the figures of cross-validation by document"
    )
    parser.add_argument("--l2", type=float, default=0.2)
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.name}")
    arguments = parser.parse_args()
    documents = read(arguments.gold)
    with comparing_more():
        further = [rows_of_aliases(), *([rows_of_finre(arguments.finre)] if arguments.finre else [])]

    def fit_on(part: list[dict]) -> Weights:
        with comparing_more():
            parts = [rows_of_gold(part), *further]
        print([(len(r), sum(y)) for r, y in parts], file=sys.stderr)
        return fit([x for r, _ in parts for x in r], [x for _, y in parts for x in y], arguments.l2)

    known = known_names(KnownName(e.type, (e.name, *e.aliases)) for e in load_aliases())
    sums = [0.0] * 4
    for k in range(arguments.folds):
        weights = fit_on([d for n, d in enumerate(documents) if n % arguments.folds != k])
        held_out = [d for n, d in enumerate(documents) if n % arguments.folds == k]
        figures = [*score(held_out, known, weights), *score(held_out, KnownNames(), weights)]
        sums = [a + b for a, b in zip(sums, figures, strict=True)]
        print(f"fold {k}  {table(figures)}", flush=True)
    if arguments.folds:
        print(f"mean    {table([a / arguments.folds for a in sums])}", flush=True)
    weights = fit_on(documents)
    if arguments.write:
        content = {
            "made_by": "training/linking.py",
            "meaning": "log-odds by feature; see kg/linking/features.py",
            "weights": dict(sorted(weights.values.items())),
        }
        TARGET.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
