"""`huiyin verify`: every invariant of the house, over the whole database, one line each."""

import argparse
import json
import time
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils.timezone import now

from huiyin.foundation.invariants import Finding, Invariant


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="用 JSON 输出")


def run(args: argparse.Namespace) -> int:
    """Check everything and say what was found. Ends with 1 when anything is broken."""
    at = now()
    report = []
    for invariant in invariants():
        begun = time.perf_counter()
        finding = invariant.check(at=at)
        report.append((invariant, finding, time.perf_counter() - begun))
        if not args.json:
            _say(invariant, finding)
    broken = [invariant for invariant, finding, _ in report if finding.violations]
    if args.json:
        print(json.dumps([_as_json(*row) for row in report], ensure_ascii=False, indent=1))
    else:
        spent = sum(seconds for _, _, seconds in report)
        print(
            f"{len(report)} 项保证,{len(broken)} 项没守住,用时 {spent:.1f} 秒"
            if broken
            else f"{len(report)} 项保证全部成立,用时 {spent:.1f} 秒"
        )
    return 1 if broken else 0


def invariants() -> list[Invariant]:
    """Return the invariants of all installed apps, in the order of the tiers."""
    found: list[Invariant] = []
    for app in apps.get_app_configs():
        if app.name.startswith("huiyin.") and find_spec(f"{app.name}.invariants"):
            found += import_module(f"{app.name}.invariants").INVARIANTS
    return found


def _say(invariant: Invariant, finding: Finding) -> None:
    mark = "×" if finding.violations else "✓"
    print(f"{mark} {invariant.says} · 看了 {finding.looked_at},违反 {finding.violations}", flush=True)
    for example in finding.examples:
        print(f"    {example}")
    if finding.violations > len(finding.examples):
        print(f"    …另有 {finding.violations - len(finding.examples)} 条")


def _as_json(invariant: Invariant, finding: Finding, seconds: float) -> dict[str, object]:
    return {
        "code": invariant.code,
        "says": invariant.says,
        "looked_at": finding.looked_at,
        "violations": finding.violations,
        "examples": list(finding.examples),
        "seconds": round(seconds, 3),
    }
