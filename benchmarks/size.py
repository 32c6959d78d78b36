"""Time, memory and disk of a build by stage and size: the table `size.csv` and the plot `size.svg`.

    python benchmarks/size.py build 1000 10000 30000      # first documents of ../shared/corpora/xinwenlianbo.jsonl
    python benchmarks/size.py recombine 100000 1000000    # tables of so many, from the documents of the largest build
    python benchmarks/size.py draw                        # size.svg and the table for the README

A larger build goes on from the cache of the one before, and the cost of what was taken from there is added; so 30,000
documents are extracted once. Recombined documents are copies of extracted ones with ids of their own, in which every
name that no more than two documents of the corpus bear is written with other characters, the same ones throughout a
copy: the well-known names recur, the rare ones are new ones. They go through linking, tables and store. Each size runs
in a process of its own. Memory is the highest resident set of the main process in that stage; a worker has its own.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
import multiprocessing
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from kg import folder as layout
from kg.tables import TABLES, Claim, Document, Mention, read_table, write_table

HERE = Path(__file__).parent
TABLE, PLOT = HERE / "size.csv", HERE / "size.svg"
COLUMNS = (
    *("kind", "documents", "stage", "seconds", "cpu_seconds", "main_cpu_seconds", "peak_mb", "disk_mb"),
    *("characters", "mentions", "claims", "entities", "relations"),
)
#: Names of more documents than this are well known; characters more frequent than this stay.
RARE, FREQUENT = 2, 200


class Meter:
    """A `Progress` that takes the time, CPU time (with the workers' and without) and highest memory of each stage."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        self._name = ""

    def stage(self, name: str, total: int, unit: str) -> None:
        self.end()
        self._name, self._clock, self._cpu, self._main = (
            name,
            time.perf_counter(),
            _cpu(),
            time.process_time(),
        )
        Path("/proc/self/clear_refs").write_text("5")  # the highest memory is counted anew from here

    def advance(self, count: int) -> None:
        pass

    def end(self) -> None:
        if self._name:
            row: dict[str, object] = {
                "stage": self._name,
                "seconds": round(time.perf_counter() - self._clock, 2),
                "main_cpu_seconds": round(time.process_time() - self._main, 2),
            }
            while multiprocessing.active_children():  # whose time counts once they have ended
                time.sleep(0.05)
            status = Path("/proc/self/status").read_text()
            peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
            self.rows.append({**row, "cpu_seconds": round(_cpu() - self._cpu, 2), "peak_mb": round(peak)})
        self._name = ""


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def disk_mb(folder: Path, *names: str) -> float:
    return round(sum((folder / name).stat().st_size for name in names if (folder / name).exists()) / 1e6, 2)


def build(count: int, work: Path, shared: Path, jobs: int) -> None:
    from kg.building.run import build as run
    from kg.building.settings import BuildSettings
    from kg.building.workers import Processes

    source = work / f"first-{count}"
    source.mkdir(parents=True, exist_ok=True)
    with (shared / "corpora" / "xinwenlianbo.jsonl").open(encoding="utf-8") as lines:
        for number in range(0, count, 500):
            if part := list(islice(lines, min(500, count - number))):
                (source / f"part-{number:06}.jsonl").write_text("".join(part), encoding="utf-8")
    meter = Meter()
    out = work / "out"
    settings = BuildSettings((str(source),))
    report = run(out, settings, Processes(jobs), meter, may_be_empty=False).report
    meter.end()
    rows = {row["stage"]: row for row in meter.rows}
    disk = {
        "extract": disk_mb(out, layout.CACHE),
        "write": disk_mb(out, layout.STORE, *(f"{name}.parquet" for name in TABLES)),
    }
    size = {
        "kind": "real",
        "documents": report.documents,
        "characters": report.characters,
        "mentions": sum(report.mentions.values()),
        "claims": sum(report.claims.values()),
        "entities": sum(report.entities.values()),
        "relations": sum(report.relations.values()),
    }
    measured = list(rows.values())
    for row in _with_reused(measured, report.documents) if report.reused else measured:
        _record({**size, **row, "disk_mb": disk.get(str(row["stage"]), "")})


def _with_reused(rows: list[dict[str, object]], documents: int) -> Iterator[dict[str, object]]:
    """Extraction with what the builds before have spent on the documents they share."""
    before = [r for r in _table() if r["kind"] == "real" and int(r["documents"]) < documents]
    for row in rows:
        same = [r for r in before if r["stage"] == row["stage"] and row["stage"] == "extract"]
        if same:
            last = max(same, key=lambda r: int(r["documents"]))
            for column in ("seconds", "cpu_seconds", "main_cpu_seconds"):
                row[column] = round(float(str(row[column])) + float(last[column]), 2)
        yield row


def recombine(count: int, work: Path) -> None:
    from kg.linking import Decisions, Memory, link
    from kg.stores import embedded

    out = work / f"recombined-{count}"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    meter = Meter()
    meter.stage("rows in memory", count, "documents")
    documents, mentions, claims = _recombined(work / "out", count)
    meter.stage("link", count, "documents")
    memory = Memory()
    linking = link(mentions, claims, documents, Decisions(), [], memory=memory)
    remembered = len(memory.to_bytes()) / 1e6
    meter.stage("write", len(TABLES), "tables")
    rows = {
        "documents": documents,
        "mentions": mentions,
        "claims": linking.claims,
        "entities": linking.entities,
        "mention_entities": linking.mention_entities,
        "relations": linking.relations,
        "identities": linking.identities,
    }
    for name, row_type in TABLES.items():
        write_table(out / f"{name}.parquet", row_type, rows.get(name, ()))
    size = {
        "kind": "recombined",
        "documents": len(documents),
        "characters": sum(len(d.text) for d in documents),
        **{name: len(rows[name]) for name in ("mentions", "claims", "entities", "relations")},
    }
    del rows, linking, memory, documents, mentions, claims
    meter.stage("store", 1, "files")
    embedded.write(out, out / layout.STORE)
    meter.end()
    disk = {
        "link": round(remembered, 2),
        "write": disk_mb(out, *(f"{name}.parquet" for name in TABLES)),
        "store": disk_mb(out, layout.STORE),
    }
    for row in meter.rows:
        _record({**size, **row, "disk_mb": disk.get(str(row["stage"]), "")})
    shutil.rmtree(out)


def _recombined(built: Path, count: int) -> tuple[list[Document], list[Mention], list[Claim]]:
    base = list(read_table(built / "documents.parquet", Document))
    mentions_of, claims_of = defaultdict(list), defaultdict(list)
    for mention in read_table(built / "mentions.parquet", Mention):
        mentions_of[mention.doc_id].append(mention)
    for claim in read_table(built / "claims.parquet", Claim):
        claims_of[claim.doc_id].append(claim)
    found = Counter(text for rows in mentions_of.values() for text in {m.text for m in rows})
    characters = [c for c, _ in Counter("".join(sorted(found))).most_common()]
    rare = [c for c in characters[FREQUENT:] if "\u4e00" <= c <= "\u9fff"]
    documents: list[Document] = []
    mentions: list[Mention] = []
    claims: list[Claim] = []
    for number in range(count):
        document, copy = base[number % len(base)], number // len(base)
        if copy == 0:
            documents.append(document)
            mentions += mentions_of[document.doc_id]
            claims += claims_of[document.doc_id]
            continue
        turned = rare[copy * 101 % len(rare) :] + rare[: copy * 101 % len(rare)]
        other = str.maketrans(dict(zip(rare, turned, strict=True)))
        doc_id = f"{document.doc_id}~{copy}"
        text = list(document.text)
        new_ids = {}
        for m in mentions_of[document.doc_id]:
            name = m.text.translate(other) if found[m.text] <= RARE else m.text
            text[m.start : m.end] = name
            new_ids[m.mention_id] = m.mention_id.replace(document.doc_id, doc_id, 1)
            mentions.append(
                dataclasses.replace(m, mention_id=new_ids[m.mention_id], doc_id=doc_id, text=name)
            )
        for c in claims_of[document.doc_id]:
            claims.append(
                dataclasses.replace(
                    c,
                    claim_id=f"{c.claim_id}~{copy}",
                    doc_id=doc_id,
                    head_mention=new_ids[c.head_mention],
                    tail_mention=new_ids[c.tail_mention],
                )
            )
        documents.append(dataclasses.replace(document, doc_id=doc_id, text="".join(text), duplicate_of=None))
    return documents, mentions, claims


def _table() -> list[dict[str, str]]:
    if not TABLE.exists():
        return []
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _record(row: dict[str, object]) -> None:
    """Add a line to the table in the place of an older one of the same kind, size and stage."""
    print(json.dumps(row), flush=True)
    text = {column: str(row.get(column, "")) for column in COLUMNS}
    key = ("kind", "documents", "stage")
    others = [r for r in _table() if any(r[column] != text[column] for column in key)]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*others, text], key=lambda r: (r["kind"], int(r["documents"]))))


