"""kg build, rebuild, add, remove, status."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.parameters import Folder, Jobs, Json, MinConfidence, Quiet
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.building.changes import Changes
    from kg.building.report import Report
    from kg.building.settings import BuildSettings
    from kg.building.workers import Workers

ENGINES = ("local", "ray")
Engine = Annotated[
    str,
    typer.Option(metavar="local|ray", help="Extract on this machine, or on a Ray cluster (kg-builder[ray])."),
]
RayAddress = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT", help="The cluster.", show_default="RAY_ADDRESS, or one on this machine"
    ),
]
RayStorage = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="A folder that all its machines see (fsspec URL).",
        show_default="the build folder",
    ),
]

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE...",
        help="Files or folders (.txt .md .html .pdf .docx .jsonl .csv), or - for standard input.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the outline."""
    panel = "Build"
    app.command(rich_help_panel=panel)(build)
    app.command(rich_help_panel=panel)(rebuild)
    app.command(rich_help_panel=panel)(add)
    app.command(rich_help_panel=panel)(remove)
    app.command(rich_help_panel=panel)(status)


def build(
    sources: Sources,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="The build folder.", show_default=False)
    ],
    store: Annotated[
        str | None, typer.Option(help="Also load into this Neo4j server (neo4j://, bolt://, neo4j+s://).")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="kg.toml", help="Settings of reading, names, linking.")
    ] = None,
    min_confidence: MinConfidence = None,
    jobs: Jobs = None,
    engine: Engine = "local",
    ray_address: RayAddress = None,
    ray_storage: RayStorage = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Build the graph of SOURCE... in a folder; a folder built before is brought up to date."""
    from kg.building.settings import BuildSettings, Configuration, read_configuration

    configuration = read_configuration(config) if config else Configuration()
    if min_confidence is not None:
        configuration.names["min_confidence"] = min_confidence
    if store:
        _check_store(store)
    settings = BuildSettings(_absolute(sources), configuration, (), store)
    _run(
        out, settings, _workers(out, engine, jobs, ray_address, ray_storage), quiet, json, may_be_empty=False
    )


def rebuild(
    folder: Folder,
    jobs: Jobs = None,
    engine: Engine = "local",
    ray_address: RayAddress = None,
    ray_storage: RayStorage = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say which stages would run and why, and do nothing.")
    ] = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Bring a build up to date: same sources and settings, only what changed is extracted again."""
    from kg.building import settings

    if dry_run:
        _print_changes(folder, json)
        return
    workers = _workers(folder, engine, jobs, ray_address, ray_storage)
    _run(folder, settings.load(folder), workers, quiet, json, may_be_empty=True)


def add(
    folder: Folder, sources: Sources, jobs: Jobs = None, quiet: Quiet = False, json: Json = False
) -> None:
    """Add sources to a build; adding a removed document brings it back."""
    import dataclasses

    from kg.building import settings

    current = settings.load(folder)
    wanted = _absolute(sources)
    new = tuple(source for source in wanted if source not in current.sources)
    removed = tuple(d for d in current.removed if not _lifted(d, sources))
    _run(
        folder,
        dataclasses.replace(current, sources=current.sources + new, removed=removed),
        _workers(folder, "local", jobs),
        quiet,
        json,
        may_be_empty=False,
    )


