"""Every refusal of every operation says its sentence and leaves nothing changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.areas.cases import operations
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.cases.tests.factories import case_in, everything
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing.models import Post
from huiyin.areas.staffing.queries import Responsible
from huiyin.foundation.idempotency.operations import KeyReused
from huiyin.foundation.refusals import Refused
from huiyin.standards.models import Standard
from tests.cast import AT, Cast, tell

SOON = AT + timedelta(hours=2)
PAST = AT - timedelta(hours=1)


def _post(estate: Estate, code: str) -> Post:
    return Post.objects.get(estate=estate, code=code)


def _transfer(case: Case, to: Responsible, cast: Cast, note: str = "原因") -> None:
    operations.transfer_case(case, to=to, note=note, actor=cast.clerk, at=AT)


Try = Callable[[Case, Estate, Cast], Any]
# status, what is tried, the sentence
REFUSED: dict[str, tuple[str, Try, str]] = {
    "register without a text": (
        "new",
        lambda case, estate, cast: operations.register_case(
            estate, kind="enquiry", text=" ", caller=Caller(), actor=cast.clerk, at=AT
        ),
        "请写下客户说了什么",
    ),
    "transfer without a reason": (
        "new",
        lambda case, estate, cast: _transfer(case, Responsible(_post(estate, "butler"), None), cast, " "),
        "请写明转办的原因",
    ),
    "transfer to where it is": (
        "new",
        lambda case, estate, cast: _transfer(case, Responsible(_post(estate, "front_desk"), cast.clerk), cast),
        "事项已经在这里,不需要再转",
    ),
    "transfer to another estate": (
        "new",
        lambda case, estate, cast: _transfer(
            case, Responsible(Post.objects.exclude(estate=estate).get(code="butler"), None), cast
        ),
        "只能转给本小区的岗位",
    ),
    "transfer when it is over": (
        "closed",
        lambda case, estate, cast: _transfer(case, Responsible(_post(estate, "butler"), None), cast),
        "事项已经结束,不能再转办",
    ),
    "return to where it is": (
        "new",
        lambda case, estate, cast: operations.return_case(case, note="退", actor=cast.clerk, at=AT),
        "事项已经在这里,不需要再转",
    ),
    "comment without a text": (
        "new",
        lambda case, estate, cast: operations.comment(case, text=" ", actor=cast.clerk, at=AT),
        "请写下要记录的内容",
    ),
    "progress of a case that is over": (
        "closed",
        lambda case, estate, cast: operations.comment(case, text="快了", told_caller=True, actor=cast.clerk, at=AT),
        "事项已经结束,不再有进度;可以记一笔",
    ),
    "promise a time that has passed": (
        "working",
        lambda case, estate, cast: operations.promise_time(
            case, promised_at=PAST, does="答复", actor=cast.clerk, at=AT
        ),
        "约定的时间要晚于现在",
    ),
    "promise when it is over": (
        "voided",
        lambda case, estate, cast: operations.promise_time(
            case, promised_at=SOON, does="答复", actor=cast.clerk, at=AT
        ),
        "事项已经结束,请先重开",
    ),
    "answer without words": (
        "working",
        lambda case, estate, cast: operations.answer_case(case, answer=" ", actor=cast.clerk, at=AT),
        "请写下答复了什么",
    ),
    "answer when it is over": (
        "closed",
        lambda case, estate, cast: operations.answer_case(case, answer="好", actor=cast.clerk, at=AT),
        "事项已经结束,请先重开",
    ),
    "decide what is no suggestion": (
        "working",
        lambda case, estate, cast: operations.decide_suggestion(case, adopted=True, note="好", actor=cast.clerk, at=AT),
        "只有建议需要决定是否采纳",
    ),
    "hold without a reason": (
        "working",
        lambda case, estate, cast: operations.hold_case(case, reason=" ", wakes_at=SOON, actor=cast.clerk, at=AT),
        "请写明暂停的原因",
    ),
    "hold until a time that has passed": (
        "working",
        lambda case, estate, cast: operations.hold_case(case, reason="等", wakes_at=PAST, actor=cast.clerk, at=AT),
        "再次查看的时间要晚于现在",
    ),
    "close without an answer": (
        "working",
        lambda case, estate, cast: operations.close_case(case, answer="", actor=cast.clerk, at=AT),
        "先写明怎么答复住户的;办不了的写明原因,再关闭",
    ),
    "reopen without a reason": (
        "closed",
        lambda case, estate, cast: operations.open_again(case, reason=" ", actor=cast.clerk, at=AT),
        "请写明重开的原因",
    ),
    "unmerge without a reason": (
        "merged",
        lambda case, estate, cast: operations.unmerge_case(case, reason="", actor=cast.clerk, at=AT),
        "请写明撤销并案的原因",
    ),
    "void without a reason": (
        "working",
        lambda case, estate, cast: operations.void_case(case, reason="", actor=cast.clerk, at=AT),
        "请写明作废的原因",
    ),
    "void what others were merged into": (
        "merged",
        lambda case, estate, cast: operations.void_case(case.merged_into or case, reason="错", actor=cast.clerk, at=AT),
        "有 1 件事项并入了这一件,请先撤销并案再作废",
    ),
    "merge into itself": (
        "new",
        lambda case, estate, cast: operations.merge_case(case, into=case, actor=cast.clerk, at=AT),
        "不能并入自己",
    ),
    "merge into another kind": (
        "new",
        lambda case, estate, cast: operations.merge_case(
            case, into=Case.objects.get(kind="suggestion"), actor=cast.clerk, at=AT
        ),
        "只能并入本小区同一类别的事项",
    ),
    "merge into what is over": (
        "new",
        lambda case, estate, cast: operations.merge_case(
            case, into=Case.objects.get(status="closed"), actor=cast.clerk, at=AT
        ),
        "已经结束,不能并入;如是同一问题再次发生,请登记为重复",
    ),
    "attach what is no document": (
        "new",
        lambda case, estate, cast: operations.attach_file(
            case, upload=SimpleUploadedFile("a.exe", b"MZ\x00"), actor=cast.clerk, at=AT
        ),
        "只能上传照片(JPG、PNG、WebP)、PDF、Word(docx)或 Excel(xlsx)",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_why_and_changes_nothing(name: str, estate: Estate, cast: Cast, standard: Standard) -> None:
    status, attempt, sentence = REFUSED[name]
    tell(estate, cast.clerk, kind="suggestion")
    case_in("closed", estate, cast)
    case = case_in(status, estate, cast)
    before = everything()
    with pytest.raises(Refused) as refusal:
        attempt(case, estate, cast)
    assert refusal.value.sentence.endswith(sentence)
    assert everything() == before


def test_a_suggestion_is_decided_with_a_reason_while_it_is_open(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="suggestion")
    before = everything()
    with pytest.raises(operations.CaseIncomplete, match="请写明采纳或不采纳的理由"):
        operations.decide_suggestion(case, adopted=True, note=" ", actor=cast.director, at=AT)
    assert everything() == before
    operations.close_case(case, answer="谢谢", actor=cast.clerk, at=AT)
    before = everything()
    with pytest.raises(operations.NotYours, match="事项已经结束,请先重开"):
        operations.decide_suggestion(case, adopted=True, note="好", actor=cast.director, at=AT)
    assert everything() == before


def test_a_repeated_key_does_nothing_twice(
    estate: Estate, cast: Cast, standard: Standard, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = tell(estate, cast.clerk, kind="enquiry")

    def send() -> None:
        operations.comment(case, text="记一笔", actor=cast.clerk, at=AT, key="c")
        operations.promise_time(case, promised_at=SOON, does="答复", actor=cast.clerk, at=AT, key="p")
        upload = SimpleUploadedFile("信.pdf", b"%PDF-1.4\n%%EOF")
        operations.attach_file(case, upload=upload, actor=cast.clerk, at=AT, key="f")

    send()
    before = everything()
    send()
    assert everything() == before
    with pytest.raises(KeyReused):
        operations.comment(case, text="别人", actor=cast.supervisor, at=AT, key="c")
    assert everything() == before
