"""The built wheel, installed into a clean environment, is a working kg with everything inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from command import ROOT


def run(*command: str | Path, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=cwd,
        env=environment,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def test_the_wheel_works_in_a_clean_environment(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "clean", cwd=tmp_path)
    scripts = tmp_path / "clean" / ("Scripts" if os.name == "nt" else "bin")
    pip = (scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "--requirement", ROOT / "requirements.lock", cwd=tmp_path)
    run(*pip, "--no-deps", wheel, cwd=tmp_path)
    text = tmp_path / "news.txt"
    text.write_text(
        "2025年3月3日，北京智谱华章科技有限公司（以下简称“智谱”）宣布获得杭州城投产业基金10亿元投资。\n",
        encoding="utf-8",
    )
    kg = scripts / "kg"
    report = json.loads(run(kg, "build", text, "--out", "out", "--json", cwd=tmp_path))
    assert report["relations"]["INVESTS_IN"] == 1
    rows = json.loads(
        run(kg, "query", "out", "who-invests-in", "--param", "name=智谱", "--json", cwd=tmp_path)
    )
    assert [row["investor"] for row in rows] == ["杭州城投产业基金"]
    card = json.loads(run(kg, "show", "out", "智谱", "--json", cwd=tmp_path))
    assert "北京智谱华章科技有限公司" in {card["entity"]["name"], *card["entity"]["aliases"]}
    run(kg, "export", "out", "graph.html", cwd=tmp_path)
    assert "智谱" in (tmp_path / "graph.html").read_text(encoding="utf-8")
    made_by = run(
        scripts / "python",
        "-c",
        "import kg, pathlib; g = kg.open_graph('out'); print(kg.__file__, sorted(set(g.mentions.made_by)))",
        cwd=tmp_path,
    )
    assert str(tmp_path / "clean") in made_by
    assert "encoder" in made_by, "the trained model is inside the wheel"
