"""Loading jionlp: it is heavy and greets on standard output, so it is imported once, late and quietly."""

from __future__ import annotations

import contextlib
import io
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def jionlp() -> Any:
    """The jionlp module."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        import jionlp as module
    return module
