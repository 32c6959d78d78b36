"""kill -9 at random moments in each stage of build, rebuild, load and export, and what every kill left behind.

    python tests/crash_campaign.py --each 10 --log crashes.csv

`kg` runs in a child that this process forks (with everything imported, so that a run takes a second) and kills:
so many milliseconds after a stage began, or, where a finished build is moved into place within a millisecond,
before the n-th renaming. After each kill the last finished build must be readable and hold together, the next run
must extract just the documents that the killed one had not finished, and its tables must equal those of a run that
nobody disturbed. While a rebuild is killed and resumed, another process reads the build all the time.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import json
import os
import random
import select
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

STAGES = ("read", "extract", "link", "tables", "store", "publish")
EXPORTS = (
    *("graph.html", "graph.graphml", "graph.gexf", "graph.json", "graph.cyjs", "graph.csv", "graph.parquet"),
    *("graph.xlsx", "graph.ttl", "graph.jsonld", "graph.ftm", "neo4j-import"),
)
BEFORE = {
    "a.txt": "2025年3月3日，示例财经。智谱宣布完成新一轮融资，由杭州城投产业基金投资10亿元。智谱董事长刘德兵出席。",
    "b.txt": "2024年2月7日，示例财经。国务院任命吴清为中国证券监督管理委员会主席。",
    "c.txt": "2025年1月20日，示例科技。深度求索（DeepSeek）发布DeepSeek-R1模型，该公司与OpenAI竞争。",
    "d.txt": "商汤科技与旷视科技均投资了月之暗面。商汤科技位于上海。",
}
AFTER = {
    "a.txt": BEFORE["a.txt"].replace("10亿元", "12亿元"),
    "c.txt": BEFORE["c.txt"],
    "d.txt": BEFORE["d.txt"] + "国家网信办约谈英伟达。",
    "e.txt": "2025年9月22日，英伟达表示拟向OpenAI投资至多1000亿美元。",
    "f.txt": "欧盟委员会依据《数字市场法》对苹果处以5亿欧元罚款。",
}
#: Repeated, so that extraction takes long enough to be killed at several places.
REPEATED = 3


COLUMNS = ("number", "command", "killed_in", "moment", "state", "kept", "again")


@dataclass(slots=True)
class Run:
    """How a child ended: exit code (negative: by a signal), what it printed, the stages with their beginnings."""

    code: int
    output: str
    stages: list[tuple[str, float]]

    @property
    def stage(self) -> str:
        return self.stages[-1][0] if self.stages else "start"


def warm() -> None:
    """Import and load what every run needs. The store is left out: its threads would be missing in the children."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    import ladybug  # noqa: F401

    import kg.cli.app
    import kg.graph  # noqa: F401
    from kg.building.run import build
    from kg.building.settings import BuildSettings
    from kg.building.workers import Processes
    from kg.progress import Silent
    from kg.stores import embedded

    write = embedded.write
    embedded.write = lambda tables, target: target.touch()
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "warm.txt"
        text.write_text("".join({**BEFORE, **AFTER}.values()), encoding="utf-8")
        settings = BuildSettings((str(text),))
        build(Path(folder) / "out", settings, Processes(1), Silent(), may_be_empty=False)
    embedded.write = write


def forked(work: Callable[[], Any]) -> int:
    """A child that does `work`; its process id."""
    sys.stdout.flush()
    sys.stderr.flush()
    if pid := os.fork():
        return pid
    code = 70
    try:
        work()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def run(arguments: list[str], stage: str = "", delay: float = 0.0, renamings: int | None = None) -> Run:
    """Run `kg`; kill it `delay` seconds after `stage` began, or in it before so many renamings."""
    told, telling = os.pipe()
    output = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115

    def work() -> None:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
        _watch(telling, None if renamings is None else (stage, renamings))
        sys.argv = ["kg", *arguments]
        from kg.cli.app import main

        main()

    pid = forked(work)
    os.close(telling)
    stages: list[tuple[str, float]] = []
    kill_at = None
    while True:
        wait = None if kill_at is None else max(0.0, kill_at - time.monotonic())
        if not select.select([told], [], [], wait)[0]:
            os.kill(pid, signal.SIGKILL)
            kill_at = None
            continue
        said = os.read(told, 10_000).decode()
        if not said:
            break
        for name in said.split():
            stages.append((name, time.monotonic()))
            if name == stage and renamings is None and kill_at is None:
                kill_at = time.monotonic() + delay
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(told)
    output.seek(0)
    with output:
        return Run(code, output.read(), stages)


