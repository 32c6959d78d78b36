"""What the notebooks share: where the build is, and charts in which Chinese is readable."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib import font_manager

import kg
from kg.graph import Graph
from kg.schema import ENTITIES, EntityType

#: Fonts with Chinese characters on Windows, macOS and Linux, the best looking ones first.
_CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Heiti TC",
    "Arial Unicode MS",
    "Noto Sans CJK JP",
    "Droid Sans Fallback",
    "AR PL UMing CN",
)
#: Where distributions put fonts with Chinese characters that matplotlib may not have listed yet.
_FONT_FILES = ("NotoSansCJK*", "NotoSansSC*", "SourceHanSans*", "wqy-*", "*uming*", "DroidSansFallback*")


def open_build() -> Graph:
    """The graph of the build that `KG_BUILD` names, or of `demo` beside this folder."""
    return kg.open_graph(Path(os.environ.get("KG_BUILD", "../demo")))


def prepare_charts() -> str | None:
    """Give matplotlib a font with Chinese characters; returns its name, or None (with a warning) if there is none."""
    plt.rcParams.update(
        {
            "figure.figsize": (9, 4.5),
            "figure.dpi": 110,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.unicode_minus": False,  # many Chinese fonts lack the long minus
        }
    )
    font = _chinese_font()
    if font is None:
        warnings.warn(
            "No font with Chinese characters was found; install one, for instance fonts-noto-cjk",
            stacklevel=2,
        )
    else:
        plt.rcParams["font.sans-serif"] = [font, *plt.rcParams["font.sans-serif"]]
        plt.rcParams["font.family"] = "sans-serif"
    return font


def _chinese_font() -> str | None:
    known = {font.name for font in font_manager.fontManager.ttflist}
    for name in _CHINESE_FONTS:
        if name in known:
            return name
    # The list that matplotlib keeps may be older than the font.
    for folder in ("/usr/share/fonts", "/usr/local/share/fonts", Path.home() / ".fonts"):
        for pattern in _FONT_FILES:
            for file in sorted(Path(folder).rglob(pattern)):
                if file.suffix.lower() in (".ttf", ".ttc", ".otf"):
                    font_manager.fontManager.addfont(file)
                    return font_manager.FontProperties(fname=file).get_name()
    return None


def colour(entity_type: str) -> str:
    """The colour of an entity type, as in the viewer."""
    return ENTITIES[EntityType(entity_type)].colour
