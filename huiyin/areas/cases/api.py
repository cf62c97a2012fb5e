"""事项 by API: the list, one case with its history, and every step of the plain kinds."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import now
from ninja import Query
from pydantic import Field
from typing_extensions import TypedDict

from huiyin.areas.cases import operations, queries
from huiyin.areas.cases.models import Case, CaseKind, Category, Urgency
from huiyin.areas.cases.queries import Wanted
from huiyin.areas.estate import queries as estates
from huiyin.areas.staffing import queries as staffing
from huiyin.areas.staffing.queries import Responsible
from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.api.paging import Asked, Page, page_of
from huiyin.foundation.api.routes import Routes, acting
from huiyin.foundation.api.values import Body, Day, Flag, Id, Moment, Note, Number, Text, Upload, ValueRefused, Word
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.journal.queries import timeline
from huiyin.foundation.kit.words import mask_phone

routes = Routes("cases", title="事项")
Status = Literal["open", "new", "working", "on_hold", "closed", "merged", "voided", "all"]


class Who(TypedDict):
    """Who is responsible: a post of the estate, and a person when one is named."""

    post: str | None
    post_id: int | None
    person: str | None
    person_id: int | None


class CaseLine(TypedDict):
    """A case as a list shows it. `thread` is what its journal, promises and webhooks go by."""

    number: str
    id: int
    thread: str
    kind: str
    status: str
    urgency: str
    excerpt: str
    unit: str
    opened_at: datetime
    closed_at: datetime | None
    next_step: str
    next_at: datetime | None
    responsible: Who


class CaseWhole(CaseLine):
    """A case with everything a page shows of it."""

    estate: str
    text: str
    place: str
    category: str | None
    channel: str
    anonymous: bool
    caller_name: str
    caller_phone: str
    first_contact_owner: str
    promised_at: datetime | None
    answer: str
    answered_at: datetime | None
    reopened: int
    merged_into: str | None
    repeat_of: str | None
    raised_by: str | None


class HistoryLine(TypedDict):
    """One line of the journal. `kind` is the code of the fact, as webhooks send it."""

    id: int
    at: datetime
    kind: str
    who: str
    note: str
    rule: str


class CategoryLine(TypedDict):
    id: int
    kind: str
    code: str
    title: str


class CategoryList(TypedDict):
    items: list[CategoryLine]


class Added(TypedDict):
    """The id of what was added."""

    id: int


class CaseAsked(Asked):
    """What the list is narrowed to. `text` is how a number, phone, unit or name begins."""

    estate: Number
    status: Status = "open"
    kind: CaseKind | None = None
    urgency: Urgency | None = None
    channel: Word = ""
    text: Annotated[Word, Field(max_length=60)] = ""
    since: Day | None = None
    until: Day | None = None
    mine: Literal["yes", "no"] = "no"
    late: Literal["yes", "no"] = "no"


@routes.read("/cases", right="cases.see", says="事项列表,新的在前", of=Page[CaseLine])
def list_(request: HttpRequest, asked: Query[CaseAsked]) -> Page[CaseLine]:
    user = signed_in(request)
    estate = estates.estate_for(user, asked.estate, to="cases.see")
    wanted = Wanted(
        status="" if asked.status == "open" else asked.status,
        kind=asked.kind or "",
        urgency=asked.urgency or "",
        channel=asked.channel,
        text=asked.text,
        person_id=user.pk if asked.mine == "yes" else None,
        late_at=now() if asked.late == "yes" else None,
        opened_from=_midnight(asked.since) if asked.since else None,
        opened_until=_midnight(asked.until + timedelta(days=1)) if asked.until else None,
    )
    return page_of(queries.find(user, estate.pk, wanted), asked, lambda one: line(one, excerpt=one.excerpt))  # type: ignore[attr-defined]  # annotated by the query


@routes.read("/cases/{number}", right="cases.see", says="一件事项", of=CaseWhole)
def case(request: HttpRequest, number: Number) -> CaseWhole:
    return whole(queries.case_for(signed_in(request), number))


@routes.read("/cases/{number}/history", right="cases.see", says="一件事项的经过,新的在前", of=Page[HistoryLine])
def history(request: HttpRequest, number: Number, asked: Query[Asked]) -> Page[HistoryLine]:
    found = queries.case_for(signed_in(request), number)
    return page_of(timeline([found.thread]), asked, _told)


@routes.read("/categories", right="cases.see", says="事项分类", of=CategoryList)
def categories(request: HttpRequest) -> CategoryList:
    return {"items": [_category(one) for one in queries.all_categories()]}


class CaseTransfer(Body):
    post_id: Id
    person_id: Id | None = None
    note: Text


class UrgencyChange(Body):
    urgency: Urgency
    note: Text


class Remark(Body):
    text: Text


class CasePromise(Body):
    promised_at: Moment
    note: Text = ""


class CaseAnswer(Body):
    answer: Text


class SuggestionDecided(Body):
    adopted: Flag
    note: Text


class CaseHold(Body):
    note: Text
    wakes_at: Moment


class CaseResume(Body):
    note: Text = ""


class CaseMerge(Body):
    into: Number


class CaseAttach(Body):
    upload: Upload


@routes.act("/cases/{number}/take", right="cases.work", says="受理")
def take(request: HttpRequest, number: Number) -> None:
    operations.take_case(_case(request, number), **acting(request))


@routes.act("/cases/{number}/transfer", right="cases.work", says="转办")
def transfer(request: HttpRequest, number: Number, said: CaseTransfer) -> None:
    found = _case(request, number)
    to = _place(found, said.post_id, said.person_id)
    operations.transfer_case(found, to=to, note=said.note, **acting(request))


@routes.act("/cases/{number}/urgency", right="cases.work", says="改紧急程度")
def urgency(request: HttpRequest, number: Number, said: UrgencyChange) -> None:
    operations.change_urgency(_case(request, number), urgency=said.urgency.value, note=said.note, **acting(request))


@routes.act("/cases/{number}/return", right="cases.work", says="退回首问责任人")
def return_(request: HttpRequest, number: Number, said: Note) -> None:
    operations.return_case(_case(request, number), note=said.note, **acting(request))


@routes.act("/cases/{number}/comment", right="cases.work", says="记一笔", of=Added, status=201)
def comment(request: HttpRequest, number: Number, said: Remark) -> Added:
    return {"id": operations.comment(_case(request, number), text=said.text, **acting(request)).pk}


@routes.act("/cases/{number}/progress", right="cases.work", says="告知进度", of=Added, status=201)
def progress(request: HttpRequest, number: Number, said: Remark) -> Added:
    found = _case(request, number)
    return {"id": operations.comment(found, text=said.text, told_caller=True, **acting(request)).pk}


@routes.act("/cases/{number}/promise", right="cases.work", says="约定时间")
def promise(request: HttpRequest, number: Number, said: CasePromise) -> None:
    found = _case(request, number)
    operations.promise_time(
        found, does="按约定时间答复", promised_at=said.promised_at, note=said.note, **acting(request)
    )


@routes.act("/cases/{number}/answer", right="cases.work", says="答复客户")
def answer(request: HttpRequest, number: Number, said: CaseAnswer) -> None:
    operations.answer_case(_case(request, number), answer=said.answer, **acting(request))


@routes.act("/cases/{number}/decide", right="cases.work", says="决定是否采纳建议")
def decide(request: HttpRequest, number: Number, said: SuggestionDecided) -> None:
    operations.decide_suggestion(_case(request, number), adopted=said.adopted, note=said.note, **acting(request))


@routes.act("/cases/{number}/hold", right="cases.work", says="挂起")
def hold(request: HttpRequest, number: Number, said: CaseHold) -> None:
    operations.hold_case(_case(request, number), reason=said.note, wakes_at=said.wakes_at, **acting(request))


@routes.act("/cases/{number}/resume", right="cases.work", says="恢复处理")
def resume(request: HttpRequest, number: Number, said: CaseResume) -> None:
    operations.resume_case(_case(request, number), note=said.note, **acting(request))


@routes.act("/cases/{number}/close", right="cases.work", says="办结")
def close(request: HttpRequest, number: Number, said: CaseAnswer) -> None:
    operations.close_case(_case(request, number), answer=said.answer, **acting(request))


@routes.act("/cases/{number}/reopen", right="cases.work", says="重开")
def reopen(request: HttpRequest, number: Number, said: Note) -> None:
    operations.open_again(_case(request, number), reason=said.note, **acting(request))


@routes.act("/cases/{number}/attach", right="cases.work", says="上传照片或文件", of=Added, status=201)
def attach(request: HttpRequest, number: Number, said: CaseAttach) -> Added:
    return {"id": operations.attach_file(_case(request, number), upload=said.upload.file(), **acting(request)).pk}


@routes.act("/cases/{number}/merge", right="cases.merge", says="并案")
def merge(request: HttpRequest, number: Number, said: CaseMerge) -> None:
    found = _case(request, number, "cases.merge")
    into = queries.case_for(signed_in(request), said.into.strip().upper(), to="cases.merge")
    operations.merge_case(found, into=into, **acting(request))


@routes.act("/cases/{number}/unmerge", right="cases.merge", says="撤销并案")
def unmerge(request: HttpRequest, number: Number, said: Note) -> None:
    operations.unmerge_case(_case(request, number, "cases.merge"), reason=said.note, **acting(request))


@routes.act("/cases/{number}/void", right="cases.void", says="作废")
def void(request: HttpRequest, number: Number, said: Note) -> None:
    operations.void_case(_case(request, number, "cases.void"), reason=said.note, **acting(request))


def line(one: Case, *, excerpt: str) -> CaseLine:
    return {
        "number": one.number,
        "id": one.pk,
        "thread": one.thread,
        "kind": one.kind,
        "status": one.status,
        "urgency": one.urgency,
        "excerpt": excerpt,
        "unit": one.caller_unit,
        "opened_at": one.opened_at,
        "closed_at": one.closed_at,
        "next_step": one.next_step,
        "next_at": one.next_at,
        "responsible": {
            "post": one.responsible_post.title if one.responsible_post else None,
            "post_id": one.responsible_post_id,
            "person": one.responsible.name if one.responsible else None,
            "person_id": one.responsible_id,
        },
    }


def whole(one: Case) -> CaseWhole:
    return {
        **line(one, excerpt=one.text[:120]),
        "estate": one.estate.code,
        "text": one.text,
        "place": one.place,
        "category": one.category.code if one.category else None,
        "channel": one.channel,
        "anonymous": one.anonymous,
        "caller_name": one.caller_name,
        "caller_phone": mask_phone(one.caller_phone),
        "first_contact_owner": one.first_contact_owner.name,
        "promised_at": one.promised_at,
        "answer": one.answer,
        "answered_at": one.answered_at,
        "reopened": one.reopened,
        "merged_into": one.merged_into.number if one.merged_into else None,
        "repeat_of": one.repeat_of.number if one.repeat_of else None,
        "raised_by": one.raised_by.number if one.raised_by else None,
    }


def _told(one: Entry) -> HistoryLine:
    return {"id": one.pk, "at": one.at, "kind": one.kind, "who": one.actor.name, "note": one.note, "rule": one.rule}


def _category(one: Category) -> CategoryLine:
    return {"id": one.pk, "kind": one.kind, "code": one.code, "title": one.title}


def _case(request: HttpRequest, number: str, right: str = "cases.work") -> Case:
    return queries.case_for(signed_in(request), number, to=right)


def _place(found: Case, post_id: int, person_id: int | None) -> Responsible:
    """Return the post and the person who holds it. Refused when there is no such post here, or they do not."""
    for post, people in staffing.posts_with_holders(found.estate_id):
        holder = next((one for one in people if one.pk == person_id), None)
        if post.pk == post_id and (person_id is None or holder):
            return Responsible(post, holder)
    raise ValueRefused("本小区没有这个岗位,或这个人不在这个岗位上")


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone()).astimezone(UTC)
