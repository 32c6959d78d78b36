"""What Neo4j Browser needs: a style, a guide, queries to save, and the address that opens it with a query.

The files in `cypher/browser/` are what `write` writes, from the schema and the named queries.
"""

from __future__ import annotations

import contextlib
import functools
import html
import http.server
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from kg.schema import ENTITIES, RELATIONS
from kg.stores.queries import NEO4J, Query, cypher_folder, find, named_queries

STYLE, GUIDE, SAVED_QUERIES = "kg.grass", "guide.html", "saved-queries.zip"
FIRST_QUERY = "neighbourhood-graph"

_CORE_WIDTH, _OTHER_WIDTH = 3, 1
_CLAIM_COLOUR, _DOCUMENT_COLOUR, _BUILD_COLOUR = "#BAB0AC", "#D8C7A0", "#EEEEEE"
_STEPS = (
    ("overview", "What is in here?", "图里有什么？"),
    ("neighbourhood-graph", "One company and everything around it", "一家公司和它周围的一切"),
    ("who-invests-in", "Who put money in?", "谁投了钱？"),
    ("evidence", "Which sentences say so?", "哪些句子这样说？"),
    ("who-regulates", "Who regulates?", "谁在监管？"),
    ("shortest-path", "How do two of them hang together?", "两者之间有什么联系？"),
)


def write(folder: Path) -> list[Path]:
    """Write the three files into `folder`; returns their paths."""
    (folder / STYLE).write_text(style(), encoding="utf-8")
    (folder / GUIDE).write_text(guide(), encoding="utf-8")
    (folder / SAVED_QUERIES).write_bytes(saved_queries())
    return [folder / STYLE, folder / GUIDE, folder / SAVED_QUERIES]


def style() -> str:
    """A GraSS style: a colour and a caption a type; core relations are drawn three times as wide.

    Browser's GraSS knows one width a relationship type and none by a property (neo4j-browser issue 518), so the
    number of claims stands in the arrow's caption, and the query that draws asks for the fewest texts behind one.
    """
    rules = [
        _rule("node", {"diameter": "50px", "border-width": "2px", "font-size": "10px"}),
        _rule(
            "relationship", {"color": "#A5ABB6", "font-size": "8px", "padding": "3px", "caption": "<type>"}
        ),
    ]
    for entity in ENTITIES.values():
        rules.append(_node(entity.type.value, entity.colour, "{name}", "65px"))
    rules.append(_node("Claim", _CLAIM_COLOUR, "{type}", "30px"))
    rules.append(_node("Document", _DOCUMENT_COLOUR, "{title}", "40px"))
    rules.append(_node("Build", _BUILD_COLOUR, "{state}", "40px"))
    for relation in RELATIONS.values():
        width = _CORE_WIDTH if relation.core else _OTHER_WIDTH
        rules.append(
            _rule(
                f"relationship.{relation.type.value}",
                {
                    "color": "#6B6B6B" if relation.core else "#A5ABB6",
                    "shaft-width": f"{width}px",
                    "font-size": "8px",
                    "padding": "3px",
                    "text-color-external": "#000000",
                    "text-color-internal": "#FFFFFF",
                    "caption": "{type} {claims}",
                },
            )
        )
    return "\n".join(rules) + "\n"


def _node(label: str, colour: str, caption: str, diameter: str) -> str:
    properties = {
        "color": colour,
        "border-color": _darker(colour),
        "text-color-internal": "#000000" if label in ("Claim", "Document", "Build") else "#FFFFFF",
        "diameter": diameter,
        "caption": caption,
    }
    return _rule(f"node.{label}", properties)


