"""Reading sources: every format, every encoding, and what bad input says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.documents import Article, ReadingSettings, SourceFile, find_files, read_file
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


def test_a_missing_source_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"nothing\.txt"):
        find_files([tmp_path / "nothing.txt"])
