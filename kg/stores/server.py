"""A Neo4j server of our own, for people without one and for the tests: up, down and status.

Everything lies in one home folder: data, configuration, log, `password` (mode 0600) and `server.json` (process
id, version, ports, and how it was started). The server listens on the loopback address only and is ended by its
process id.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.stores import java
from kg.stores.java import Say

USER = "neo4j"
DEFAULT_HEAP = "512m"
#: A database that was imported and waits, in a home folder, to take the place of the present one.
FOLLOWING_DATA = "data.next"
_START_SECONDS = 600
_STOP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    home: Path
    pid: int
    version: str
    bolt_port: int
    http_port: int
    heap: str = DEFAULT_HEAP
    options: Sequence[str] = ()
    settings: Sequence[str] = ()

    @property
    def uri(self) -> str:
        """The address for drivers."""
        return f"bolt://127.0.0.1:{self.bolt_port}"

    @property
    def browser(self) -> str:
        """The address of Neo4j Browser."""
        return f"http://127.0.0.1:{self.http_port}/browser/"

    @property
    def password(self) -> str:
        """The password of the user `neo4j`, from its private file."""
        return _password_file(self.home).read_text(encoding="utf-8")


def up(
    home: Path,
    version: str | None = None,
    heap: str | None = None,
    say: Say = lambda _: None,
    options: Sequence[str] | None = None,
    settings: Sequence[str] | None = None,
) -> Server:
    """Start the server whose data lie in `home` (made if absent), or return it where it already runs.

    `version` is one of `kg.stores.java.MAIN_CLASSES`; by default the one that `home` was made with, else the
    newest. `heap` is the server's memory as Java writes it, `options` go to Java, `settings` (`NAME=VALUE`) to Neo4j;
    by default they are as at its last start. Raises KgError where it cannot start, with the end of its log.
    """
    home = home.resolve()
    with _lock(home):
        if running := status(home):
            return running
        known = _read_state(home)
        made_with = known.get("version")
        version = version or made_with or java.NEWEST
        if made_with and version != made_with:
            raise KgError(
                f"{home} was made with Neo4j {made_with}; start that version, or name another folder."
            )
        java.jars(version, say)
        _exchange_data(home)
        server = Server(
            home,
            0,
            version,
            *_ports(known),
            heap or known.get("heap", DEFAULT_HEAP),
            known.get("options", ()) if options is None else options,
            known.get("settings", ()) if settings is None else settings,
        )
        _configure(server)
        if not _password_file(home).exists():
            say("Setting a password")
            _set_password(home, version)
        say(f"Starting Neo4j {version}")
        return _start(server)


def down(home: Path) -> bool:
    """End the server of `home` by its process id; whether one was running."""
    home = home.resolve()
    if not home.exists():
        return False
    with _lock(home):
        running = status(home)
        if running is None:
            return False
        end_process(running.pid)
    return True


def status(home: Path) -> Server | None:
    """The server of `home` if it runs."""
    home = home.resolve()
    state = _read_state(home)
    pid = state.get("pid")
    if not pid or not _is_ours(pid, home):
        return None
    return Server(**state | {"home": home})


def end_process(pid: int) -> None:
    """End a server process and wait; by force where it does not end by itself within a minute."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while _alive(pid):
            if time.monotonic() > deadline:
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            time.sleep(0.1)


def _start(server: Server) -> Server:
    home = server.home
    arguments = home / "run" / "server.args"
    options = [f"-Xms{server.heap}", f"-Xmx{server.heap}", *server.options, "-XX:+ExitOnOutOfMemoryError"]
    java.write_arguments(
        arguments,
        server.version,
        java.MAIN_CLASSES[server.version],
        options,
        [f"--home-dir={home}", f"--config-dir={home / 'conf'}"],
    )
    log = home / "logs" / "console.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(java.java()), f"@{arguments}"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=home,
            start_new_session=True,
        )
    server = replace(server, pid=process.pid)
    _write_state(server)
    try:
        _wait_until_ready(server, process, log)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return server