def _darker(colour: str) -> str:
    channels = [int(colour[i : i + 2], 16) * 3 // 4 for i in (1, 3, 5)]
    return "#" + "".join(f"{channel:02X}" for channel in channels)


def _rule(selector: str, properties: dict[str, str]) -> str:
    lines = [
        f'  {name}: "{value}";' if name == "caption" else f"  {name}: {value};"
        for name, value in properties.items()
    ]
    return "\n".join([f"{selector} {{", *lines, "}"])


def runnable(query: Query) -> str:
    """The query's Cypher with its defaults in place, for an editor that knows no parameters."""
    text = query.text(NEO4J)
    for parameter in sorted(query.parameters, key=lambda parameter: -len(parameter.name)):
        text = text.replace(f"${parameter.name}", _literal(parameter.default))
    return text


def _literal(value: object) -> str:
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return str(value).lower() if isinstance(value, bool) else str(value)


def saved_queries() -> bytes:
    """A zip file of the named queries; dropped onto Browser, they appear under its saved queries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for query in named_queries().values():
            if NEO4J in query.texts:
                # A fixed moment: the same queries give the same bytes.
                entry = zipfile.ZipInfo(f"kg/{query.name}.cypher", (2025, 1, 1, 0, 0, 0))
                archive.writestr(entry, f"// {query.title} · {query.chinese}\n{runnable(query)}\n")
    return buffer.getvalue()


def guide() -> str:
    """A guide in the format that Browser plays: slides with queries to click on, in English and Chinese."""
    kinds = "".join(
        f'<li><b style="color:{entity.colour}">{entity.type}</b> {entity.chinese}: {html.escape(entity.meaning)}</li>'
        for entity in ENTITIES.values()
    )
    relations = ", ".join(f"{relation.type} ({relation.chinese})" for relation in RELATIONS.values())
    first = (
        "<h3>A knowledge graph from your documents · 从文档到知识图谱</h3>"
        "<p>Every node and arrow comes from sentences that you can read. Click a query to put it into the editor,"
        " then run it. 点击查询即可放入编辑器，然后运行。</p>"
        f"<ul>{kinds}</ul><p>{relations}</p>"
        "<p>The number on an arrow tells how many claims say so. 箭头上的数字是支持该关系的陈述数。</p>"
    )
    slides = [first, *(_slide(*step) for step in _STEPS), _last_slide()]
    body = "\n".join(f"<slide>\n{slide}\n</slide>" for slide in slides)
    return f'<article class="guide">\n{body}\n</article>\n'


def _slide(name: str, english: str, chinese: str) -> str:
    query = find(name)
    return (
        f"<h3>{html.escape(english)} · {chinese}</h3>\n<p>{html.escape(query.english)}<br>{query.chinese}</p>\n"
        f'<pre class="runnable">{html.escape(runnable(query), quote=False)}</pre>'
    )


def _last_slide() -> str:
    return (
        "<h3>More · 更多</h3>\n"
        f"<p>Drop <code>{STYLE}</code> onto this page for the colours, and <code>{SAVED_QUERIES}</code> for all"
        " queries. 把这两个文件拖到本页，即可得到配色和全部查询。</p>"
    )


def address(browser: str, uri: str, query: str = FIRST_QUERY, database: str = "neo4j") -> str:
    """The address that opens Browser at `browser`, connecting to `uri`, with a named query in the editor."""
    # Browser decodes the whole address before it splits it: what it splits at is encoded twice.
    lines = [
        quote(line.replace("%", "%25").replace("&", "%26").replace("#", "%23"))
        for line in _editor_lines(query)
    ]
    arguments = "".join(f"&arg={line}" for line in lines)
    return f"{browser}?dbms={quote(uri, safe='')}&db={quote(database)}&cmd=edit{arguments}"


def guide_address(browser: str, uri: str, guide: str) -> str:
    """The address that opens Browser and plays the guide that `serving` serves."""
    return f"{browser}?dbms={quote(uri, safe='')}&cmd=guide&arg={quote(guide, safe=':/')}"


def wait() -> None:
    """Wait for Ctrl-C."""
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()


def _editor_lines(query: str) -> list[str]:
    return runnable(find(query)).splitlines()


@contextmanager
def serving(folder: Path | None = None) -> Iterator[str]:
    """Serve `cypher/browser/` on this machine while the block runs; gives the address of the guide.

    Browser plays guides from `localhost` only, unless the server's settings allow other hosts.
    """
    handler = functools.partial(_Handler, directory=str(folder or cypher_folder() / "browser"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{served.server_address[1]}/{GUIDE}"
        finally:
            served.shutdown()


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Files that a page from another port may read; nothing is logged."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*")
        super().end_headers()

    def do_OPTIONS(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass
