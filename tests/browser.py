"""A real Chromium for the tests, where the machine has one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: WebGL without a graphics card.
_SOFTWARE = ["--disable-gpu", "--enable-unsafe-swiftshader"]


def find_chromium() -> str:
    """The path of a Chromium; skips the test where there is none, fails it if `CI` is set."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    reason = "no Chromium in PATH; `apt-get install chromium` (or any package of it) gives one"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def chromium(graphics: bool = False) -> Iterator[Browser]:
    """A headless Chromium that is closed at the end; it draws by the processor unless `graphics`."""
    path = find_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=_ARGUMENTS + ([] if graphics else _SOFTWARE)
        )
        try:
            yield browser
        finally:
            browser.close()
