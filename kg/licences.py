"""Under which terms the packages stand that the product runs with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata

_PRODUCT = "kg-builder"
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)")


def licences() -> list[tuple[str, str, str]]:
    """Name, version and licence of every installed package that is needed at run time, by name."""
    return sorted((d.name, d.version, _licence(d)) for d in _needed())


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
