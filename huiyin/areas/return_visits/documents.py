"""The printed forms of one return visit, and the books of many. The month's statistics are in `statistics`."""

from collections.abc import Callable, Iterator, Sequence

from django.urls import reverse

from huiyin.areas.return_visits import words
from huiyin.areas.return_visits.events import RectificationSent, VisitReviewed
from huiyin.areas.return_visits.models import ABOUT, PHONES, ReturnVisit
from huiyin.areas.return_visits.permissions import visible_to
from huiyin.areas.return_visits.queries import notes_on
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.forms import (
    HOME,
    NAME,
    NUMBER,
    PHONE,
    SPAN,
    TIME,
    Columns,
    Form,
    Sheet,
    Values,
    in_order,
)
from huiyin.foundation.documents.masking import hide_callers
from huiyin.foundation.documents.pictures import signature
from huiyin.foundation.documents.words import moment, name, span
from huiyin.foundation.journal.models import Entry

REGISTER = "/foundation/documents/typst/register.typ"
RIGHT = "return_visits.see"
_WITH = (*ABOUT, "visitor", "doer", "assigned", "raised_case__responsible", "signature", "followed_by")
Fill = Callable[[Form, Sequence[ReturnVisit]], Iterator[Sheet]]


def _result(visit: ReturnVisit) -> str:
    return visit.get_verdict_display() or visit.get_excuse_display() or visit.get_status_display()


def _grades(visit: ReturnVisit) -> str:
    if not visit.quality:
        return ""
    given = (visit.get_quality_display(), visit.get_effect_display(), visit.get_satisfaction_display())
    return " / ".join(str(one) for one in given)


def _said(visit: ReturnVisit) -> str:
    return ";".join(part for part in (visit.shortcomings, visit.opinions) if part)


def _told(visit: ReturnVisit) -> str:
    """Tell the visit in sentences, for the report."""
    grades = _grades(visit).split(" / ")
    graded = ",".join(
        f"{item}{grade}" for item, grade in zip(("质量评价", "服务效果", "满意程度"), grades, strict=True)
    )
    said = f"缺点和不足:{visit.shortcomings or '无'}。\n意见征集:{visit.opinions or '无'}。"
    return f"{visit.get_mode_display()}。{graded}。\n{said}"


def _instead(visit: ReturnVisit) -> str:
    """Say what stands in the box of the signature when nobody signs: 电话回访, or another mode without a door."""
    return visit.get_mode_display() if visit.mode and visit.mode != "door" else ""


BOOK = Columns(
    (
        ("回访时间", TIME, lambda visit: moment(visit.visited_at)),
        ("房屋", HOME, lambda visit: visit.about.caller_unit),
        ("客户", NAME, lambda visit: visit.about.caller_name),
        ("类型", NAME + 2, lambda visit: words.type_word(visit.type)),
        ("事项", 1.2, lambda visit: visit.about.text),
        ("回访人", NAME, lambda visit: name(visit.visitor)),
        ("方式", NAME + 2, lambda visit: visit.get_mode_display()),
        ("结果", NAME, _result),
        ("缺点、意见", 1, _said),
        ("转立投诉", NUMBER, lambda visit: visit.raised_case.number if visit.raised_case else ""),
    ),
    signed=("前台每日查阅",),
)
REPAIR_BOOK = Columns(
    (
        ("日期", TIME, lambda visit: moment(visit.visited_at)[:10]),
        ("事项编号", NUMBER, lambda visit: visit.about.number),
        ("房屋", HOME, lambda visit: visit.about.caller_unit),
        ("被回访人", NAME + 1, lambda visit: visit.about.caller_name),
        ("维修内容", 1.2, lambda visit: visit.about.text),
        ("质量 / 效果 / 满意", 40, _grades),
        ("意见", 1, _said),
        ("回访人", NAME, lambda visit: name(visit.visitor)),
        ("业主签字", NAME + 4, lambda visit: f"{visit.signer}已签" if visit.signature_id else _instead(visit)),
        ("备注", NAME, lambda visit: visit.get_excuse_display()),
    ),
)
PLAN = Columns(
    (
        ("回访时间", SPAN, lambda visit: span(visit.window_from, visit.window_to)),
        ("客户", NAME, lambda visit: visit.about.caller_name),
        ("地点", HOME, lambda visit: visit.about.caller_unit),
        ("电话", PHONE, lambda visit: visit.about.caller_phone),
        ("目的", NAME + 2, lambda visit: words.type_word(visit.type)),
        ("内容", 1, lambda visit: visit.about.text),
        ("方式", NAME + 2, lambda visit: visit.get_mode_display()),
        ("回访人", NAME, lambda visit: name(visit.assigned or visit.visitor)),
        ("完成", TIME, lambda visit: moment(visit.visited_at)[:10]),
    ),
    signed=("制定人", "审批人"),
)


def visits_with(user: User, ids: Sequence[int]) -> list[ReturnVisit]:
    visits = in_order(visible_to(user).filter(pk__in=ids).select_related(*_WITH).prefetch_related(*PHONES), ids)
    hide_callers(user, (visit.about for visit in visits))
    return visits


def repairs_with(user: User, ids: Sequence[int]) -> list[ReturnVisit]:
    return [visit for visit in visits_with(user, ids) if visit.type == "repair"]


