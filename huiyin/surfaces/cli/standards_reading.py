"""`huiyin standards check`, `coverage` and `contradictions`: what the written standards say, and whether they say it right."""

import argparse
import json
from pathlib import Path
from typing import Any

from huiyin.standards.checking import check, files_of
from huiyin.standards.contradictions import Contradiction, contradictions
from huiyin.standards.coverage import CARRIED, Carried, coverage
from huiyin.standards.vocabulary import CATALOGUE
from huiyin.standards.written import read_file, shipped

MANUALS = ("S0", "S1", "S2", "S3", "S4")


def add_arguments(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    checking = actions.add_parser("check", help="检查标准文件写得对不对,错在哪个文件、哪一行、哪一项")
    checking.add_argument(
        "place", nargs="?", type=Path, default=CATALOGUE, metavar="文件或目录", help="默认是随产品发布的"
    )
    covering = actions.add_parser("coverage", help="列出五本手册的每一条由什么管着")
    covering.add_argument("--standard", choices=MANUALS, metavar="手册", help="只看一本:S0 … S4")
    covering.add_argument("--json", action="store_true", help="每条一行 JSON")
    comparing = actions.add_parser("contradictions", help="列出手册之间说法不一的题目")
    comparing.add_argument("--json", action="store_true", help="每个题目一行 JSON")


def run_check(args: argparse.Namespace) -> int:
    problems = check(args.place)
    for problem in problems:
        print(problem)
    if problems:
        print(f"共 {len(problems)} 处")
        return 1
    rules: dict[str, int] = {}
    for file in files_of(args.place):
        rules[file.parent.name] = rules.get(file.parent.name, 0) + len(read_file(file)["rules"])
    for code, count in rules.items():
        print(f"{code}: {count} 条规则,无误")
    return 0


def run_coverage(args: argparse.Namespace) -> int:
    found = [one for one in coverage() if not args.standard or one.clause.id.startswith(args.standard)]
    for one in found:
        print(json.dumps(_as_row(one), ensure_ascii=False) if args.json else _line(one))
    if not args.json:
        counts = {how: sum(one.how == how for one in found) for how in CARRIED}
        told = "、".join(f"{CARRIED[how]} {count}" for how, count in counts.items() if count)
        print(f"共 {len(found)} 条:{told}")
    return 0


def run_contradictions(args: argparse.Namespace) -> int:
    found = contradictions(shipped())
    for one in found:
        print(json.dumps(_as_topic(one), ensure_ascii=False) if args.json else _topic_lines(one))
    if not args.json:
        print(f"共 {len(found)} 个题目,{sum(one.found for one in found)} 个说法不一")
    return 0


def _as_row(one: Carried) -> dict[str, Any]:
    return {
        "clause": one.clause.id,
        "carried": one.how,
        "by": list(one.by),
        "area": one.area,
        "why": one.why,
        "says": one.clause.says,
    }


def _line(one: Carried) -> str:
    what = f"{CARRIED[one.how]} {one.area}".strip()
    return f"{one.clause.id:<7} {what} {' '.join(one.by)}{' · ' + one.why if one.why else ''}"


def _as_topic(one: Contradiction) -> dict[str, Any]:
    return {
        "topic": one.topic.code,
        "title": one.topic.title,
        "differ": one.found,
        "sides": [
            {"standard": side.standard, "code": side.spec["code"], "clauses": side.spec["clauses"], **side.answer}
            for side in (*one.sides, *one.settled)
        ],
    }


def _topic_lines(one: Contradiction) -> str:
    head = f"{one.topic.code} {one.topic.title}:{'说法不一' if one.found else '说法一致'}"
    sides = [
        f"    {side.title}:{side.spec['says']}({'、'.join(side.spec['clauses'])})"
        for side in (*one.sides, *one.settled)
    ]
    return "\n".join([head, *sides])
