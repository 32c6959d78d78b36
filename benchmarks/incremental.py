"""What it takes to bring a build of many documents up to date after one of them has changed.

usage: python benchmarks/incremental.py RECORDS.jsonl FOLDER [--documents 10000] [--changes 3] [--jobs N]

FOLDER is built from the first documents of RECORDS.jsonl (an existing one is used as it is, so that a second run is
short). Then one document is changed at a time, and a fresh process loads the model and rebuilds. Printed are the
seconds by stage and the processor time of each rebuild, beside those of the whole build. Exit status 1 where a
rebuild extracted more than the one document.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import itertools
import json
import multiprocessing
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from kg.building import settings as build_settings
from kg.building.extracting import extract_chunk, task_for
from kg.building.run import build
from kg.building.settings import BuildSettings
from kg.building.workers import Processes
from kg.progress import Silent
from kg.tables import Document

TEXT = "国务院任命吴清为中国证券监督管理委员会主席。智谱完成新一轮融资，由杭州城投产业基金投资10亿元。"


def main() -> int:
    """Build, change, rebuild, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("records", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    news, out = arguments.folder / "news.jsonl", arguments.folder / "out"
    figures = arguments.folder / "whole.json"
    if not figures.exists():
        out.mkdir(parents=True)
        with arguments.records.open(encoding="utf-8") as file:
            news.write_text("".join(itertools.islice(file, arguments.documents)), encoding="utf-8")
        figures.write_text(json.dumps(alone(rebuild, news, out, arguments.jobs)))
    rows = [("whole build", json.loads(figures.read_text()))]
    for number in range(1, arguments.changes + 1):
        change(news, arguments.documents * number // (arguments.changes + 1), number)
        rows.append((f"change {number}", alone(rebuild, news, out, 1)))
    stages = list(rows[-1][1]["seconds"])
    columns = [*stages, "all", "processor", "model", "extracted"]
    print(f"{'seconds':<12}" + "".join(f"{column:>10}" for column in columns))
    for name, row in rows:
        values = [
            *(row["seconds"].get(stage, 0.0) for stage in stages),
            row["all"],
            row["processor"],
            row["model"],
        ]
        print(f"{name:<12}" + "".join(f"{value:>10.2f}" for value in values) + f"{row['extracted']:>10}")
    return int(any(row["extracted"] != 1 for _, row in rows[1:]))


def change(news: Path, number: int, times: int) -> None:
    """Add a sentence to one of the records."""
    lines = news.read_text(encoding="utf-8").split("\n")
    record = json.loads(lines[number])
    record["text"] = f"{record['text']}第{times}次更正（{time.time_ns()}）。{TEXT}"
    lines[number] = json.dumps(record, ensure_ascii=False)
    news.write_text("\n".join(lines), encoding="utf-8")


def rebuild(news: Path, out: Path, jobs: int) -> dict[str, Any]:
    """Load the model, bring the build up to date, and say how long each took. `processor` counts all processes."""
    started = time.perf_counter()
    text = Document("warm", "warm", "", None, "zh", TEXT, "")
    extract_chunk(
        build_settings.extraction_settings(BuildSettings(()).configuration), [task_for("", text, [])]
    )
    model, used, started = time.perf_counter() - started, processor_seconds(), time.perf_counter()
    outcome = build(out, BuildSettings((str(news),)), Processes(jobs), Silent(), may_be_empty=False)
    return {
        "model": model,
        "all": time.perf_counter() - started,
        "processor": processor_seconds() - used,
        "seconds": outcome.report.seconds,
        "extracted": outcome.report.extracted,
    }


def processor_seconds() -> float:
    """Processor time of this process and of those it started, also of the one that reads files and still runs."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    running = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    states = [Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split() for process in running]
    ticks = sum(int(state[11]) + int(state[12]) for state in states)
    return sum(usage.ru_utime + usage.ru_stime for usage in usages) + ticks / os.sysconf("SC_CLK_TCK")


def alone(work: Any, *arguments: Any) -> dict[str, Any]:
    """What `work` gives in a process of its own."""
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        result: dict[str, Any] = pool.submit(work, *arguments).result()
        return result


if __name__ == "__main__":
    sys.exit(main())
