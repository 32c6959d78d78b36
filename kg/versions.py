"""The version of a piece of code is the hash of its files, so that what changed code would make differently is never
taken from an old result."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

_PACKAGE = Path(__file__).parent
#: What stages pass to each other; a change here is a change of all of them.
CONTRACTS = ("schema.py", "tables.py", "characters.py")


@functools.cache
def code_version(*places: str) -> str:
    """Hash of the files at these places: files or folders below `kg/`, with their data, word lists and models."""
    digest = hashlib.sha256()
    for place in places:
        path = _PACKAGE / place
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        for file in files:
            if "__pycache__" not in file.parts:
                digest.update(file.relative_to(_PACKAGE).as_posix().encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
