"""kg licences: under which terms the packages stand that kg runs with."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING

import typer

from kg.cli.parameters import Json

if TYPE_CHECKING:
    from collections.abc import Iterator

_PRODUCT = "kg-builder"
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)")


def register(app: typer.Typer) -> None:
    """Add the command to the outline."""
    app.command(rich_help_panel="Look after")(licences)


def licences(json: Json = False) -> None:
    """List every installed package that kg needs at run time, with its licence."""
    from kg.cli.printing import console, print_json, table

    rows = sorted((d.name, d.version, _licence(d)) for d in _needed())
    if json:
        print_json([{"package": name, "version": version, "licence": terms} for name, version, terms in rows])
    else:
        console().print(table(("package", "version", "licence"), rows))


def _needed() -> Iterator[metadata.Distribution]:
    """The product's dependencies and theirs, as far as they are installed; optional ones count where they are."""
    waiting, seen = [_PRODUCT], {_PRODUCT}
    while waiting:
        try:
            found = metadata.distribution(waiting.pop())
        except metadata.PackageNotFoundError:  # for another system, or an extra that is not installed
            continue
        if found.name != _PRODUCT:
            yield found
        for requirement in found.requires or ():
            extra = "extra ==" in requirement
            name = re.sub(r"[-_.]+", "-", _REQUIREMENT.match(requirement)[0]).lower()  # type: ignore[index]
            # Extras of others are theirs; ours are what the user chose to install.
            if name not in seen and (not extra or (found.name == _PRODUCT and "server" in requirement)):
                seen.add(name)
                waiting.append(name)


def _licence(distribution: metadata.Distribution) -> str:
    """What the package says of its licence: an SPDX expression, classifiers, or the first line of its own words."""
    about = distribution.metadata.json
    named = [c.rpartition(" :: ")[2] for c in about.get("classifier", ()) if c.startswith("License ::")]
    own = str(about.get("license", "")).strip().splitlines()[:1]
    return str(about.get("license_expression") or ", ".join(named) or "".join(own) or "not stated")
