"""The promises of a case follow it: opened, paused, resumed, handed over, kept, settled. None is ever without one."""

from datetime import datetime, timedelta

import pytest

from huiyin.areas.cases import operations
from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import operations as staffing_operations
from huiyin.areas.staffing.models import Post
from huiyin.areas.staffing.queries import Responsible
from huiyin.standards.models import Commitment, Pause, Standard
from tests.cast import AT, SHANGHAI, Cast, tell

KINDS = ("enquiry", "complaint", "repair", "suggestion", "compliment", "special_service")
FOUR = datetime(2026, 11, 25, 16, 0, tzinfo=SHANGHAI)
TOMORROW_CLOSING = datetime(2026, 11, 26, 18, 0, tzinfo=SHANGHAI)


def states_of(case: Case) -> dict[str, str]:
    return dict(Commitment.objects.filter(thread=case.thread).order_by("id").values_list("code", "state"))


def running(case: Case) -> set[tuple[str, datetime]]:
    owed = Commitment.objects.filter(thread=case.thread, ended_at=None)
    return set(owed.values_list("code", "due_at"))


@pytest.mark.parametrize("kind", KINDS)
def test_an_open_case_is_on_somebodys_list_under_a_standard(
    kind: str, estate: Estate, cast: Cast, standard: Standard
) -> None:
    case = tell(estate, cast.clerk, kind=kind)
    first = min(Commitment.objects.filter(thread=case.thread, ended_at=None), key=lambda one: one.due_at)
    assert (case.next_step, case.next_at) == (first.does, first.due_at)
    assert first.owner_id or first.owner_post


@pytest.mark.parametrize("kind", KINDS)
def test_an_open_case_is_on_somebodys_list_without_a_standard(kind: str, estate: Estate, cast: Cast) -> None:
    case = tell(estate, cast.clerk, kind=kind)
    assert running(case) == {("next_step", TOMORROW_CLOSING)}


