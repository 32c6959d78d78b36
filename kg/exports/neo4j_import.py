"""A folder of CSV files for `neo4j-admin database import`, with the command: the fastest first load of a big graph."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.graph import Graph

COMMAND_FILE = "import.txt"
SCHEMA_FILE = "schema.cypher"


def write(graph: Graph, target: Path) -> list[Path]:
    """Write the files of the whole build, `import.txt` (the command) and `schema.cypher` into the folder `target`.

    Raises KgError where `graph` is a part of a build, or `target` is a file or cannot be written.
    """
    from kg.folder import table_path
    from kg.stores.elements import prepare
    from kg.stores.import_files import import_arguments, write_import_files
    from kg.stores.statements import schema

    if not graph.is_whole:
        raise KgError("neo4j-import holds whole builds only; leave out --subgraph, --types and --since.")
    if target.is_file():
        raise KgError(f"{target} is a file; name a folder for the files to import.")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kg-import-") as folder:
        tables = table_path(graph.folder, "entities").parent
        written = write_import_files(prepare(tables, Path(folder)), target)
    command = " \\\n  ".join(["neo4j-admin", *_quoted(import_arguments(target.resolve()))])
    (target / COMMAND_FILE).write_text(
        "# With the server stopped, in its home folder; then start it and run schema.cypher:\n"
        f"{command}\n\ncypher-shell --file {target.resolve() / SCHEMA_FILE}\n",
        encoding="utf-8",
    )
    (target / SCHEMA_FILE).write_text("".join(f"{statement};\n" for statement in schema()), encoding="utf-8")
    return [target / COMMAND_FILE, target / SCHEMA_FILE, *written]


def _quoted(arguments: list[str]) -> list[str]:
    import shlex

    words = [shlex.quote(argument) for argument in arguments]
    return [" ".join(words[:4]), *words[4:]]
