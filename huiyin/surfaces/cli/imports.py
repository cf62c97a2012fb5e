"""`huiyin import units FILE --estate CODE`, `huiyin import orders …` and `huiyin import cases … --map MAP`."""

import argparse
from importlib import import_module

from huiyin.foundation.sqlite.statistics import lay_down_statistics

# what → (module, what it does)
KINDS = {
    "units": ("import_units", "导入房屋和住户"),
    "orders": ("import_orders", "导入以前的维修单"),
    "cases": ("import_cases", "导入历史事项"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="what", metavar="导入什么", required=True)
    for name, (module, help_text) in KINDS.items():
        import_module(f"huiyin.surfaces.cli.{module}").add_arguments(
            actions.add_parser(name, help=help_text, description=help_text)
        )


def run(args: argparse.Namespace) -> int:
    """Take it in, and let the database know of it at once."""
    status = int(import_module(f"huiyin.surfaces.cli.{KINDS[args.what][0]}").run(args))
    lay_down_statistics()
    return status
