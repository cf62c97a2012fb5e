"""`huiyin api schema`: write the OpenAPI document that is committed beside the code."""

import argparse
import sys
from pathlib import Path

from huiyin.surfaces.api.assembly import SCHEMA, schema_text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    schema = actions.add_parser("schema", help="写出 OpenAPI 3.1 文件")
    schema.add_argument("--to", type=Path, default=SCHEMA, help="写到哪里,- 是标准输出")


def run(args: argparse.Namespace) -> int:
    if str(args.to) == "-":
        sys.stdout.write(schema_text())
    else:
        args.to.write_text(schema_text(), "utf-8")
    return 0
