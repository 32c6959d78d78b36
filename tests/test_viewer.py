"""`kg export DIR graph.html`, used as a reader uses it, in a real Chromium."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import graph_tables
import pytest
from browser import chromium

from kg.exports import export
from kg.exports.html import embeddable, pinyin_forms
from kg.graph import open_graph

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

HOSTILE = '</script><script>window.broken = true</script><img src=x onerror="window.broken = true">'


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("demo")
    tables = graph_tables.renamed(graph_tables.rows(), "e-aliyun", HOSTILE)
    (file,) = export(open_graph(graph_tables.write(folder, tables)), folder / "graph.html")
    return file.as_uri()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The open viewer, in Chinese; whatever goes wrong in the page or leaves it fails the test."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="zh-CN", color_scheme="light"
    )
    view = context.new_page()
    problems: list[str] = []
    view.on("pageerror", lambda error: problems.append(str(error)))
    view.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    view.on("request", lambda r: problems.append(r.url) if not r.url.startswith(("file:", "blob:")) else None)
    view.set_default_timeout(120_000)  # a busy machine draws slowly
    open_at(view, address)
    yield view
    assert problems == []
    assert not view.evaluate("window.broken")
    context.close()


def open_at(view: Page, address: str) -> None:
    view.goto("about:blank")
    view.goto(address)
    view.wait_for_function("window.kgViewer && window.kgViewer.scene")


def shown(view: Page) -> tuple[int, int]:
    counts = view.evaluate("[kgViewer.shown().nodeCount, kgViewer.shown().edgeCount]")
    return counts[0], counts[1]


def settle(view: Page) -> None:
    """Wait until the camera rests."""
    view.wait_for_function("!kgViewer.scene.renderer.getCamera().isAnimated()")
    view.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def place(view: Page, entity_id: str) -> tuple[float, float]:
    settle(view)
    point = view.evaluate("(id) => kgViewer.scene.place(kgViewer.model.node(id))", entity_id)
    return point["x"], point["y"]


def search(view: Page, text: str) -> list[str]:
    view.locator(".search input").fill(text)
    return [hit.strip() for hit in view.locator(".search [role=option] .name").all_inner_texts()]


def test_everything_is_shown_and_drawn(page: Page) -> None:
    assert shown(page) == (10, 8)
    assert page.locator(".summary").inner_text() == "10 / 10 实体 · 8 / 8 关系"
    settle(page)
    Image = pytest.importorskip("PIL.Image")  # noqa: N806
    picture = Image.open(io.BytesIO(page.locator(".canvas").screenshot())).convert("RGB")
    colours = {colour for _, colour in picture.getcolors(2**20)}
    assert (0x4C, 0x78, 0xA8) in colours  # a company, in the colour of the schema
    assert (0xF5, 0x85, 0x18) in colours  # a person


def test_search_knows_aliases_scripts_pinyin_and_english(page: Page) -> None:
    queries = {
        "智谱": "alias",
        "智譜": "traditional",
        "zp": "initials",
        "zhipu ai": "English",
        "Ｚｈｉｐｕ": "full width",
        "bjzp": "initials of the name",
        "beijingzhipu": "pinyin",
        "华章": "part",
    }
    for query, kind in queries.items():
        assert search(page, query)[0].startswith("北京智谱华章科技有限公司"), kind


def test_search_with_the_keyboard_opens_the_entity(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("OpenAI")
    page.keyboard.press("Enter")
    assert page.locator(".card.node h2").inner_text() == "OpenAI"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.locator(".card").count() == 0


def test_a_name_that_is_not_there(page: Page) -> None:
    assert search(page, "不存在的公司") == []
    assert page.locator(".search .nothing").inner_text() == "没有匹配的实体"


def test_clicking_a_node_shows_its_facts_and_relations(page: Page) -> None:
    page.mouse.click(*place(page, "e-zhipu"))
    card = page.locator(".card.node")
    assert card.locator("h2").inner_text() == "北京智谱华章科技有限公司"
    assert card.locator(".alias").all_inner_texts() == ["智谱", "Zhipu AI"]
    assert "¥5亿" in card.locator(".facts").inner_text()
    assert card.locator(".relations h3").all_inner_texts() != []
    assert set(card.locator(".relation .name").all_inner_texts()) == {
        "珠海华发集团",
        "美国商务部",
        "实体清单",
        "GLM-4",
        "张鹏",
    }


def test_a_relation_shows_its_sentence_names_amount_and_document(page: Page) -> None:
    page.mouse.click(*place(page, "e-zhipu"))
    page.locator(".relation", has_text="珠海华发集团").click()
    card = page.locator(".card.edge")
    first = card.locator(".evidence").first
    assert first.locator("blockquote").inner_text().endswith("珠海华发集团以5亿元人民币入股。")
    assert first.locator("mark").all_inner_texts() == ["智谱", "珠海华发集团", "5亿元人民币"]
    assert first.locator("cite").inner_text() == "珠海华发集团战略投资智谱"
    assert "2025-03-13" in first.locator("footer").inner_text()
    assert card.locator(".evidence").nth(1).locator(".badge").inner_text() == "转载"  # the copied text
    assert "1 独立来源 · 2 条陈述" in card.inner_text()


def test_clicking_an_edge_in_the_picture(page: Page) -> None:
    (x1, y1), (x2, y2) = place(page, "e-openai"), place(page, "e-gpt4o")
    page.mouse.move((x1 + x2) / 2, (y1 + y2) / 2, steps=4)
    page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2)
    assert page.locator(".card.edge .kind").inner_text() == "研发"
    assert page.locator(".card.edge .entity").all_inner_texts() == ["OpenAI", "GPT-4o"]


def test_filters_by_type_relation_and_status(page: Page) -> None:
    page.locator(".switch", has_text="人物").click()
    assert shown(page) == (9, 7)
    page.locator(".switch", has_text="监管").click()
    assert shown(page) == (7, 5)
    page.locator(".switch", has_text="计划").click()
    assert shown(page) == (5, 4)
    page.locator(".reset").click()
    assert shown(page) == (10, 8)
    page.locator(".switch", has_text="投资").click(modifiers=["Control"])  # this one alone
    assert shown(page) == (4, 2)


def test_filter_by_period(page: Page) -> None:
    last = page.locator("input.to")
    last.focus()
    page.keyboard.press("Home")  # up to the first month, January 2025
    assert page.locator("output.period").inner_text() == "2025-01 — 2025-01"
    assert shown(page)[1] == 3  # the two sanctions, and the plan that was reported then


def test_filter_by_source_and_evidence(page: Page) -> None:
    page.locator("summary", has_text="来源").last.click()
    page.locator(".switch", has_text="sanction.md").click()
    assert shown(page)[1] == 5
    page.locator(".reset").click()
    assert page.locator("input.minimum").is_disabled()  # nothing here is told by two independent texts


def test_neighbourhood_focus(page: Page, address: str) -> None:
    open_at(page, f"{address}#node=OpenAI")
    page.keyboard.press("f")
    assert shown(page) == (2, 1)
    page.locator(".card.node .group button", has_text="2").click()
    assert shown(page) == (3, 2)
    assert "focus=e-openai&depth=2" in page.url
    page.keyboard.press("f")
    assert shown(page) == (10, 8)


def test_path_between_two_entities(page: Page) -> None:
    page.keyboard.press("p")
    fields = page.locator(".card.path input")
    fields.nth(0).fill("华发")
    page.keyboard.press("Enter")
    page.locator(".card.path input").nth(1).fill("OpenAI")
    page.keyboard.press("Enter")
    assert page.locator(".card.path .entity").all_inner_texts() == [
        "珠海华发集团",
        "北京智谱华章科技有限公司",
        "GLM-4",
        "GPT-4o",
        "OpenAI",
    ]
    page.locator(".switch", has_text="竞争").click()
    assert "没有路径" in page.locator(".card.path").inner_text()


def test_links_lead_to_a_node_or_an_edge(page: Page, address: str) -> None:
    open_at(page, f"{address}#node=e-glm4")
    assert page.locator(".card.node h2").inner_text() == "GLM-4"
    open_at(page, f"{address}#node=智谱&lang=en&theme=dark")
    assert page.locator(".card.node .kind").inner_text() == "Company"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.locator(".relation", has_text="张鹏").click()
    link = page.url
    open_at(page, link)
    assert page.locator(".card.edge .entity").all_inner_texts() == ["张鹏", "北京智谱华章科技有限公司"]


def test_language_and_theme(page: Page) -> None:
    page.keyboard.press("l")
    assert page.locator(".summary").inner_text() == "10 / 10 Entities · 8 / 8 Relations"
    assert page.locator("html").get_attribute("lang") == "en"
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("t")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.keyboard.press("?")
    assert "Keyboard" in page.locator("dialog").inner_text()


def test_markup_in_names_is_text(page: Page) -> None:
    search(page, "script")
    page.keyboard.press("Enter")
    assert page.locator(".card.node h2").inner_text() == HOSTILE
    assert page.locator("img").count() == 0


def test_the_page_lets_nothing_but_its_own_script_run(page: Page) -> None:
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


def test_embedded_data_cannot_end_its_script_element() -> None:
    assert "<" not in embeddable({"name": HOSTILE, "note": "<!-- <script"})


def test_pinyin_of_chinese_names_only() -> None:
    assert pinyin_forms(["智谱", "OpenAI", "阿里云2.0"]) == ["zp", "zhipu", "aly20", "aliyun20"]


def test_the_committed_bundle_has_no_network_address_of_its_own() -> None:
    bundle = (Path(__file__).parents[1] / "kg/exports/viewer/viewer.js").read_text("utf-8")
    assert "</script" not in bundle
    addresses = set(re.findall(r"https?://[\w.]+", bundle))
    assert addresses <= {"http://www.w3.org", "https://www.sigmajs.org"}  # the name of SVG, a copyright line


def test_the_committed_bundle_is_made_from_the_source_beside_it() -> None:
    digest = hashlib.sha256()
    viewer = Path(__file__).parents[1] / "viewer"
    for file in [*sorted((viewer / "src").iterdir()), viewer / "package-lock.json"]:
        digest.update(file.read_bytes())
    bundle = (viewer.parent / "kg/exports/viewer/viewer.js").read_text("utf-8")
    assert f"source {digest.hexdigest()[:16]};" in bundle, "run `npm ci && npm run build` in viewer/"
