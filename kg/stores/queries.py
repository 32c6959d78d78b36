"""The named queries of `cypher/queries/`: finding one, and giving its parameters values.

A file `NAME.cypher` begins with comment lines and ends with one read-only Cypher statement:

    // title: Direct investors
    // zh: 谁直接投资了某公司？
    // en: Who invests in a company directly?
    // parameter: name string = 智谱 | name, alias or id of the company
    // stores: embedded, neo4j

Where the embedded store's dialect needs another wording, `NAME.embedded.cypher` holds it, without a header.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kg
from kg.errors import KgError

EMBEDDED, NEO4J = "embedded", "neo4j"
_HEADER = re.compile(r"// (title|zh|en|parameter|stores): (.+)")
_PARAMETER = re.compile(r"(\w+) (string|integer|number|boolean) = ([^|]*)\| (.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a named query with its default."""

    name: str
    type: str
    default: Any
    meaning: str


@dataclass(frozen=True, slots=True)
class Query:
    """A named query. `texts` is its Cypher by store; it runs on the stores that are keys there."""

    name: str
    title: str
    chinese: str
    english: str
    parameters: tuple[Parameter, ...]
    texts: Mapping[str, str]

    def text(self, store: str = EMBEDDED) -> str:
        """The Cypher for a store; a KgError where the query does not run there."""
        if store not in self.texts:
            raise KgError(
                f"The query {self.name} runs on {', '.join(self.texts)} only; add --store neo4j://HOST."
            )
        return self.texts[store]


def cypher_folder() -> Path:
    """The folder `cypher/`: inside the installed package, or beside it in a checkout."""
    package = Path(kg.__file__).parent
    for folder in (package / "cypher", package.parent / "cypher"):
        if folder.is_dir():
            return folder
    raise KgError(f"The installation in {package} lacks its cypher folder; install kg-builder again.")


@functools.cache
def named_queries() -> Mapping[str, Query]:
    """Every named query by name, in the order of the names."""
    paths = sorted((cypher_folder() / "queries").glob("*.cypher"))
    return {path.stem: read_query(path) for path in paths if "." not in path.stem}


def find(name: str) -> Query:
    """The query of that name; a KgError that suggests the nearest where there is none."""
    queries = named_queries()
    if name in queries:
        return queries[name]
    from rapidfuzz import fuzz, process

    nearest = process.extractOne(name, list(queries), scorer=fuzz.WRatio)
    suggestion = f" did you mean {nearest[0]}?" if nearest else ""
    raise KgError(f"There is no query named {name};{suggestion} (kg query --list names all {len(queries)}).")


def text(name: str, store: str = EMBEDDED) -> str:
    """The Cypher of a named query for a store."""
    return find(name).text(store)


def resolve(
    query: str, given: Mapping[str, Any] | None = None, store: str = EMBEDDED
) -> tuple[str, dict[str, Any]]:
    """Cypher and parameters for a query name or Cypher text.

    A single word is a name: its parameters get their defaults and types. In Cypher text, values that were given
    as strings stay strings. Raises KgError for an unknown name or parameter and a value of the wrong type.
    """
    query = query.strip()
    if not is_name(query):
        return query, dict(given or {})
    named = find(query)
    return named.text(store), bind(named, given or {})


def is_name(query: str) -> bool:
    """Whether the text is a query name rather than Cypher."""
    return re.fullmatch(r"[\w-]+", query) is not None


def bind(query: Query, given: Mapping[str, Any]) -> dict[str, Any]:
    """The query's parameters: what was given, as its type, and defaults for the rest."""
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in known:
            names = ", ".join(known) or "none"
            raise KgError(f"The query {query.name} has no parameter {name}; its parameters are: {names}.")
    return {
        name: _typed(given[name], parameter.type, f"{query.name}: {name}")
        if name in given
        else parameter.default
        for name, parameter in known.items()
    }


def read_query(path: Path) -> Query:
    """Parse a query file; a KgError names the file and what its header lacks."""
    header: dict[str, list[str]] = {}
    body: list[str] = []
    for line in _read(path).splitlines():
        match = _HEADER.fullmatch(line)
        if match and not body:
            header.setdefault(match[1], []).append(match[2].strip())
        elif line.strip() or body:
            body.append(line)
    for name in ("title", "zh", "en", "stores"):
        if name not in header:
            raise KgError(f"{path}: the header lacks a line '// {name}: …'.")
    cypher = "\n".join(body).strip().rstrip(";")
    texts = dict.fromkeys(header["stores"][0].replace(" ", "").split(","), cypher)
    variant = path.with_suffix(".embedded.cypher")
    if variant.exists():
        texts[EMBEDDED] = _read(variant).strip().rstrip(";")
    parameters = tuple(_parameter(line, path) for line in header.get("parameter", ()))
    return Query(path.stem, header["title"][0], header["zh"][0], header["en"][0], parameters, texts)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise KgError(f"{path} is no UTF-8 text ({error.reason}); save it as UTF-8.") from error


def _parameter(line: str, path: Path) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if not match:
        raise KgError(f"{path}: a parameter line must read 'NAME TYPE = DEFAULT | MEANING', not '{line}'.")
    name, type_name, default, meaning = match.groups()
    return Parameter(name, type_name, _typed(default.strip(), type_name, f"{path.name}: {name}"), meaning)


def _typed(value: Any, type_name: str, what: str) -> Any:
    if type_name == "string" or not isinstance(value, str):
        return str(value) if type_name == "string" else value
    try:
        if type_name == "boolean":
            return {"true": True, "false": False}[value.lower()]
        return {"integer": int, "number": float}[type_name](value)
    except (KeyError, ValueError) as error:
        raise KgError(f"{what} must be of type {type_name}, not '{value}'.") from error
