"""A full disk, a read-only one, and two processes at once: one sentence, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import answers, kg, refuses, succeeds

TEXT = "英伟达宣布投资OpenAI。2025年9月22日，英伟达表示拟向OpenAI投资至多1000亿美元。\n"
LONGER = TEXT + "谷歌与OpenAI竞争。\n" * 40


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system in memory."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("needs root to mount a small file system; run the tests as root in a container")
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], check=False).returncode:
        pytest.skip("mounting is not allowed here; run the tests as root in a container with CAP_SYS_ADMIN")
    yield folder
    subprocess.run(["umount", "-l", folder], check=False)


@pytest.fixture
def built(disk: Path, tmp_path: Path) -> Path:
    """A build on the small disk; its source lies elsewhere."""
    (tmp_path / "news.txt").write_text(TEXT, encoding="utf-8")
    succeeds("build", tmp_path / "news.txt", "--out", disk / "out", "-q")
    return disk / "out"


def leave_free(disk: Path, size: int) -> None:
    """Fill the disk up to so many bytes."""
    filler = disk / "filler"
    filler.unlink(missing_ok=True)
    filler.write_bytes(b"x" * (shutil.disk_usage(disk).free - size))


def test_a_full_disk_is_said_at_every_stage_and_the_last_build_stays(built: Path, tmp_path: Path) -> None:
    before = answers("status", built)["report"]
    files = sorted(path.name for path in built.iterdir())
    (tmp_path / "news.txt").write_text(LONGER, encoding="utf-8")
    # No room for the cache; for the tables; for the store; for the store's last pages.
    for free in (0, 60_000, 200_000, 1_000_000):
        leave_free(built.parent, free)
        assert f"The disk that holds {built} is full" in refuses("rebuild", built)
        assert answers("check", built)["broken"] == 0
        assert answers("status", built)["report"] == before
    left = {path.name for path in built.iterdir()} - set(files)
    assert {name for name in left if not name.startswith("cache.sqlite")} == set()
    (built.parent / "filler").unlink()
    succeeds("rebuild", built)
    assert answers("status", built)["report"]["characters"] > before["characters"]
    assert answers("check", built)["broken"] == 0


@pytest.mark.parametrize("name", ["graph.html", "graph.parquet", "graph.xlsx", "neo4j-import/"])
def test_an_export_to_a_full_disk_leaves_the_older_file(built: Path, name: str) -> None:
    target = built.parent / name
    succeeds("export", built, f"{built.parent}/{name}")
    before = {path: path.read_bytes() for path in built.parent.rglob("*") if path.is_file()}
    leave_free(built.parent, 0)
    assert str(target.name) in refuses("export", built, f"{built.parent}/{name}")
    (built.parent / "filler").unlink()
    assert {path: path.read_bytes() for path in built.parent.rglob("*") if path.is_file()} == before


def test_a_read_only_folder_can_be_asked_but_not_changed(built: Path, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(LONGER, encoding="utf-8")
    subprocess.run(["mount", "-o", "remount,ro", built.parent], check=True)
    for command in (
        ("rebuild", built),
        ("remove", built, "news.txt"),
        ("decide", built, "英伟达", "OpenAI", "different"),
        ("build", tmp_path / "news.txt", "--out", built.parent / "other"),
        ("export", built, built.parent / "graph.json"),
    ):
        assert "Read-only" in refuses(*command), command
    for command in (
        ("status", built),
        ("show", built, "英伟达"),
        ("query", built, "overview"),
        ("check", built),
        ("export", built, tmp_path / "graph.html"),
        ("report", built, tmp_path / "report.md", "--since", "2025-01-01"),
    ):
        succeeds(*command)


def started(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kg.cli", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_of_two_builds_at_once_one_waits_for_nobody_and_the_other_says_why(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(TEXT, encoding="utf-8")
    running = [started("build", tmp_path / "news.txt", "--out", tmp_path / "out", "-q") for _ in range(2)]
    said = [process.communicate()[1] for process in running]
    codes = [process.returncode for process in running]
    assert 0 in codes
    for code, message in zip(codes, said, strict=True):
        assert code == 0 or (code == 2 and "Another kg is writing" in message)
    assert answers("check", tmp_path / "out")["broken"] == 0


def test_two_exports_to_one_file_leave_a_whole_one(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text(TEXT, encoding="utf-8")
    succeeds("build", tmp_path / "news.txt", "--out", tmp_path / "out", "-q")
    succeeds("export", tmp_path / "out", tmp_path / "one.json")
    (tmp_path / ".graph.json.999999999.tmp").write_text("left by a killed one")
    running = [started("export", tmp_path / "out", tmp_path / "graph.json") for _ in range(2)]
    for process in running:
        assert process.wait() == 0
        process.communicate()
    assert (tmp_path / "graph.json").read_bytes() == (tmp_path / "one.json").read_bytes()
    assert not list(tmp_path.glob(".graph*"))
    assert kg("export", tmp_path / "out", tmp_path / "graph.json").returncode == 0
