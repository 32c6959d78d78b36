"""Bad input ends with one sentence that names it and the way out; the rest of a batch goes on."""

import json
from pathlib import Path

import pytest
from command import answers, kg, refuses
from reportlab.pdfgen import canvas

GOOD = "英伟达宣布投资OpenAI。2025年9月22日，英伟达表示拟向OpenAI投资至多1000亿美元。"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text(GOOD, encoding="utf-8")
    return path


def left_out(report: dict, name: str) -> str:
    """The reasons why a file, or a part of it, was left out."""
    reasons = [item["reason"] for item in report["left_out"] if name in item["example"]]
    assert reasons, report["left_out"]
    return "; ".join(reasons)


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    assert "missing.txt does not exist" in refuses(
        "build", tmp_path / "missing.txt", "--out", tmp_path / "out"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("binary.txt", bytes(range(256)) * 40),
        ("broken.pdf", b"%PDF-1.7\n1 0 obj\n<<\n"),
        ("notes.xyz", "未知后缀".encode()),
        ("broken.docx", b"PK\x03\x04 not a zip"),
    ],
)
def test_a_bad_file_is_left_out_with_its_reason_and_the_rest_goes_on(
    tmp_path: Path, good: Path, name: str, content: bytes
) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    report = answers("build", good, bad, "--out", tmp_path / "out")
    assert report["documents"] == 1
    assert left_out(report, name)
    assert name in refuses("build", bad, "--out", tmp_path / "alone")


def test_a_password_protected_pdf_is_left_out(tmp_path: Path, good: Path) -> None:
    bad = tmp_path / "secret.pdf"
    page = canvas.Canvas(str(bad), encrypt="owner-and-user")
    page.drawString(100, 700, "secret")
    page.save()
    report = answers("build", good, bad, "--out", tmp_path / "out")
    assert report["documents"] == 1
    assert "password" in left_out(report, "secret.pdf")


def test_other_encodings_are_read(tmp_path: Path) -> None:
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        (tmp_path / f"{encoding}.txt").write_bytes(GOOD.encode(encoding))
    report = answers("build", tmp_path, "--out", tmp_path / "out")
    assert report["documents"] == 3
    assert report["duplicates"] == 2


def test_a_line_beyond_the_limit_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"id": "a", "text": GOOD}, ensure_ascii=False) + "\n")
        file.write('{"id": "b", "text": "' + "长" * 17_000_000 + '"}\n')
        file.write(json.dumps({"id": "c", "text": "百度发布文心大模型4.5。"}, ensure_ascii=False) + "\n")
    report = answers("build", path, "--out", tmp_path / "out")
    assert report["documents"] == 2
    assert "line" in left_out(report, "long.jsonl")


def test_a_bad_json_line_in_the_middle_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text(
        json.dumps({"id": "a", "text": GOOD})
        + '\n{"id": "b", "text": \n'
        + json.dumps({"id": "c", "text": "百度"})
        + "\n"
    )
    report = answers("build", path, "--out", tmp_path / "out")
    assert report["documents"] == 2
    assert left_out(report, "news.jsonl")


def test_an_output_folder_that_cannot_be_written_is_named(tmp_path: Path, good: Path) -> None:
    assert "good.txt" in refuses("build", good, "--out", good)
    assert "good.txt" in refuses("build", good, "--out", good / "below")


def test_a_folder_that_is_no_build_says_how_to_make_one(tmp_path: Path) -> None:
    for command in (("status",), ("show",), ("query",), ("rebuild",)):
        arguments = [*command, tmp_path] + (["百度"] if command[0] in ("show", "query") else [])
        assert "kg build" in refuses(*arguments)


def test_a_wrong_configuration_names_the_key(tmp_path: Path, good: Path) -> None:
    config = tmp_path / "kg.toml"
    for text, expected in (
        ("[reading\n", "not valid TOML"),
        ("[raeding]\n", "unknown table"),
        ("[names]\nwatchlist = 'a'\n", "unknown key watchlist"),
        ("[names]\nmin_confidence = 'high'\n", "min_confidence"),
        ("[names]\nwatch_list = 'absent.csv'\n", "absent.csv"),
    ):
        config.write_text(text, encoding="utf-8")
        assert expected in refuses("build", good, "--out", tmp_path / "out", "--config", config)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    (folder / "a.txt").write_text(GOOD, encoding="utf-8")
    assert kg("build", folder / "a.txt", "--out", folder / "out", "-q").returncode == 0
    return folder / "out"


def test_a_cypher_error_shows_where(built: Path) -> None:
    assert "MATCHH" in refuses("query", built, "MATCHH (n) RETURN n")


def test_an_unknown_query_suggests_the_nearest(built: Path) -> None:
    from kg.stores.queries import named_queries

    name = next(iter(named_queries()))
    assert name in refuses("query", built, name[:-1])


def test_an_unknown_entity_suggests_the_nearest(built: Path) -> None:
    assert "英伟达" in refuses("show", built, "英伟哒")


def test_an_unknown_format_lists_the_known(built: Path, tmp_path: Path) -> None:
    assert ".graphml" in refuses("export", built, tmp_path / "graph.docx")


def test_a_store_that_does_not_answer_is_named(built: Path) -> None:
    environment = {"NEO4J_PASSWORD": "never-shown-7f3a"}
    sentence = refuses("load", built, "--to", "bolt://127.0.0.1:1", env=environment)
    assert "127.0.0.1:1" in sentence
    assert "never-shown" not in sentence


def test_two_builds_in_one_folder_at_once(built: Path) -> None:
    import filelock

    with filelock.FileLock(built / ".lock"):
        assert "Another kg is writing" in refuses("rebuild", built)
