"""The one error a user sees: a sentence that names the file or value and the way out."""

from __future__ import annotations


class KgError(Exception):
    """Bad input, a missing thing or an unreachable service; the CLI prints the sentence and exits with 2."""
