"""Reading and extraction on a Ray cluster: the graph is the local engine's, byte for byte, whatever dies."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import ROOT, refuses, succeeds

from kg.building.cache import unpack
from kg.tables import TABLES

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

SENTENCES = (
    "{date}，示例财经。{company}宣布完成新一轮融资，由{fund}投资{amount}亿元。",
    "{company}董事长刘德兵出席发布会，并表示公司与OpenAI竞争。",
    "国务院任命吴清为中国证券监督管理委员会主席，该机构监管{company}。",
)
COMPANIES = ("智谱", "月之暗面", "深度求索", "稀宇科技", "阶跃星辰", "百川智能")
FUNDS = ("杭州城投产业基金", "红杉中国", "启明创投", "君联资本")


def news(folder: Path, documents: int) -> Path:
    """A folder with JSONL files of articles of mixed length, one to forty paragraphs."""
    import json

    folder.mkdir()
    lines = []
    for i in range(documents):
        company, fund = COMPANIES[i % len(COMPANIES)], FUNDS[i % len(FUNDS)]
        paragraph = "".join(SENTENCES).format(
            date=f"2025年{i % 12 + 1}月3日", company=company, fund=fund, amount=i + 1
        )
        text = "\n".join([paragraph] * (40 if i % 10 == 0 else i % 10))
        lines.append(json.dumps({"id": f"n{i}", "title": f"{company}融资", "text": text}, ensure_ascii=False))
    half = len(lines) // 2
    (folder / "first.jsonl").write_text("\n".join(lines[:half]), encoding="utf-8")
    (folder / "second.jsonl").write_text("\n".join(lines[half:]), encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, Any]:
    """The bytes of a build's tables, and what its cache holds of reading and extraction."""
    found: dict[str, Any] = {path.name: path.read_bytes() for path in folder.glob("*.parquet")}
    assert found.keys() == {f"{name}.parquet" for name in TABLES}
    with sqlite3.connect(folder / "cache.sqlite") as connection:
        for key, payload in connection.execute("SELECT key, payload FROM entry"):
            with contextlib.suppress(zlib.error):  # the linker's memory, in no order
                found[key] = unpack(payload)
    return found


def entries(folder: Path) -> int:
    """How many entries the cache of a running build holds so far."""
    if not (folder / "cache.sqlite").exists():
        return 0
    with sqlite3.connect(f"file:{folder / 'cache.sqlite'}?mode=ro", uri=True, timeout=30) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])
        except sqlite3.OperationalError:  # not yet made
            return 0


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A head without cores and two nodes of one core each, as processes of this machine."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        yield cluster
    finally:
        cluster.shutdown()


def test_a_cluster_on_this_machine_gives_the_same_tables(tmp_path: Path) -> None:
    """Partitions in memory, where no other process sees them, travel with the work."""
    from kg.building.ray_engine import connected
    from kg.building.run import build
    from kg.building.settings import BuildSettings
    from kg.building.workers import Processes
    from kg.progress import Silent

    settings = BuildSettings((str(news(tmp_path / "news", 8)),))
    build(tmp_path / "local", settings, Processes(1), Silent(), may_be_empty=False)
    with connected(tmp_path / "ray", "local", "memory://partitions", None) as cluster:
        build(tmp_path / "ray", settings, cluster, Silent(), may_be_empty=False)
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")


def test_what_is_wrong_with_a_cluster_is_said_in_a_sentence(tmp_path: Path) -> None:
    sources = news(tmp_path / "news", 1)
    build = ["build", sources, "--out", tmp_path / "out"]
    without = tmp_path / "without" / "ray"
    without.mkdir(parents=True)
    (without / "__init__.py").write_text("raise ImportError('no module named ray')")
    path = os.pathsep.join([str(without.parent), str(ROOT)])
    assert "pip install 'kg-builder[ray]'" in refuses(*build, "--engine", "ray", env={"PYTHONPATH": path})
    assert "Unknown engine spark" in refuses(*build, "--engine", "spark")
    assert "--ray-storage is for --engine ray" in refuses(*build, "--ray-storage", "s3://bucket")
    unreachable = refuses(*build, "--engine", "ray", "--ray-address", "127.0.0.1:1")
    assert "Cannot reach the Ray cluster 127.0.0.1:1 (" in unreachable
    assert "--ray-address" in unreachable


@pytest.mark.campaign
def test_a_node_killed_in_the_middle_changes_nothing(tmp_path: Path, cluster: Any) -> None:
    sources = news(tmp_path / "news", 60)
    (tmp_path / "names.csv").write_text(
        "name,aliases,type,ticker,note\n示例财经,,Company,,\n", encoding="utf-8"
    )
    (tmp_path / "kg.toml").write_text('[names]\nwatch_list = "names.csv"\n', encoding="utf-8")
    common = ["build", sources, "--config", tmp_path / "kg.toml", "--quiet"]
    succeeds(*common, "--out", tmp_path / "local", "--jobs", "1")
    nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
    storage = f"file://{tmp_path}/shared"
    on_the_cluster = ["--engine", "ray", "--ray-address", cluster.address, "--ray-storage", storage]
    on_the_cluster += ["--out", tmp_path / "ray"]
    running = subprocess.Popen(
        [sys.executable, "-m", "kg.cli", *map(str, [*common, *on_the_cluster])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    read = 4  # two files of one chunk each
    while entries(tmp_path / "ray") <= read and running.poll() is None:
        time.sleep(0.02)
    done = entries(tmp_path / "ray") - read
    cluster.remove_node(nodes[0], allow_graceful=False)
    output, errors = running.communicate()
    assert running.returncode == 0, errors
    assert done < 60, "the node died too late"
    assert "60 extracted" in output
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")
    assert not list((tmp_path / "shared").iterdir()), "partitions are left behind"
