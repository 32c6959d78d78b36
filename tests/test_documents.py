"""Reading sources: every format, every encoding, and what bad input says."""

from __future__ import annotations

import io
import json
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
from hostile_files import paragraph, word_file
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import Article, ReadingSettings, SourceFile, find_files, read_file
from kg.documents.sections import verbatim_sections
from kg.errors import KgError
from kg.tables import Dropped

NEWS = (
    "智谱完成新一轮融资\n\n"
    "2025年3月3日，北京智谱华章科技有限公司宣布完成一轮融资，金额超过10亿元人民币，"
    "投资方包括杭州城投产业基金和上城资本。\n\n"
    "公司表示，资金将用于研发下一代GLM大模型。\n"
)


def read(path: Path, settings: ReadingSettings | None = None) -> tuple[list[Article], list[Dropped]]:
    found = list(read_file(SourceFile(path, path.name), settings))
    return [f for f in found if isinstance(f, Article)], [f for f in found if isinstance(f, Dropped)]


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_the_encodings_chinese_files_come_in(tmp_path: Path, encoding: str) -> None:
    (article,), _ = read(write(tmp_path / "a.txt", NEWS, encoding))
    assert article.document.title == "智谱完成新一轮融资"
    assert article.document.date == "2025-03-03"
    assert article.document.doc_id == "a.txt"
    assert "北京智谱华章科技有限公司宣布完成一轮融资" in article.document.text


@pytest.mark.parametrize("text", ["腾讯", "月之暗面融资", "比亚迪与华为合作。", "OpenAI发布GPT-5"])
def test_short_gb18030_texts_are_right(tmp_path: Path, text: str) -> None:
    (article,), _ = read(write(tmp_path / "a.txt", text, "gb18030"))
    assert article.document.text == text


def test_jsonl_texts_are_verbatim_and_bad_lines_do_not_stop_the_rest(tmp_path: Path) -> None:
    text = "  阿里云\n发布  Qwen2.5-Max。\n\n| 公司 | 模型 |\n|---|---|\n| 阿里云 | Qwen |\n"
    lines = [json.dumps({"content": text, "标题": "发布", "time": "2025-01-29 10:00"}, ensure_ascii=False)]
    lines += ["{broken", json.dumps({"doc_id": "kept-id", "text": "华为公布年报。"})]
    articles, dropped = read(write(tmp_path / "a.jsonl", "\n".join(lines)))
    assert [a.document.doc_id for a in articles] == ["a.jsonl#1", "kept-id"]
    assert articles[0].document.text == text
    assert articles[0].document.date == "2025-01-29"
    cells = {text[s.start : s.end]: s.header for s in articles[0].sections if s.table_id is not None}
    assert cells == {"公司": None, "模型": None, "阿里云": "公司", "Qwen": "模型"}
    assert any("no JSON" in d.reason and "line 2" in d.example for d in dropped)


def test_csv_rows_are_documents(tmp_path: Path) -> None:
    rows = (
        '标题,发布日期,正文\r\n停牌公告,2025/3/5,"寒武纪公告称,\n公司股票停牌。"\r\n,,\r\n空行,2025/3/6,\r\n'
    )
    articles, dropped = read(write(tmp_path / "a.csv", rows, "gb18030"))
    assert [(a.document.title, a.document.date, a.document.text) for a in articles] == [
        ("停牌公告", "2025-03-05", "寒武纪公告称,\n公司股票停牌。")
    ]
    assert any("正文 is empty" in d.reason and "line 4" in d.example for d in dropped)
    (dropped_file,) = [
        d for d in read(write(tmp_path / "b.csv", "公司,金额\n智谱,5\n"))[1] if "column" in d.reason
    ]
    assert "fields: text" in dropped_file.reason
    mapped = ReadingSettings(fields={"text": "公司", "id": "金额"})
    assert [a.document.doc_id for a in read(tmp_path / "b.csv", mapped)[0]] == ["5"]


def test_a_line_that_is_too_long_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text":"' + "长" * 2000 + '"}\n{"text":"寒武纪公布年报。"}\n')
    articles, dropped = read(path, ReadingSettings(max_line_characters=1000))
    assert [a.document.text for a in articles] == ["寒武纪公布年报。"]
    assert any("longer than 1,000 characters" in d.reason and d.example == "line 1" for d in dropped)
    total = len(path.read_text(encoding="utf-8"))
    assert total == len("寒武纪公布年报。") + sum(
        d.count for d in dropped if d.reason.endswith("(characters)")
    )


