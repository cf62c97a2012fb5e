"""`huiyin calendar check FILE`: hold a file of known due times against our working calendars.

A city's due dates are judged by the same deadline that a standard writes as "5 working d same time".
"""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from huiyin.foundation.calendar.engine import WorkingCalendar
from huiyin.foundation.calendar.facts import Answer, Fact, UnreadableFacts, read_facts
from huiyin.standards.rules.limits import SAME_TIME, within


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file to check."""
    parser.add_argument("file", nargs=1, metavar="FILE", help="要核对的文件:JSON 或 CSV,可以是 .gz")


def run(args: argparse.Namespace) -> int:
    """Print every disagreement and the count; 1 when any row fails, 2 when the file cannot be used."""
    try:
        facts = read_facts(Path(args.file[0]), due_after=_by_standard)
    except UnreadableFacts as refusal:
        print(refusal, file=sys.stderr)
        return 2
    skipped = [fact for fact in facts if fact.skipped]
    judged = [(fact, fact.answer()) for fact in facts if not fact.skipped]
    failed = [(fact, answer) for fact, answer in judged if not fact.agrees(answer)]
    for fact in skipped:
        print(f"跳过 {fact.id} {fact.op}:{fact.skipped}")
    for fact, answer in failed:
        print(f"不符 {fact.id} {fact.op}:算得 {_words(answer, fact)},应为 {_words(fact.expected, fact)}")
    note = f", {len(skipped)} skipped" if skipped else ""
    print(f"{len(judged) - len(failed)} passed, {len(failed)} failed{note}")
    return 1 if failed else 0


def _by_standard(calendar: WorkingCalendar, opened: datetime, days: int) -> datetime:
    due = within(f"{days} {SAME_TIME}", "business_days").due(opened, {}, calendar)
    assert due is not None  # only a promised moment may be missing
    return due


def _words(answer: Answer, fact: Fact) -> str:
    if isinstance(answer, datetime) and isinstance(fact.expected, datetime):
        return answer.astimezone(fact.expected.tzinfo).isoformat()
    return str(answer)
