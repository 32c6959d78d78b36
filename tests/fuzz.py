"""Fuzz one target with atheris, guided by coverage, for as long as one likes:

python tests/fuzz.py jsonl -max_total_time=600 CORPUS_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports(include=["kg"]):
    import fuzz_targets


def main() -> None:
    """The first argument names the target; seeds are put into the corpus folder, the last."""
    name = sys.argv.pop(1)
    folder = Path(sys.argv[-1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(fuzz_targets.seeds(name)):
        (folder / f"seed-{number}").write_bytes(seed)
    target = fuzz_targets.TARGETS[name]
    atheris.Setup(sys.argv, lambda data: fuzz_targets.run(target, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
