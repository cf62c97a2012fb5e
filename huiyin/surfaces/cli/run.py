"""`huiyin run`: everything at once, for the first day: database, demonstration estate, server."""

import argparse
import sys

from huiyin.areas.estate.models import Estate
from huiyin.surfaces.cli import demo, serve
from huiyin.surfaces.cli.setup import prepare


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="端口,默认 8000")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址,默认只在本机")


def run(args: argparse.Namespace) -> int:
    serve.count_together()
    prepare()
    serve.gather_static()
    if not Estate.objects.exists():
        demo.make(households=120, months=1, seed=1)
    print(demo.accounts_card(), file=sys.stderr)
    serve.serve(host=args.host, port=args.port)
    return 0
