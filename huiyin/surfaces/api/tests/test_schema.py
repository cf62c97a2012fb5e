"""The OpenAPI document is what is committed, and two bodies never share a name."""

import ast
from collections import Counter
from pathlib import Path

import huiyin
from huiyin.surfaces.api.assembly import SCHEMA, schema, schema_text
from huiyin.surfaces.cli.main import main

HOUSE = Path(huiyin.__file__).parent


def test_the_committed_document_is_what_the_code_says() -> None:
    assert SCHEMA.read_text("utf-8") == schema_text(), "先运行 huiyin api schema,再提交"


def test_the_command_writes_it(tmp_path: Path) -> None:
    assert main(["api", "schema", "--to", str(tmp_path / "it.json")]) == 0
    assert (tmp_path / "it.json").read_text("utf-8") == schema_text()


def test_no_two_shapes_share_a_name() -> None:
    places = ("areas/*/api.py", "areas/*/api/*.py", "surfaces/api/*.py", "foundation/api/*.py")
    files = [file for place in places for file in HOUSE.glob(place)]
    named = Counter(
        node.name for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in named.items() if count > 1] == []


def test_every_command_asks_for_a_key_and_every_operation_for_a_token() -> None:
    for path in schema()["paths"].values():
        for method, one in path.items():
            headers = [parameter["name"] for parameter in one["parameters"] if parameter["in"] == "header"]
            assert headers == (["Idempotency-Key"] if method == "post" else [])
            assert one["security"] == [{"Bearer": []}]
