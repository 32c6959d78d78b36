"""Files for `neo4j-admin database import`, which fills an empty database faster than any connection does.

The elements get the same content hashes as by `kg load`, so that a later load finds them unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.stores.elements import CLAIM_ENDS, Elements
from kg.stores.model import NODES, RELATION_KINDS, RELATIONSHIPS, Properties, PropertyType
from kg.stores.plan import row_batches
from kg.stores.statements import CLAIM_RELATIONSHIPS, MARK

#: Joins the items of a list: a control character that no name holds.
_LIST_SEPARATOR = "\x1f"
_TYPES = {
    PropertyType.STRING: "string",
    PropertyType.STRINGS: "string[]",
    PropertyType.INTEGER: "long",
    PropertyType.NUMBER: "double",
}


def write_import_files(elements: Elements, folder: Path) -> list[Path]:
    """Write one CSV file a node label and relationship type into `folder`; returns their paths."""
    written = [_write_build(elements, folder)]
    for label, node in NODES.items():
        if label != "Claim":
            written.append(_write_nodes(elements, folder, label, node.properties))
    written += _write_claims(elements, folder)
    for kind in (*RELATION_KINDS, "MENTIONED_IN"):
        model = RELATIONSHIPS[kind]
        header = [
            f":START_ID({model.start})",
            f":END_ID({model.end})",
            *_header(model.properties),
            f"{MARK}:long",
        ]
        path = folder / f"{kind}.csv"
        _write(path, header, (row for rows in row_batches(elements, kind) for row in rows))
        written.append(path)
    return written


def import_arguments(folder: str | Path, database: str = "neo4j") -> list[str]:
    """The arguments of neo4j-admin that import the files in `folder` into a database that is not running."""
    nodes = [f"--nodes={Path(folder) / name}.csv" for name in ("Build", *NODES)]
    relationships = [f"--relationships={kind}={Path(folder) / kind}.csv" for kind in RELATIONSHIPS]
    options = ["--overwrite-destination=true", "--multiline-fields=true", "--array-delimiter=U+001F"]
    return ["database", "import", "full", database, *options, "--id-type=string", *nodes, *relationships]


def _write_nodes(elements: Elements, folder: Path, label: str, properties: Properties) -> Path:
    path = folder / f"{label}.csv"
    position = list(properties).index("type") if "type" in properties else None
    header = [*_header(properties, key=label), f"{MARK}:long", ":LABEL"]

    def rows() -> Iterator[list[Any]]:
        for batch in row_batches(elements, label):
            for row in batch:
                yield [*row, label if position is None else f"{label}{_LIST_SEPARATOR}{row[position]}"]

    _write(path, header, rows())
    return path


def _write_claims(elements: Elements, folder: Path) -> list[Path]:
    """The claims and, from the same rows, what joins them to their entities and document."""
    properties = NODES["Claim"].properties
    width = len(properties)

    def claims() -> Iterator[list[Any]]:
        for batch in row_batches(elements, "Claim"):
            for row in batch:
                yield [*row[:width], row[-1], "Claim"]

    def ends(number: int) -> Iterator[list[Any]]:
        for batch in row_batches(elements, "Claim"):
            for row in batch:
                yield [row[0], row[width + number]]

    paths = [folder / "Claim.csv"]
    _write(paths[0], [*_header(properties, key="Claim"), f"{MARK}:long", ":LABEL"], claims())
    for number in range(len(CLAIM_ENDS)):
        kind = CLAIM_RELATIONSHIPS[number]
        header = [":START_ID(Claim)", f":END_ID({RELATIONSHIPS[kind].end})"]
        paths.append(folder / f"{kind}.csv")
        _write(paths[-1], header, ends(number))
    return paths


def _write_build(elements: Elements, folder: Path) -> Path:
    from kg import __version__

    counts = {name.lower(): elements.counts[name] for name in NODES}
    path = folder / "Build.csv"
    header = ["id:ID(Build)", "state:string", "kg_version:string", *(f"{name}:long" for name in counts)]
    row = ["kg", "complete", __version__, *counts.values(), 0, "Build"]
    _write(path, [*header, f"{MARK}:long", ":LABEL"], [row])
    return path


def _header(properties: Properties, key: str | None = None) -> list[str]:
    columns = [f"{name}:{_TYPES[property_type]}" for name, property_type in properties.items()]
    return [f"id:ID({key})", *columns[1:]] if key else columns


def _write(path: Path, header: list[str], rows: Iterable[list[Any]]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(",".join(header) + "\n")
            file.writelines(",".join(map(_cell, row)) + "\n" for row in rows)
    except OSError as error:
        raise KgError(f"{path} cannot be written ({error.strerror}); choose another folder.") from error


def _cell(value: Any) -> str:
    """Texts in quotes, so that an empty one is not read as no value; the csv module quotes no value, too."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = _LIST_SEPARATOR.join(value)
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else repr(value)
