"""A worklist: promises put into sentences, each with the reason it is owed and the page where it is done."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from markupsafe import Markup

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.operations import NEXT_STEP
from huiyin.areas.repairs import queries as repairs
from huiyin.areas.service_desk import queries as desk
from huiyin.areas.upkeep import queries as upkeep
from huiyin.areas.upkeep.operations import BY_PLAN
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import Access, access_of
from huiyin.foundation.kit import parts
from huiyin.foundation.kit.addresses import url
from huiyin.foundation.kit.words import people_date
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment, Occurrence, Rule
from huiyin.standards.operations import BY_WORD, WAKE_UP
from huiyin.standards.queries import EARLIEST, LATEST, Span
from huiyin.surfaces.web import periods

DUTY = Occurrence.journal_name
TEXT_SHOWN = 60
SOON = timedelta(hours=2)

# The button that keeps a promise, by the fact that keeps it.
VERBS = {
    "cases.case.answered": "答复",
    "cases.case.closed": "办结",
    "cases.case.decided": "决定",
    "cases.case.progress_told": "告知进展",
    "cases.case.promised": "约时间",
    "service_desk.contact.answered": "答复",
    "service_desk.contact.called_back": "回电",
    "service_desk.contact.promised": "约时间",
    "complaints.complaint.acknowledged": "告知编号",
    "complaints.complaint.verified": "核实",
    "complaints.complaint.decided": "决定",
    "complaints.complaint.replied": "答复",
    "complaints.complaint.resolve_promised": "约日期",
    "complaints.complaint.closed": "办结",
    "repairs.contact.decided": "核定",
    "repairs.copies.returned": "交回",
    "repairs.copies.seen": "核对",
    "repairs.incident.expected": "去看",
    "service_desk.incident.told": "告诉",
    "repairs.order.appointed": "预约",
    "repairs.order.dispatched": "派单",
    "repairs.order.accepted": "接单",
    "repairs.order.arrived": "到场",
    "repairs.order.resumed": "恢复",
    "repairs.order.terms_set": "定收费",
    "repairs.order.quoted": "报价",
    "repairs.order.consented": "请客户同意",
    "repairs.order.started": "开工",
    "repairs.order.finished": "完工",
    "repairs.order.closed": "验收",
    "upkeep.round.done": "登记",
    "return_visits.visit.made": "回访",
    "return_visits.visit.rectification_sent": "通知整改",
    "return_visits.visit.reviewed": "审阅",
    "return_visits.visit.next_promised": "约下次",
}
VERBS_OF_KINDS = {"sampling": "回访", "periodic": "登记", "threshold": "登记", "quota": "看进度"}
BY_CODE = {WAKE_UP: "恢复", BY_WORD: "办理", NEXT_STEP: "办理", BY_PLAN: "去办"}
PLAIN_REASONS = {WAKE_UP: "挂起到时间了", BY_WORD: "约好的时间", NEXT_STEP: "办理的下一步", BY_PLAN: "按计划"}


@dataclass(frozen=True)
class Band:
    """A stretch of time in the worklist."""

    code: str
    title: str
    span: Span
    tone: str = "plain"


@dataclass(frozen=True)
class Reason:
    """Why something is owed: the rule in its own words with its standard, or a word given by a person."""

    says: str
    standard: str = ""
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One thing to do."""

    pk: int
    due_at: datetime
    opens_at: datetime | None
    says: str
    number: str
    url: str
    verb: str
    reason: Reason
    who: str


@dataclass(frozen=True)
class Matter:
    """What a thread is about, as far as a line needs it."""

    number: str
    words: str


def bands(at: datetime, zone: tzinfo) -> list[Band]:
    """Cut the time into 逾期, 两小时内, 今天, 明天, 本周, 以后; a stretch that is empty at this hour stays in its place."""
    today = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    # What is due at midnight is due at the end of the day before.
    tonight, after_tomorrow = periods.due_in((today + timedelta(days=1), today + timedelta(days=2)))
    next_monday = max(periods.due_in((today, today + timedelta(days=7 - today.weekday())))[1], after_tomorrow)
    soon = min(at + SOON, tonight)
    return [
        Band("overdue", "逾期", (EARLIEST, at), "red"),
        Band("soon", "两小时内", (at, soon), "amber"),
        Band("today", "今天", (soon, tonight)),
        Band("tomorrow", "明天", (tonight, after_tomorrow)),
        Band("week", "本周", (after_tomorrow, next_monday)),
        Band("later", "以后", (next_monday, LATEST)),
    ]


def rows(ids: Collection[int], user: User, *, at: datetime, titles: Mapping[str, str], named: bool) -> dict[int, Row]:
    """Put these promises into sentences. Five queries, however many they are; `named` says who owes each."""
    found = promises.by_ids(ids)
    rules = promises.rules_by_ids(one.rule_id for one in found.values() if one.rule_id)
    matters = matters_of({one.thread for one in found.values()}, user)
    access = access_of(user)
    orders = _own_orders(found.values(), user, access)
    duties = promises.duties_by_ids(one.subject_id for one in found.values() if one.subject_type == DUTY)
    made = {}
    for one in found.values():
        rule = rules.get(one.rule_id) if one.rule_id else None
        matter = matters.get(one.thread)
        duty = duties.get(one.subject_id) if one.subject_type == DUTY else None
        made[one.pk] = Row(
            pk=one.pk,
            due_at=one.due_at,
            opens_at=one.not_before if one.not_before and one.not_before > at else None,
            says=" · ".join(part for part in (one.does, matter.words if matter else about(duty)) if part),
            number=matter.number if matter else "",
            url=_address(one, matter, access, orders),
            verb=verb_of(one, rule),
            reason=reason_of(one, rule, access),
            who=_owed_by(one, titles) if named else "",
        )
    return made


