"""The real `kg` command, as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def kg(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `kg` and return what it printed; `options` go to subprocess.run."""
    environment = {**os.environ, "COLUMNS": "100", **options.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "kg.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=environment,
        **options,
    )


def succeeds(*arguments: str | Path, **options: Any) -> str:
    """Standard output of a run that must succeed."""
    done = kg(*arguments, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answers(*arguments: str | Path, **options: Any) -> Any:
    """The JSON that a run with `--json` printed."""
    return json.loads(succeeds(*arguments, "--json", **options))


def refuses(*arguments: str | Path, **options: Any) -> str:
    """The sentence with which a run ended: exit code 2, one line, no traceback."""
    done = kg(*arguments, **options)
    assert done.returncode == 2, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr + done.stdout
    sentences = [line for line in done.stderr.splitlines() if line.startswith("kg: ")]
    assert len(sentences) == 1, done.stderr
    return sentences[0]
