"""PDF files: text with running heads and page numbers, broken, locked and scanned files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kg.documents import Article, ReadingSettings, SourceFile, read_file
from kg.tables import Dropped

PASSWORD_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def pdf(pages: list[list[str]], password: str | None = None) -> bytes:
    """A small PDF file with one line of Chinese text below the other on each page, locked where asked."""
    file_id = hashlib.md5(b"test").digest()
    key = entry_o = entry_u = b""
    if password is not None:
        padded = (password.encode() + PASSWORD_PADDING)[:32]
        entry_o = rc4(hashlib.md5(padded).digest()[:5], padded)
        key = hashlib.md5(padded + entry_o + (-4 & 0xFFFFFFFF).to_bytes(4, "little") + file_id).digest()[:5]
        entry_u = rc4(key, PASSWORD_PADDING)
    objects: list[bytes] = []
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>"
    )
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
        b"<< /Registry <41646F6265> /Ordering <474231> /Supplement 2 >> /DW 1000 >>"
        if password is None
        else b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 >>"
    )
    for i, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> "
            f"/Contents {6 + 2 * i} 0 R >>".encode()
        )
        content = b"BT /F 12 Tf 60 780 Td 20 TL\n"
        for line in lines:
            content += b"<" + line.encode("utf-16-be").hex().encode() + b"> Tj T*\n"
        content += b"ET"
        if key:
            number = 6 + 2 * i
            object_key = hashlib.md5(key + number.to_bytes(3, "little") + b"\x00\x00").digest()[:10]
            content = rc4(object_key, content)
        objects.append(b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream")
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    lock = b""
    if key:
        lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (
            entry_o.hex().encode(),
            entry_u.hex().encode(),
        )
    data += b"trailer\n<< /Size %d /Root 1 0 R /ID [<%s> <%s>] %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        file_id.hex().encode(),
        file_id.hex().encode(),
        lock,
        table,
    )
    return data


def rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


PAGES = [
    [
        "兴业研究周报",
        "宇树科技启动上市辅导",
        "2025年7月18日，证监会网站显示，杭州宇树科技股份有限公司已",
        "开启上市辅导，由中信证券担任辅导机构。公司控股股东、实际控制",
        "人为王兴兴，他直接持有公司约百分之二十四的股权，并通过上海宇",
        "翼企业管理咨询合伙企业控制公司约百分之十一的股权。",
        "— 1 —",
    ],
    [
        "兴业研究周报",
        "业内人士认为，人形机器人企业密集融资，说明资本正在从大模型转",
        "向具身智能。与宇树科技同城的深度求索在年初发布开源模型，也带",
        "动了本地算力需求。",
        "— 2 —",
    ],
    ["兴业研究周报", "下一期将于八月出版，欢迎读者来信。", "— 3 —"],
]


def read(path: Path, settings: ReadingSettings | None = None) -> tuple[list[Article], list[Dropped]]:
    found = list(read_file(SourceFile(path, path.name), settings))
    return [f for f in found if isinstance(f, Article)], [f for f in found if isinstance(f, Dropped)]


def test_wrapped_lines_are_joined_and_page_furniture_goes(tmp_path: Path) -> None:
    path = tmp_path / "周报.pdf"
    path.write_bytes(pdf(PAGES))
    (article,), dropped = read(path)
    text = article.document.text
    assert "公司控股股东、实际控制人为王兴兴" in text
    assert "上海宇翼企业管理咨询合伙企业" in text
    assert "兴业研究周报" not in text and "— 2 —" not in text
    assert article.document.title == "宇树科技启动上市辅导"
    assert {section.page for section in article.sections} == {1, 2, 3}
    assert {
        d.reason.split(" (")[0]: d.count for d in dropped if "running" in d.reason or "numbers" in d.reason
    } == {
        "running heads and feet repeated from page to page": 21,
        "page numbers": 17,
    }


def test_a_broken_pdf_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(PAGES)[:200])
    articles, (dropped,) = read(path)
    assert not articles
    assert "broken PDF" in dropped.reason and "download it anew" in dropped.reason


def test_a_locked_pdf_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(PAGES, password="secret"))
    articles, (dropped,) = read(path)
    assert not articles
    assert "password-protected" in dropped.reason and "without the password" in dropped.reason


def test_a_scanned_pdf_asks_for_text_recognition(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([[], []]))
    articles, (dropped,) = read(path)
    assert not articles and "OCR" in dropped.reason


@pytest.mark.parametrize("limit", [1, 2])
def test_pages_beyond_the_limit_are_counted(tmp_path: Path, limit: int) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(PAGES))
    articles, dropped = read(path, ReadingSettings(max_pages=limit))
    assert len(articles) == 1
    assert [d.count for d in dropped if "max_pages" in d.reason] == [3 - limit]


def test_a_table_below_its_caption_goes_on_over_the_page(tmp_path: Path) -> None:
    first = [
        "行业点评周报",
        "三家芯片公司上市",
        "2025年12月18日 来源：示例研究所",
        "摩尔线程与沐曦股份先后在上海上市。",
    ]
    first += ["表1：上市情况", "公司 交易所 发行价", "摩尔线程 上交所 114.28元", "— 1 —"]
    second = ["行业点评周报", "沐曦股份 上交所 104.66元", "壁仞科技亦已递交申请。", "— 2 —"]
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([first, second]))
    (article,), _ = read(path)
    cells = [s for s in article.sections if s.table_id is not None]
    assert [(article.document.text[s.start : s.end], s.row, s.header) for s in cells if s.column == 2] == [
        ("发行价", 0, None),
        ("114.28元", 1, "发行价"),
        ("104.66元", 2, "发行价"),
    ]
    assert article.document.title == "三家芯片公司上市"
    assert article.document.date == "2025-12-18"
    assert "行业点评周报" not in article.document.text
