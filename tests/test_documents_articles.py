"""Cutting newspapers and digests into articles, unwrapping lines, tables, and the account of characters."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.documents import Article, SourceFile, find_files, read_file
from kg.tables import Dropped, SectionKind

NEWSPAPER = """证券市场报
2025年4月8日 星期二
A1版

国内统一刊号：CN11-0000

人形机器人企业密集启动上市

■本报记者 李明

近日，杭州宇树科技股份有限公司宣布启动上市辅导，辅导机构为中信证券，公司控股股

东、实际控制人为王兴兴。

资本化提速

优必选方面表示，公司将继续加大对Walker系列的投入。

车企加码固态电池研发

证券市场报记者 王小华
上海报道

4月7日，上汽集团公布固态电池量产时间表。宁德时代、比亚迪也表示将在2027年前后小批量装车。

证券市场报
A2版

央行开展买断式逆回购

新华社北京4月7日电（记者 吴雨）中国人民银行7日发布公告，开展8000亿元买断式逆回购操作。
"""

DIGEST = """金融信息摘编
2025年3月14日 星期五

| 目录 | 页 |
|---|---|
| 宏观经济 | 1 |
| 发改委发布数据报告 | 1 |
| 重点产业 | 2 |
| 智谱获珠海国资投资 | 2 |
| 深度求索开源五个代码库 | 3 |

宏观经济

发改委发布数据报告

3月13日，国家发展改革委发布报告，数据要素市场规模继续扩大。

两省同日设立算力基金

3月13日，贵州省与宁夏回族自治区分别设立算力产业基金。

重点产业

智谱获珠海国资投资

3月13日，华发集团宣布向智谱投资5亿元。

深度求索开源五个代码库

2月28日，深度求索完成开源周的最后一次发布。

免责声明

