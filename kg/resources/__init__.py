"""Word lists and the trained model that ship with the package; each folder says where its files come from."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
