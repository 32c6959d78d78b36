"""kill -9 in the middle of builds, rebuilds and exports: nothing is lost, nothing is half there."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from command import ROOT


def killed(log: Path, *arguments: str) -> Counter[tuple[str, str]]:
    """How often each stage of each command was killed, in a campaign in which everything held."""
    script = ROOT / "tests" / "crash_campaign.py"
    done = subprocess.run(
        [sys.executable, script, "--log", log, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with log.open(encoding="utf-8") as file:
        return Counter((row["command"], row["killed_in"].partition(" ")[0]) for row in csv.DictReader(file))


def test_a_build_a_rebuild_and_an_export_are_killed(tmp_path: Path) -> None:
    places = "build:extract,rebuild:store,rebuild:publish"
    counts = killed(tmp_path / "log.csv", "--each", "1", "--exports", "1", "--only", places)
    wanted = {("build", "extract"), ("rebuild", "store"), ("rebuild", "publish"), ("export", "export")}
    assert wanted <= counts.keys()


@pytest.mark.campaign
def test_every_stage_is_killed_ten_times(tmp_path: Path) -> None:
    counts = killed(tmp_path / "log.csv", "--each", "10", "--exports", "14")
    for command in ("build", "rebuild"):
        for stage in ("read", "extract", "link", "tables", "store", "publish"):
            assert counts[command, stage] >= 10
    assert counts["export", "export"] >= 14
    assert counts.total() >= 134
