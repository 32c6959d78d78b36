"""Hostile and broken files of every kind that a folder from the open web may hold, the same ones for one seed.

python tests/hostile_files.py FOLDER [--seed 7] [--count 1000]
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import shutil
import socket
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

NEWS = Path(__file__).parent.parent / "examples" / "news"
SENTENCE = "2025年3月3日，北京智谱华章科技股份有限公司宣布完成超10亿元融资，杭州城投产业基金参与投资。"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

#: What must become of a file: it gives a document, it is left out with a reason, or one of the two.
READ, LEFT_OUT, EITHER = "read", "left out", "either"


@dataclass(frozen=True)
class Case:
    """One way to be hostile: `make` gives the content of a file named `name`, for whatever chance decides."""

    name: str
    make: Callable[[random.Random], bytes]
    fate: str = EITHER


# --- text


def _text(content: str, encoding: str = "utf-8") -> Callable[[random.Random], bytes]:
    return lambda _: content.encode(encoding, "surrogatepass")


def _run(*units: str, length: int = 2_000) -> Callable[[random.Random], bytes]:
    """A sentence, one long run of a unit, a sentence."""

    def make(chance: random.Random) -> bytes:
        unit = chance.choice(units)
        return f"{SENTENCE}\n{unit * (length // len(unit))}\n{SENTENCE}\n".encode()

    return make


TEXTS = [
    Case("null-bytes.txt", _text(SENTENCE + "\0" + SENTENCE), READ),
    Case("many-null-bytes.txt", _text("\0".join(SENTENCE)), EITHER),
    Case("bom-in-the-middle.txt", _text(f"\ufeff{SENTENCE}\ufeff智谱\ufeff融资。"), READ),
    Case("only-bom.txt", _text("\ufeff"), LEFT_OUT),
    Case("blank.txt", _text(" \n\u3000\n\t\n"), LEFT_OUT),
    Case("empty.txt", _text(""), LEFT_OUT),
    Case("mixed-encodings.txt", lambda _: SENTENCE.encode() * 3 + SENTENCE.encode("gb18030") + SENTENCE.encode("utf-16-le")),
    Case("four-byte.txt", lambda _: (SENTENCE + "㐀𠮷䶮𬎆龘" + SENTENCE).encode("gb18030"), READ),
    Case("private-use.txt", _text(f"{SENTENCE}\ue000\ue123\uf8ff智\ue000谱融资。\U0010fffd"), READ),
    Case("astral.txt", _text(f"{SENTENCE}𠮷野家投资了𪚥公司。😀🏳️‍🌈𝕆𝕡𝕖𝕟𝔸𝕀 与 OpenAI 竞争。"), READ),
    Case("bidi.txt", _text(f"\u202e智谱\u202c\u2066投资了\u2069\u200f英伟达\u061c。{SENTENCE}"), READ),
    Case("zero-width.txt", _text(f"智\u200d谱\u200b投资\u2060了英\ufeff伟\u00ad达。{SENTENCE}"), READ),
    Case("terminal.txt", _text(f"\x1b[2J\x1b]0;x\x07智谱\x1b[31m投资了\x1b[0m英伟达。{SENTENCE}\x9b31m\x08\x7f"), READ),
    Case("surrogates-16.txt", lambda _: b"\xff\xfe" + SENTENCE.encode("utf-16-le") + b"\x00\xd8\x00\xd8"),
    Case("odd-16.txt", lambda _: b"\xff\xfe" + SENTENCE.encode("utf-16-le")[:-1]),
    Case("surrogates-8.txt", lambda _: SENTENCE.encode() + b"\xed\xa0\x80\xed\xb0\x80" + SENTENCE.encode()),
    Case("overlong.txt", lambda _: SENTENCE.encode() + b"\xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80" + SENTENCE.encode()),
    Case("noise.txt", lambda chance: chance.randbytes(5_000)),
    Case("noise.md", lambda chance: chance.randbytes(5_000)),
    Case("line-ends.txt", _text(SENTENCE.join(("\r", "\r\n", "\n\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"))), READ),
    Case("program.txt", lambda _: b"\x7fELF" + bytes(500), LEFT_OUT),
    Case("picture.txt", lambda _: b"\x89PNG\r\n\x1a\n" + bytes(500), LEFT_OUT),
    Case("short-lines.txt", _text("人\n" * 5_000), EITHER),
    Case("wrapped.txt", _text("今天天气很好我们去了公园\n" * 1_000), READ),
    Case("brackets.txt", _run("（", "(", "《", "“", "【", "（《“", "))", "（）")),
    Case("enumeration.txt", _run("、", "智谱、", "，", "和", "及其子公司、")),
    Case("digits.txt", _run("1", "一", "1,", "1.", "2025年", "10亿元", "％", "１２３")),
    Case("suffixes.txt", _run("有限公司", "公司", "集团", "股份", "科技", "有限", "（中国）")),
    Case("letters.txt", _run("a", "A", "Ab", "A.", "A ", "GPT-", "Co., Ltd. ")),
    Case("marks.txt", _run("-", "—", "·", ".", "…", "。", "！", "“”", "'", "/", "@", "*", "_", "#", "|", "~", "$", "\\")),
    Case("markdown.md", _run("[", "![", "](", "**", "__", "`", "# ", "> ", "|", "||-", "<table", "- ", "[a](b)", "***a**")),
    Case("verbs.txt", _run("投资", "投资了", "被", "收购智谱", "监管", "与", "由", "将", "不", "未", "据", "同比增长")),
    Case("names.txt", _run("张", "王小明", "北京", "北京市", "先生", "董事长", "CEO", "《通知》", "工信部")),
    Case("spaces.txt", _run(" ", "\t", "\u3000", "\u00a0", " \t", "a\t", "\n\t", "\n ", "人 ")),
    Case("combining.txt", _run("\u0301", "e\u0301", "\u200d", "\ufe0f", "👩‍", "\u3099")),
    Case("front-matter.md", _text("---\n" + "title: x\n" * 5_000)),
    Case("table.md", lambda _: ("|a" * 300 + "|\n").encode() * 20, EITHER),
    Case("table-rows.md", lambda _: f"| 公司 | 金额 |\n|---|---|\n{'| 智谱 | 10亿元 |' + chr(10)}".encode() * 300),
    Case("html-table.md", _text("<table" + "<tr><td colspan=99999999 rowspan=99999999>智谱</td></tr>\n" * 200 + "</table>")),
    Case("pages.txt", _text((SENTENCE + "\f") * 300)),
    Case("contents.txt", _text("目录\n" + "".join(f"第{i}章 智谱 …… {i}\n" for i in range(1_000)))),
    Case("headings.md", _text("# 智谱融资\n" * 1_000)),
    Case("one-line.txt", _text(SENTENCE * 200), READ),
    Case("dates.txt", _run("2025年3月3日", "2025-", "二〇二五年", "截至", "20250303")),
]  # fmt: skip


# --- HTML


def _nested(*tags: str, depth: int = 100_000, closed: bool = True) -> Callable[[random.Random], bytes]:
    def make(chance: random.Random) -> bytes:
        tag = chance.choice(tags)
        end = f"</{tag.split()[0]}>" * depth if closed else ""
        return f"<html><body><p>{SENTENCE}</p>{f'<{tag}>' * depth}{SENTENCE}{end}</body></html>".encode()

    return make


def _page(body: str) -> Callable[[random.Random], bytes]:
    return _text(
        f"<!doctype html><html><head><title>智谱融资</title></head><body>{body}<p>{SENTENCE}</p></body></html>"
    )


PAGES = [
    Case("nested.html", _nested("div", "b", "p", "ul", "li", "span", "a href=x", "font", "blockquote")),
    Case("unclosed.html", _nested("div", "b", "p", "table", "td", "svg", "math", "select", closed=False)),
    Case("nested-tables.html", _nested("table><tr><td", depth=5_000)),
    Case("spans.html", _page("<table>" + "<tr><td colspan=9999 rowspan=9999>智谱<td>10亿元" * 300 + "</table>")),
    Case("wide-table.html", _page("<table>" + ("<tr>" + "<td>1" * 2_000) * 3 + "</table>")),
    Case("long-table.html", _page("<table><tr><th>公司<th>金额" + "<tr><td>智谱<td>10亿元" * 500 + "</table>")),
    Case("attributes.html", _page("<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">x</p>")),
    Case("long-attribute.html", _page(f"<a href='{'x' * 2_000_000}'>x</a>")),
    Case("scripts.html", _page("<script>while(1){}</script><img src=x onerror=alert(1)><iframe src=file:///etc/passwd></iframe>"), READ),
    Case("markup-in-text.html", _page("<p>&lt;script&gt;alert(1)&lt;/script&gt; 智谱&lt;img src=x onerror=alert(1)&gt;投资了英伟达。</p>"), READ),
    Case("references.html", _page("&#x110000;&#0;&#xD800;&#55296;&#xFFFF;&bogus;&#99999999999;" * 1_000)),
    Case("entities.html", _text('<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><p>&b;' + SENTENCE)),
    Case("external.html", _text('<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p><p>' + SENTENCE)),
    Case("lying-charset.html", lambda _: ("<meta charset=utf-16><p>" + SENTENCE).encode("gb18030")),
    Case("comment.html", _text(f"<p>{SENTENCE}</p><!--" + "-" * 200_000)),
    Case("breaks.html", _page("<br>" * 50_000 + "智谱<br>" * 1_000)),
    Case("links.html", _page("<a href=x>智谱</a> " * 1_000)),
    Case("null.html", _page("\0" * 5_000 + "<p\0>智谱\0</p>")),
    Case("plaintext.html", _page("<plaintext>" + "<div>" * 10_000)),
    Case("foreign.html", _page("<svg><foreignObject><math><mtext><table><mglyph><style>" * 1_000)),
    Case("meta.html", _page("<meta property=article:published_time content='9999-99-99T99'>" * 5_000)),
    Case("json-ld.html", _page('<script type="application/ld+json">{"@graph":' + "[" * 50_000 + "</script>")),
    Case("noise.html", lambda chance: b"<html>" + chance.randbytes(5_000)),
    Case("angles.html", lambda chance: (chance.choice("<>&\"'/=!-") * 200_000).encode()),
    Case("xhtml.html", _text(f'<?xml version="1.0" encoding="utf-16"?><html xmlns="x"><p>{SENTENCE}</p></html>'), READ),
    Case("processing.html", _page("<?" * 50_000 + "<![CDATA[" * 5_000)),
    Case("one-cell.html", _page("<table><tr><td>" + "智谱" * 5_000 + "</table>")),
]  # fmt: skip


# --- JSONL and CSV

_GOOD_LINE = json.dumps({"text": SENTENCE}, ensure_ascii=False) + "\n"


def _lines(*lines: str) -> Callable[[random.Random], bytes]:
    return _text(_GOOD_LINE + "\n".join(lines) + "\n" + _GOOD_LINE)


RECORDS = [
    Case("nested.jsonl", _lines("[" * 100_000, '{"a":' * 100_000, '{"text":' + "[" * 100_000 + "]" * 100_000 + "}"), READ),
    Case("numbers.jsonl", _lines("9" * 5_000, '{"text": 1e999}', '{"text": NaN}', '{"id": ' + "9" * 5_000 + ', "text": "a"}'), READ),
    Case("surrogates.jsonl", _lines('{"text": "\\ud800智谱\\udc00", "title": "\\udfff", "id": "\\ud800"}'), READ),
    Case("escapes.jsonl", _lines('{"text": "\\u0000\\u001b[31m智谱\\u202e", "id": "\\u001b]0;x\\u0007\\n=1+1"}'), READ),
    Case("ids.jsonl", _lines(*(json.dumps({"text": SENTENCE, "id": x}) for x in ("../../etc/passwd", "=cmd|' /C calc'!A0", "@x", "-1", "a\nb", "<img src=x>", "a" * 100_000, "'; DROP", "`){x"))), READ),
    Case("fields.jsonl", _lines(json.dumps({f"f{i}": i for i in range(50_000)}), '{"text": ["x"]}', '{"text": {"a": 1}}', '{"text": null}'), READ),
    Case("keys.jsonl", _lines('{"text": "一", "text": "智谱融资。"}', '{"": "x"}', '{"TEXT ": "智谱"}'), READ),
    Case("dates.jsonl", _lines('{"text": "智谱", "date": 99999999999999999999}', '{"text": "智谱。", "date": "0000-00-00"}', '{"text": "智谱！", "date": "2025-13-45"}'), READ),
    Case("blank-lines.jsonl", _lines("\n" * 200_000), READ),
    Case("broken.jsonl", _lines('{"text": "智谱', "not json", '"text"', "[]", "null", "{}", '{"text": ""}', '{"text": "a"} {"text": "b"}'), READ),
    Case("long-line.jsonl", _lines('{"text": "' + "智" * 300_000 + '"}'), READ),
    Case("unended.jsonl", lambda _: b'{"text": "' + b"x" * 2_000_000),
    Case("utf-16.jsonl", _text("\ufeff" + _GOOD_LINE, "utf-16"), READ),
    Case("gb18030.jsonl", _text(_GOOD_LINE, "gb18030"), READ),
    Case("mixed.jsonl", lambda _: _GOOD_LINE.encode() * 5 + _GOOD_LINE.encode("gb18030"), READ),
    Case("null.jsonl", lambda _: _GOOD_LINE.encode() * 5 + b"\0" * 1_000 + b"\n" + _GOOD_LINE.encode()),
    Case("noise.jsonl", lambda chance: chance.randbytes(5_000)),
    Case("returns.jsonl", lambda _: _GOOD_LINE.replace("\n", "\r").encode() * 50),
    Case("empty.jsonl", _text(""), LEFT_OUT),
    Case("title.jsonl", _lines(json.dumps({"text": SENTENCE, "title": "智谱" * 100_000})), READ),
    Case("quotes.csv", _text(f"text,title\n{SENTENCE},a\n\"never closed" + "\n智谱,b" * 2_000), READ),
    Case("many-quotes.csv", _text("text,title\n" + '"' * 200_001 + "\n" + SENTENCE + ",a\n")),
    Case("columns.csv", _text("text" + ",a" * 100_000 + "\n" + SENTENCE + "," * 200_000 + "\n"), READ),
    Case("ragged.csv", _text(f"title,text\na\n,,,,,,\n\nb,{SENTENCE}\nc,{SENTENCE},d,e\n"), READ),
    Case("null.csv", _text(f"text\n{SENTENCE}\n\0\0\n{SENTENCE}\0\n"), READ),
    Case("formulas.csv", _text("title,text\n=1+1," + SENTENCE + "\n@SUM(1),+智谱投资了英伟达。\n-1,\tx智谱\n=HYPERLINK(\"http://x\"),a智谱\n"), READ),
    Case("no-text.csv", _text("a,b,c\n1,2,3\n"), LEFT_OUT),
    Case("returns.csv", _text(f"text,title\r{SENTENCE},a\r{SENTENCE},b\r"), EITHER),
    Case("twice.csv", _text(f"text,text,TEXT\n{SENTENCE},b,c\n"), READ),
    Case("long-field.csv", _text("text,title\n\"" + "智谱投资。\n" * 60_000 + "\",x\n" + SENTENCE + ",y\n")),
    Case("blank-header.csv", _text("\n\n\ntext\n" + SENTENCE), EITHER),
    Case("noise.csv", lambda chance: b"text,title\n" + chance.randbytes(5_000)),
    Case("separators.csv", _text("text;title,a\tb\n" + SENTENCE + ";x\n")),
    Case("empty.csv", _text(""), LEFT_OUT),
]  # fmt: skip


# --- Word


def _parts(change: dict[str, bytes | None], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The example Word file with parts changed, added or (None) left out."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(NEWS / "2025-08-26-ai-plus.docx") as source,
        zipfile.ZipFile(result, "w", compression) as target,
    ):
        for name in source.namelist():
            if name not in change:
                target.writestr(name, source.read(name))
        for name, content in change.items():
            if content is not None:
                target.writestr(name, content)
    return result.getvalue()


def word_file(body: str, before: str = "", encoding: str = "utf-8") -> bytes:
    """A Word file with this content of its body, and this before its first element."""
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{before}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return _parts({"word/document.xml": xml.encode(encoding)})


def _word(body: str, before: str = "", encoding: str = "utf-8") -> Callable[[random.Random], bytes]:
    return lambda _: word_file(body, before, encoding)


def _lying_sizes(_: random.Random) -> bytes:
    """A part of 200 MB that the archive says has 1,000 bytes."""
    data = bytearray(_parts({"word/document.xml": bytes(200_000_000)}))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            if struct.unpack_from("<I", data, at + place)[0] == 200_000_000:
                struct.pack_into("<I", data, at + place, 1_000)
    return bytes(data)


def _locked_part(_: random.Random) -> bytes:
    data = bytearray(word_file(paragraph(SENTENCE)))
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    return bytes(data)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


_BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "智谱智谱智谱智谱">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
_EXTERNAL = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

WORD = [
    Case("bomb.docx", lambda _: _parts({"word/document.xml": bytes(400_000_000)}), LEFT_OUT),
    Case("bomb-part.docx", lambda _: _parts({"word/media/a.bin": bytes(400_000_000)}), LEFT_OUT),
    Case("lying-sizes.docx", _lying_sizes, LEFT_OUT),
    Case("many-parts.docx", lambda _: _parts({f"word/a{i}.xml": b"<a/>" for i in range(5_000)})),
    Case("zip-in-zip.docx", lambda _: _parts({"word/document.xml": word_file(paragraph("x"))}), LEFT_OUT),
    Case("deep.docx", _word("<w:sdt><w:sdtContent>" * 20_000 + paragraph("x") + "</w:sdtContent></w:sdt>" * 20_000)),
    Case("deep-run.docx", _word("<w:p>" + "<w:ins>" * 20_000 + "<w:r><w:t>x</w:t></w:r>" + "</w:ins>" * 20_000 + "</w:p>")),
    Case("nested-tables.docx", _word("<w:tbl><w:tr><w:tc>" * 200 + paragraph(SENTENCE) + "</w:tc></w:tr></w:tbl>" * 200)),
    Case("entities.docx", _word(paragraph("&i;"), _BILLION_LAUGHS), LEFT_OUT),
    Case("late-entities.docx", _word(paragraph("&i;"), f"<!--{' ' * 9_000}-->{_BILLION_LAUGHS}"), LEFT_OUT),
    Case("wide-entities.docx", _word(paragraph("&i;"), _BILLION_LAUGHS, "utf-16"), LEFT_OUT),
    Case("external.docx", _word(paragraph("&x;" + SENTENCE), _EXTERNAL), LEFT_OUT),
    Case("late-external.docx", _word(paragraph("&x;" + SENTENCE), f"<!--{' ' * 9_000}-->{_EXTERNAL}")),
    Case("entity-in-notes.docx", lambda _: _parts({"word/footnotes.xml": f'<?xml version="1.0"?>{" " * 9_000}{_BILLION_LAUGHS}<x>&i;</x>'.encode()})),
    Case("spans.docx", _word("".join(f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="{value}"/></w:tcPr>{paragraph("智谱")}</w:tc><w:tc>{paragraph("x")}</w:tc></w:tr></w:tbl>' for value in ("999999999", "-5", "x", "")))),
    Case("many-paragraphs.docx", _word(paragraph(SENTENCE) * 300), READ),
    Case("big-table.docx", _word("<w:tbl>" + ("<w:tr>" + f"<w:tc>{paragraph('1')}</w:tc>" * 50 + "</w:tr>") * 20 + "</w:tbl>")),
    Case("no-types.docx", lambda _: _parts({"[Content_Types].xml": None})),
    Case("no-relations.docx", lambda _: _parts({"_rels/.rels": None}), LEFT_OUT),
    Case("outside.docx", lambda _: _parts({"_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="../../../../etc/passwd"/></Relationships>'.encode()}), LEFT_OUT),
    Case("remote.docx", lambda _: _parts({"word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/image" Target="http://192.0.2.1/x" TargetMode="External"/></Relationships>'.encode()})),
    Case("circle.docx", lambda _: _parts({"word/_rels/document.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/x" Target="document.xml"/></Relationships>'.encode()})),
    Case("traversal.docx", lambda _: _parts({"../../../tmp/kg-escaped": b"x", "/tmp/kg-escaped": b"x"})),
    Case("locked.docx", _locked_part),
    Case("no-document.docx", lambda _: _parts({"word/document.xml": None}), LEFT_OUT),
    Case("empty-document.docx", lambda _: _parts({"word/document.xml": b""}), LEFT_OUT),
    Case("not-a-zip.docx", lambda chance: b"PK\x03\x04" + chance.randbytes(3_000), LEFT_OUT),
    Case("old.docx", lambda chance: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(3_000), LEFT_OUT),
    Case("text.docx", _text(SENTENCE), LEFT_OUT),
    Case("empty.docx", _text(""), LEFT_OUT),
]  # fmt: skip


# --- PDF


def _pdf(objects: dict[int, bytes], trailer: bytes = b"", root: int = 1) -> bytes:
    """A PDF of numbered objects with its table of offsets; the catalog is object `root`."""
    data = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, content in objects.items():
        offsets[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    size = max(objects, default=0) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n" % size
    data += b"".join(
        b"%010d 00000 n \n" % offsets[i] if i in offsets else b"0000000000 65535 f \n" for i in range(1, size)
    )
    data += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (size, root, trailer, start)
    return bytes(data)


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_SHOW = b"BT /F1 12 Tf 72 700 Td (Zhipu AI raised 1 billion yuan.) Tj ET\n"


def _one_page(content: bytes = _SHOW, page: bytes = b"", more: dict[int, bytes] | None = None, catalog: bytes = b"", entries: bytes = b"") -> bytes:  # fmt: skip
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> %s >> >>" % page,
        4: _stream(content, entries),
        5: _FONT,
    }
    return _pdf({**objects, **(more or {})})


def _zipped(size: int, times: int = 1) -> bytes:
    data = b" " * size
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data


def _many_objects(count: int) -> Callable[[random.Random], bytes]:
    return lambda _: _one_page(more={i: b"<< /A %d 0 R >>" % (i - 1) for i in range(6, count)})


def _page_tree(depth: int) -> bytes:
    kids = {i: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (i + 1) for i in range(2, depth)}
    return _pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", **kids, depth: b"<< /Type /Page /Parent 2 0 R >>"})


PDFS = [
    Case("objects.pdf", _many_objects(100_000)),
    Case("circle.pdf", lambda _: _pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99 /Parent 2 0 R >>"}), LEFT_OUT),
    Case("own-kid.pdf", lambda _: _pdf({1: b"<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 1000000000 >>"}), LEFT_OUT),
    Case("count.pdf", lambda _: _pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 2147483647 >>"}), LEFT_OUT),
    Case("negative-count.pdf", lambda _: _pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [3 0 R] /Count -1 >>", 3: b"<< /Type /Page >>"}), LEFT_OUT),
    Case("many-pages.pdf", lambda _: _pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [%s] /Count 20000 >>" % (b"3 0 R " * 20_000), 3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"}), LEFT_OUT),
    Case("deep-tree.pdf", lambda _: _page_tree(50_000)),
    Case("deep-array.pdf", lambda _: _one_page(catalog=b"/X " + b"[" * 100_000 + b"]" * 100_000)),
    Case("deep-dictionary.pdf", lambda _: _one_page(catalog=b"/X " + b"<</A " * 50_000 + b"1" + b">>" * 50_000)),
    Case("deep-content.pdf", lambda _: _one_page(b"[" * 200_000 + _SHOW)),
    Case("bomb.pdf", lambda _: _one_page(_zipped(300_000_000), entries=b"/Filter /FlateDecode"), EITHER),
    Case("double-bomb.pdf", lambda _: _one_page(_zipped(500_000_000, 2), entries=b"/Filter [/FlateDecode /FlateDecode]"), EITHER),
    Case("filters.pdf", lambda _: _one_page(_zipped(1_000), entries=b"/Filter [%s]" % (b"/FlateDecode " * 10_000))),
    Case("predictor.pdf", lambda _: _one_page(_zipped(1_000), entries=b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 99999 /BitsPerComponent 64 >>")),
    Case("operators.pdf", lambda _: _one_page(_SHOW * 500), READ),
    Case("far-text.pdf", lambda _: _one_page(b"BT /F1 1e30 Tf 1e38 -1e38 Td (Zhipu) Tj ET " * 1_000)),
    Case("saves.pdf", lambda _: _one_page(b"q " * 500_000 + _SHOW)),
    Case("form-circle.pdf", lambda _: _one_page(b"/X Do " + _SHOW, b"/XObject << /X 6 0 R >>", {6: _stream(b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>")})),
    Case("form-bomb.pdf", lambda _: _one_page(b"/X Do " * 10, b"/XObject << /X 6 0 R >>", {i: _stream(b"/X Do " * 10 if i < 14 else _SHOW, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> /XObject << /X %d 0 R >> >>" % min(i + 1, 14)) for i in range(6, 15)})),
    Case("script.pdf", lambda _: _one_page(catalog=b"/OpenAction << /S /JavaScript /JS (while\\(1\\);app.alert\\(1\\)) >> /AA << /WC << /S /Launch /F (cmd.exe) >> >>"), READ),
    Case("attached.pdf", lambda _: _one_page(catalog=b"/Names << /EmbeddedFiles << /Names [(../../x) 6 0 R] >> >>", more={6: b"<< /Type /Filespec /F (../../../etc/passwd) /EF << /F 7 0 R >> >>", 7: _stream(b"MZ")}), READ),
    Case("self-stream.pdf", lambda _: _one_page().replace(b"/Length 68", b"/Length 4 0 R")),
    Case("self-previous.pdf", lambda _: (data := _one_page()).replace(b"/Size 6", b"/Size 6 /Prev %d" % data.rindex(b"xref\n0"))),
    Case("font-circle.pdf", lambda _: _one_page(more={5: b"<< /Type /Font /Subtype /Type0 /DescendantFonts [5 0 R] /ToUnicode 5 0 R /BaseFont /X /Encoding 5 0 R >>"})),
    Case("to-unicode.pdf", lambda _: _one_page(more={5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>", 6: _stream(b"beginbfrange\n<00> <ffffffff> <d800>\nendbfrange\n" * 5_000)})),
    Case("box.pdf", lambda _: _one_page().replace(b"[0 0 612 792]", b"[-1e30 0 1e38 nan]")),
    Case("locked.pdf", lambda _: _pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>", 3: b"<< /Filter /Standard /V 99 /R 99 /Length 99999 /P -1 /O (x) /U (x) >>"}, b"/Encrypt 3 0 R"), LEFT_OUT),
    Case("header-only.pdf", lambda _: b"%PDF-1.7\n", LEFT_OUT),
    Case("noise.pdf", lambda chance: b"%PDF-1.7\n" + chance.randbytes(20_000), LEFT_OUT),
    Case("empty.pdf", _text(""), LEFT_OUT),
    Case("text.pdf", _text(SENTENCE), LEFT_OUT),
]  # fmt: skip

CASES = [*TEXTS, *PAGES, *RECORDS, *WORD, *PDFS]

#: Too large for every run; `(name, fate, writer)`.
HUGE_LINE = 200_000_000


def _huge_line(path: Path, start: bytes, end: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(start)
        unit = SENTENCE.encode() * 1_000
        while stream.tell() < HUGE_LINE:
            stream.write(unit)
        stream.write(end)


def huge_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files with a line of 200 MB, a PDF of a million objects, and sparse files of many gigabytes, with their fates."""
    for name, start, end, fate in (
        ("line.txt", b"", b"", LEFT_OUT),
        ("line.html", b"<p>", b"</p>", LEFT_OUT),
        ("line.jsonl", _GOOD_LINE.encode() + b'{"text": "', b'"}\n' + _GOOD_LINE.encode(), READ),
        ("line.csv", b"text\n" + SENTENCE.encode() + b'\n"', b'"\n' + SENTENCE.encode() + b"\n", READ),
    ):
        _huge_line(folder / name, start, end)
        yield folder / name, fate
    (folder / "million-objects.pdf").write_bytes(_many_objects(1_000_000)(random.Random(0)))
    yield folder / "million-objects.pdf", EITHER
    for name, size in (("sparse.txt", 10**12), ("sparse.jsonl", 10**12), ("zeros.jsonl", 10**9)):
        with (folder / name).open("wb") as stream:
            stream.truncate(size)
        yield folder / name, LEFT_OUT


