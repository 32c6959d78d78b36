"""Parsers on damaged input: they say what is wrong or read it, and never fail otherwise."""

from __future__ import annotations

import random

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