def remove(
    folder: Folder,
    documents: Annotated[
        list[str], typer.Argument(metavar="DOCUMENT...", help="Document ids, or sources.", show_default=False)
    ],
    jobs: Jobs = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Remove documents with their facts; rebuilding does not bring them back, kg add does."""
    import dataclasses

    from kg.building import removing, settings
    from kg.folder import require_build

    current = settings.load(require_build(folder))
    ids = removing.document_ids(folder, documents)
    removed = tuple(sorted({*current.removed, *ids}))
    workers = _workers(folder, "local", jobs)
    _run(folder, dataclasses.replace(current, removed=removed), workers, quiet, json, may_be_empty=True)


def status(folder: Folder, json: Json = False) -> None:
    """What a build holds, and whether its sources have changed since."""
    from kg import folder as layout
    from kg.building import settings
    from kg.building.changes import changes
    from kg.building.report import report_from_json
    from kg.cli.printing import console, print_json

    layout.require_build(folder)
    report = report_from_json(layout.read_json(layout.current_path(folder, layout.REPORT)))
    manifest = layout.read_json(layout.current_path(folder, layout.MANIFEST))
    current = settings.load(folder)
    found = changes(folder)
    if json:
        print_json(
            {
                **manifest,
                "sources": current.sources,
                "removed": current.removed,
                "changed": found.changed,
                "gone": found.gone,
                "stages": found.stages,
                "report": report.as_json(),
            }
        )
        return
    out = console()
    out.print(f"{folder}: finished {manifest['finished']} by kg {manifest['kg_version']}")
    for source in current.sources:
        out.print(f"  source  {source}")
    for document in current.removed:
        out.print(f"  removed {document}")
    _print_report(report)
    _print_stages(folder, found)


def _print_changes(folder: Path, json: bool) -> None:
    from dataclasses import asdict

    from kg.building.changes import changes
    from kg.cli.printing import print_json
    from kg.folder import require_build

    found = changes(require_build(folder))
    if json:
        print_json(asdict(found))
    else:
        _print_stages(folder, found)


def _print_stages(folder: Path, found: Changes) -> None:
    from kg.building.inputs import STAGES
    from kg.cli.printing import console, plain, table

    out = console()
    if not found.stages:
        out.print("Nothing has changed since the last build.")
        return
    rows = ((stage, "; ".join(found.stages.get(stage, ("as it is",)))) for stage in STAGES)
    out.print(table((f"kg rebuild {folder}", "because"), rows))
    for what, names in (("new or changed", found.changed), ("gone", found.gone)):
        for name in names[:_SHOWN]:
            out.print(f"  {what}: {plain(name)}")
        if len(names) > _SHOWN:
            out.print(f"  … and {len(names) - _SHOWN} more (--json lists them)")


def _run(
    folder: Path,
    settings: BuildSettings,
    workers: AbstractContextManager[Workers],
    quiet: bool,
    json: bool,
    *,
    may_be_empty: bool,
) -> None:
    from kg.building.run import build as run
    from kg.cli.printing import console, print_json, progress

    with workers as at_work, progress(quiet or json) as bars:
        outcome = run(folder, settings, at_work, bars, may_be_empty=may_be_empty)
    if settings.store:
        from kg.cli.giving import load_into

        load_into(folder, settings.store, None, None, quiet or json)
    if json:
        print_json(outcome.report.as_json())
        return
    if not outcome.changed:
        console().print("Nothing has changed since the last build.")
    _print_report(outcome.report)
    console().print(f"Next: kg query {folder}   kg show {folder} NAME   kg export {folder} graph.html")


def _workers(
    folder: Path, engine: str, jobs: int | None, address: str | None = None, storage: str | None = None
) -> AbstractContextManager[Workers]:
    if engine not in ENGINES:
        raise KgError(f"Unknown engine {engine}; it can be {' or '.join(ENGINES)}.")
    if engine == "local":
        from kg.building.workers import Processes, default_jobs

        for option, value in (("--ray-address", address), ("--ray-storage", storage)):
            if value is not None:
                raise KgError(f"{option} is for --engine ray; add that, or leave {option} out.")
        return contextlib.nullcontext(Processes(jobs or default_jobs()))
    from kg.building.ray_engine import connected

    return connected(folder, address, storage, jobs)


def _absolute(sources: list[str]) -> tuple[str, ...]:
    for source in sources:
        if source != "-" and not Path(source).exists():
            raise KgError(
                f"{source} does not exist; name a file or folder that does, or - for standard input."
            )
    return tuple(dict.fromkeys(s if s == "-" else str(Path(s).resolve()) for s in sources))


def _lifted(document: str, sources: list[str]) -> bool:
    """Whether adding `sources` brings back a removed document: it, or the file or folder it came from, is named."""
    path = document.split("#")[0]
    for source in sources:
        if source == document or Path(source).name == Path(path).name:
            return True
        if Path(source).is_dir() and (Path(source) / path).exists():
            return True
    return False


def _check_store(uri: str) -> None:
    from kg.stores.connection import connection

    connection(uri)


def _print_report(report: Report) -> None:
    from kg.cli.printing import console, table

    out = console()
    out.print(
        table(
            ("source", "articles", "tables", "characters"),
            ((s.source, s.documents, s.tables, s.characters) for s in report.sources[:_SHOWN]),
        )
    )
    if len(report.sources) > _SHOWN:
        out.print(f"  … and {len(report.sources) - _SHOWN} more sources (kg status --json lists them)")
    out.print(
        f"{report.documents} documents ({report.duplicates} near-duplicates), {report.characters:,} characters;"
        f" {report.extracted} extracted, {report.reused} unchanged"
    )
    out.print(
        table(
            ("names", "mentions", "entities"),
            ((t, n, report.entities[t]) for t, n in report.mentions.items()),
        )
    )
    out.print(
        table(
            ("relations", "claims", "relations"),
            ((t, n, report.relations[t]) for t, n in report.claims.items()),
        )
    )
    if report.left_out:
        rows = ((item.stage, item.count, item.reason, item.example[:60]) for item in report.left_out)
        out.print(table(("left out by", "count", "reason", "for example"), rows))
    else:
        out.print("Nothing was left out.")
    out.print("  ".join(f"{stage} {seconds:.1f} s" for stage, seconds in report.seconds.items()))


_SHOWN = 40