def _exchange_data(home: Path) -> None:
    """Put an imported database in the place of the present one; may be interrupted and done again."""
    following = home / FOLLOWING_DATA
    for part in ("databases", "transactions"):
        new, old = following / part / "neo4j", home / "data" / part / "neo4j"
        if new.exists():
            shutil.rmtree(old, ignore_errors=True)
            new.rename(old)
    shutil.rmtree(following, ignore_errors=True)


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            end = " / ".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-4:])
            raise KgError(f"Neo4j {server.version} ended while it started: {end} (all of it: {log})")
        with contextlib.suppress(OSError, urllib.error.URLError):
            # An opener without proxies: the address is this machine's own.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"http://127.0.0.1:{server.http_port}/", timeout=5):
                return
        time.sleep(0.2)
    raise KgError(f"Neo4j {server.version} did not answer within {_START_SECONDS} seconds; see {log}")


def _configure(server: Server) -> None:
    home = server.home
    for name in ("conf", "logs", "run", "import"):
        (home / name).mkdir(parents=True, exist_ok=True)
    lines = [
        "server.default_listen_address=127.0.0.1",
        f"server.bolt.listen_address=127.0.0.1:{server.bolt_port}",
        f"server.http.listen_address=127.0.0.1:{server.http_port}",
        "server.https.enabled=false",
        "server.memory.pagecache.size=256m",
        "db.tx_log.rotation.retention_policy=1 files",
        "dbms.usage_report.enabled=false",
        "server.http_enabled_modules=TRANSACTIONAL_ENDPOINTS,QUERY_API_ENDPOINTS,BROWSER",
        *server.settings,
    ]
    (home / "conf" / "neo4j.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _set_password(home: Path, version: str) -> None:
    password = secrets.token_hex(16)
    java.admin(version, home, ["dbms", "set-initial-password", password])
    java.write_private(_password_file(home), password)


def _password_file(home: Path) -> Path:
    return home / "password"


def _ports(known: dict[str, Any]) -> tuple[int, int]:
    """The ports of the last start where they are free, so that links stay good; else two free ones."""
    wanted = (known.get("bolt_port", 0), known.get("http_port", 0))
    with contextlib.ExitStack() as stack:
        taken = []
        for port in wanted:
            listening = stack.enter_context(socket.socket())
            if sys.platform != "win32":
                # A port whose server was killed a moment ago is free for a new one.
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind(("127.0.0.1", port))
            except OSError:
                listening.bind(("127.0.0.1", 0))
            taken.append(listening.getsockname()[1])
    return taken[0], taken[1]


@contextlib.contextmanager
def _lock(home: Path) -> Iterator[None]:
    import filelock

    home.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(home / ".lock"):
        yield


def _state_file(home: Path) -> Path:
    return home / "server.json"


def _read_state(home: Path) -> dict[str, Any]:
    file = _state_file(home)
    if not file.exists():
        return {}
    state: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return state


def _write_state(server: Server) -> None:
    state = asdict(server) | {"home": str(server.home)}
    file = _state_file(server.home)
    temporary = file.with_suffix(".tmp")
    temporary.write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
    temporary.replace(file)


def _alive(pid: int) -> bool:
    # A child of this process stays a zombie until it is waited for.
    with contextlib.suppress(ChildProcessError, AttributeError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return sys.platform != "win32"
    return True


def _is_ours(pid: int, home: Path) -> bool:
    """Whether the process runs our server: a process id is given anew once its process has ended."""
    if not _alive(pid):
        return False
    command = Path(f"/proc/{pid}/cmdline")
    if command.exists():
        return str(home) in command.read_bytes().decode("utf-8", "replace")
    if sys.platform == "win32":
        return True
    shown = subprocess.run(
        ["ps", "-ww", "-p", str(pid), "-o", "command="], text=True, capture_output=True, check=False
    )
    return str(home) in shown.stdout
