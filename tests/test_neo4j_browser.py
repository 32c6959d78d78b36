"""Neo4j Browser itself, in a headless Chromium: log in, see the coloured graph, run named queries, play the guide."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import browser as chromium_browser
import command
import example_tables
import pytest

from kg.schema import ENTITIES, RELATIONS
from kg.stores import browser, queries, server
from kg.stores.connection import Connection
from kg.stores.queries import NEO4J, cypher_folder

if TYPE_CHECKING:
    from playwright.sync_api import Page

ARTEFACTS = Path(__file__).parent.parent / "artefacts" / "neo4j"
_SLOW = 90_000  # milliseconds; a busy machine draws slowly


def test_the_files_are_what_the_schema_and_the_queries_say() -> None:
    folder = cypher_folder() / "browser"
    assert (folder / browser.STYLE).read_text(encoding="utf-8") == browser.style()
    assert (folder / browser.GUIDE).read_text(encoding="utf-8") == browser.guide()
    assert (folder / browser.SAVED_QUERIES).read_bytes() == browser.saved_queries()


def test_the_style_has_a_colour_and_a_caption_for_every_type() -> None:
    style = browser.style()
    for entity in ENTITIES.values():
        rule = style.partition(f"node.{entity.type} {{")[2].partition("}")[0]
        assert f"color: {entity.colour};" in rule and 'caption: "{name' in rule
    for relation in RELATIONS.values():
        rule = style.partition(f"relationship.{relation.type} {{")[2].partition("\n}")[0]
        assert ("shaft-width: 3px" in rule) == relation.core
        assert 'caption: "{type} {claims}"' in rule


def test_saved_queries_need_no_parameters() -> None:
    with zipfile.ZipFile(io.BytesIO(browser.saved_queries())) as archive:
        names = archive.namelist()
        texts = [archive.read(name).decode() for name in names]
    expected = [f"kg/{q.name}.cypher" for q in queries.named_queries().values() if NEO4J in q.texts]
    assert names == expected and len(names) >= 20
    assert all(text.startswith("// ") and "$" not in text for text in texts)


def test_the_address_carries_the_query_and_the_server() -> None:
    address = browser.address("http://127.0.0.1:7474/browser/", "bolt://127.0.0.1:7687", "who-invests-in")
    values = parse_qs(urlsplit(address).query)
    assert values["dbms"] == ["bolt://127.0.0.1:7687"]
    assert values["cmd"] == ["edit"]
    assert [unquote(line) for line in values["arg"]] == browser.runnable(
        queries.find("who-invests-in")
    ).splitlines()


def test_the_guide_is_served_to_other_pages() -> None:
    import urllib.request

    with browser.serving() as address:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address) as response:
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            assert response.read().decode() == browser.guide()


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium_browser.chromium() as opened:
        page = opened.new_page(viewport={"width": 1500, "height": 1000})
        page.set_default_timeout(_SLOW)
        yield page


@pytest.mark.neo4j
@pytest.mark.browser
def test_a_first_minute_in_neo4j_browser(
    page: Page, neo4j_connection: Connection, running_neo4j: server.Server, tmp_path: Path
) -> None:
    from kg.stores import neo4j

    neo4j.load(example_tables.write(tmp_path / "build"), neo4j_connection)
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    version = running_neo4j.version

    # The address that `kg neo4j open` prints: the query is in the editor, the server in the form.
    (tmp_path / "build" / "neo4j").symlink_to(running_neo4j.home, target_is_directory=True)
    printed = command.succeeds("neo4j", "open", tmp_path / "build").strip()
    assert printed == browser.address(running_neo4j.browser, running_neo4j.uri)
    page.goto(printed)
    _log_in(page, running_neo4j)
    editor = page.locator(".monaco-editor .view-lines").first
    editor.filter(has_text="深度求索").wait_for()
    page.screenshot(path=ARTEFACTS / f"{version}-1-first-query.png")

    _drop(page, cypher_folder() / "browser" / browser.STYLE)
    page.locator("[data-testid=frame]", has_text="node.Company").first.wait_for()

    for number, name in enumerate(("neighbourhood-graph", "who-invests-in", "biggest-investments"), 2):
        if name != browser.FIRST_QUERY:
            page.goto(browser.address(running_neo4j.browser, running_neo4j.uri, name))
        first_line = browser.runnable(queries.find(name)).splitlines()[0].replace(" ", "")[:30]
        page.wait_for_function(
            "text => [...document.querySelectorAll('.view-lines')]"
            ".some(e => e.textContent.replace(/\\s/g, '').includes(text))",
            arg=first_line,
        )
        page.locator("[data-testid=editor-Run]").click()
        frame = page.locator(
            "[data-testid=frame]"
        )  # which is on top varies: Browser's own `:use` may come late
        if name == "neighbourhood-graph":
            circles = frame.locator("svg circle.b-outline, svg g.node circle.outline, svg circle.outline")
            circles.first.wait_for()
            page.wait_for_timeout(3000)  # the layout comes to rest
            colours = {_hex(c) for c in circles.evaluate_all("all => all.map(c => getComputedStyle(c).fill)")}
            shown = {ENTITIES[t].colour.upper() for t in _neighbour_types(neo4j_connection)}
            assert shown <= colours, (shown, colours)
            captions = frame.locator("svg text").all_text_contents()
            assert any("DEVELOPS 2" in caption for caption in captions), captions
        else:
            expected = "华发集团" if name == "who-invests-in" else "软银集团"
            frame.filter(has_text=expected).first.wait_for()
        page.screenshot(path=ARTEFACTS / f"{version}-{number}-{name}.png")


@pytest.mark.neo4j
@pytest.mark.browser
def test_the_guide_plays_and_the_queries_are_saved(
    page: Page, neo4j_connection: Connection, running_neo4j: server.Server
) -> None:
    with browser.serving() as guide:
        page.goto(browser.guide_address(running_neo4j.browser, running_neo4j.uri, guide))
        _log_in(page, running_neo4j)
        drawer = page.locator("[data-testid=guidesDrawer]")
        drawer.filter(has_text="从文档到知识图谱").wait_for()
        for _ in range(2):
            page.locator("[data-testid=guideNextSlide]").click()
        drawer.filter(has_text="深度求索").wait_for()
        drawer.locator("pre.runnable").first.click()
        page.locator(".monaco-editor .view-lines", has_text="深度求索").first.wait_for()
        page.screenshot(path=ARTEFACTS / f"{running_neo4j.version}-5-guide.png")
    _drop(page, cypher_folder() / "browser" / browser.SAVED_QUERIES)
    page.locator("[title=Favorites]").first.click()
    page.get_by_text("kg", exact=True).first.click()
    page.get_by_text("谁直接投资了某公司").first.wait_for()
    page.screenshot(path=ARTEFACTS / f"{running_neo4j.version}-6-saved-queries.png")


def _log_in(page: Page, running: server.Server) -> None:
    page.locator("[data-testid=password]").wait_for()
    page.fill("[data-testid=username]", "neo4j")
    page.fill("[data-testid=password]", running.password)
    page.click("[data-testid=connect]")
    page.locator("[data-testid=password]").wait_for(state="detached")


def _drop(page: Page, file: Path) -> None:
    """Drop a file onto the page, as a person does with the mouse."""
    page.evaluate(
        """([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name));
            const target = document.querySelector('.filedrop');
            for (const type of ['dragenter', 'dragover', 'drop']) {
                target.dispatchEvent(
                    new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
            }
        }""",
        [file.name, list(file.read_bytes())],
    )


def _neighbour_types(target: Connection) -> list[Any]:
    from kg.stores import neo4j

    cypher = "MATCH (:Entity {id: 'deepseek'})-[r]-(e:Entity) RETURN DISTINCT e.type"
    types = [row[0] for row in neo4j.query(target, cypher)[1]]
    return [next(t for t in ENTITIES if t.value == name) for name in types]


def _hex(colour: str) -> str:
    """`rgb(76, 120, 168)` as `#4C78A8`."""
    if not colour.startswith("rgb("):
        return colour.upper()
    return "#" + "".join(f"{int(part):02X}" for part in colour[4:-1].split(","))
