"""How well linking joins names, with and without the shipped list of known aliases.

usage: python benchmarks/linking_quality.py [--shared ../shared]

gold         documents with hand-annotated names: B-cubed and alias pairs, as `kg evaluate --stage linking` defines them
pairs        tests/data/linking_pairs.csv, each name alone in a document, all in one run: recall of the pairs that must
             meet, number of pairs joined that must stay apart
finre        pairs of companies in one sentence, one thing or two (alias_pairs_dev.jsonl): F1, and F1 without the labels
             that are wrong. benchmarks/finre_disputed.csv lists these: all 313 pairs that share a character or are
             labelled the same were judged by facts, whatever the linker says of them. The right answers themselves
             have F1 0.85 on the labels as they are.
a-share      short name to full name among all listed companies (measured, not shipped): accuracy at 1
abbreviation Chinese abbreviation to full form among those of the development set (measured, not shipped)
What is not there is skipped.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.evaluation.documents import read_annotated
from kg.evaluation.predict import predict
from kg.evaluation.score import score
from kg.evaluation.stage import Stage
from kg.extraction import ExtractionSettings
from kg.linking import Decisions, LinkingSettings, link
from kg.linking.known import KnownNames
from kg.linking.normalise import name_key
from kg.linking.occurrences import occurrences
from kg.linking.partition import gather
from kg.linking.scoring import load_weights
from kg.progress import Silent
from kg.schema import EntityType
from kg.tables import Document, Mention

HERE = Path(__file__).parent


def gold(path: Path, settings: LinkingSettings) -> str:
    documents = read_annotated(path)
    predicted = predict(documents, Stage.LINKING, ExtractionSettings(), settings, Silent())
    found = score(documents, {d.doc_id: d for d in predicted})
    b, pairs = found.linking, found.alias_pairs
    return f"B-cubed {b.p:.3f} {b.r:.3f} F1 {b.f1:.3f}   alias pairs {pairs.p:.3f} {pairs.r:.3f} F1 {pairs.f1:.3f}"


def names_alone(names: Sequence[tuple[EntityType, str]]) -> tuple[list[Mention], list[Document]]:
    """Each name in a document of its own."""
    mentions = [Mention(f"d{i}", f"d{i}", 0, len(n), t, n, 1.0, "bench") for i, (t, n) in enumerate(names)]
    return mentions, [Document(f"d{i}", "", "", None, "zh", n, "") for i, (_, n) in enumerate(names)]


def own_pairs(path: Path, settings: LinkingSettings) -> str:
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    names = sorted({(EntityType(r["type"]), r[side]) for r in rows for side in ("left", "right")})
    mentions, documents = names_alone(names)
    entity = {
        r.mention_id: r.entity_id
        for r in link(mentions, [], documents, Decisions(), [], settings).mention_entities
    }
    of = {name: entity[f"d{i}"] for i, name in enumerate(names)}
    met = {"same": [], "different": []}
    for r in rows:
        type_ = EntityType(r["type"])
        met[r["judgement"]].append(of[type_, r["left"]] == of[type_, r["right"]])
    same, different = met["same"], met["different"]
    return f"recall {sum(same) / len(same):.3f} of {len(same)}   joined wrongly {sum(different)} of {len(different)}"


def finre(path: Path, settings: LinkingSettings) -> str:
    rows = [r for r in read_lines(path) if r["a"] != r["b"]]
    mentions, documents = [], []
    for number, row in enumerate(rows):
        doc_id = f"d{number:05}"
        documents.append(Document(doc_id, "", "", None, "zh", row["text"], ""))
        mentions.extend(named_in(doc_id, row["text"], (row["a"], row["b"])))
    result = link(mentions, [], documents, Decisions(), [], settings)
    entity = {r.mention_id: r.entity_id for r in result.mention_entities}
    of = {(m.doc_id, m.text): entity[m.mention_id] for m in reversed(mentions)}
    disputed_file = HERE / "finre_disputed.csv"
    disputed = set()
    if disputed_file.exists():
        listed = csv.DictReader(disputed_file.open(encoding="utf-8"))
        disputed = {(r["left"], r["right"], r["label"] == "same") for r in listed}
    answers = []
    for number, row in enumerate(rows):
        left, right = of.get((f"d{number:05}", row["a"])), of.get((f"d{number:05}", row["b"]))
        said = left is not None and left == right
        answers.append((said, bool(row["same"]), (row["a"], row["b"], bool(row["same"])) in disputed))
    agreed = [a for a in answers if not a[2]]
    return f"F1 {f1(answers):.3f}   without {len(answers) - len(agreed)} disputed {f1(agreed):.3f}"


def f1(answers: Sequence[tuple[bool, bool, bool]]) -> float:
    both = sum(said and true for said, true, _ in answers)
    wrong = sum(said != true for said, true, _ in answers)
    return 2 * both / (2 * both + wrong) if both else 0.0


def named_in(doc_id: str, text: str, names: tuple[str, str]) -> Iterator[Mention]:
    """Every occurrence of the names, the longer first, without overlaps."""
    taken: set[int] = set()
    for name in sorted(set(names), key=len, reverse=True):
        start = text.find(name)
        while start >= 0:
            span = range(start, start + len(name))
            if taken.isdisjoint(span):
                taken.update(span)
                mention_id = f"{doc_id}:{start}:{span.stop}"
                yield Mention(mention_id, doc_id, start, span.stop, EntityType.COMPANY, name, 1.0, "bench")
            start = text.find(name, start + 1)


def retrieval(pairs: Sequence[tuple[str, str]], type_: EntityType) -> str:
    """Share of the short names whose best-scored full name is right.

    The full name must not be the shorter one, and of equally good ones the shortest counts.
    """
    shorts, fulls = {name_key(s) for s, _ in pairs}, {name_key(f) for _, f in pairs}
    mentions, _ = names_alone([(type_, n) for n in sorted({n for pair in pairs for n in pair})])
    columns = occurrences(mentions)
    evidence = gather(columns, columns.type, {}, KnownNames(), {})
    weights = load_weights()
    best: dict[str, tuple[bool, float, int, str]] = {}
    for (i, j), features in evidence.pairs.items():
        for a, b in ((evidence.nodes[i], evidence.nodes[j]), (evidence.nodes[j], evidence.nodes[i])):
            if a.key in shorts and b.key in fulls:
                rank = (len(a.key) <= len(b.key), weights.score(features), -len(b.key), b.key)
                best[a.key] = max(best.get(a.key, rank), rank)
    right: dict[str, set[str]] = {}
    for short, full in pairs:
        right.setdefault(name_key(short), set()).add(name_key(full))
    hits = sum(short in full or (short in best and best[short][-1] in full) for short, full in right.items())
    return f"accuracy at 1 {hits / len(right):.3f} of {len(right)} short names among {len(fulls)} full names"


def read_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=HERE.parent.parent / "shared")
    shared = parser.parse_args().shared
    for curated in (True, False):
        settings = LinkingSettings(curated_names=curated)
        title = "with the list of known aliases" if curated else "without it"
        print(title)
        for name, path, measure in (
            ("gold dev", shared / "gold" / "dev.jsonl", gold),
            ("gold train", shared / "gold" / "train.jsonl", gold),
            ("pairs", HERE.parent / "tests" / "data" / "linking_pairs.csv", own_pairs),
            ("finre dev", shared / "data" / "finre" / "alias_pairs_dev.jsonl", finre),
        ):
            begun = time.perf_counter()
            text = measure(path, settings) if path.exists() else "skipped: not there"
            print(f"  {name:<12} {text}   ({time.perf_counter() - begun:.0f} s)", flush=True)
    listed = shared / "data" / "a_share_names" / "companies.jsonl"
    abbreviations = shared / "data" / "chinese_abbreviation" / "dev.jsonl"
    print("full names by the strings alone")
    if listed.exists():
        rows = [(r["name"], r["fullname"]) for r in read_lines(listed) if r.get("name") and r.get("fullname")]
        print(f"  a-share      {retrieval(rows, EntityType.COMPANY)}", flush=True)
    if abbreviations.exists():
        rows = [(r["abbr"], r["full"]) for r in read_lines(abbreviations) if r["abbr"]]
        print(f"  abbreviation {retrieval(rows, EntityType.ORGANIZATION)}")


if __name__ == "__main__":
    main()
