"""Reading and extraction on a Ray cluster.

The engine only fills the cache, with what this machine would have put there, byte for byte; everything else of a
build goes its usual way. Documents to extract lie as Parquet partitions in a folder that every machine sees (any
fsspec URL); each worker loads the model once; what was on a machine that dies is done again elsewhere.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import logging
import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.building.cache import decode_document, encode_document, key, pack, unpack
from kg.building.extracting import Results, Task, chunks_of, extract_chunk
from kg.building.isolated import as_json, from_json
from kg.building.reading import Entries, Unread, file_entries, file_key, reader_version
from kg.errors import KgError

if TYPE_CHECKING:
    import pyarrow as pa

    from kg.documents import ReadingSettings
    from kg.extraction import ExtractionSettings

#: Characters in a partition, least and most: a machine that dies costs some seconds of work, not more.
_PARTITION_CHARACTERS = (5_000, 400_000)
_PARTITIONS_A_WORKER = 8
#: So many workers in a row may die before they have loaded the model.
_FAILED_STARTS = 3
_SECONDS_TO_CONNECT = 10


@contextlib.contextmanager
def connected(folder: Path, address: str | None, storage: str | None, jobs: int | None) -> Iterator[Cluster]:
    """The workers of a Ray cluster; raises KgError where Ray is not installed or the cluster cannot be reached.

    `address` None means RAY_ADDRESS, else the cluster that this machine belongs to, else one that is started here for
    the time being. `storage` is the fsspec URL of a folder that all machines see; None means the build folder.
    At most `jobs` workers extract at a time; None means one for each core of the cluster.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise KgError(
            "--engine ray needs Ray, which is not installed; install it with: pip install 'kg-builder[ray]'"
        ) from error
    try:
        _try_to_connect(address or os.environ.get("RAY_ADDRESS", ""))
        ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise KgError(
            f"Cannot reach the Ray cluster {address or 'of this machine'} ({_first_line(error)});"
            " start one with: ray start --head, and correct --ray-address."
        ) from error
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_consecutive_actor_init_deaths = _FAILED_STARTS
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    try:
        yield Cluster(_own_folder(folder, storage), jobs)
    finally:
        ray.shutdown()


def _try_to_connect(address: str) -> None:
    """Raise OSError where nobody answers at HOST:PORT, for which Ray itself waits minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=_SECONDS_TO_CONNECT).close()


@dataclass(frozen=True, slots=True)
class Cluster:
    """The machines of the connected Ray cluster as workers."""

    storage: str
    jobs: int | None

    def read(self, files: Sequence[Unread], settings: ReadingSettings) -> Iterator[Entries]:
        """Read files on the cluster; every machine must see them under the same paths."""
        import ray

        if not files:
            return
        rows = [{**as_json(file.file), "key": file.key} for file in files]
        dataset = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
            functools.partial(_read, settings=settings, version=reader_version(settings)),
            batch_size=1,
            batch_format="pyarrow",
        )
        for table in _tables(dataset):
            for row in table.to_pylist():
                yield list(zip(row["keys"], row["payloads"], strict=True))

    def extract(self, tasks: Sequence[Task], settings: ExtractionSettings) -> Iterator[Results]:
        """Extract on the cluster, each worker with a model of its own."""
        import ray

        from kg.extraction import extraction_version

        if not tasks:
            return
        workers = min(self.jobs or len(tasks), len(tasks), max(1, int(ray.cluster_resources().get("CPU", 1))))
        watch_list = settings.watch_list.read_bytes() if settings.watch_list else None
        with _partitions(tasks, workers, self.storage) as dataset:
            extracted = dataset.map_batches(
                _Extractor,
                fn_constructor_args=(settings, watch_list, extraction_version(settings)),
                batch_size=None,
                batch_format="pyarrow",
                compute=ray.data.ActorPoolStrategy(min_size=1, max_size=workers, initial_size=workers),
            )
            for table in _tables(extracted):
                yield [(row["key"], row["characters"], row["payload"]) for row in table.to_pylist()]


def _own_folder(folder: Path, storage: str | None) -> str:
    """A folder in the storage that is this build folder's alone, the same every time."""
    if storage is None:
        return str(folder.resolve() / ".partitions")
    return f"{storage.rstrip('/')}/kg-{key(socket.gethostname(), str(folder.resolve()))[:16]}"