def fill_each(form: Form, visits: Sequence[ReturnVisit]) -> Iterator[Sheet]:
    notes = notes_on(visits)
    for visit in visits:
        path = reverse("return_visits:visit", args=[visit.pk])
        serial = f"{visit.about.number}-H{visit.round}"
        yield Sheet(form, visit.about.estate.name, serial, path, _visit(visit, notes.get(visit.pk, ())))


def _visit(visit: ReturnVisit, notes: Sequence[Entry]) -> Values:
    """Return everything the forms of one visit name: they are five looks at the same record."""
    return {**_asked(visit), **_answered(visit), **_followed(visit, notes)}


def _asked(visit: ReturnVisit) -> Values:
    told = visit.about
    return {
        "number": told.number,
        "unit": told.caller_unit,
        "caller": "匿名" if told.anonymous else told.caller_name,
        "phone": told.caller_phone,
        "type": words.type_word(visit.type),
        "window": span(visit.window_from, visit.window_to),
        "text": told.text,
        "doer": name(visit.doer),
        "round": f"第 {visit.round} 次",
        "source": f"{told.number} 第 {visit.round} 次回访",
        "due": "",
    }


def _answered(visit: ReturnVisit) -> Values:
    drawn = signature(visit.signature)
    made = visit.visited_at is not None
    return {
        "mode": visit.get_mode_display(),
        "visitor": name(visit.visitor or visit.assigned),
        "visited": moment(visit.visited_at),
        "quality": str(visit.get_quality_display()) if visit.quality else "",
        "effect": str(visit.get_effect_display()) if visit.effect else "",
        "satisfaction": str(visit.get_satisfaction_display()) if visit.satisfaction else "",
        "shortcomings": visit.shortcomings or ("无" if made else ""),
        "opinions": visit.opinions or ("无" if made else ""),
        "verdict": visit.get_verdict_display(),
        "excuse": visit.get_excuse_display(),
        "signature": drawn,
        "signed_elsewhere": "" if drawn else _instead(visit),
        "signed": moment(visit.visited_at) if drawn or _instead(visit) else "",
    }


def _followed(visit: ReturnVisit, notes: Sequence[Entry]) -> Values:
    reviewed = next((note for note in reversed(notes) if note.kind == VisitReviewed.code), None)
    notice = next((note for note in reversed(notes) if note.kind == RectificationSent.code), None)
    second = getattr(visit, "followed_by", None)
    raised = visit.raised_case
    return {
        "raised": raised.number if raised else "",
        "handler": name(raised.responsible) if raised else "",
        "next_visit": moment(second.window_to) if second else "",
        "result": _told(visit) if visit.mode else "",
        "settled": raised.answer if raised else "",
        "review": reviewed.note if reviewed else "",
        "reviewer": reviewed.actor.name if reviewed else "",
        "reviewed": moment(reviewed.at) if reviewed else "",
        "rectified": f"{moment(notice.at)} 已发" if notice else "",
        "to": name(visit.doer),
        "issued_by": notice.actor.name if notice else "",
        "issued": moment(notice.at) if notice else "",
        "problem": visit.shortcomings,
        "demand": notice.note if notice else "",
    }


def fill_book(columns: Columns) -> Fill:
    """Return what makes one register with these columns of all visits."""

    def fill(form: Form, visits: Sequence[ReturnVisit]) -> Iterator[Sheet]:
        days = sorted(moment(visit.visited_at or visit.window_to)[:10] for visit in visits)
        serial = f"{days[0]} 至 {days[-1]}" if days else "—"
        estate = visits[0].about.estate.name if visits else ""
        page = reverse("return_visits:calls" if columns is PLAN else "return_visits:made")
        yield Sheet(form, estate, serial, page, columns.of_rows(visits))

    return fill


def _one(code: str, title: str, template: str) -> Form:
    where = f"/areas/return_visits/typst/{template}.typ"
    return Form(
        code, title, where, RIGHT, visits_with, fill_each, blank={}, keyed_in="return_visits:calls", callers=True
    )


def _book(code: str, title: str, columns: Columns) -> Form:
    read = repairs_with if columns is REPAIR_BOOK else visits_with
    page = "return_visits:calls"
    fill, blank = fill_book(columns), columns.empty()
    return Form(
        code,
        title,
        REGISTER,
        RIGHT,
        read,
        fill,
        landscape=True,
        register=True,
        export="cases.export",
        callers=True,
        blank=blank,
        keyed_in=page,
    )


RECORD = _one("F-31", "回访记录表", "visit")
ONE = {
    form.code: form
    for form in (
        RECORD,
        _one("F-35", "客户回访记录表", "rated"),
        _one("F-36", "客户回访报告表", "report"),
        _one("F-27", "整改通知", "rectify"),
        _one("F-15", "客怨受理单", "grievance"),
    )
}
BOOKS = {
    form.code: form for form in (_book("F-32", "回访登记", BOOK), _book("F-33", "业户日常维修回访记录本", REPAIR_BOOK))
}
VISIT_PLAN = _book("F-34", "客户回访计划", PLAN)
MADE = BOOKS | {RECORD.code: RECORD}
CALLS = {VISIT_PLAN.code: VISIT_PLAN}
