"""Whatever files it is fed, a build ends in time, reads the good ones, and says of each bad one why it is left out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from command import kg
from hostile_files import LEFT_OUT, READ, huge_files, odd_files, write_cases, write_good, write_mutants

from kg.documents.files import find_files

SEED = 7
#: Generous for a busy machine: the limits under test are in processor time.
PATIENCE = 3_000
_LIMITS = """
[reading]
max_seconds = 5
max_memory_bytes = 1_500_000_000
max_line_characters = 200_000
max_document_characters = 100_000
[names]
model = false
"""


def rows(folder: Path, table: str, *columns: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / f"{table}.parquet", columns=list(columns)).to_pylist()  # type: ignore[no-any-return]


def content(folder: Path, sources: Iterable[str]) -> list[dict[str, Any]]:
    """What a build found in the sources: texts, names and claims."""
    wanted = set(sources)
    documents = rows(folder, "documents", "doc_id", "source", "text", "title", "date")
    documents = [d for d in documents if d["source"] in wanted]
    ids = {d["doc_id"] for d in documents}
    parts = [*rows(folder, "mentions", "doc_id", "start", "end", "type", "text", "confidence")]
    parts += rows(folder, "claims", "doc_id", "start", "end", "type", "confidence")
    return documents + [row for row in parts if row["doc_id"] in ids]


def build_and_check(tmp_path: Path, files: list[tuple[Path, str]]) -> list[dict[str, Any]]:
    """Build the files among good ones; the rows of what was left out.

    It ends well, prints no traceback, every file is read or left out with a reason (as its fate says), and the good
    files come out as they do alone.
    """
    hostile = tmp_path / "hostile"
    good = {path.name for path in write_good(hostile)}
    alone = tmp_path / "alone"
    alone.mkdir()
    write_good(alone)
    settings = tmp_path / "kg.toml"
    settings.write_text(_LIMITS)
    out = tmp_path / "out"
    done = kg("build", hostile, "--out", out, "--config", settings, "--json", timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    expected = kg("build", alone, "--out", tmp_path / "expected", "--config", settings, timeout=PATIENCE)
    assert expected.returncode == 0, expected.stderr
    assert content(out, good) == content(tmp_path / "expected", good)

    dropped = rows(out, "dropped", "doc_id", "stage", "reason", "example")
    assert not [row for row in dropped if "bug" in row["reason"]]
    assert all(row["reason"] for row in dropped)
    read = {row["source"] for row in rows(out, "documents", "source")}
    left_out = {row["doc_id"] for row in dropped}
    found, passed_over = find_files([hostile])
    names = {os.fsencode(file.path): file.name for file in found}
    names |= {os.fsencode(hostile / row.doc_id): row.doc_id for row in passed_over}
    for path, fate in files:
        name = names[os.fsencode(path)]
        assert name in read | left_out, f"{path} is neither read nor left out"
        if fate == READ:
            assert name in read, [row for row in dropped if row["doc_id"] == name]
        elif fate == LEFT_OUT:
            assert name not in read and name in left_out, f"{path} was read"
    return dropped


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    folder = tmp_path / "hostile"
    folder.mkdir()
    return folder


def test_some_files_of_every_kind(tmp_path: Path, hostile: Path) -> None:
    files = [*write_cases(hostile, SEED, every=4), *odd_files(hostile), *write_mutants(hostile, SEED, 16)]
    build_and_check(tmp_path, files)


@pytest.mark.campaign
@pytest.mark.timeout(7_200)
def test_a_thousand_files(tmp_path: Path, hostile: Path) -> None:
    files = [*write_cases(hostile, SEED + 1, 3), *odd_files(hostile)]
    files += write_mutants(hostile, SEED + 1, 1_200 - len(files))
    build_and_check(tmp_path, files)


@pytest.mark.campaign
@pytest.mark.timeout(3_600)
def test_huge_files(tmp_path: Path, hostile: Path) -> None:
    build_and_check(tmp_path, list(huge_files(hostile)))