def _watch(telling: int, kill_in: tuple[str, int] | None) -> None:
    """Tell the parent which stage begins; kill this process before the n-th renaming of a stage."""
    from kg import exports
    from kg.building.extracting import chunks_of
    from kg.cli import printing
    from kg.stores import embedded

    current, seen = "", 0

    def begin(stage: str) -> None:
        nonlocal current
        if stage != current:
            current = stage
            os.write(telling, f"{stage}\n".encode())

    class Stages:
        def stage(self, name: str, total: int, unit: str) -> None:
            begin({"write": "tables"}.get(name, name))

        def advance(self, count: int) -> None: ...

    @contextlib.contextmanager
    def progress(quiet: bool = False) -> Iterator[Stages]:
        yield Stages()

    def marked(function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            begin(stage)
            return function(*arguments, **named)

        return call

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event == "os.rename" and str(arguments[0]).endswith(".staging"):
            begin("publish")
        elif event == "os.rmdir" and str(arguments[0]).endswith(".next"):
            begin("tidy")
        if kill_in and event == "os.rename" and current == kill_in[0]:
            if seen == kill_in[1]:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

    chunks_of.__defaults__ = (1, 1)  # a document is finished when its chunk is
    printing.progress = progress  # type: ignore[assignment]
    embedded.write = marked(embedded.write, "store")
    exports.export = marked(exports.export, "export")
    sys.addaudithook(audit)


# -- what must hold ----


def digest(folder: Path) -> str:
    """One value for what all tables of the current build hold, whatever the order of their rows."""
    from kg import open_graph
    from kg.tables import TABLES

    graph = open_graph(folder)
    lines = [
        f"{name} {row}" for name in TABLES for row in sorted(map(str, graph.table(name).to_numpy().tolist()))
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def state(folder: Path) -> str:
    """The digest of the current build, everything checked; `none` where there is none."""
    from kg import folder as layout
    from kg.building.checking import check

    if not layout.current_path(folder, layout.MANIFEST).exists():
        return "none"
    found = check(folder)
    assert not found.counts and not found.skipped, (found.problems[:3], found.skipped)
    return digest(folder)


def asked(work: Callable[[], Any]) -> Any:
    """The JSON value that `work` gives in a child."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer"
        pid = forked(lambda: path.write_text(json.dumps(work())))
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert code == 0, f"a child that checks ended with {code}"
        return json.loads(path.read_text())


def extracted_keys(folder: Path) -> set[str]:
    """The keys of the documents whose extraction the cache of a build holds, those in its log included."""
    with tempfile.TemporaryDirectory() as copy:
        for file in folder.glob("cache.sqlite*"):
            shutil.copy(file, copy)
        connection = sqlite3.connect(Path(copy) / "cache.sqlite")
        try:
            rows = connection.execute("SELECT key, payload FROM entry").fetchall()
        except sqlite3.OperationalError:  # killed before the table was made
            return set()
        finally:
            connection.close()
    return {key for key, payload in rows if _is_extraction(payload)}


def _is_extraction(payload: bytes) -> bool:
    """Whether an entry holds mentions, claims and what was left out of a document; others hold other things."""
    try:
        value = json.loads(zlib.decompress(payload))
    except (zlib.error, ValueError):
        return False
    return isinstance(value, list) and len(value) == 3 and all(isinstance(rows, list) for rows in value)


def left_over(folder: Path) -> list[str]:
    return [
        p.name for p in folder.rglob("*") if p.name.startswith((".staging", ".next")) or p.suffix == ".tmp"
    ]


# -- the campaign ----


class Campaign:
    """Builds in `root`, and the log of what was killed."""

    def __init__(self, root: Path, log: TextIO, seed: int) -> None:
        self.root, self.random = root, random.Random(seed)
        self.log = csv.DictWriter(log, COLUMNS, lineterminator="\n")
        self.log.writeheader()
        self.news = root / "news"
        self.news.mkdir()
        self.rows: list[dict[str, Any]] = []
        self._write(BEFORE)
        self.base = root / "base"
        self.first = self._undisturbed(["build", str(self.news), "--out", str(self.base)], self.base)
        self._write(AFTER)
        clean = root / "clean"
        self.clean = self._undisturbed(["build", str(self.news), "--out", str(clean)], clean)
        rebuilt = Path(shutil.copytree(self.base, root / "rebuilt"))
        self.second = self._undisturbed(["rebuild", str(rebuilt)], rebuilt)

    def _write(self, texts: dict[str, str]) -> None:
        shutil.rmtree(self.news)
        self.news.mkdir()
        for name, text in texts.items():
            (self.news / name).write_text("\n\n".join([text] * REPEATED), encoding="utf-8")

    def _undisturbed(self, arguments: list[str], folder: Path) -> dict[str, Any]:
        """What a run gives that nobody kills: state, report, keys of extracted documents, seconds by stage."""
        known = extracted_keys(folder) if folder.exists() else set()
        done = run([*arguments, "--jobs", "1", "--json"])
        assert done.code == 0, done.output
        ends = [*(moment for _, moment in done.stages[1:]), time.monotonic()]
        seconds = {name: end - begin for (name, begin), end in zip(done.stages, ends, strict=True)}
        report = json.loads(done.output)
        keys = extracted_keys(folder) - known
        assert report["extracted"] == len(keys)
        return {"state": asked(lambda: state(folder)), "keys": keys, "seconds": seconds}

    def kill_build(self, stage: str) -> None:
        """Kill a first build, then run the same command again."""
        folder = self.root / "killed"
        shutil.rmtree(folder, ignore_errors=True)
        arguments = ["build", str(self.news), "--out", str(folder), "--jobs", "1", "--json"]
        self._kill("build", stage, arguments, folder, "none", self.clean)

    def kill_rebuild(self, stage: str) -> None:
        """Kill a rebuild while another process reads, then run it again."""
        folder = self.root / "killed"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.base, folder)
        allowed = {self.first["state"], self.second["state"]}

        def read_on() -> None:
            parent = os.getppid()
            while os.getppid() == parent:
                assert (found := digest(folder)) in allowed, f"a mixture of two builds: {found}"
                count = _stored_entities(folder)
                assert count > 0
                time.sleep(0.2)

        reader = forked(read_on)
        try:
            self._kill("rebuild", stage, ["rebuild", str(folder), "--jobs", "1", "--json"], folder,
                       self.first["state"], self.second)  # fmt: skip
        finally:
            ended = os.waitpid(reader, os.WNOHANG)[0]
            if not ended:
                os.kill(reader, signal.SIGKILL)
                os.waitpid(reader, 0)
        assert not ended, "the process that read the build all the time failed"

    def _kill(
        self,
        command: str,
        stage: str,
        arguments: list[str],
        folder: Path,
        before: str,
        wanted: dict[str, Any],
    ) -> None:
        known = extracted_keys(folder) if folder.exists() else set()
        if stage == "publish":
            moment = {"renamings": self.random.randrange(0, 16)}
        else:
            moment = {"delay": self.random.uniform(0, wanted["seconds"][stage])}
        killed = run(arguments, stage, **moment)
        if killed.code != -signal.SIGKILL:
            return  # it was faster
        finished = (extracted_keys(folder) - known) & wanted["keys"]
        after = asked(lambda: state(folder))
        assert after in (before, wanted["state"]), f"neither the old build nor the new one: {after}"
        resumed = run(arguments)
        assert resumed.code == 0, resumed.output
        assert asked(lambda: state(folder)) == wanted["state"], "another result than an undisturbed run"
        report = json.loads(resumed.output)
        if after == before:
            assert report["extracted"] == len(wanted["keys"] - finished), "finished documents extracted again"
        assert not left_over(folder)
        states = {before: "old", wanted["state"]: "new", "none": "none"}
        again = report["extracted"] if after == before else 0
        self._log(command, killed.stage, moment, state=states[after], kept=len(finished), again=again)

    def kill_export(self, name: str) -> None:
        """Kill an export over an older file; what is there is whole, the old or the new."""
        target = self.root / "exports" / name / name
        target.parent.mkdir(parents=True, exist_ok=True)
        arguments = ["export", str(self.base), str(target) + ("/" if name == "neo4j-import" else "")]
        done = run(arguments)
        assert done.code == 0, done.output
        seconds = time.monotonic() - next(moment for stage, moment in done.stages if stage == "export")
        whole = _content(target)
        for path in _files(target):
            path.write_bytes(b"older " + path.read_bytes())
        older = _content(target)
        delay = self.random.uniform(0, seconds)
        killed = run(arguments, "export", delay)
        if killed.code != -signal.SIGKILL:
            return
        found = _content(target)
        if name == "neo4j-import":  # its command comes last: without it the files are no export
            assert "import.txt" not in found or found in (older, whole)
        elif not name.endswith(".xlsx"):  # which says when it was made
            assert found in (older, whole), "half an export"
        else:
            assert found == older or not next(iter(found.values())).startswith(b"older")
        resumed = run(arguments)
        assert resumed.code == 0, resumed.output
        assert name.endswith(".xlsx") or _content(target) == whole
        assert not left_over(target.parent)
        self._log("export", f"export {name}", {"delay": delay}, state="old" if found == older else "new")

    def _log(self, command: str, stage: str, moment: dict[str, Any], **found: Any) -> None:
        said = (
            f"renaming {moment['renamings']}" if "renamings" in moment else f"{1000 * moment['delay']:.1f} ms"
        )
        row = {"number": len(self.rows) + 1, "command": command, "killed_in": stage, "moment": said, **found}
        self.rows.append(row)
        self.log.writerow(row)


def _stored_entities(folder: Path) -> int:
    from kg import folder as layout
    from kg.stores import embedded

    def count() -> int:
        store = layout.current_path(folder, layout.STORE)
        return int(embedded.query(store, "MATCH (e:Entity) RETURN count(*)")[1][0][0])

    return layout.steadily(folder, count)


def _files(target: Path) -> list[Path]:
    if target.is_dir():
        return sorted(p for p in target.iterdir() if p.is_file())
    return sorted(target.parent.glob(f"{target.stem}.*"))


def _content(target: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in _files(target)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--each", type=int, default=10, help="kills in each stage of build and rebuild")
    parser.add_argument("--exports", type=int, default=12, help="kills of exports")
    parser.add_argument("--only", help="some stages only, as build:link,rebuild:publish")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, required=True)
    chosen = parser.parse_args()
    every = [f"{command}:{stage}" for command in ("build", "rebuild") for stage in STAGES]
    wanted = chosen.only.split(",") if chosen.only else every
    warm()
    with (
        tempfile.TemporaryDirectory(prefix="kg-crashes-") as folder,
        chosen.log.open("w", encoding="utf-8", newline="", buffering=1) as log,
    ):
        campaign = Campaign(Path(folder), log, chosen.seed)
        for place in wanted:
            command, _, stage = place.partition(":")
            _until(chosen.each, campaign, lambda row, c=command, s=stage: (row["command"], row["killed_in"]) == (c, s),
                   lambda c=command, s=stage: getattr(campaign, f"kill_{c}")(s))  # fmt: skip
        names = iter(EXPORTS * (1 + chosen.exports))
        _until(chosen.exports, campaign, lambda row: row["command"] == "export",
               lambda: campaign.kill_export(next(names)))  # fmt: skip


def _until(
    count: int, campaign: Campaign, counts: Callable[[dict[str, Any]], bool], kill: Callable[[], None]
) -> None:
    """Kill until so many were killed where they should be; some end first, or get a stage further."""
    for _ in range(20 * count):
        if sum(map(counts, campaign.rows)) >= count:
            return
        kill()
    raise AssertionError("the stage is over too soon to be killed in")


if __name__ == "__main__":
    main()