# --- mutants

_BASES = (
    "2025-12-18-gpu-listings.pdf",
    "2025-08-26-ai-plus.docx",
    "2025-04-23-eu-dma-fines.html",
    "2025-11-19-nexperia.html",
    "flashes.jsonl",
    "briefs.csv",
    "2025-funding-rounds.md",
    "2025-03-20-zhipu-financing-wrapped.txt",
)


def _mutate(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """The bytes damaged in one to three of the ways in which files are damaged."""
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3))):
        way = chance.randrange(8)
        at = chance.randrange(max(len(content), 1))
        length = min(chance.choice((1, 16, 256, 4096)), len(content) - at)
        if way == 0:
            del content[at:]
        elif way == 1:
            for _ in range(chance.choice((1, 8, 64, 1024))):
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        elif way == 2:
            content[at:at] = chance.randbytes(length)
        elif way == 3:
            del content[at : at + length]
        elif way == 4:
            content[at : at + length] = bytes(length)
        elif way == 5:
            content[at:at] = content[at : at + length] * chance.choice((2, 50))
        elif way == 6:
            start = chance.randrange(len(other))
            content[at : at + length] = other[start : start + length]
        else:
            del content[:at]
        if not content:
            return b""
    return bytes(content)


def mutants(count: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Names and contents of damaged copies of good files of every format."""
    contents = [(NEWS / name).read_bytes() for name in _BASES]
    for number in range(count):
        which = number % len(_BASES)
        suffix = Path(_BASES[chance.randrange(len(_BASES)) if number % 25 == 0 else which]).suffix
        yield f"mutant-{number:04}{suffix}", _mutate(contents[which], chance.choice(contents), chance)


# --- names and kinds of files


def odd_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files whose names or nature are hostile, and their fates."""
    good = SENTENCE.encode()
    for name in (
        b"a\nkg: all is well.txt",
        b"-rf.txt",
        b"--help.txt",
        "智".encode() * 83 + b"ab.txt",  # 255 bytes
        b"\xff\xfe broken name \x80.txt",
        b"\x1b[31mred\x1b[0m.txt",
        "\u202etxt.exe\u202c.txt".encode(),
        b"=1+1.txt",
        b"%00%2e%2e%2f.txt",
        b"'; MATCH (n) DETACH DELETE n; --.txt",
        b"<img src=x onerror=alert(1)>.txt",
        b"#.txt",
        b"a@b#c|d,e;f.txt",
        b" .txt",
    ):
        path = Path(os.fsdecode(os.path.join(os.fsencode(folder), name)))  # noqa: PTH118 (bytes)
        path.write_bytes(good)
        yield path, READ
    (folder / "round.txt").symlink_to("round.txt")
    yield folder / "round.txt", LEFT_OUT
    (folder / "itself").symlink_to(".")
    (folder / "dangling.txt").symlink_to("nowhere")
    yield folder / "dangling.txt", LEFT_OUT
    for device in ("zero", "urandom", "tty", "full"):
        (folder / f"{device}.txt").symlink_to(f"/dev/{device}")
        yield folder / f"{device}.txt", LEFT_OUT
    os.mkfifo(folder / "pipe.txt")
    yield folder / "pipe.txt", LEFT_OUT
    with socket.socket(socket.AF_UNIX) as listener:
        with _inside(folder):
            listener.bind("socket.txt")
        yield folder / "socket.txt", LEFT_OUT
    (folder / "unreadable.txt").write_bytes(good)
    (folder / "unreadable.txt").chmod(0)
    yield folder / "unreadable.txt", EITHER  # root reads it
    (folder / "folder.txt").mkdir()
    (folder / "folder.txt" / "inside.txt").write_bytes(good)
    yield folder / "folder.txt" / "inside.txt", READ
    (folder / "noise.exe").write_bytes(good)
    yield folder / "noise.exe", LEFT_OUT


class _inside:  # noqa: N801
    """Standing in a folder, for names too long for a socket."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._before = folder, Path.cwd()

    def __enter__(self) -> None:
        os.chdir(self._folder)

    def __exit__(self, *_: object) -> None:
        os.chdir(self._before)


# --- all


def write_cases(folder: Path, seed: int, variants: int = 1, every: int = 1) -> Iterator[tuple[Path, str]]:
    """Every case (or every so manieth) in `variants` variants, and their fates."""
    chance = random.Random(seed)
    for case in CASES[::every]:
        made: set[bytes] = set()
        for number in range(variants):
            content = case.make(chance)
            if content in made:
                continue
            made.add(content)
            path = folder / f"{number}-{case.name}"
            path.write_bytes(content)
            yield path, case.fate


def write_mutants(folder: Path, seed: int, count: int) -> Iterator[tuple[Path, str]]:
    """Damaged copies of good files; their fate is open."""
    for name, content in mutants(count, random.Random(seed)):
        (folder / name).write_bytes(content)
        yield folder / name, EITHER


def write_good(folder: Path) -> list[Path]:
    """Three good files that must come out as if they were alone."""
    names = ("2025-01-28-deepseek-r1.txt", "2025-12-18-gpu-listings.pdf", "flashes.jsonl")
    return [Path(shutil.copy(NEWS / name, folder / f"good-{name}")) for name in names]


def main() -> None:
    """Write the files into the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=1_000)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    written = [*write_cases(given.folder, given.seed, 3), *odd_files(given.folder)]
    written += write_mutants(given.folder, given.seed, max(given.count - len(written), 0))
    sys.stdout.write(f"{len(written)} files\n")


if __name__ == "__main__":
    main()