def test_an_enquiry_owes_progress_by_four(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    assert running(case) == {("case.progress", FOUR)}
    assert (case.next_step, case.next_at) == ("告知住户办理进度", FOUR)


def test_progress_told_keeps_the_promise_and_opens_the_next(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    operations.comment(case, text="明天去看", told_caller=True, actor=cast.clerk, at=AT + timedelta(hours=1))
    assert states_of(case) == {"case.progress": "met", "case.progress.next": "open"}
    operations.comment(case, text="只是记一笔", actor=cast.clerk, at=AT + timedelta(hours=2))
    assert states_of(case) == {"case.progress": "met", "case.progress.next": "open"}


def test_an_agreed_time_is_owed_and_kept_by_the_answer(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    agreed = AT + timedelta(hours=3)
    operations.promise_time(case, promised_at=agreed, does="按约定时间答复", actor=cast.clerk, at=AT)
    assert running(case) == {("case.progress", FOUR), ("case.promise", agreed)}
    assert (case.next_at, case.promised_at) == (agreed, agreed)
    operations.answer_case(case, answer="下周一交", actor=cast.clerk, at=AT + timedelta(hours=2))
    assert states_of(case) == {"case.progress": "met", "case.promise": "met", "next_step": "open"}
    assert (case.next_step, case.next_at) == ("请客户确认并办结", TOMORROW_CLOSING)


def test_a_time_agreed_anew_takes_the_place_of_the_earlier(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    earlier, later = AT + timedelta(hours=3), AT + timedelta(hours=5)
    operations.promise_time(case, promised_at=earlier, does="答复", actor=cast.clerk, at=AT)
    operations.promise_time(case, promised_at=later, does="答复", actor=cast.clerk, at=AT + timedelta(hours=1))
    owed = Commitment.objects.filter(thread=case.thread, code="case.promise").order_by("id")
    assert list(owed.values_list("state", "due_at", "end_reason")) == [
        ("waived", earlier, "与客户改约"),
        ("open", later, ""),
    ]


def test_a_time_that_has_passed_is_not_agreed_away(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    operations.promise_time(case, promised_at=AT + timedelta(hours=1), does="答复", actor=cast.clerk, at=AT)
    operations.promise_time(
        case, promised_at=AT + timedelta(hours=5), does="答复", actor=cast.clerk, at=AT + timedelta(hours=2)
    )
    owed = Commitment.objects.filter(thread=case.thread, code="case.promise")
    assert [one.ended_at for one in owed] == [None, None]


def test_without_a_standard_the_agreed_time_is_owed_by_word(estate: Estate, cast: Cast) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    agreed = AT + timedelta(hours=3)
    operations.promise_time(case, promised_at=agreed, does="按约定时间答复", actor=cast.clerk, at=AT)
    assert running(case) == {("next_step", TOMORROW_CLOSING), ("promise", agreed)}
    operations.close_case(case, answer="已答复", actor=cast.clerk, at=AT + timedelta(hours=1))
    assert states_of(case) == {"next_step": "met", "promise": "met"}


def test_a_hold_pauses_and_resuming_leaves_the_time_that_was_left(
    estate: Estate, cast: Cast, standard: Standard
) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    agreed, held, woken = AT + timedelta(hours=3), AT + timedelta(hours=1), AT + timedelta(days=2)
    operations.promise_time(case, promised_at=agreed, does="答复", actor=cast.clerk, at=AT)
    operations.hold_case(case, reason="等厂家", wakes_at=woken, actor=cast.clerk, at=held)
    assert states_of(case) == {"case.progress": "paused", "case.promise": "paused", "wake_up": "open"}
    assert (case.next_step, case.next_at) == ("恢复处理", woken)
    assert set(Pause.objects.values_list("reason", "wakes_at", "until")) == {("等厂家", woken, None)}
    resumed = AT + timedelta(hours=30)
    operations.resume_case(case, actor=cast.clerk, at=resumed)
    assert states_of(case) == {"case.progress": "open", "case.promise": "open", "wake_up": "met"}
    assert ("case.promise", resumed + timedelta(hours=2)) in running(case)
    assert (case.next_step, case.next_at) == ("按约定时间答复", resumed + timedelta(hours=2))
    assert set(Pause.objects.values_list("until", flat=True)) == {resumed}


def test_what_is_missed_stays_missed_through_a_hold(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    late = FOUR + timedelta(minutes=1)
    operations.hold_case(case, reason="等", wakes_at=late + timedelta(days=1), actor=cast.clerk, at=late)
    assert states_of(case) == {"case.progress": "open", "wake_up": "open"}


def owners(case: Case) -> set[tuple[int | None, str]]:
    owed = Commitment.objects.filter(thread=case.thread, ended_at=None, follows_subject=True)
    return set(owed.values_list("owner_id", "owner_post"))


def test_promises_follow_the_responsible_person(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    butler = Post.objects.get(estate=estate, code="butler")
    operations.transfer_case(case, to=Responsible(butler, cast.butler), actor=cast.clerk, at=AT, note="上门看")
    assert (case.responsible_post, case.responsible) == (butler, cast.butler)
    assert owners(case) == {(cast.butler.pk, "butler")}
    operations.return_case(case, actor=cast.butler, at=AT, note="不归我")
    assert case.responsible == cast.clerk == case.first_contact_owner
    assert owners(case) == {(cast.clerk.pk, "front_desk")}
    operations.transfer_case(case, to=Responsible(butler, None), actor=cast.clerk, at=AT, note="谁当班谁办")
    assert owners(case) == {(None, "butler")}
    operations.take_case(case, actor=cast.supervisor, at=AT)
    assert owners(case) == {(cast.supervisor.pk, "butler")}


def test_when_somebody_leaves_the_case_goes_back_to_the_post(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    staffing_operations.let_go(cast.clerk, estate_id=estate.pk, actor=cast.supervisor, at=AT + timedelta(hours=1))
    found = Case.objects.get(pk=case.pk)
    assert (found.responsible, found.responsible_post.code) == (None, "front_desk")
    assert owners(case) == {(None, "front_desk")}
    operations.close_case(found, answer="好了", actor=cast.supervisor, at=AT + timedelta(hours=2))
    operations.open_again(found, reason="又来了", actor=cast.supervisor, at=AT + timedelta(hours=3))
    assert owners(case) == {(None, "front_desk")}


def test_closing_settles_what_is_left_and_a_miss_stays_a_miss(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="suggestion")
    assert states_of(case) == {"case.progress": "open", "suggestion.decide": "open"}
    operations.close_case(case, answer="已转告", actor=cast.clerk, at=AT + timedelta(hours=1))
    assert states_of(case) == {"case.progress": "met", "suggestion.decide": "waived"}
    late = tell(estate, cast.clerk, kind="enquiry", at=AT)
    operations.close_case(late, answer="好了", actor=cast.clerk, at=FOUR + timedelta(minutes=1))
    assert states_of(late) == {"case.progress": "late"}
    assert late.next_step == "" and late.next_at is None


def test_a_decision_leads_to_telling_it(estate: Estate, cast: Cast) -> None:
    case = tell(estate, cast.clerk, kind="suggestion")
    operations.decide_suggestion(case, adopted=True, note="可行", actor=cast.director, at=AT + timedelta(hours=1))
    assert (case.next_step, case.next_at) == ("把决定告诉建议人", TOMORROW_CLOSING)
    steps = Commitment.objects.filter(thread=case.thread).order_by("id")
    assert list(steps.values_list("does", "state")) == [("研究建议并答复", "met"), ("把决定告诉建议人", "open")]


def test_voiding_ends_every_promise(estate: Estate, cast: Cast, standard: Standard) -> None:
    case = tell(estate, cast.clerk, kind="repair")
    operations.void_case(case, reason="登记错了", actor=cast.supervisor, at=AT)
    assert set(states_of(case).values()) == {"waived"}


@pytest.mark.parametrize("kind", KINDS)
def test_when_taking_an_important_case_was_all_that_was_promised_its_first_step_is_owed(
    kind: str, estate: Estate, cast: Cast, standard: Standard
) -> None:
    taken, handed = (tell(estate, cast.clerk, kind=kind, important=True) for _ in range(2))
    operations.take_case(taken, actor=cast.supervisor, at=AT + timedelta(minutes=5))
    lead = Responsible(Post.objects.get(estate=estate, code="butler_lead"), None)
    operations.transfer_case(handed, to=lead, actor=cast.supervisor, at=AT + timedelta(minutes=5), note="归管家")
    for case in (taken, handed):
        case.refresh_from_db()
        owed = Commitment.objects.filter(thread=case.thread, ended_at=None, after_closing=False).order_by(
            "due_at", "id"
        )
        assert (owed[0].does, owed[0].due_at) == (case.next_step, case.next_at)
