"""F-28 维护检修计划: what is to be done to which equipment how often, when it was done last and is done next (S3-53)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from huiyin.areas.upkeep import queries
from huiyin.areas.upkeep.models import Plan, Round
from huiyin.areas.upkeep.permissions import visible_to
from huiyin.areas.upkeep.states import SEE
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.forms import NAME, WORD, Columns, Form, Sheet, in_order
from huiyin.foundation.documents.words import moment

REGISTER = "/foundation/documents/typst/register.typ"
DAY = 23


@dataclass(frozen=True)
class Line:
    """A plan with the last round of it that was done."""

    plan: Any
    last: Round | None


def _result(line: Line) -> str:
    if line.last is None:
        return ""
    return (
        f"{line.last.get_status_display()};{line.last.remarks}" if line.last.remarks else line.last.get_status_display()
    )


COLUMNS = Columns(
    (
        ("设备", 1, lambda line: line.plan.equipment.title),
        ("位置", 0.8, lambda line: line.plan.equipment.where),
        ("维护检修内容", 1, lambda line: line.plan.task),
        ("检查项", 1.2, lambda line: "、".join(line.plan.checklist)),
        ("周期", NAME, lambda line: line.plan.cycle.words),
        ("执行", NAME + 3, lambda line: line.plan.person.name if line.plan.person else line.plan.post.title),
        ("上次", DAY, lambda line: moment(line.last.done_at)[:10] if line.last else ""),
        ("下次", DAY, lambda line: line.plan.to_do_on.isoformat() if line.plan.status == "running" else "已停止"),
        ("上次结果", 1.4, _result),
        ("备注", WORD, lambda line: ""),
    ),
    signed=("编制人", "审批人"),
)


def plans_with(user: User, ids: Sequence[int]) -> list[Plan]:
    found = visible_to(user, Plan).filter(pk__in=ids)
    return in_order(queries.with_date(found.select_related("estate", "equipment__building", "post", "person")), ids)


def sheet(form: Form, plans: Sequence[Any]) -> Iterator[Sheet]:
    """Make one register of these plans."""
    last = queries.last_rounds(plans)
    lines = [Line(plan, last.get(plan.pk)) for plan in plans]
    estate = plans[0].estate.name if plans else ""
    days = sorted({plan.to_do_on for plan in plans})
    serial = f"{days[0]} 至 {days[-1]}" if days else "—"
    yield Sheet(form, estate, serial, reverse("upkeep:plans"), COLUMNS.of_rows(lines))


PLANS = Form(
    "F-28",
    "维护检修计划",
    REGISTER,
    SEE,
    plans_with,
    sheet,
    landscape=True,
    register=True,
    blank=COLUMNS.empty(),
    keyed_in="upkeep:plans",
)
FORMS = {PLANS.code: PLANS}
