"""A sample standard and the facts it speaks of, for tests of promises."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import yaml

from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations
from huiyin.standards.models import Commitment

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)  # a Wednesday
ESTATE = 7
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class WorkFact(Fact):
    subject_type: ClassVar[str] = "sample.work"
    kind: str = "a"
    promised_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WorkOpened(WorkFact):
    code: ClassVar[str] = "sample.work.opened"


@dataclass(frozen=True, kw_only=True)
class WorkDone(WorkFact):
    code: ClassVar[str] = "sample.work.done"


@dataclass(frozen=True, kw_only=True)
class MatterClosed(Fact):
    code: ClassVar[str] = "sample.matter.closed"
    subject_type: ClassVar[str] = "sample.matter"


@dataclass(frozen=True, kw_only=True)
class VisitOpened(Fact):
    code: ClassVar[str] = "return_visits.sample.opened"
    subject_type: ClassVar[str] = "sample.visit"


def rule(code: str = "work.done", **changed: Any) -> dict[str, Any]:
    return {
        "code": code,
        "kind": "deadline",
        "clauses": [],
        "says": "24 小时内办完",
        "opens": "sample.work.opened",
        "keeps": ["sample.work.done", "sample.matter.closed"],
        "within": "24 h",
        "does": "办完",
    } | changed


def publish(
    folder: Path,
    *rules: dict[str, Any],
    estate_id: int = ESTATE,
    code: str = "sample",
    since: datetime = AT - timedelta(days=90),
) -> None:
    """Let the estate live by these rules since ninety days, or another moment."""
    (folder / code).mkdir()
    written = {"standard": code, "title": "样本标准", "rules": list(rules)}
    (folder / code / "rules.yaml").write_text(yaml.safe_dump(written, allow_unicode=True))
    operations.load_catalogue(at=since, folder=folder)
    operations.adopt(estate_id, code, since=since, actor=system_actor(), at=since)


def happens(kind: type[Fact], number: int = 1, *, at: datetime = AT, thread: str = "case:1", **frame: Any) -> Entry:
    frame = {"responsible_post": "butler", "estate_id": ESTATE} | frame
    fact = kind(subject_id=number, thread=thread, **frame)
    return journal.announce(fact, actor=system_actor(), at=at)


def opened(number: int = 1, **frame: Any) -> Commitment:
    entry = happens(WorkOpened, number, **frame)
    return Commitment.objects.get(opened_by=entry)


def now(commitment: Commitment) -> Commitment:
    return Commitment.objects.select_related("rule", "met_by").get(pk=commitment.pk)
