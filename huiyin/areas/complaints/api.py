"""投诉 by API: how far a complaint is, and its steps."""

from datetime import datetime

from django.http import HttpRequest
from typing_extensions import TypedDict

from huiyin.areas.complaints import operations, queries
from huiyin.areas.complaints.models import Complaint, Responsibility, Severity, Validity
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import Body, Id, Moment, Note, Number, Text, ValueRefused

routes = Routes("complaints", title="投诉")


class ComplaintWhole(TypedDict):
    """What a complaint has besides its case (same number, at /cases). `steps` are open to the token's owner now."""

    number: str
    id: int
    status: str
    severity: str
    responsibility: str
    about_department: str | None
    acknowledged_at: datetime | None
    finding: str
    validity: str
    verified_at: datetime | None
    method: str
    department: str | None
    resolve_by: datetime | None
    decided_at: datetime | None
    reply: str
    replied_at: datetime | None
    steps: list[str]


class ComplaintFinding(Body):
    finding: Text
    validity: Validity


class ComplaintDecided(Body):
    method: Text
    department_id: Id
    resolve_by: Moment | None = None
    severity: Severity
    responsibility: Responsibility


class ComplaintReply(Body):
    reply: Text


@routes.read("/complaints/{number}", right="cases.see", says="一件投诉,按事项编号", of=ComplaintWhole)
def complaint(request: HttpRequest, number: Number) -> ComplaintWhole:
    user = signed_in(request)
    one = queries.complaint_for(user, number)
    return {
        "number": one.case.number,
        "id": one.pk,
        "status": one.status,
        "severity": one.severity,
        "responsibility": one.responsibility,
        "about_department": one.about_department.name if one.about_department else None,
        "acknowledged_at": one.acknowledged_at,
        "finding": one.finding,
        "validity": one.validity,
        "verified_at": one.verified_at,
        "method": one.method,
        "department": one.department.name if one.department else None,
        "resolve_by": one.resolve_by,
        "decided_at": one.decided_at,
        "reply": one.reply,
        "replied_at": one.replied_at,
        "steps": queries.standing_of(one, user).steps,
    }


@routes.act("/complaints/{number}/acknowledge", right="complaints.verify", says="告知受理编号")
def acknowledge(request: HttpRequest, number: Number) -> None:
    operations.acknowledge(_complaint(request, number, "complaints.verify"), **acting(request))


@routes.act("/complaints/{number}/verify", right="complaints.verify", says="核实")
def verify(request: HttpRequest, number: Number, said: ComplaintFinding) -> None:
    one = _complaint(request, number, "complaints.verify")
    operations.verify(one, finding=said.finding, validity=said.validity.value, **acting(request))


@routes.act("/complaints/{number}/decide", right="complaints.decide", says="决定处理办法")
def decide(request: HttpRequest, number: Number, said: ComplaintDecided) -> None:
    one = _complaint(request, number, "complaints.decide")
    departments = {department.pk: department for department in staffing.departments_of(one.estate_id)}
    if said.department_id not in departments:
        raise ValueRefused("本小区没有这个部门")
    operations.decide(
        one,
        method=said.method,
        department=departments[said.department_id],
        resolve_by=said.resolve_by,
        severity=said.severity.value,
        responsibility=said.responsibility.value,
        **acting(request),
    )


@routes.act("/complaints/{number}/reply", right="complaints.reply", says="答复投诉人")
def reply(request: HttpRequest, number: Number, said: ComplaintReply) -> None:
    operations.reply(_complaint(request, number, "complaints.reply"), reply=said.reply, **acting(request))


@routes.act("/complaints/{number}/reject", right="complaints.reply", says="投诉人不接受")
def reject(request: HttpRequest, number: Number, said: Note) -> None:
    operations.reject_reply(_complaint(request, number, "complaints.reply"), reason=said.note, **acting(request))


@routes.act("/complaints/{number}/close", right="complaints.close", says="办结投诉")
def close(request: HttpRequest, number: Number) -> None:
    operations.close(_complaint(request, number, "complaints.close"), **acting(request))


@routes.act("/complaints/{number}/reopen", right="complaints.verify", says="重开投诉")
def reopen(request: HttpRequest, number: Number, said: Note) -> None:
    operations.reopen(_complaint(request, number, "complaints.verify"), reason=said.note, **acting(request))


def _complaint(request: HttpRequest, number: str, right: str) -> Complaint:
    return queries.complaint_for(signed_in(request), number, to=right)