def _read(batch: pa.Table, settings: ReadingSettings, version: str) -> pa.Table:
    """Entries of the cache for each file of a batch, one row a file, so that a file is there whole or not at all."""
    import pyarrow as pa

    _check_version(version, reader_version(settings))
    entries = []
    for row in batch.to_pylist():
        file = from_json(row)
        if file_key(file, settings) != row["key"]:
            raise KgError(
                f"A machine of the cluster does not see {row['path']} as this one does;"
                " put the sources on storage that all of them mount under the same path."
            )
        entries.append(file_entries(settings, Unread(file, row["key"], 0)))
    return pa.table(
        {
            "keys": [[key for key, _ in of_file] for of_file in entries],
            "payloads": pa.array(
                [[payload for _, payload in of_file] for of_file in entries], pa.list_(pa.large_binary())
            ),
        }
    )


@contextlib.contextmanager
def _partitions(tasks: Sequence[Task], workers: int, storage: str) -> Iterator[Any]:
    """The tasks as a Ray dataset of Parquet partitions in `storage`, which are removed in the end."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    import ray
    from fsspec.core import url_to_fs

    least, most = _PARTITION_CHARACTERS
    characters = sum(len(task.document.text) for task in tasks) // (workers * _PARTITIONS_A_WORKER)
    try:
        files, root = url_to_fs(storage)
        if files.exists(root):
            files.rm(root, recursive=True)  # left by a build that was killed
        files.makedirs(root)
        paths = []
        for i, chunk in enumerate(chunks_of(tasks, min(max(characters, least), most), len(tasks))):
            packed = [pack(encode_document(task.document, task.sections)) for task in chunk]
            paths.append(f"{root}/part-{i:06}.parquet")
            pq.write_table(
                pa.table({"key": [task.key for task in chunk], "task": packed}), paths[-1], filesystem=files
            )
    except (OSError, ValueError, ImportError) as error:
        raise KgError(
            f"Cannot write to the storage {storage} ({_first_line(error)}); name a folder that every machine of"
            " the cluster sees with --ray-storage."
        ) from error
    try:
        if files.protocol == "memory":  # which lives in this process alone
            yield ray.data.from_arrow([pq.read_table(path, filesystem=files) for path in paths])
        else:
            # The worker itself reads its partition: a task of Ray's own would wait for a core that workers hold.
            rows = [{"partition": files.unstrip_protocol(path)} for path in paths]
            yield ray.data.from_items(rows, override_num_blocks=len(rows))
    finally:
        files.rm(root, recursive=True)


class _Extractor:
    """A worker that has loaded the model; takes batches of tasks and gives what the cache is to hold."""

    def __init__(self, settings: ExtractionSettings, watch_list: bytes | None, version: str) -> None:
        from kg.extraction import extraction_version

        if watch_list is not None:
            with tempfile.NamedTemporaryFile(suffix=".csv", delete=False) as file:
                file.write(watch_list)
            settings = dataclasses.replace(settings, watch_list=Path(file.name))
        _check_version(version, extraction_version(settings))
        self._settings = settings

    def __call__(self, batch: pa.Table) -> pa.Table:
        import pyarrow as pa

        if "partition" in batch.column_names:
            batch = _read_partition(batch["partition"][0].as_py())
        tasks = [Task(row["key"], *decode_document(unpack(row["task"]))) for row in batch.to_pylist()]
        results = extract_chunk(self._settings, tasks)
        return pa.table(
            {
                "key": [key for key, _, _ in results],
                "characters": [characters for _, characters, _ in results],
                "payload": pa.array([payload for _, _, payload in results], pa.large_binary()),
            }
        )


def _read_partition(url: str) -> pa.Table:
    import pyarrow.parquet as pq
    from fsspec.core import url_to_fs

    files, path = url_to_fs(url)
    try:
        return pq.read_table(path, filesystem=files)
    except OSError as error:
        raise KgError(
            f"A machine of the cluster cannot read {url} ({_first_line(error)}); name a folder that all of them"
            " see with --ray-storage."
        ) from error


def _check_version(wanted: str, found: str) -> None:
    if wanted != found:
        raise KgError(
            "A machine of the cluster has another version of kg than this one;"
            " install the same on all of them, then run kg rebuild."
        )


def _tables(dataset: Any) -> Iterator[pa.Table]:
    """The tables that a dataset gives, as they come; failures of the cluster as KgErrors."""
    from ray.exceptions import RayError

    try:
        yield from dataset.iter_batches(batch_size=None, batch_format="pyarrow")
    except RayError as error:
        raise KgError(_said(error)) from error


def _said(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, KgError):
            return str(cause)
        cause = getattr(cause, "cause", None) or cause.__cause__
    return (
        f"The Ray cluster could not do the work ({_first_line(error)});"
        " finished documents are kept: mend it and run kg rebuild."
    )


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".:")
