"""What `kg status` and `kg rebuild --dry-run` say a rebuild would do, and whether it does that and no more."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from command import ROOT, answers, succeeds

from kg.building import settings as build_settings
from kg.building.changes import changes
from kg.building.run import Outcome, build
from kg.building.settings import BuildSettings, Configuration
from kg.building.workers import Processes
from kg.linking.decisions import Decision, Judgement, append_decisions
from kg.progress import Silent

TEXT = (
    "2025年3月3日，示例财经。智谱宣布完成新一轮融资，由杭州城投产业基金投资10亿元。智谱董事长刘德兵出席。\n"
)
OTHER = "2024年2月7日，示例财经。国务院任命吴清为中国证券监督管理委员会主席。\n"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """The folder of a build of two documents, with a watch list."""
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text(TEXT, encoding="utf-8")
    (news / "b.txt").write_text(OTHER, encoding="utf-8")
    watched = tmp_path / "names.csv"
    watched.write_text("name,aliases,type\n智谱,智谱华章,Company\n", encoding="utf-8")
    names = {"model": False, "watch_list": str(watched)}
    make(tmp_path / "out", BuildSettings((str(news),), Configuration(names=names)))
    return tmp_path / "out"


def make(folder: Path, settings: BuildSettings | None = None) -> Outcome:
    """Build with these settings, or rebuild."""
    return build(folder, settings or build_settings.load(folder), Processes(1), Silent(), may_be_empty=True)


def test_where_nothing_changed_no_stage_would_run(built: Path) -> None:
    found = changes(built)
    assert (found.changed, found.gone, found.stages) == ((), (), {})
    assert not make(built).changed
    assert "Nothing has changed" in succeeds("rebuild", built, "--dry-run")


def test_a_changed_document_alone_is_read_and_extracted_again(built: Path) -> None:
    (built.parent / "news" / "b.txt").write_text(OTHER.replace("吴清", "易会满"), encoding="utf-8")
    stages = changes(built).stages
    assert stages["read"] == ("source files new or changed: 1",)
    assert stages["extract"] == ("documents that are new or other than before",)
    assert {"link", "store"} <= stages.keys()
    report = make(built).report
    assert (report.extracted, report.reused) == (1, 1)
    assert not changes(built).stages


def test_a_dry_run_says_the_same_as_status_and_changes_nothing(built: Path) -> None:
    (built.parent / "news" / "b.txt").unlink()
    before = {path: path.stat().st_mtime_ns for path in built.iterdir()}
    plan = answers("rebuild", built, "--dry-run")
    assert plan["gone"] == ["b.txt"]
    assert "b.txt" in succeeds("rebuild", built, "--dry-run")
    assert answers("status", built)["stages"] == plan["stages"]
    assert {path: path.stat().st_mtime_ns for path in built.iterdir()} == before


def test_a_decision_touches_linking_and_what_comes_after_it(built: Path) -> None:
    append_decisions(
        built / "decisions.csv", [Decision("Person:刘德兵@a.txt", "刘先生", "Person", Judgement.NAME)]
    )
    assert changes(built).stages == {"link": ("decisions changed",), "store": ("tables changed",)}
    assert make(built).report.extracted == 0


REBUILD = """
import sys
from pathlib import Path
from kg.building import settings
from kg.building.run import build
from kg.building.workers import Processes
from kg.progress import Silent

folder = Path(sys.argv[1])
assert build(folder, settings.load(folder), Processes(1), Silent(), may_be_empty=True).changed
assert not {"spacy", "onnxruntime"} & sys.modules.keys()
"""


def test_where_nothing_is_extracted_no_model_is_loaded(built: Path) -> None:
    append_decisions(
        built / "decisions.csv", [Decision("Person:刘德兵@a.txt", "刘先生", "Person", Judgement.NAME)]
    )
    subprocess.run([sys.executable, "-c", REBUILD, str(built)], cwd=ROOT, check=True)


def test_the_watch_list_touches_extraction_of_all_documents(built: Path) -> None:
    (built.parent / "names.csv").write_text("name,aliases,type\n智谱,智谱AI,Company\n", encoding="utf-8")
    stages = changes(built).stages
    assert stages["extract"] == ("watch list changed", "so all documents are extracted anew")
    assert stages["link"][0] == "watch list changed"
    assert "read" not in stages
    assert make(built).report.extracted == 2


def test_settings_touch_their_own_stage(built: Path) -> None:
    settings = build_settings.load(built)
    configuration = replace(settings.configuration, linking={"threshold": 3.0})
    build_settings.save(built, replace(settings, configuration=configuration))
    assert changes(built).stages == {"link": ("settings of linking changed",), "store": ("tables changed",)}
    assert make(built).report.extracted == 0


#: Changes one file after the other of the program that runs it, and asks each time what a rebuild would do.
ASK = """
import json, sys
from pathlib import Path
import kg
from kg.building.changes import changes
from kg.versions import code_version

for name in sys.argv[2:]:
    path = Path(kg.__file__).parent / name
    before = path.read_bytes()
    path.write_bytes(before + b"\\n")
    code_version.cache_clear()
    print(json.dumps(changes(Path(sys.argv[1])).stages))
    path.write_bytes(before)
"""


def test_a_new_version_of_the_program_runs_the_stages_that_changed(built: Path, tmp_path: Path) -> None:
    copy = tmp_path / "program" / "kg"
    shutil.copytree(ROOT / "kg", copy, ignore=shutil.ignore_patterns("model"))
    (copy / "resources" / "model").symlink_to(ROOT / "kg" / "resources" / "model")
    environment = {**os.environ, "PYTHONPATH": str(copy.parent)}
    expected = {
        "stores/embedded.py": ("code of the stores", ["store"]),
        "linking/deals.py": ("code of the linker", ["link", "store"]),
        "resources/gazetteers/models.txt": ("word lists", ["extract", "link", "store"]),
        "resources/relations/precision.json": ("trained model", ["extract", "link", "store"]),
        "extraction/persons.py": ("code of extraction", ["extract", "link", "store"]),
        "documents/dates.py": ("code of the reader", ["read", "extract", "link", "store"]),
        "schema.py": ("schema and tables", ["read", "extract", "link", "store"]),
    }
    command = [sys.executable, "-c", ASK, str(built), *expected]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    for (what, stages), line in zip(expected.values(), done.stdout.splitlines(), strict=True):
        found = json.loads(line)
        assert list(found) == stages
        assert f"{what} changed" in found[stages[0]]


def test_a_new_version_of_the_store_alone_writes_the_store_alone(built: Path) -> None:
    manifest = json.loads((built / "build.json").read_text())
    manifest["inputs"]["store"]["code of the stores"] = "that of an older kg"
    (built / "build.json").write_text(json.dumps(manifest))
    (built / "before.lbug").hardlink_to(built / "graph.lbug")  # so that its number is not given again
    tables, store = (built / "entities.parquet").stat(), (built / "graph.lbug").stat()
    assert changes(built).stages == {"store": ("code of the stores changed",)}
    make(built)
    assert (built / "entities.parquet").stat().st_ino == tables.st_ino
    assert (built / "graph.lbug").stat().st_ino != store.st_ino
    assert not changes(built).stages