def matters_of(threads: Collection[str], user: User) -> dict[str, Matter]:
    """Return what each thread is about, among what the user may see. Two queries, and one for incidents."""
    case_ids = [int(thread[5:]) for thread in threads if thread.startswith("case:")]
    incident_ids = [int(thread[9:]) for thread in threads if thread.startswith("incident:")]
    contact_ids = [int(thread[8:]) for thread in threads if thread.startswith("contact:")]
    told = [*cases.gists(user, case_ids), *desk.gists(user, contact_ids)]
    matters = {one.thread: _matter(one) for one in told}
    running = repairs.incidents_by_ids(user, incident_ids) if incident_ids else ()
    return matters | {one.thread: Matter(one.number, one.title) for one in running} | _kept_up(threads, user)


def _kept_up(threads: Collection[str], user: User) -> dict[str, Matter]:
    """Return what the threads of equipment, projects and their homes are about. A query for each sort there is."""
    found: dict[str, Matter] = {}
    for sort, read in upkeep.GISTS.items():
        ids = [int(thread.removeprefix(sort)) for thread in threads if thread.startswith(sort)]
        if ids:
            found |= {f"{sort}{pk}": Matter(number, words) for pk, number, words in read(user, ids)}
    return found


def about(duty: Occurrence | None) -> str:
    """Say what a duty is about: its period, and the zone, post or class it is for."""
    return " ".join(part for part in (periods.in_words(duty.period), duty.key) if part) if duty else ""


def _matter(told: Any) -> Matter:
    """Say a case or a contact in a line; `told.gist` is how its text begins."""
    who = " ".join(part for part in (told.caller_unit, told.caller_name) if part) or "匿名"
    line = " ".join(told.gist.split())
    return Matter(told.number, f"{who}:{line[:TEXT_SHOWN]}{'…' if len(told.gist) > TEXT_SHOWN else ''}")


def line(row: Row, at: datetime) -> Markup:
    """Draw one thing to do; without a page of its own it is said, not linked."""
    reason = row.reason
    plain = Markup('<span class="hy-clause">{}</span>').format(reason.says)
    why = parts.clause(reason.says, reason.standard, reason.url) if reason.standard else plain
    opens = Markup('<span class="hy-quiet">{}起</span>').format(people_date(row.opens_at, at)) if row.opens_at else ""
    time = parts.due(row.due_at, at) + opens
    if not row.url:
        return parts.work_row(
            time, row.says, "", why=why, who=row.who, do=Markup('<span class="hy-quiet">请到前台办</span>')
        )
    do = Markup('<a class="btn btn-sm" href="{}">{}</a>').format(row.url, row.verb)
    return parts.work_row(time, row.says, row.url, why=why, who=row.who, panel=False, do=do)


def verb_of(one: Commitment, rule: Rule | None) -> str:
    """Return the word on the button: what keeps the promise."""
    if rule is None:
        return BY_CODE.get(one.code, "办理")
    if rule.kind in VERBS_OF_KINDS and not rule.spec.get("keeps"):
        return VERBS_OF_KINDS[rule.kind]
    keeps = rule.spec.get("keeps", ())
    facts = [keeps] if isinstance(keeps, str) else keeps
    return next((VERBS[fact] for fact in facts if fact in VERBS), "办理")


def reason_of(one: Commitment, rule: Rule | None, access: Access) -> Reason:
    if rule is None:
        return Reason(PLAIN_REASONS.get(one.code, "约好的时间"))
    address = url("web:rule", rule.pk) if access.may("standards.see") else ""
    return Reason(rule.says, rule.version.standard.title, address)


def _owed_by(one: Commitment, titles: Mapping[str, str]) -> str:
    return one.owner.name if one.owner else titles.get(one.owner_post, one.owner_post)


def _own_orders(found: Collection[Commitment], user: User, access: Access) -> dict[int, str]:
    """Return the numbers of the orders among these that are in the user's own hands."""
    ids = [one.subject_id for one in found if one.subject_type == "repairs.order"]
    if not access.may("repairs.work"):
        return {}
    return dict(repairs.orders_of_technician(user).filter(pk__in=ids).values_list("pk", "number"))


def _address(one: Commitment, matter: Matter | None, access: Access, orders: Mapping[int, str]) -> str:
    """Return the page where the promise is kept: one's own order, the visit, the contact, else the case."""
    if one.subject_type == DUTY:
        return url("web:duty", one.subject_id)
    if one.subject_type == "repairs.order" and one.subject_id in orders:
        return url("repairs:job", orders[one.subject_id])
    if one.subject_type == "return_visits.visit" and access.may("return_visits.see", one.estate_id):
        return url("return_visits:visit", one.subject_id)
    if matter is None:
        return ""
    if one.subject_type.startswith("upkeep."):
        return _page_of_upkeep(one, matter) if access.may("upkeep.see", one.estate_id) else ""
    if one.thread.startswith("incident:"):
        show = "?show=waiting" if one.subject_type == "service_desk.incident_caller" else ""
        page = url("service_desk:incident", matter.number) + show
        return page if access.may("desk.see", one.estate_id) else ""
    if one.thread.startswith("contact:"):
        return url("service_desk:contact", matter.number) if access.may("desk.see", one.estate_id) else ""
    return url("web:case", matter.number) if access.may("cases.see", one.estate_id) else ""


def _page_of_upkeep(one: Commitment, matter: Matter) -> str:
    if one.subject_type == "upkeep.round":
        return url("upkeep:round", one.subject_id)
    return url("upkeep:project", matter.number)