def draw() -> None:
    """The table as Markdown on standard output, and the plot: CPU time and memory by documents, a line a stage."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "kg", "font.size": 9})
    rows = _table()
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    for axis, column, label in (
        (axes[0], "cpu_seconds", "CPU seconds"),
        (axes[1], "peak_mb", "highest memory, MB"),
    ):
        for kind, style in (("real", "o-"), ("recombined", "s--")):
            for number, stage in enumerate(dict.fromkeys(r["stage"] for r in rows if r["kind"] == kind)):
                line = [r for r in rows if r["kind"] == kind and r["stage"] == stage]
                axis.plot(
                    [int(r["documents"]) for r in line],
                    [float(r[column]) for r in line],
                    style,
                    label=f"{stage} ({kind})",
                    color=f"C{number + 4 * (kind != 'real')}",
                    markersize=4,
                )
        axis.set(xscale="log", yscale="log", xlabel="documents", ylabel=label)
        axis.grid(alpha=0.3)
    axes[1].legend(fontsize=7, loc="upper left", bbox_to_anchor=(1, 1))
    figure.savefig(PLOT, metadata={"Date": None})
    print("| documents | stage | time, s | CPU, s | highest memory, MB | on disk, MB | mentions | entities |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for r in rows:
        name = f"{int(r['documents']):,}" + (" recombined" if r["kind"] == "recombined" else "")
        cells = (name, r["stage"], r["seconds"], r["cpu_seconds"], r["peak_mb"], r["disk_mb"])
        print("|", " | ".join((*cells, f"{int(r['mentions']):,}", f"{int(r['entities']):,}")), "|")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("build", "recombine", "draw"))
    parser.add_argument("documents", type=int, nargs="*")
    parser.add_argument("--work", type=Path, default=Path("size-benchmark"), help="folder for what is built")
    parser.add_argument("--shared", type=Path, default=HERE.parent.parent / "shared")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.what == "draw":
        draw()
    elif len(arguments.documents) == 1 and arguments.what == "build":
        build(arguments.documents[0], arguments.work, arguments.shared, arguments.jobs)
    elif len(arguments.documents) == 1:
        recombine(arguments.documents[0], arguments.work)
    else:
        for count in sorted(arguments.documents):
            options = ["--work", arguments.work, "--shared", arguments.shared, "--jobs", arguments.jobs]
            command = [sys.executable, __file__, arguments.what, count, *options]
            subprocess.run([str(part) for part in command], check=True)


if __name__ == "__main__":
    main()
