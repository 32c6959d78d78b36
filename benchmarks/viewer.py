"""How fast the viewer is: export, opening, searching and moving, in a real Chromium.

    python benchmarks/viewer.py [--entities 5000] [--relations 20000] [--screenshot graph.png] [--graphics]

Prints one JSON object: seconds to lay out and write the page, its size, milliseconds from navigation until the page
answers (`ready`), of a frame with every edge, of a search and of a filter, and frames a second while the view moves
(when thousands of edges are left out until it rests), and of each such frame the milliseconds that the page itself
takes, which is what a graphics card leaves of it. Without --graphics the drawing is done by the processor
(SwiftShader), which is the slowest that any reader will have.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from browser import chromium
from synthetic_tables import write

from kg.exports import export
from kg.graph import open_graph

_MOVING = """
(seconds) => new Promise((done) => {
  const camera = kgViewer.scene.renderer.getCamera();
  const start = performance.now();
  let frames = 0, longest = 0, last = start, running = true, began = 0, drawing = 0;
  kgViewer.scene.renderer.on("beforeRender", () => { began = performance.now(); });
  kgViewer.scene.renderer.on("afterRender", () => {
    if (running) { frames += 1; drawing += performance.now() - began; }
  });
  const step = (now) => {
    longest = Math.max(longest, now - last); last = now;
    if (running) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  camera.animate({ x: 0.6, y: 0.4, ratio: 0.3 }, { duration: 1000 * seconds, easing: "linear" }, () => {
    running = false;
    const t = (performance.now() - start) / 1000;
    done({
      frames_a_second: Math.round(10 * frames / t) / 10, longest_frame_ms: Math.round(longest),
      page_ms_a_frame: Math.round(10 * drawing / frames) / 10,
    });
  });
})
"""
_STILL = """
() => {
  const start = performance.now();
  for (let i = 0; i < 3; i += 1) kgViewer.scene.renderer.refresh({ skipIndexation: true });
  return Math.round((performance.now() - start) / 3);
}
"""
_SEARCH = """
() => {
  const input = document.querySelector(".search input");
  const start = performance.now();
  input.value = "公司1"; input.dispatchEvent(new Event("input"));
  return Math.round(10 * (performance.now() - start)) / 10;
}
"""
_FILTER = """
() => {
  const start = performance.now();
  document.querySelector(".switch").click();
  return Math.round(10 * (performance.now() - start)) / 10;
}
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=5_000)
    parser.add_argument("--relations", type=int, default=20_000)
    parser.add_argument("--screenshot", type=Path)
    parser.add_argument("--graphics", action="store_true", help="let Chromium use the graphics card")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = write(Path(place) / "synthetic", arguments.entities, arguments.relations)
        start = time.perf_counter()
        (page,) = export(open_graph(folder), Path(place) / "graph.html")
        first = time.perf_counter()
        export(open_graph(folder), page)
        second = time.perf_counter()
        figures: dict[str, Any] = {
            "entities": arguments.entities,
            "relations": arguments.relations,
            "export_s": round(first - start, 1),
            "export_again_s": round(second - first, 1),
            "page_mb": round(page.stat().st_size / 1e6, 1),
            **in_browser(page, arguments.graphics, arguments.screenshot),
            "load_average": round(os.getloadavg()[0], 1),
        }
    print(json.dumps(figures))


def in_browser(page: Path, graphics: bool, screenshot: Path | None) -> dict[str, Any]:
    """What the page does in Chromium."""
    with chromium(graphics) as browser:
        view = browser.new_page(viewport={"width": 1400, "height": 900})
        view.set_default_timeout(300_000)
        view.goto(page.as_uri())
        view.wait_for_function("window.kgViewer && window.kgViewer.scene")
        figures = {"ready_ms": round(view.evaluate("kgViewer.readyAfter"))}
        view.wait_for_timeout(1_000)
        figures |= view.evaluate(_MOVING, 5)
        figures["full_frame_ms"] = view.evaluate(_STILL)
        figures["search_ms"] = view.evaluate(_SEARCH)
        view.keyboard.press("Escape")
        figures["filter_ms"] = view.evaluate(_FILTER)
        if screenshot:
            view.evaluate("document.querySelector('.switch').click(); kgViewer.scene.fit(false)")
            view.wait_for_timeout(1_000)
            view.screenshot(path=screenshot)
        return figures


if __name__ == "__main__":
    main()
