"""A stage's version is the hash of its code, so that changed code is never confused with an old result."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_CONTRACTS = ("schema.py", "tables.py", "characters.py")


@functools.cache
def code_version(*rooms: str) -> str:
    """Hash of the Python and data files of the rooms (paths below `kg/`) and of the contracts between stages."""
    digest = hashlib.sha256()
    files = [_PACKAGE / name for name in _CONTRACTS]
    for room in rooms:
        files += sorted(p for p in (_PACKAGE / room).rglob("*") if p.is_file() and p.suffix != ".pyc")
    for file in files:
        digest.update(file.relative_to(_PACKAGE).as_posix().encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
