"""What the page of a case shows, gathered from every area that knows something of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases import rules as case_rules
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.operations import NEXT_STEP
from huiyin.areas.cases.permissions import steps_open_to
from huiyin.areas.complaints import queries as complaints
from huiyin.areas.fees import queries as fees
from huiyin.areas.repairs import queries as repairs
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.queries import Candidate
from huiyin.areas.repairs.states import OrderStatus
from huiyin.areas.return_visits import queries as return_visits
from huiyin.areas.service_desk import queries as desk
from huiyin.areas.service_desk.models import Channel
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.files import queries as files
from huiyin.foundation.journal import queries as journal
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.kit.addresses import url
from huiyin.foundation.kit.entries import Entry as Line
from huiyin.foundation.kit.words import due_words, people_date, people_time
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment, CommitmentState
from huiyin.standards.operations import BY_WORD, WAKE_UP
from huiyin.surfaces.web import sentences
from huiyin.surfaces.web.sentences import RuleShown

LINES = 100
IN_REACH = 5
TONES = {
    CommitmentState.PAUSED: ("muted", "player-pause"),
    CommitmentState.MET: ("green", "check"),
    CommitmentState.LATE: ("red", "check"),
    CommitmentState.MISSED: ("red", "alert-triangle"),
    CommitmentState.WAIVED: ("muted", "minus"),
    CommitmentState.REPLACED: ("muted", "rotate"),
}
# Why something is owed that no rule asks for.
REASONS = {BY_WORD: "跟客户说好的", WAKE_UP: "挂起时定的", NEXT_STEP: "办理的下一步"}
# What a case that stands still says about why.
STANDSTILLS = ("cases.case.held", "cases.case.voided")
# step → button, picture, key, whether one press is enough
BUTTONS = {
    "take": ("受理", "user-check", "g", True),
    "resume": ("恢复处理", "player-play", "g", False),
    "decide": ("决定是否采纳", "gavel", "d", False),
    "answer": ("答复", "message-reply", "a", False),
    "close": ("办结", "circle-check", "e", False),
    "reopen": ("重开", "rotate", "", False),
    "unmerge": ("撤销并案", "arrows-split", "", False),
    "promise": ("约定时间", "calendar-due", "p", False),
    "progress": ("告知进度", "phone-call", "r", False),
    "transfer": ("转办", "user-share", "t", False),
    "urgency": ("改紧急程度", "urgent", "", False),
    "return": ("退回首问", "corner-down-right", "", False),
    "hold": ("挂起", "player-pause", "h", False),
    "comment": ("记一笔", "writing", "c", False),
    "attach": ("上传", "paperclip", "u", False),
    "merge": ("并案", "git-merge", "", False),
    "void": ("作废", "ban", "", False),
}


@dataclass(frozen=True)
class Button:
    code: str
    label: str
    picture: str
    key: str
    at_once: bool
    url: str


@dataclass(frozen=True)
class Next:
    """What comes next: what, who, by when, how much of the time is used, and under which rule."""

    does: str
    due_at: datetime
    who: str
    used: int
    tone: str
    rule: RuleShown | None


@dataclass(frozen=True)
class Promise:
    """A promise of the case in words."""

    url: str
    does: str
    due_at: datetime
    runs: bool
    word: str
    tone: str
    shape: str
    who: str
    rule: RuleShown | None
    reason: str
    note: str


def gather(case: Case, user: User, *, at: datetime, whole: bool) -> dict[str, Any]:
    """Return everything the page of the case shows to this person."""
    steps = steps_open_to(user, case)
    main = case_rules.main_step(case.kind, steps, answered=bool(case.answer))
    buttons = [_button(code, case) for code in steps if code != main]
    made = promises.of_thread(case.thread)
    titles = {code: post.title for code, post in staffing.posts_of(case.estate_id).items()}
    rules = {one.code: _shown(one) for one in made if one.rule}
    owed = [_promise(one, titles, at=at) for one in _running_first(made)]
    found = list(journal.timeline([case.thread])) if whole else journal.latest_of(case.thread)
    orders = repairs.orders_of(case) if case.kind == "repair" else []
    complaint = complaints.complaint_of(case) if case.kind == "complaint" else None
    return {
        "case": case,
        "key": uuid4().hex,
        "channel": dict(Channel.choices).get(case.channel, ""),
        "next": _next(case, made, titles, at=at),
        "main": _button(main, case) if main else None,
        "buttons": buttons[:IN_REACH],
        "more": buttons[IN_REACH:],
        "running": [one for one in owed if one.runs],
        "ended": [one for one in owed if not one.runs],
        "lines": _lines(found[: None if whole else LINES], made, rules, at=at),
        "lines_left": not whole and len(found) > LINES,
        "callers": cases.callers_of(case),
        "related": cases.related_to(case),
        "contact": desk.contact_of(case),
        "files": files.files_of(case.journal_name, case.pk),
        "complaint": complaint,
        "standing": complaints.standing_of(complaint, user, closed_by=_closer(found)) if complaint else None,
        "why": _why(case, found),
        "orders": orders,
        "past_order": repairs.past_order_of(case) if case.kind == "repair" else None,
        "money": repairs.money_of_each(orders) if orders else {},
        "materials": repairs.materials_by_order(orders),
        "candidates": _candidates(orders, user, at=at),
        "again": repairs.came_back(case, at=at),
        "visits": return_visits.visits_of(case),
        "charges": fees.charges_in(case.thread),
    }


def _closer(entries: Iterable[Entry]) -> str:
    return next((entry.actor.name for entry in entries if entry.kind == "complaints.complaint.closed"), "")


def _why(case: Case, entries: Iterable[Entry]) -> str:
    if case.status not in ("on_hold", "voided"):
        return ""
    return next((entry.note for entry in entries if entry.kind in STANDSTILLS), "")


def _candidates(orders: Iterable[WorkOrder], user: User, *, at: datetime) -> dict[int, list[Candidate]]:
    """Return who could take what still waits; to whom an order in hand could go stands one page further."""
    new = [one for one in orders if one.status == OrderStatus.NEW]
    may = new and access_of(user).may("repairs.dispatch", new[0].estate_id)
    return repairs.candidates_of(new, at=at) if may else {}


def _button(code: str, case: Case) -> Button:
    label, picture, key, at_once = BUTTONS[code]
    return Button(code, label, picture, key, at_once, url(f"cases:{code}", case.number))


def _running_first(made: Iterable[Commitment]) -> list[Commitment]:
    return sorted(made, key=lambda one: (one.ended_at is not None, one.due_at, one.pk))


def _next(case: Case, made: Iterable[Commitment], titles: Mapping[str, str], *, at: datetime) -> Next | None:
    if not case.is_open or case.next_at is None:
        return None
    driving = next((one for one in made if _drives(one, case)), None)
    began = promises.first_revision(driving).opened_at if driving else case.opened_at
    span = (case.next_at - began).total_seconds()
    used = 100 if span <= 0 else max(0, int((at - began).total_seconds() * 100 / span))
    return Next(
        does=case.next_step,
        due_at=case.next_at,
        who=_who(driving, titles) if driving else _responsible(case),
        used=used,
        tone=due_words(case.next_at, at).tone,
        rule=_shown(driving) if driving and driving.rule else None,
    )


def _drives(one: Commitment, case: Case) -> bool:
    runs = one.ended_at is None and one.state != CommitmentState.PAUSED
    return runs and (one.does, one.due_at) == (case.next_step, case.next_at)


def _responsible(case: Case) -> str:
    post = case.responsible_post.title if case.responsible_post else ""
    return " ".join(part for part in (post, case.responsible.name if case.responsible else "") if part)


def _who(one: Commitment, titles: Mapping[str, str]) -> str:
    name = one.owner.name if one.owner else ""
    return " ".join(part for part in (titles.get(one.owner_post, one.owner_post), name) if part)


def _shown(one: Commitment) -> RuleShown:
    assert one.rule is not None
    return RuleShown(one.rule.says, one.rule.version.standard.title, url("web:rule", one.rule_id))


def _promise(one: Commitment, titles: Mapping[str, str], *, at: datetime) -> Promise:
    tone, shape = TONES.get(CommitmentState(one.state), ("plain", ""))
    runs = one.ended_at is None
    note = one.end_reason or (f"{people_time(one.met_at, at)} 做到" if one.met_at else "")
    return Promise(
        url=url("web:promise", one.pk),
        does=one.does,
        due_at=one.due_at,
        runs=runs,
        word="" if runs and one.state == CommitmentState.OPEN else one.get_state_display(),
        tone=tone,
        shape=shape,
        who=_who(one, titles),
        rule=_shown(one) if one.rule else None,
        reason=REASONS.get(one.code, "按说好的办"),
        note=note,
    )


def _lines(
    entries: Iterable[Entry], made: Iterable[Commitment], rules: Mapping[str, RuleShown], *, at: datetime
) -> list[Line]:
    """Put the timeline together: what people did, and after each act what the standard promised because of it."""
    opened: dict[datetime, list[Commitment]] = {}
    for one in made:
        if one.rule and not one.after_closing:
            opened.setdefault(one.opened_at, []).append(one)
    lines: list[Line] = []
    for entry in sentences.without_echoes(entries):
        if entry.at in opened:
            lines.append(_promised(opened.pop(entry.at), at=at))
        lines.append(sentences.line(entry, now=at, rules=rules))
    return lines


def _promised(made: list[Commitment], *, at: datetime) -> Line:
    said = [f"{_before(one.due_at, at)}{one.does}" for one in sorted(made, key=lambda one: one.due_at)]
    if len(made) > 1:
        return Line(at=made[0].opened_at, says=f"定下 {len(made)} 项承诺", kind="rule", detail=";".join(said))
    rule = _shown(made[0])
    return Line(
        at=made[0].opened_at,
        says=f"定下承诺:{said[0]}",
        kind="rule",
        rule=f"《{rule.standard}》{rule.says}",
        rule_url=rule.url,
    )


def _before(due_at: datetime, at: datetime) -> str:
    """Say a deadline in a sentence: 今天 16:00 前; midnight is the end of the day before."""
    if timezone.localtime(due_at).time() == time.min:
        return f"{people_date(due_at - timedelta(seconds=1), at)}之内"
    return f"{people_time(due_at, at)} 前"
