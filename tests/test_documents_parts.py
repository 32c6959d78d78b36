"""A long file of records is read in parts: what comes out is the same, and an edited line leaves the others alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kg import folder as layout
from kg.building.cache import Cache
from kg.building.reading import Entries, Reading, Unread, read
from kg.building.workers import Processes
from kg.documents import Article, ReadingSettings, SourceFile, in_parts, read_file
from kg.documents import parts as cutting
from kg.progress import Silent
from kg.tables import Dropped


@dataclass(frozen=True, slots=True)
class Watched(Processes):
    """Processes that remember what they were given to read."""

    seen: list[Unread] = field(default_factory=list)

    def read(self, files: Sequence[Unread], settings: ReadingSettings) -> Iterator[Entries]:
        self.seen.extend(files)
        return Processes.read(self, files, settings)


@pytest.fixture(autouse=True)
def _short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "LINES", 3)


def line(number: int, **fields: str) -> str:
    return json.dumps(
        {"text": f"智谱第{number}次融资，杭州城投投资{number}亿元。", **fields}, ensure_ascii=False
    )


LINES = [
    line(1, id="一"),
    line(2),
    "",
    "no JSON",
    line(5, id="一"),
    line(6, id="一", title="题目", date="2025-01-20"),
    line(7, id="一"),
    json.dumps({"title": "no text"}),
    r'{"text": "半个\ud800字符"}',
    line(10, id="十"),
]


def written(tmp_path: Path, lines: Sequence[str] = LINES, end: str = "\n") -> Path:
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(lines) + end, encoding="utf-8")
    return path


def reading(path: Path, cache_folder: Path) -> tuple[Reading, list[Unread]]:
    cache, workers = Cache(cache_folder / layout.CACHE), Watched(1)
    found = read([str(path)], (), ReadingSettings(), cache, workers, Silent())
    cache.close()
    return found, workers.seen


@pytest.mark.parametrize("end", ["\n", "", "\n\n\n"])
def test_parts_give_what_the_whole_file_gives(tmp_path: Path, end: str) -> None:
    path = written(tmp_path, end=end)
    whole = list(read_file(SourceFile(path, path.name)))
    articles = [found for found in whole if isinstance(found, Article)]
    found, seen = reading(path, tmp_path)
    assert [file.file.part and file.file.part.first_line for file in seen] in (
        [1, 4, 7, 10],
        [1, 4, 7, 10, 13],
    )
    assert found.documents == [article.document for article in articles]
    assert [found.sections[a.document.doc_id] for a in articles] == [a.sections for a in articles]
    assert counts(found.dropped) == counts(row for row in whole if isinstance(row, Dropped))


def counts(dropped: Iterator[Dropped] | Sequence[Dropped]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in dropped:
        found[row.reason] = found.get(row.reason, 0) + row.count
    return found


def test_an_edited_line_is_read_with_its_part_alone(tmp_path: Path) -> None:
    path = written(tmp_path)
    before, seen = reading(path, tmp_path)
    assert len(seen) == 4
    written(tmp_path, [*LINES[:5], line(66, id="一", title="另一题目"), *LINES[6:], line(11)])
    after, seen = reading(path, tmp_path)
    assert sorted(file.file.part.first_line for file in seen if file.file.part) == [4, 10]
    assert [d.title for d in after.documents if d not in before.documents] == [
        "另一题目",
        "智谱第11次融资，杭州城投投资11亿元",
    ]
    assert reading(path, tmp_path) == (after, [])


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(LINES).encode("gb18030", "replace"),
        "\n".join(LINES).encode("utf-16"),
        "\n".join(LINES).encode("utf-8-sig"),
        b"\n" + "\n".join(LINES).encode(),
        "\n".join(LINES).encode() + b"\x00",
        "\n".join(LINES[:3]).encode(),
        b"",
    ],
    ids=["GB18030", "UTF-16", "mark", "blank line", "zero byte", "short", "empty"],
)
def test_what_cannot_be_cut_is_read_as_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "records.jsonl"
    path.write_bytes(content)
    file = SourceFile(path, path.name)
    assert in_parts(file) == [file]
    assert in_parts(SourceFile(path.with_suffix(".csv"), "records.csv"))[0].part is None


def test_what_the_cache_lost_is_read_again(tmp_path: Path) -> None:
    path = written(tmp_path)
    before, _ = reading(path, tmp_path)
    with sqlite3.connect(tmp_path / layout.CACHE) as connection:
        lost = connection.execute("DELETE FROM entry WHERE key LIKE '%/0'").rowcount
    connection.close()
    assert lost == 4
    assert reading(path, tmp_path)[0] == before
    assert reading(path, tmp_path)[0] == before
