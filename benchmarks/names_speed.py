"""How fast the name pipeline is: characters a second on one core, for each component and the whole.

usage: python benchmarks/names_speed.py [TEXT ...] [--characters 100000] [--workers 1 2]
Without files the example texts are read. Plain spaCy tokenisation is timed in the same run. Prints one line a
component, peak memory, and the scaling over worker processes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import spacy
from spacy.language import Language

from kg.extraction import load_pipeline
from kg.extraction.settings import ExtractionSettings

EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "news"


def texts(paths: list[Path], characters: int) -> list[str]:
    """Documents of the files (lines of JSONL files with a `text`), repeated up to `characters` in all."""
    documents: list[str] = []
    for path in paths or sorted([*EXAMPLES.glob("*.txt"), *EXAMPLES.glob("*.md")]):
        content = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            documents += [json.loads(line)["text"] for line in content.splitlines()]
        else:
            documents.append(content)
    result: list[str] = []
    total = 0
    while total < characters:
        for text in documents:
            result.append(text)
            total += len(text)
            if total >= characters:
                break
    return result


def names_pipeline() -> Language:
    nlp = load_pipeline(ExtractionSettings())
    if "relations" in nlp.pipe_names:
        nlp.remove_pipe("relations")
    return nlp


_worker: list[Language] = []


def start_worker() -> None:
    _worker.append(names_pipeline())


def count_names(text: str) -> int:
    return len(_worker[0](text).ents)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--characters", type=int, default=100_000)
    parser.add_argument("--workers", nargs="*", type=int, default=[1, 2])
    arguments = parser.parse_args()
    documents = texts(arguments.files, arguments.characters)
    total = sum(map(len, documents))
    print(f"{len(documents)} documents, {total:,} characters")

    plain = spacy.blank("zh")
    plain.max_length = 10**9
    plain(documents[0])
    nlp = names_pipeline()
    nlp(documents[0])
    spent = {"plain spaCy tokenisation": 0.0, "tokenizer": 0.0, **dict.fromkeys(nlp.pipe_names, 0.0)}
    for text in documents:
        clock = time.process_time()
        plain.make_doc(text)
        spent["plain spaCy tokenisation"] += time.process_time() - clock
        clock = time.process_time()
        doc = nlp.make_doc(text)
        spent["tokenizer"] += time.process_time() - clock
        for name, component in nlp.pipeline:
            clock = time.process_time()
            doc = component(doc)
            spent[name] += time.process_time() - clock
    for name, seconds in spent.items():
        print(f"{name:28} {total / max(seconds, 1e-9):12,.0f} characters/s of processor time")
    whole = sum(seconds for name, seconds in spent.items() if name != "plain spaCy tokenisation")
    print(f"{'whole name pipeline':28} {total / whole:12,.0f} characters/s of processor time")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    for workers in arguments.workers:
        # Worker processes of our own, as `kg build` uses them: a Doc with its candidates is no message for spaCy's.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=start_worker) as pool:
            list(pool.map(count_names, documents[:workers]))
            clock = time.perf_counter()
            names = sum(pool.map(count_names, documents, chunksize=4))
            seconds = time.perf_counter() - clock
        print(f"{workers} worker(s): {total / seconds:12,.0f} characters/s of wall time, {names} names")


if __name__ == "__main__":
    main()