本刊内容仅供参考，不构成投资建议。
"""


def read(path: Path) -> tuple[list[Article], list[Dropped]]:
    found = list(read_file(SourceFile(path, path.name)))
    return [f for f in found if isinstance(f, Article)], [f for f in found if isinstance(f, Dropped)]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def balance(text: str, articles: list[Article], dropped: list[Dropped]) -> int:
    """Characters in, less those kept and those accounted for."""
    kept = sum(len(article.document.text) for article in articles)
    return len(text) - kept - sum(d.count for d in dropped if d.reason.endswith("(characters)"))


def test_a_newspaper_is_cut_at_its_headlines(tmp_path: Path) -> None:
    articles, dropped = read(write(tmp_path / "paper.txt", NEWSPAPER))
    assert [a.document.title for a in articles] == [
        "人形机器人企业密集启动上市",
        "车企加码固态电池研发",
        "央行开展买断式逆回购",
    ]
    assert articles[0].document.doc_id == "paper.txt#人形机器人企业密集启动上市"
    assert {a.document.date for a in articles} == {"2025-04-08"}
    assert "公司控股股东、实际控制人为王兴兴" in articles[0].document.text
    assert "资本化提速" in [
        articles[0].document.text[s.start : s.end]
        for s in articles[0].sections
        if s.kind is SectionKind.TITLE
    ]
    assert all("A2版" not in a.document.text and "CN11" not in a.document.text for a in articles)
    assert balance(NEWSPAPER, articles, dropped) == 0


def test_a_digest_is_cut_by_its_contents_and_by_like_items(tmp_path: Path) -> None:
    articles, dropped = read(write(tmp_path / "digest.txt", DIGEST))
    assert [a.document.title for a in articles] == [
        "发改委发布数据报告",
        "两省同日设立算力基金",
        "智谱获珠海国资投资",
        "深度求索开源五个代码库",
    ]
    assert {a.document.date for a in articles} == {"2025-03-14"}
    assert articles[-1].document.text.endswith("最后一次发布。")
    reasons = " ".join(d.reason for d in dropped)
    assert all(word in reasons for word in ("table of contents", "departments", "disclaimer", "masthead"))
    assert balance(DIGEST, articles, dropped) == 0


def test_numbered_items_of_a_digest_are_articles_and_chapters_of_a_report_are_not(tmp_path: Path) -> None:
    digest = (
        "一周要闻\n2025年3月2日\n\n一、阿里巴巴扩大云投资\n\n2月24日，阿里巴巴宣布加大投入。\n\n"
        "二、深度求索开源代码库\n\n2月28日，深度求索结束开源周。\n\n三、北京发布行动计划\n\n2月28日，北京市印发计划。\n"
    )
    articles, _ = read(write(tmp_path / "a.txt", digest))
    assert [a.document.title for a in articles] == [
        "阿里巴巴扩大云投资",
        "深度求索开源代码库",
        "北京发布行动计划",
    ]
    assert {a.document.date for a in articles} == {"2025-03-02"}
    report = digest.replace("2月24日，", "").replace("2月28日，", "")
    (article,), _ = read(write(tmp_path / "b.txt", report))
    assert article.document.title == "一周要闻"


def test_spaces_inside_words_are_closed_where_the_word_stands_elsewhere(tmp_path: Path) -> None:
    text = "智谱宣布融资，智谱的投资方是珠海国资。\n\n3月13日，华发集团向智 谱投资，称看好智谱。\n"
    (article,), _ = read(write(tmp_path / "a.txt", text))
    assert "向智谱投资" in article.document.text


def test_an_edit_of_one_article_leaves_the_ids_of_the_others(tmp_path: Path) -> None:
    before, _ = read(write(tmp_path / "digest.txt", DIGEST))
    after, _ = read(write(tmp_path / "digest.txt", DIGEST.replace("向智谱投资5亿元", "向智谱投资6亿元")))
    assert [a.document.doc_id for a in before] == [a.document.doc_id for a in after]
    changed = [
        a.document.title
        for a, b in zip(before, after, strict=True)
        if a.document.content_hash != b.document.content_hash
    ]
    assert changed == ["智谱获珠海国资投资"]


def test_repeated_titles_get_an_ordinal(tmp_path: Path) -> None:
    item = "快讯一则\n\n本报记者 李明\n\n寒武纪公布年报，营业收入增长{}。\n\n"
    articles, _ = read(write(tmp_path / "a.txt", item.format("一倍") + item.format("两倍")))
    assert [a.document.doc_id for a in articles] == ["a.txt#快讯一则", "a.txt#快讯一则#2"]


def test_wrapped_lines_with_blank_lines_between_give_whole_names(tmp_path: Path) -> None:
    lines = [
        "国家集成电路产业投资基金三期股份有限公司",
        "于去年五月注册成立，注册资本三千四百四十亿",
        "元，由财政部、国开金融等十九位股东共同持股，",
        "其中中国工商银行、中国农业银行、中国建设银",
        "行等首次入股。业内人士认为，基金将重点投向",
        "人 工 智 能 芯 片 、 存 储 器 等 领 域。",
        "上述人士还表示，长江存储与长鑫存储有望得到",
        "新一轮支持。",
    ]
    (article,), _ = read(write(tmp_path / "a.txt", "\n\n".join(lines)))
    assert "中国建设银行等首次入股" in article.document.text
    assert "人工智能芯片" in article.document.text
    assert article.document.text.count("\n") == 1


def test_indents_start_paragraphs_in_wrapped_texts(tmp_path: Path) -> None:
    lines = [
        "　　中国证监会近日对三家上市公司立案调查，涉及信",
        "息披露违法违规，其中一家公司的实际控制人同时被",
        "采取市场禁入措施。",
        "　　上海证券交易所同日发出监管函，要求公司说明情",
        "况，公司股票自明日起停牌，复牌时间另行公告",
        "　　业内人士认为，监管部门对财务造假的打击力度正",
        "在加大，中介机构的责任也将进一步压实。",
    ]
    (article,), _ = read(write(tmp_path / "a.txt", "\n".join(lines)))
    assert [line[:6] for line in article.document.text.split("\n")] == [
        "中国证监会近",
        "上海证券交易",
        "业内人士认为",
    ]
    assert "信息披露违法违规" in article.document.text


def test_tables_of_all_kinds_become_cells(tmp_path: Path) -> None:
    expected = [
        ("公司", None),
        ("模型", None),
        ("阿里云", "公司"),
        ("通义千问", "模型"),
        ("月之暗面", "公司"),
    ]
    sources = {
        "a.md": "大模型一览\n\n| 公司 | 模型 |\n|:--|--:|\n| 阿里云 | **通义千问** |\n| 月之暗面 | |\n",
        "b.txt": "大模型一览\n\n公司\t模型\n阿里云\t通义千问\n月之暗面\t\n",
        "c.html": "<html><body><p>大模型一览</p><table><tr><th>公司</th><th>模型</th></tr><tr><td>阿里云</td>"
        "<td>通义千问</td></tr><tr><td>月之暗面</td><td></td></tr></table></body></html>",
    }
    sources["d.md"] = (
        "大模型一览\n\n<table><tr><td>公司</td><td>模型</td></tr>\n<tr><td>阿里云</td><td>通义千问</td></tr>\n"
        "<tr><td>月之暗面</td><td></td></tr></table>\n"
    )
    sources["e.jsonl"] = json.dumps({"text": sources["d.md"]})
    for name, source in sources.items():
        (article,), _ = read(write(tmp_path / name, source))
        cells = [s for s in article.sections if s.table_id is not None]
        assert [(article.document.text[s.start : s.end], s.header) for s in cells] == expected, name
        assert [(s.row, s.column) for s in cells] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)], name


def test_word_files_with_headings_and_tables(tmp_path: Path) -> None:
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    document.add_heading("华为与赛力斯深化合作", 1)
    document.add_paragraph("2024年8月26日，赛力斯宣布出资115亿元购买引望10%股权。")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["投资方", "比例", "赛力斯", "10%"], strict=True):
        cell.text = text
    inserted = document.add_paragraph("公告称，")._p
    inserted.append(
        parse_xml(
            f'<w:ins {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>引望估值为1150亿元。</w:t></w:r></w:ins>'
        )
    )
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.save(str(tmp_path / "a.docx"))
    (article,), dropped = read(tmp_path / "a.docx")
    assert article.document.title == "华为与赛力斯深化合作"
    assert article.document.date == "2024-08-26"
    assert "公告称，引望估值为1150亿元。" in article.document.text
    assert "内部资料" not in article.document.text
    assert any("running heads" in d.reason and d.count == 5 for d in dropped)
    assert {
        article.document.text[s.start : s.end]: s.header for s in article.sections if s.table_id is not None
    } == {
        "投资方": None,
        "比例": None,
        "赛力斯": "投资方",
        "10%": "比例",
    }


PIECES = st.sampled_from(
    [
        "腾讯云与银河证券签署合作协议。",
        "本报记者 王芳 北京报道",
        "算力建设提速 多地出台规划",
        "免责声明",
        "目录",
        "行业概览\t3",
        "公司\t金额",
        "智谱\t5亿元",
        "| 模型 | 厂商 |",
        "|---|---|",
        "| Kimi | 月之暗面 |",
        "- 3 -",
        "中 国 经 营 评 论",
        "# 标题",
        "2025年3月1日",
        "，逗号开头的行",
        "未完的句子，",
        "\u3000\u3000缩进（括号",
        "\f",
        "",
        " ",
        "\ufeff\u200b",
        "图1：结构",
        "资料来源：公司公告",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(PIECES, st.text(max_size=30)), min_size=1, max_size=40))
def test_every_character_is_kept_or_accounted_for(tmp_path: Path, lines: list[str]) -> None:
    text = "\n".join(lines).replace("\r", "").encode("utf-8", "replace").decode()
    articles, dropped = read(write(tmp_path / "a.txt", text))
    if any("empty file" in d.reason or "no text" in d.reason for d in dropped):
        return
    text = text.removeprefix("\ufeff")
    assert balance(text, articles, dropped) == 0
    # Nothing is invented and nothing comes twice.
    kept = Counter("".join("".join(a.document.text.split()) for a in articles))
    assert not kept - Counter(text)
    ids = [a.document.doc_id for a in articles]
    assert len(ids) == len(set(ids))
    for article in articles:
        for section in article.sections:
            assert 0 <= section.start < section.end <= len(article.document.text)


CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "documents"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the five source documents are not beside this checkout")
def test_the_five_source_documents_read_well() -> None:
    counts = {}
    for file in find_files([CORPUS])[0]:
        articles, dropped = read(file.path)
        text = file.path.read_text(encoding="utf-8")
        assert balance(text, articles, dropped) == 0
        tables = sum(len({s.table_id for s in a.sections if s.table_id is not None}) for a in articles)
        counts[file.name[:3]] = (len(articles), tables)
    assert counts["000"] == (18, 1)
    assert counts["001"] == (1, 0)
    assert counts["003"] == (1, 11)
    assert 55 <= counts["004"][0] <= 65