def test_a_line_of_fifty_megabytes_is_not_held_whole(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"text":"')
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"text":"ok"}\n')
    tracemalloc.start()
    articles, dropped = read(path, ReadingSettings(max_line_characters=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [a.document.text for a in articles] == ["ok"]
    assert any("line longer" in d.reason for d in dropped)
    assert peak < 30_000_000


def test_repeated_ids_become_unique_the_same_way_every_time(tmp_path: Path) -> None:
    lines = [json.dumps({"id": 7, "text": f"第{i}条快讯。"}) for i in range(3)]
    path = write(tmp_path / "a.jsonl", "\n".join(lines))
    ids = [a.document.doc_id for a in read(path)[0]]
    assert ids == ["7", "7#2", "7#3"] == [a.document.doc_id for a in read(path)[0]]


def zip_of(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


ENTITIES = '<!DOCTYPE w [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.txt", b"", "empty file"),
        ("blank.txt", b"\n \n", "empty file"),
        ("noise.txt", bytes(range(256)) * 20, "binary content"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n0000", "a picture"),
        ("really.txt", b"%PDF-1.4 0000", "rename it to .pdf"),
        ("broken.docx", b"PK\x03\x04broken", "broken Word file"),
        ("other.docx", zip_of("a.txt", b"a"), "no Word file"),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "password-protected"),
        ("bomb.docx", zip_of("word/document.xml", b" " * 3_000_000), "unpacks to 3,000,000 bytes"),
        ("entities.docx", word_file(paragraph("&b;"), ENTITIES), "document type declaration"),
        ("large.txt", "好的。".encode() * 200_000, "larger than 1,000,000 bytes"),
        ("empty.html", b"<html><body></body></html>", "without text"),
        ("broken.pdf", b"%PDF-1.7\ngarbage", "broken PDF"),
        ("none.jsonl", b"", "empty file"),
    ],
)
def test_bad_files_end_in_one_sentence_with_the_way_out(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    limits = ReadingSettings(max_file_bytes=1_000_000, max_unpacked_bytes=2_000_000)
    articles, dropped = read(tmp_path / name, limits)
    assert articles == []
    reasons = [d.reason for d in dropped if not d.reason.endswith("(characters)")]
    assert len(reasons) == 1 and words in reasons[0]
    assert all(d.doc_id == name and d.stage == "read" for d in dropped)


def test_a_file_that_went_away_is_reported(tmp_path: Path) -> None:
    articles, (dropped,) = read(tmp_path / "gone.txt")
    assert not articles and "cannot be opened" in dropped.reason


def test_folders_are_read_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/二.txt", "b/.hidden.txt", ".git/a.txt", "a.md", "c.xyz", "b/a.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, "腾讯。")
    files, dropped = find_files([tmp_path, tmp_path / "a.md", "-"])
    assert [file.name for file in files] == ["a.md", "b/a.jsonl", "b/二.txt", "standard input"]
    (unknown,) = dropped
    assert unknown.example == "c.xyz" and ".docx" in unknown.reason


def test_files_of_one_name_in_two_folders_keep_apart(tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "a.txt", "腾讯。")
    files, _ = find_files([tmp_path / "x", tmp_path / "y"])
    assert [file.name for file in files] == ["a.txt", "y/a.txt"]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for content, text in (
        (NEWS.encode(), "智谱"),
        ('{"text": "华为公布年报。"}\n'.encode(), "华为公布年报。"),
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        (file,), _ = find_files(["-"])
        articles = [found for found in read_file(file) if isinstance(found, Article)]
        assert text in articles[0].document.text


@pytest.mark.parametrize(
    ("name", "text", "date"),
    [
        ("20250314日报.txt", "今日要闻。", "2025-03-14"),
        ("2024/11/05/a.txt", "今日要闻。", "2024-11-05"),
        ("a.txt", "行业月报\n发布日期：2025 年 02 月 13 日\n正文如下。", "2025-02-13"),
        ("a.txt", "公告\n二〇二四年十二月二十一日\n正文如下。", "2024-12-21"),
        ("a.txt", "截至2024年12月31日，共有302款服务备案。", None),
        ("a.txt", "产业政策回顾：1999年1月5日的办法在2024年8月1日废止。", None),
        ("99991399.txt", "今日要闻。", None),
    ],
)
def test_dates_come_from_text_or_name(tmp_path: Path, name: str, text: str, date: str | None) -> None:
    path = write(tmp_path / "file.txt", text)
    (article,) = [f for f in read_file(SourceFile(path, name)) if isinstance(f, Article)]
    assert article.document.date == date


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("智谱 \t\n|-#。，（“1年图：\r\u2028A"), min_size=1, max_size=120))
def test_sections_of_verbatim_texts_lie_inside_and_in_order(text: str) -> None:
    sections = verbatim_sections("d", text)
    assert all(0 <= s.start < s.end <= len(text) for s in sections)
    assert all(a.end <= b.start for a, b in pairwise(sections))
    covered = "".join(text[s.start : s.end] for s in sections if s.table_id is None)
    if not any(s.table_id is not None for s in sections):
        assert "".join(covered.split()) == "".join(text.split())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    for name in ("a.txt", "a.jsonl", "a.csv", "a.html"):
        (folder / name).write_bytes(data)
        assert read(folder / name) is not None


def test_a_missing_source_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"nothing\.txt"):
        find_files([tmp_path / "nothing.txt"])
