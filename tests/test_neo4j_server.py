"""The server that kg starts: up, down, status; its password; and that it ends with the tests."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import neo4j_server
import pytest

from kg.errors import KgError
from kg.stores import java, neo4j, server


def test_no_server_where_none_was_started(tmp_path: Path) -> None:
    assert server.status(tmp_path / "nowhere") is None
    assert server.down(tmp_path / "nowhere") is False
    assert not (tmp_path / "nowhere").exists()


def test_a_version_that_kg_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"Neo4j 5\.26\.30 or 2026\.08\.1, not 4\.4\.0"):
        server.up(tmp_path, "4.4.0")


def test_a_process_id_that_was_given_anew_is_not_our_server(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text(
        f'{{"pid": {os.getpid()}, "version": "5.26.30", "bolt_port": 1, "http_port": 2}}', encoding="utf-8"
    )
    assert server.status(tmp_path) is None
    assert server.down(tmp_path) is False


def test_the_watchdog_ends_a_process_when_the_tests_are_killed(tmp_path: Path) -> None:
    tests = f"""
import subprocess, sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
import neo4j_server
sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
neo4j_server.watch(sleeper.pid)
print(sleeper.pid, flush=True)
time.sleep(600)
"""
    killed = subprocess.Popen([sys.executable, "-c", tests], stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    sleeper = int(killed.stdout.readline())
    killed.kill()
    killed.wait()
    deadline = time.monotonic() + 120
    while Path(f"/proc/{sleeper}").exists() and Path(f"/proc/{sleeper}/stat").read_text().split()[2] != "Z":
        assert time.monotonic() < deadline, "the process outlived the tests"
        time.sleep(0.1)


@pytest.mark.neo4j
def test_the_password_is_in_a_private_file_and_nowhere_else(running_neo4j: server.Server) -> None:
    home = running_neo4j.home
    password = running_neo4j.password
    assert stat.S_IMODE((home / "password").stat().st_mode) == 0o600
    assert password not in (home / "server.json").read_text(encoding="utf-8")
    assert password not in (home / "conf" / "neo4j.conf").read_text(encoding="utf-8")
    assert password not in repr(running_neo4j)
    now = server.status(home)  # a test before may have killed the server and started it again
    assert now is not None
    command = subprocess.run(
        ["ps", "-ww", "-p", str(now.pid), "-o", "command="],
        text=True,
        capture_output=True,
        check=True,
    ).stdout
    assert f"@{home}/run/server.args" in command and password not in command
    assert not (home / "run" / "admin.args").exists()


@pytest.mark.neo4j
def test_starting_a_running_server_gives_the_running_one(running_neo4j: server.Server) -> None:
    assert server.status(running_neo4j.home) is not None
    assert server.up(running_neo4j.home).uri == running_neo4j.uri
    other = next(version for version in java.MAIN_CLASSES if version != running_neo4j.version)
    assert server.up(running_neo4j.home, other).version == running_neo4j.version


@pytest.mark.neo4j
def test_the_server_is_the_version_that_was_asked_for(running_neo4j: server.Server) -> None:
    [[version]] = neo4j.query(
        neo4j_server.connect(running_neo4j),
        "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]",
        write=True,  # the procedure is none that only reads
    )[1]
    assert version == running_neo4j.version
    usage = "SHOW SETTINGS YIELD name, value WHERE name = 'dbms.usage_report.enabled' RETURN value"
    assert neo4j.query(neo4j_server.connect(running_neo4j), usage)[1] == [["false"]]


@pytest.mark.campaign
@pytest.mark.neo4j
def test_down_and_up_again_keeps_data_and_address(running_neo4j: server.Server) -> None:
    target = neo4j_server.connect(running_neo4j)
    neo4j.query(target, "CREATE (:Note {text: '留下'})", write=True)
    assert server.down(running_neo4j.home)
    assert server.status(running_neo4j.home) is None
    again = server.up(running_neo4j.home)
    neo4j_server.watch(again.pid)
    assert (again.uri, again.browser, again.password) == (
        running_neo4j.uri,
        running_neo4j.browser,
        running_neo4j.password,
    )
    assert neo4j.query(target, "MATCH (n:Note) RETURN n.text")[1] == [["留下"]]
    neo4j.query(target, "MATCH (n:Note) DELETE n", write=True)
