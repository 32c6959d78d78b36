"""Ctrl-C and SIGTERM in the middle of a parallel build."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from command import answers, refuses

SENTENCE = (
    "2025年3月3日，示例财经。智谱宣布完成新一轮融资，由杭州城投产业基金投资{}亿元。智谱董事长刘德兵出席。\n"
)
PATIENCE = 300.0


def entries(folder: Path) -> int:
    """How much a build's cache holds, as seen from outside while it is being written."""
    try:
        connection = sqlite3.connect(f"file:{folder / 'cache.sqlite'}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return 0
    try:
        return int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc; run the tests on Linux")
@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.campaign)], ids=str
)
def test_an_interrupted_build_ends_with_its_workers_and_goes_on_where_it_was(
    tmp_path: Path, number: signal.Signals
) -> None:
    news, out = tmp_path / "news", tmp_path / "out"
    news.mkdir()
    files = 70
    for i in range(files):
        text = "\n".join(SENTENCE.format(i + k) for k in range(16))
        (news / f"{i:02}.txt").write_text(f"第{i}号\n\n{text}", encoding="utf-8")
    command = [sys.executable, "-m", "kg.cli", "build", news, "--out", out, "--jobs", "2"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    build = subprocess.Popen([*map(str, command)], start_new_session=True, **pipes)
    read = 2 * files
    wait_until(lambda: entries(out) > read or build.poll() is not None, "a first extraction")
    assert build.poll() is None, build.communicate()
    workers = children(build.pid)
    assert len(workers) >= 2
    if number == signal.SIGINT:  # a terminal sends Ctrl-C to all processes of the group
        os.killpg(build.pid, number)
    else:
        build.send_signal(number)
    said = build.communicate(timeout=PATIENCE)[1]
    assert build.returncode == 130
    assert "kg: interrupted" in said
    assert "Traceback" not in said and "Error" not in said and "Warning" not in said
    wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers), "the workers' end")
    finished = entries(out) - read
    assert 0 < finished < files, "it did not stay to extract the rest"
    assert "never finished" in refuses("show", out, "智谱")
    for path in sorted(news.iterdir())[5:]:
        path.unlink()  # enough to see it go on
    report = answers("rebuild", out)
    assert report["documents"] == 5
