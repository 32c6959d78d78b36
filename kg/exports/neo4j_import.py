"""A folder of CSV files for `neo4j-admin database import`, with the command: the fastest first load of a big graph."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.exports.files import temporary_name, write_text
from kg.folder import steadily

if TYPE_CHECKING:
    from kg.graph import Graph

COMMAND_FILE = "import.txt"
SCHEMA_FILE = "schema.cypher"


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the files of the whole build, `import.txt` (the command) and `schema.cypher` into the folder `target`.

    `import.txt` goes first and comes last: where it is, the other files are whole and of one build. Raises KgError
    where `graph` is a part of a build, or `target` is a file or cannot be written.
    """
    from kg.stores.import_files import import_arguments
    from kg.stores.statements import schema

    if not graph.is_whole:
        raise KgError("neo4j-import holds whole builds only; leave out --subgraph, --types and --since.")
    if target.is_file():
        raise KgError(f"{target} is a file; name a folder for the files to import.")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kg-import-") as folder, _aside(target) as aside:
        written = steadily(graph.folder, lambda: _write_files(graph.folder, Path(folder), aside))
        (aside / SCHEMA_FILE).write_text(
            "".join(f"{statement};\n" for statement in schema()), encoding="utf-8"
        )
        (target / COMMAND_FILE).unlink(missing_ok=True)
        for path in (*written, aside / SCHEMA_FILE):
            path.replace(target / path.name)
    command = " \\\n  ".join(["neo4j-admin", *_quoted(import_arguments(target.resolve()))])
    write_text(
        target / COMMAND_FILE,
        "# With the server stopped, in its home folder; then start it and run schema.cypher:\n"
        f"{command}\n\ncypher-shell --file {target.resolve() / SCHEMA_FILE}\n",
    )
    return [target / COMMAND_FILE, target / SCHEMA_FILE, *(target / path.name for path in written)]


@contextlib.contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """An empty folder beside the files of `target`, which goes when the block ends."""
    folder = temporary_name(target / "files")
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_files(tables: Path, elements: Path, target: Path) -> list[Path]:
    from kg.stores.elements import prepare
    from kg.stores.import_files import write_import_files

    return write_import_files(prepare(tables, elements), target)


def _quoted(arguments: list[str]) -> list[str]:
    import shlex

    words = [shlex.quote(argument) for argument in arguments]
    return [" ".join(words[:4]), *words[4:]]
