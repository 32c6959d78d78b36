"""`kg schema` and `kg --help`: what the command tells about itself."""

import json
import subprocess
import sys

from kg.schema import ENTITIES, RELATIONS


def kg(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg.cli", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_schema_names_every_type_and_what_it_joins() -> None:
    found = json.loads(kg("schema", "--json").stdout)
    assert [e["type"] for e in found["entities"]] == list(ENTITIES)
    assert {r["type"] for r in found["relations"]} == set(RELATIONS)
    invests = next(r for r in found["relations"] if r["type"] == "INVESTS_IN")
    assert "Company" in invests["heads"]
    assert invests["core"] and not invests["symmetric"]


def test_the_schema_as_markdown_is_a_table_of_all_relations() -> None:
    lines = kg("schema", "--markdown").stdout.splitlines()
    for relation in RELATIONS:
        assert any(line.startswith(f"| {relation.value}") for line in lines)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv=['kg','--help']\n"
        "from kg.cli.app import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'spacy','pandas','numpy','pyarrow','neo4j','ladybug','cn2an','opencc','onnxruntime','networkx'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "HEAVY []" in out.stdout
