"""A reader sees the old build or the new one, whenever the writer died."""

import json
from pathlib import Path

import pytest

from kg import folder as layout
from kg.building import workers
from kg.building.cache import Cache, pack
from kg.building.reading import Unread
from kg.building.workers import Processes
from kg.documents import ReadingSettings, SourceFile
from kg.errors import KgError


def finished(folder: Path, content: str) -> None:
    with layout.writing(folder):
        staged = layout.staging(folder)
        (staged / "entities.parquet").write_text(content)
        (staged / "relations.parquet").write_text(content)
        layout.write_json(staged / layout.MANIFEST, {"format_version": layout.FORMAT_VERSION})
        layout.publish(folder)


def content(folder: Path) -> set[str]:
    return {layout.table_path(folder, name).read_text() for name in ("entities", "relations")}


def test_a_build_killed_while_it_is_written_leaves_the_last_one(tmp_path: Path) -> None:
    finished(tmp_path, "old")
    staged = layout.staging(tmp_path)
    (staged / "entities.parquet").write_text("half")
    assert content(tmp_path) == {"old"}
    finished(tmp_path, "new")
    assert content(tmp_path) == {"new"}


def test_a_build_killed_while_it_is_moved_into_place_is_whole_and_is_finished_by_the_next(
    tmp_path: Path,
) -> None:
    finished(tmp_path, "old")
    following = tmp_path / ".next"
    following.mkdir()
    (following / "relations.parquet").write_text("new")
    # One file had already been moved when the process died.
    (tmp_path / "entities.parquet").write_text("new")
    assert content(tmp_path) == {"new"}
    with layout.writing(tmp_path):
        pass
    assert not following.exists()
    assert content(tmp_path) == {"new"}


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    with (
        layout.writing(tmp_path),
        pytest.raises(KgError, match="Another kg is writing"),
        layout.writing(tmp_path),
    ):
        pass


def test_a_folder_of_a_newer_version_is_refused_politely(tmp_path: Path) -> None:
    finished(tmp_path, "old")
    (tmp_path / layout.MANIFEST).write_text(json.dumps({"format_version": layout.FORMAT_VERSION + 1}))
    with pytest.raises(KgError, match="newer kg"):
        layout.require_build(tmp_path)
    with pytest.raises(KgError, match="newer kg"), layout.writing(tmp_path):
        pass


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("here already")
    with pytest.raises(KgError, match="file"), layout.writing(path):
        pass


def test_a_damaged_cache_is_started_anew(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    path.write_bytes(b"no database" * 1000)
    cache = Cache(path)
    cache.put("a", pack({"b": ["深度求索"]}))
    cache.close()
    assert Cache(path).get("a") == {"b": ["深度求索"]}


def test_files_read_side_by_side_give_the_same_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for i in range(5):
        path = tmp_path / f"{i}.txt"
        path.write_text(
            f"2025年3月{i + 1}日，示例财经。智谱宣布完成新一轮融资。\n" * (i + 1), encoding="utf-8"
        )
        files.append(Unread(SourceFile(path, path.name), f"key{i}", path.stat().st_size))
    one = sorted(Processes(1).read(files, ReadingSettings()))
    monkeypatch.setattr(workers, "_PARALLEL_BYTES", 0)
    assert sorted(Processes(2).read(files, ReadingSettings())) == one


def test_no_more_workers_than_there_is_memory_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MEMORY_OF_A_WORKER", 1 << 60)
    assert workers.default_jobs() == 1
