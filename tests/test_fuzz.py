"""Parsers on damaged input: they say what is wrong or read it, and never fail otherwise."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz_targets import TARGETS, mutated, run, seeds

#: What fuzzing found, by target; each is fixed.
FOUND: dict[str, list[bytes]] = {"query": [b"", b";", b"//"], "query_file": [b"// title: \xda"]}
ROUNDS = {
    "reader": 150,
    "attributes": 60,
    "decisions": 300,
    "query_file": 300,
    "query": 600,
    "jsonl": 300,
    "csv": 300,
}


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_damaged_input_is_no_failure(name: str) -> None:
    chance = random.Random(name)
    for data in [*seeds(name), *FOUND.get(name, ())]:
        run(TARGETS[name], data)
    for _ in range(ROUNDS[name]):
        run(TARGETS[name], mutated(chance.choice(seeds(name)), chance))


@pytest.mark.skipif(sys.platform != "linux", reason="atheris has packages for Linux alone")
@pytest.mark.parametrize("name", ["attributes", "decisions", "jsonl", "query_file", "reader"])
def test_a_short_run_guided_by_coverage(name: str, tmp_path: Path) -> None:
    command = [sys.executable, Path(__file__).parent / "fuzz.py", name, f"-runs={ROUNDS[name]}", "-seed=1"]
    command += [f"-artifact_prefix={tmp_path}/", tmp_path / "corpus"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    assert "Done" in done.stderr
