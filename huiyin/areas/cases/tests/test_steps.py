"""The pages of the steps: who may, what they do, and that a refusal keeps the text."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import Clock
from huiyin.areas.cases import operations
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.permissions import steps_open_to
from huiyin.areas.cases.tests.factories import case_in, everything
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing.models import Post
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.journal.models import Entry
from tests.cast import AT, Cast, tell

Browser = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("standard", "clock")
WORK = ["take", "transfer", "return", "comment", "progress", "promise", "answer", "decide", "hold", "resume", "close"]
WORK += ["reopen", "attach", "urgency"]
RIGHTS = {**dict.fromkeys(WORK, "work"), "merge": "merge", "unmerge": "merge", "void": "void"}
MAY = {"work": {"clerk", "butler", "lead", "supervisor", "director"}, "merge": {"supervisor", "director"}}
MAY["void"] = MAY["merge"]
CAST = ("clerk", "butler", "technician", "lead", "supervisor", "director", "auditor")


@pytest.mark.parametrize("step", RIGHTS)
def test_who_may_take_a_step(step: str, estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    before = everything()
    for who in CAST:
        browser = browser_of(getattr(cast, who))
        wanted = 200 if who in MAY[RIGHTS[step]] else 403
        assert browser.get(f"/cases/{case.number}/{step}/").status_code == wanted, who
        if wanted == 403:
            assert browser.post(f"/cases/{case.number}/{step}/", {"note": "试"}).status_code == 403
    assert browser_of(cast.outsider).get(f"/cases/{case.number}/{step}/").status_code == 404
    assert browser_of(cast.outsider).post(f"/cases/{case.number}/{step}/").status_code == 404
    assert Client().get(f"/cases/{case.number}/{step}/").status_code == 302
    assert everything() == before


def sent(estate: Estate, cast: Cast) -> dict[str, tuple[str, dict[str, Any], str]]:
    """status before, what is sent, status after"""
    butler = Post.objects.get(estate=estate, code="butler")
    return {
        "take": ("new", {}, "working"),
        "transfer": ("new", {"to": f"{butler.pk}-{cast.butler.pk}", "note": "上门看"}, "new"),
        "urgency": ("working", {"urgency": "urgent", "note": "水越来越大"}, "working"),
        "comment": ("closed", {"text": "记一笔"}, "closed"),
        "progress": ("working", {"text": "在办"}, "working"),
        "promise": ("working", {"promised_at": "今天 16:30"}, "working"),
        "answer": ("working", {"answer": "下周一"}, "working"),
        "hold": ("working", {"note": "等配件", "wakes_at": "明天 9点"}, "on_hold"),
        "resume": ("on_hold", {}, "working"),
        "close": ("working", {"answer": "办好了"}, "closed"),
        "reopen": ("closed", {"note": "又来了"}, "working"),
        "unmerge": ("merged", {"note": "不是一件"}, "working"),
        "void": ("new", {"note": "登记错了"}, "voided"),
    }


STEPS = ("take", "transfer", "comment", "progress", "promise", "answer", "hold", "resume", "close", "reopen", "urgency")


@pytest.mark.parametrize("step", [*STEPS, "unmerge", "void"])
def test_a_step_is_taken_and_leads_back_to_the_case(
    step: str, estate: Estate, cast: Cast, browser_of: Browser, clock: Clock
) -> None:
    before, data, after = sent(estate, cast)[step]
    case = case_in(before, estate, cast)
    clock.move(minutes=5)
    lines = Entry.objects.count()
    answer = browser_of(cast.supervisor).post(f"/cases/{case.number}/{step}/", data)
    assert (answer.status_code, answer["Location"]) == (303, f"/cases/{case.number}/")
    assert Case.objects.get(pk=case.pk).status == after
    assert Entry.objects.count() > lines
    assert set(Entry.objects.order_by("id")[lines:].values_list("actor", "at")) == {
        (cast.supervisor.pk, AT + timedelta(minutes=5))
    }


def test_the_next_address_is_followed_only_within_the_house(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.clerk)
    for asked, led in (("/?show=due", "/?show=due"), ("https://else.example/", None), ("//else.example/", None)):
        case = tell(estate, cast.clerk, kind="enquiry")
        answer = browser.post(f"/cases/{case.number}/take/", {"next": asked})
        assert answer["Location"] == (led or f"/cases/{case.number}/")


def test_the_second_of_two_reads_who_was_first_and_keeps_the_text(
    estate: Estate, cast: Cast, browser_of: Browser
) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    operations.close_case(case, answer="办好了", actor=cast.supervisor, at=AT)
    before = everything()
    answer = browser_of(cast.clerk).post(
        f"/cases/{case.number}/hold/", {"note": "我写了很久的原因", "wakes_at": "明天 9:00"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "现在是「已办结」,刚由林芳处理,不能再挂起;您填写的内容还在" in page
    assert "我写了很久的原因" in page and "明天 9:00" in page and "看现在的情况" in page
    assert everything() == before


def test_what_is_missing_is_said_beside_the_field(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    before = everything()
    answer = browser_of(cast.clerk).post(f"/cases/{case.number}/hold/", {"note": "等", "wakes_at": "过几天"})
    assert answer.status_code == 422
    assert "没看懂这个时间" in answer.content.decode()
    assert everything() == before


def test_htmx_gets_the_form_alone_and_a_redirect_when_done(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    browser = browser_of(cast.clerk)
    htmx = {"HX-Request": "true"}
    part = browser.get(f"/cases/{case.number}/answer/", headers=htmx).content.decode()
    assert part.strip().startswith('<section class="hy-panel" data-step')
    done = browser.post(f"/cases/{case.number}/answer/", {"answer": "好的"}, headers=htmx)
    assert (done.status_code, done["HX-Redirect"]) == (204, f"/cases/{case.number}/")


def test_the_same_sending_twice_is_carried_out_once(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    browser = browser_of(cast.clerk)
    for _ in range(2):
        data = {"text": "记一笔", "idempotency_key": "k1"}
        assert browser.post(f"/cases/{case.number}/comment/", data).status_code == 303
    assert Entry.objects.filter(thread=case.thread, kind="cases.case.commented").count() == 1


def test_a_photo_or_a_paper_is_kept_with_the_case(
    estate: Estate, cast: Cast, browser_of: Browser, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = tell(estate, cast.clerk, kind="enquiry")
    browser = browser_of(cast.clerk)
    letter = SimpleUploadedFile("来信.pdf", b"%PDF-1.4\n%%EOF")
    assert browser.post(f"/cases/{case.number}/attach/", {"upload": letter}).status_code == 303
    stored = StoredFile.objects.get()
    assert (stored.subject_type, stored.subject_id, stored.original_name) == ("cases.case", case.pk, "来信.pdf")
    bad = browser.post(f"/cases/{case.number}/attach/", {"upload": SimpleUploadedFile("a.exe", b"MZ\0")})
    assert (bad.status_code, StoredFile.objects.count()) == (422, 1)
    assert "只能上传照片" in bad.content.decode()
    assert "只能上传照片" in bad.content.decode()


def test_a_merge_by_number_and_a_number_nobody_has(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case, other = (tell(estate, cast.clerk, kind="enquiry") for _ in range(2))
    browser = browser_of(cast.supervisor)
    missing = browser.post(f"/cases/{case.number}/merge/", {"into": "YH-Z990101-001"})
    assert missing.status_code == 422 and "没有这个编号的事项" in missing.content.decode()
    assert other.number in browser.get(f"/cases/{case.number}/merge/").content.decode()
    assert browser.post(f"/cases/{case.number}/merge/", {"into": other.number.lower()}).status_code == 303
    assert Case.objects.get(pk=case.pk).merged_into == other


def test_a_case_of_another_company_is_not_merged_into(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    theirs = tell_elsewhere(cast)
    before = everything()
    answer = browser_of(cast.supervisor).post(f"/cases/{case.number}/merge/", {"into": theirs.number})
    assert answer.status_code == 422
    assert everything() == before


def tell_elsewhere(cast: Cast) -> Case:
    return tell(Estate.objects.get(code="BJ"), cast.outsider, kind="enquiry")


def test_a_transfer_goes_to_a_post_or_a_person_of_the_estate(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="enquiry")
    butler = Post.objects.get(estate=estate, code="butler")
    browser = browser_of(cast.clerk)
    for wrong in (f"{butler.pk}-{cast.clerk.pk}", "9999-", "x"):
        assert browser.post(f"/cases/{case.number}/transfer/", {"to": wrong, "note": "转"}).status_code == 422
    assert browser.post(f"/cases/{case.number}/transfer/", {"to": f"{butler.pk}-", "note": "转"}).status_code == 303
    found = Case.objects.get(pk=case.pk)
    assert (found.responsible_post, found.responsible) == (butler, None)


def test_a_decision_on_a_suggestion(estate: Estate, cast: Cast, browser_of: Browser) -> None:
    case = tell(estate, cast.clerk, kind="suggestion")
    answer = browser_of(cast.director).post(f"/cases/{case.number}/decide/", {"adopted": "no", "note": "超预算"})
    assert answer.status_code == 303
    line = Entry.objects.get(thread=case.thread, kind="cases.case.decided")
    assert (line.note, line.values.get("adopted", False)) == ("超预算", False)


@pytest.mark.parametrize(
    ("status", "kind", "who", "steps"),
    [
        ("new", "enquiry", "clerk", "take answer close promise progress transfer hold comment attach urgency"),
        ("working", "suggestion", "clerk", "decide answer close promise progress transfer hold comment attach urgency"),
        ("on_hold", "enquiry", "clerk", "resume answer promise progress transfer comment attach urgency"),
        ("closed", "enquiry", "supervisor", "reopen comment attach"),
        ("merged", "enquiry", "supervisor", "unmerge comment attach"),
        ("merged", "enquiry", "clerk", "comment attach"),
        ("voided", "enquiry", "supervisor", "comment attach"),
        ("new", "complaint", "clerk", "take promise progress transfer return hold comment attach urgency"),
        (
            "new",
            "repair",
            "supervisor",
            "take answer promise progress transfer return hold comment attach urgency merge void",
        ),
        ("new", "enquiry", "auditor", ""),
    ],
)
def test_only_the_steps_one_may_take_are_offered(
    status: str, kind: str, who: str, steps: str, estate: Estate, cast: Cast
) -> None:
    case = case_in(status, estate, cast, kind=kind)
    assert " ".join(steps_open_to(getattr(cast, who), case)) == steps
