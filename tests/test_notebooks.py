"""The notebooks run from top to bottom on the example texts, and are stored without what they print."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kg.stores.connection import Connection

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def example_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the first notebook builds the examples, for the others to read."""
    return tmp_path_factory.mktemp("notebooks") / "demo"


def run(path: Path, **environment: str) -> Any:
    """The notebook with its outputs; an error in a cell fails the test with the cell."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=1200,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    ).execute(env={**os.environ, **environment})
    return notebook


def printed(notebook: Any) -> str:
    """Everything the cells printed or showed as text, problems included."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            texts.append(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
    return "\n".join(texts)


def charts(notebook: Any) -> int:
    return sum(
        "image/png" in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])
    )


def test_there_are_five() -> None:
    assert [path.stem[0] for path in NOTEBOOKS] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_stored_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in notebook.cells)


def test_build_and_read(example_build: Path) -> None:
    text = printed(run(NOTEBOOKS[0], KG_BUILD=str(example_build)))
    assert (example_build / "entities.parquet").is_file()
    assert "智谱" in text
    assert "graph.html" in text


@pytest.mark.parametrize("number", [1, 2], ids=["investments", "competition and regulation"])
def test_charts_show_chinese(example_build: Path, number: int) -> None:
    if not (example_build / "entities.parquet").is_file():
        run(NOTEBOOKS[0], KG_BUILD=str(example_build))
    notebook = run(NOTEBOOKS[number], KG_BUILD=str(example_build))
    assert charts(notebook) >= 2
    assert "missing from" not in printed(notebook)  # what matplotlib says of a character without a glyph


@pytest.mark.neo4j
def test_the_same_in_neo4j(example_build: Path, empty_neo4j: Connection) -> None:
    if not (example_build / "entities.parquet").is_file():
        run(NOTEBOOKS[0], KG_BUILD=str(example_build))
    notebook = run(
        NOTEBOOKS[3],
        KG_BUILD=str(example_build),
        NEO4J_URI=empty_neo4j.uri,
        NEO4J_USERNAME=empty_neo4j.user,
        NEO4J_PASSWORD=empty_neo4j.password or "",
    )
    assert charts(notebook) == 1


def test_evaluation_and_errors() -> None:
    text = printed(run(NOTEBOOKS[4]))
    assert "exact" in text
    assert "missed" in text


def test_a_font_with_chinese_is_found() -> None:
    specification = importlib.util.spec_from_file_location("charts", ROOT / "notebooks" / "charts.py")
    assert specification is not None
    assert specification.loader is not None
    charts_module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(charts_module)
    if charts_module.prepare_charts() is None:
        pytest.skip("no font with Chinese characters; `apt-get install fonts-noto-cjk` gives one")
