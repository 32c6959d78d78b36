"""Write the Word and PDF examples of `examples/news` (committed; run only to change them).

Needs the development dependencies: python-docx and reportlab.
"""

from __future__ import annotations

from pathlib import Path

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

FOLDER = Path(__file__).parent / "news"

POLICY_TITLE = "国务院印发意见 深入实施“人工智能+”行动"
POLICY = [
    "2025年8月26日　来源：示例财经",
    "国务院8月26日公布《关于深入实施“人工智能+”行动的意见》，提出到2027年，新一代智能终端、智能体等应用普及率"
    "超过70%；到2030年超过90%。“人工智能+”行动由国家发展和改革委员会（国家发展改革委）统筹推进。",
    "此前的2025年7月，国务院总理李强在上海出席世界人工智能大会时提出，中国倡议成立世界人工智能合作组织，"
    "总部初步考虑设在上海。",
    "地方也在行动。深圳市工业和信息化局印发《深圳市加快推进人工智能终端产业发展行动计划（2025—2026年）》；"
    "杭州市培育了深度求索、宇树科技、游戏科学等企业，被称为“杭州六小龙”。",
    "下表列出近年中国发布的部分人工智能政策。",
]
POLICY_TABLE = [
    ["政策", "发布机构", "发布日期"],
    ["《生成式人工智能服务管理暂行办法》", "国家互联网信息办公室等七部门", "2023年7月10日"],
    ["《人工智能生成合成内容标识办法》", "国家互联网信息办公室等四部门", "2025年3月7日"],
    ["《关于深入实施“人工智能+”行动的意见》", "国务院", "2025年8月21日"],
]

REPORT_TITLE = "行业点评：国产GPU公司密集上市"
REPORT = [
    "2025年12月18日　来源：示例证券研究所",
    "沐曦集成电路（上海）股份有限公司（沐曦股份）12月17日在上海证券交易所科创板上市，发行价104.66元。"
    "此前的12月5日，摩尔线程智能科技（北京）股份有限公司（摩尔线程）在上交所上市。上海壁仞科技股份有限公司"
    "（壁仞科技）也已向香港联合交易所递交上市申请，并于12月通过聆讯。",
    "三家公司均把英伟达（NVIDIA）视为主要竞争对手，同时与华为昇腾、寒武纪、海光信息竞争。中国证监会11月同意"
    "沐曦股份首次公开发行注册。2023年10月，美国商务部工业与安全局（BIS）把摩尔线程和壁仞科技列入实体清单。",
    "摩尔线程创始人张建中曾任英伟达全球副总裁；沐曦股份董事长陈维良曾在超威半导体（AMD）任职；壁仞科技创始人为张文。",
    "12月8日，美国总统特朗普宣布，将允许英伟达向中国的获批客户出售H200芯片，美国政府从中收取25%。我们认为，"
    "这可能影响国产GPU公司的份额。",
]
REPORT_TABLE = [
    ["公司", "上市地", "上市日期", "发行价", "竞争对手"],
    ["摩尔线程", "上海证券交易所", "2025年12月5日", "114.28元", "英伟达、沐曦股份"],
    ["沐曦股份", "上海证券交易所", "2025年12月17日", "104.66元", "英伟达、摩尔线程"],
]
DISCLAIMER = "免责声明：本报告为软件示例，不构成任何投资建议。市场有风险，投资需谨慎。"


def write_docx(path: Path) -> None:
    """A policy article with a table and a page header."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "示例财经 · 政策"
    document.core_properties.title = POLICY_TITLE
    document.add_heading(POLICY_TITLE, level=1)
    for paragraph in POLICY:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=0, cols=3, style="Table Grid")
    for row in POLICY_TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))


def write_pdf(path: Path) -> None:
    """A broker's note of two pages with running header, page numbers, a table and a disclaimer."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = ParagraphStyle(
        "body", fontName="STSong-Light", fontSize=16, leading=36, wordWrap="CJK", firstLineIndent=32
    )
    heading = ParagraphStyle("heading", parent=body, fontSize=20, leading=34, firstLineIndent=0)
    small = ParagraphStyle("small", parent=body, fontSize=9, leading=14, firstLineIndent=0)

    def furniture(canvas: Canvas, template: SimpleDocTemplate) -> None:
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(72, 800, "示例证券研究所 | 行业点评 | 电子")
        canvas.drawString(72, 30, "请务必阅读正文之后的免责声明")
        canvas.drawRightString(523, 30, f"第 {template.page} 页")

    table = Table(REPORT_TABLE)
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), "STSong-Light", 10),
                ("GRID", (0, 0), (-1, -1), 0.5, "black"),
            ]
        )
    )
    story = [Paragraph(REPORT_TITLE, heading)]
    story += [Paragraph(paragraph, body) for paragraph in REPORT]
    story += [Spacer(1, 20), Paragraph("表1：国产GPU公司上市情况", small), table, Spacer(1, 20)]
    story += [Paragraph(DISCLAIMER, small)]
    template = SimpleDocTemplate(str(path), pagesize=A4, title=REPORT_TITLE, invariant=True)
    template.build(story, onFirstPage=furniture, onLaterPages=furniture)


if __name__ == "__main__":
    write_docx(FOLDER / "2025-08-26-ai-plus.docx")
    write_pdf(FOLDER / "2025-12-18-gpu-listings.pdf")
