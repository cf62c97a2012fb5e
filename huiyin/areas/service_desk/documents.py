"""The printed forms of the desk: the register, the log, letters, and the message slip of one contact."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from huiyin.areas.service_desk.models import Channel, Contact
from huiyin.areas.service_desk.permissions import visible_to
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.forms import (
    HOME,
    NAME,
    NUMBER,
    PHONE,
    TIME,
    WORD,
    Columns,
    Form,
    Sheet,
    Values,
    in_order,
)
from huiyin.foundation.documents.masking import hide_callers
from huiyin.foundation.documents.words import moment, name

REGISTER = "/foundation/documents/typst/register.typ"
LETTERS = (Channel.LETTER, Channel.MAIL, Channel.MAILBOX)
RIGHT = "desk.see"


def _cases(line: Contact) -> str:
    return "、".join(outcome.case.number for outcome in line.outcomes.all())


def _departments(line: Contact) -> str:
    """Say to whom the contact was passed on: the remark column of the log."""
    posts = [outcome.case.responsible_post for outcome in line.outcomes.all()]
    return "、".join(f"转{post.title}" for post in posts if post)


CONTACTS = Columns(
    (
        ("序号", NUMBER, lambda line: line.number),
        ("时间", TIME, lambda line: moment(line.written_at or line.received_at)),
        ("方式", WORD, lambda line: line.get_channel_display()),
        ("房号", HOME, lambda line: line.caller_unit),
        ("姓名", NAME, lambda line: line.caller_name),
        ("电话", PHONE, lambda line: line.caller_phone),
        ("内容", 1, lambda line: line.text),
        ("约定答复", TIME, lambda line: moment(line.promised_at)),
        ("结果", NAME, lambda line: line.get_status_display()),
        ("事项编号", NUMBER, _cases),
        ("接待人员", NAME + 1, lambda line: line.receiver.name),
    ),
    signed=("值班员", "每日 16:00 查进展"),
)
LOG = Columns(
    (
        ("时间", TIME, lambda line: moment(line.written_at or line.received_at)),
        ("咨询人", NAME, lambda line: line.caller_name),
        ("房号", HOME, lambda line: line.caller_unit),
        ("电话", PHONE, lambda line: line.caller_phone),
        ("咨询内容", 1.4, lambda line: line.text),
        ("约定答复", TIME, lambda line: moment(line.promised_at)),
        ("答复", 1, lambda line: line.answer),
        ("答复时间", TIME, lambda line: moment(line.settled_at)),
        ("记录人", NAME, lambda line: line.receiver.name),
        ("备注\n(转办部门)", NAME + 6, _departments),
    ),
    signed=("组长每日审阅", "部门负责人每周审阅"),
)
LETTER_BOOK = Columns(
    (
        ("日期", TIME, lambda line: moment(line.written_at or line.received_at)[:10]),
        ("方式", WORD, lambda line: line.get_channel_display()),
        ("来信人", NAME, lambda line: line.caller_name or "未留姓名"),
        ("房号", HOME, lambda line: line.caller_unit),
        ("内容摘要", 1.4, lambda line: line.text),
        ("经办人", NAME, lambda line: line.receiver.name),
        ("答复日期", TIME, lambda line: moment(line.settled_at)[:10]),
        ("答复", 1, lambda line: line.answer),
        ("事项编号", NUMBER, _cases),
    ),
    signed=("经办人", "负责人"),
)


def contacts_with(user: User, ids: Sequence[int]) -> list[Contact]:
    found = visible_to(user).filter(pk__in=ids).select_related("estate", "receiver", "promised_by")
    lines = in_order(found.prefetch_related("outcomes__case__responsible_post"), ids)
    hide_callers(user, lines)
    return lines


def letters_with(user: User, ids: Sequence[int]) -> list[Contact]:
    return [line for line in contacts_with(user, ids) if line.channel in LETTERS]


def messages(form: Form, contacts: Sequence[Contact]) -> Iterator[Sheet]:
    for line in contacts:
        path = reverse("service_desk:contact", args=[line.number])
        yield Sheet(form, line.estate.name, line.number, path, _message(line))


def _message(line: Contact) -> Values:
    return {
        "caller": line.caller_name or "未留姓名",
        "phone": line.caller_phone,
        "unit": line.caller_unit,
        "received": moment(line.written_at or line.received_at),
        "channel": line.get_channel_display(),
        "wanted": name(line.promised_by),
        "promised": moment(line.promised_at),
        "text": line.text,
        "answer": line.answer,
        "status": line.get_status_display(),
        "settled": moment(line.settled_at),
        "cases": _cases(line),
        "receiver": line.receiver.name,
    }


def register(form: Form, contacts: Sequence[Contact]) -> Iterator[Sheet]:
    days = sorted(moment(line.received_at)[:10] for line in contacts)
    serial = f"{days[0]} 至 {days[-1]}" if days else "—"
    estate = contacts[0].estate.name if contacts else ""
    yield Sheet(form, estate, serial, reverse("service_desk:ledger"), _COLUMNS[form.code].of_rows(contacts))


_COLUMNS = {"F-01": CONTACTS, "F-02": LOG, "F-09": LETTER_BOOK}
MESSAGE = Form(
    "F-03",
    "电话、留言记录",
    "/areas/service_desk/typst/message.typ",
    RIGHT,
    contacts_with,
    messages,
    blank={},
    keyed_in="service_desk:desk",
    callers=True,
)
REGISTERS = tuple(
    Form(
        code,
        title,
        REGISTER,
        RIGHT,
        letters_with if code == "F-09" else contacts_with,
        register,
        landscape=True,
        register=True,
        export="cases.export",
        callers=True,
        blank=_COLUMNS[code].empty(),
        keyed_in="service_desk:desk",
    )
    for code, title in (("F-01", "客户来电来访登记本"), ("F-02", "客服前台台账"), ("F-09", "来信登记"))
)
ONE = {MESSAGE.code: MESSAGE}
LISTED = {form.code: form for form in (*REGISTERS, MESSAGE)}
FORMS = ONE | LISTED
