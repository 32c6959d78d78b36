"""What `test_fuzz.py` and `fuzz.py` feed, and seeds for it. A target may say what is wrong and never fail."""

from __future__ import annotations

import contextlib
import io
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from kg.documents import ReadingSettings, SourceFile, read_file
from kg.documents.decoding import NotTextError
from kg.documents.records import RecordError, read_csv, read_jsonl
from kg.errors import KgError
from kg.extraction.attributes.actions import action_of
from kg.extraction.attributes.dates import find_dates
from kg.extraction.attributes.money import find_amounts
from kg.extraction.attributes.roles import role_after, role_between
from kg.extraction.attributes.rounds import find_rounds
from kg.extraction.attributes.stakes import find_stakes
from kg.linking import read_decisions
from kg.stores import embedded, queries

NEWS = Path(__file__).parent.parent / "examples" / "news"
_FOLDER = Path(tempfile.gettempdir()) / "kg-fuzz"
_SUFFIXES = (".txt", ".md", ".html", ".pdf", ".docx", ".jsonl", ".csv")


def _file(suffix: str, data: bytes) -> Path:
    _FOLDER.mkdir(exist_ok=True)
    path = _FOLDER / f"input{suffix}"
    path.write_bytes(data)
    return path


def reader(data: bytes) -> None:
    """The first byte chooses the format, the rest is the file."""
    path = _file(_SUFFIXES[data[0] % len(_SUFFIXES)] if data else ".txt", data[1:])
    for found in read_file(SourceFile(path, path.name)):
        assert found


def attributes(data: bytes) -> None:
    """Amounts, dates, rounds, stakes and roles lie inside the text."""
    text = data.decode("utf-8", "replace")
    for find in (find_amounts, find_rounds, find_stakes, lambda words: find_dates(words, "2025-03-04")):
        for found in find(text):  # type: ignore[operator]
            assert 0 <= found.start <= found.end <= len(text)
    action_of(text)
    role_after(text)
    role_between(text)


def decisions(data: bytes) -> None:
    """A decisions file that anybody may have edited."""
    found = read_decisions(_file(".decisions.csv", data))
    found.pairs(), found.types(), found.names(), found.unsure()


def query_file(data: bytes) -> None:
    """A file of `cypher/queries/`."""
    queries.read_query(_file(".cypher", data))


def query(data: bytes) -> None:
    """What a query's words are; the store is never opened."""
    embedded._require_reading(data.decode("utf-8", "replace"))


def jsonl(data: bytes) -> None:
    """Every character of a JSONL stream is in a record or a bad record."""
    for record in read_jsonl(io.BytesIO(data), ReadingSettings(max_line_characters=1_000)):
        assert record.size > 0 and record.number > 0


def csv(data: bytes) -> None:
    """A CSV stream."""
    list(read_csv(io.BytesIO(data), ReadingSettings(max_line_characters=1_000)))


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (reader, attributes, decisions, query_file, query, jsonl, csv)
}


def run(target: Callable[[bytes], None], data: bytes) -> None:
    """One input; what may be said of it is no failure."""
    with contextlib.suppress(KgError, NotTextError, RecordError):
        target(data)


def seeds(name: str) -> list[bytes]:
    """A few good inputs of a target."""
    texts = [(NEWS / file).read_bytes() for file in ("2025-01-28-deepseek-r1.txt", "2025-funding-rounds.md")]
    if name == "reader":
        files = sorted(path for path in NEWS.iterdir() if path.suffix in _SUFFIXES)
        return [bytes([_SUFFIXES.index(path.suffix)]) + path.read_bytes() for path in files]
    if name == "decisions":
        return [
            "left,right,type,judgement,who,when,note\n智谱,智谱AI,Company,same,a,2025-01-01,\nc1,,,reject,,,\n".encode()
        ]
    if name == "query_file":
        return [path.read_bytes() for path in sorted(queries.cypher_folder().glob("queries/*.cypher"))]
    if name == "query":
        return ["MATCH (e:Entity {id: 'a'}) WHERE e.name = \"智谱\" /* x */ RETURN e.`load`; // y".encode()]
    if name in ("jsonl", "csv"):
        return [path.read_bytes() for path in NEWS.glob(f"*.{name}")]
    return texts


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The input with a few bytes changed, doubled, moved or gone, and words that matter put in."""
    words = (
        "亿元",
        "%",
        "“",
        '"',
        "\n",
        "\0",
        "2025年",
        "{",
        "[",
        "\\u",
        ",",
        "第",
        "九九九",
        "10" * 200,
        "\ufeff",
        "\udc80",
        "=",
        "'",
        "`",
        "--",
    )
    content = bytearray(data[: chance.choice((200, 2_000, 20_000))])
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(content) + 1)
        length = chance.choice((1, 2, 8, 64))
        way = chance.randrange(5)
        if way == 0:
            content[at : at + length] = chance.randbytes(length)
        elif way == 1:
            content[at:at] = chance.choice(words).encode("utf-8", "surrogatepass") * chance.choice((1, 1, 20))
        elif way == 2:
            del content[at : at + length]
        elif way == 3:
            content[at:at] = content[at : at + length]
        else:
            content[at:] = content[: at // 2]
    return bytes(content)
