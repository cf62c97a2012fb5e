"""The visit: consent at the door, the checklist the standard asks for, photos by stage, cleaning sent, wrong clocks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.invariants import INVARIANTS
from huiyin.areas.repairs.models import Spill, UnitEntry, VisitCheck, VisitPhoto, VisitPlan, WorkOrder
from huiyin.areas.repairs.rules import Entering, Leaving
from huiyin.areas.repairs.tests.factories import DOOR, LEAVING, drawing, fresh, minutes, order_in, photo
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.standards.models import Commitment
from tests.cast import AT, Cast
from tests.programs import Program, lend

pytestmark = pytest.mark.usefixtures("standard", "home", "clock")
Browser = Callable[[User], Client]
ENTERING = Entering(DOOR["consent_by"], DOOR["consent_mode"], DOOR["done"])
ALL_LEFT = Leaving(LEAVING["done"])


def text_of(response: Any) -> str:
    return str(response.content.decode())


def untouched() -> tuple[Any, ...]:
    counts = [kind.objects.count() for kind in (Entry, StoredFile, UnitEntry, VisitCheck, VisitPhoto, Case)]
    return list(WorkOrder.objects.order_by("id").values()), counts


def picture(name: str = "现场.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo().read(), "image/jpeg")


class TestTheDoor:
    def test_who_agreed_how_and_every_item_are_kept(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        operations.arrive(order, entry=ENTERING, actor=cast.technician, at=minutes(25))
        visit = queries.visit_of(order, queries.lines_about(order))
        assert [(one.let_in, one.consent_by, one.consent_mode) for one in visit.entries] == [(True, "王丽", "person")]
        (ticked,) = visit.ticked
        assert (ticked.stage, len(ticked.done), ticked.missing) == ("进门", 5, [])
        assert Entry.objects.get(kind="repairs.order.let_in").values["consent_mode"] == "person"

    @pytest.mark.parametrize(
        ("said", "says"),
        [
            (Entering("", "person", DOOR["done"]), "征得同意"),
            (Entering(" ", "person", DOOR["done"]), "征得同意"),
            (Entering("王丽", "", DOOR["done"]), "征得同意"),
            (Entering("王丽", "shouted", DOOR["done"]), "征得同意"),
            (Entering("王丽", "person", DOOR["done"][1:]), "胸卡"),
            (Entering("王丽", "person", ()), "鞋套"),
        ],
    )
    def test_nobody_enters_without_consent_or_what_the_standard_asks_for(
        self, said: Entering, says: str, estate: Estate, cast: Cast
    ) -> None:
        order = order_in("accepted", estate, cast)
        before = untouched()
        with pytest.raises(Refused, match=says):
            operations.arrive(order, entry=said, actor=cast.technician, at=minutes(25))
        assert untouched() == before

    def test_what_was_not_done_passes_with_its_reason(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        said = Entering("王丽", "keys", ["badge"], "鞋套用完了")
        operations.arrive(order, entry=said, actor=cast.technician, at=minutes(25))
        assert {check.why for check in VisitCheck.objects.filter(done=False)} == {"鞋套用完了"}
        assert VisitCheck.objects.get(done=True).why == ""

    def test_what_belongs_to_all_asks_nobody(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("accepted", estate, cast, location_kind="common_part")
        phone, address = browser_of(cast.technician), f"/repairs/mine/{order.number}/"
        assert "谁同意进门" not in text_of(phone.get(address))
        assert phone.post(f"{address}arrive/").status_code == 303
        assert (fresh(order).status, UnitEntry.objects.count()) == ("working", 0)

    def test_a_paper_slip_has_no_checklist_and_none_is_made_up(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        operations.arrive(order, actor=cast.technician, at=minutes(25))
        assert (UnitEntry.objects.count(), VisitCheck.objects.count()) == (0, 0)

    def test_the_database_keeps_no_entry_without_consent(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        for wrong in ({"let_in": True}, {"let_in": False}, {"let_in": True, "consent_by": "王丽"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                UnitEntry.objects.create(order=order, actor=cast.technician, at=AT, **wrong)


class TestNotLetIn:
    def owed(self, order: WorkOrder) -> set[str]:
        return set(Commitment.objects.filter(thread=order.thread, ended_at=None).values_list("code", flat=True))

    def test_the_visit_is_owed_anew(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast, appointment_from=minutes(5), appointment_to=minutes(120))
        operations.turn_away(order, why="敲门没人应", actor=cast.technician, at=minutes(25))
        order = fresh(order)
        assert (order.status, order.arrived_at, order.appointment_from) == ("accepted", None, None)
        assert UnitEntry.objects.get().why == "敲门没人应"
        assert "repair.appoint.again" in self.owed(order)
        assert "repair.arrive" not in self.owed(order)
        operations.appoint(order, start=minutes(300), end=minutes(360), actor=cast.lead, at=minutes(40))
        assert "repair.appoint.again" not in self.owed(order)

    def test_agreed_on_the_spot_nothing_is_owed_but_the_visit(self, estate: Estate, cast: Cast) -> None:
        order = order_in("accepted", estate, cast)
        slot = (minutes(300), minutes(420))
        operations.turn_away(order, why="住户改时间", slot=slot, actor=cast.technician, at=minutes(25))
        assert (fresh(order).appointment_from, fresh(order).appointment_to) == slot
        assert {"repair.arrive"} == self.owed(order) & {"repair.arrive", "repair.appoint.again"}

    @pytest.mark.parametrize("status", ["assigned", "working", "finished", "on_hold", "closed"])
    def test_only_on_the_way(self, status: str, estate: Estate, cast: Cast) -> None:
        order = order_in(status, estate, cast)
        before = untouched()
        with pytest.raises(Refused, match="没让进门"):
            operations.turn_away(order, why="没人", actor=cast.technician, at=minutes(70))
        assert untouched() == before

    def test_by_form_and_shown_on_the_job(self, estate: Estate, cast: Cast, browser_of: Browser, clock: Any) -> None:
        order = order_in("accepted", estate, cast)
        clock.move(hours=1)
        phone, address = browser_of(cast.technician), f"/repairs/mine/{order.number}/"
        sent = {"note": "住户不同意进门", "start": "明天 9点", "lasts": "60", "idempotency_key": "k-1"}
        for _ in range(2):
            assert phone.post(f"{address}not-let-in/", sent).status_code == 303
        assert UnitEntry.objects.count() == 1
        assert "未获同意,没有进门:住户不同意进门" in text_of(phone.get(address))
        assert phone.post(f"{address}not-let-in/", {"note": ""}).status_code == 422


class TestLeaving:
    @pytest.mark.parametrize(
        ("said", "says"),
        [
            (Leaving(), "垫布"),
            (Leaving(LEAVING["done"][1:]), "垫布"),
            (Leaving(LEAVING["done"][:3]), "收拾干净"),
        ],
    )
    def test_what_the_standard_asks_for_before_leaving(
        self, said: Leaving, says: str, estate: Estate, cast: Cast
    ) -> None:
        order = order_in("working", estate, cast)
        before = untouched()
        with pytest.raises(Refused, match=says):
            operations.finish(order, work_done="好了", leaving=said, actor=cast.technician, at=minutes(40))
        assert untouched() == before

    def test_a_soiled_floor_sends_cleaning_with_somebody_and_a_time(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        said = Leaving(LEAVING["done"][:3], soiled="门厅地砖上的泥水")
        operations.finish(order, work_done="好了", leaving=said, actor=cast.technician, at=minutes(40))
        cleaning = Spill.objects.get().case
        assert (cleaning.kind, cleaning.raised_by, cleaning.unit) == (
            "special_service",
            order.case,
            order.case.unit,
        )
        assert "门厅地砖上的泥水" in cleaning.text
        owed = Commitment.objects.get(code="repair.visit.spill")
        assert (owed.subject_id, owed.due_at, owed.ended_at) == (cleaning.pk, minutes(160), None)
        assert (cleaning.next_step, cleaning.next_at) == ("清理弄脏的地方", minutes(160))
        assert (cleaning.responsible_post_id is not None, fresh(order).status) == (True, "finished")

    def test_told_later_cleaning_is_owed_from_when_it_was_heard(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        said = Leaving(LEAVING["done"], soiled="门厅")
        operations.finish(
            order, work_done="好了", leaving=said, actor=cast.technician, at=minutes(40), keyed_at=minutes(200)
        )
        assert Commitment.objects.get(code="repair.visit.spill").due_at == minutes(320)

    def test_the_box_alone_is_enough(self, estate: Estate, cast: Cast, browser_of: Browser, clock: Any) -> None:
        order = order_in("working", estate, cast)
        clock.move(hours=1)
        phone, address = browser_of(cast.technician), f"/repairs/mine/{order.number}/"
        sent = {"work_done": "好了", "is_soiled": "on", "done": LEAVING["done"][:3]}
        assert phone.post(f"{address}finish/", sent).status_code == 303
        assert "地面" in Spill.objects.get().case.text
        assert "已通知保洁" in text_of(phone.get(address))


class TestPhotos:
    def test_before_and_after_stand_under_their_headings(
        self, estate: Estate, cast: Cast, browser_of: Browser, clock: Any
    ) -> None:
        order = order_in("working", estate, cast)
        clock.move(hours=1)
        phone, address = browser_of(cast.technician), f"/repairs/mine/{order.number}/"
        before = {"stage": "before", "photos": [picture("前.jpg")], "idempotency_key": "p-1"}
        for _ in range(2):
            before["photos"] = [picture("前.jpg")]
            assert phone.post(f"{address}photos/", before).status_code == 303
        after = {"work_done": "好了", "photos": [picture("后.jpg")], **LEAVING}
        assert phone.post(f"{address}finish/", after).status_code == 303
        shown = queries.photos_by_stage(fresh(order))
        assert {title: [one.original_name for one in found] for title, found in shown.items()} == {
            "修前": ["前.jpg"],
            "修后": ["后.jpg"],
        }
        page = text_of(phone.get(address))
        assert page.index("修前</h3>") < page.index("修后</h3>")

    def test_none_is_refused_and_so_is_somebody_else(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        before = untouched()
        for user, photos in ((cast.technician, []), (cast.second_technician, [photo()])):
            with pytest.raises(Refused):
                operations.add_photos(order, stage="before", photos=photos, actor=user, at=minutes(50))
        assert untouched() == before


class TestWhatWasAgreed:
    def test_the_work_and_about_how_long(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("assigned", estate, cast, at=minutes(-60))
        sent = {"start": "明天 9点", "lasts": "60", "work": "换厨房角阀", "minutes": "30", "next": "/repairs/"}
        assert browser_of(cast.lead).post(f"/repairs/orders/{order.number}/appoint/", sent).status_code == 303
        plan = VisitPlan.objects.get()
        assert (plan.work, plan.minutes) == ("换厨房角阀", 30)
        page = text_of(browser_of(cast.technician).get(f"/repairs/mine/{order.number}/"))
        assert "说好:换厨房角阀,大约 30 分钟" in page
        assert "大约30 分钟,换厨房角阀" in text_of(browser_of(cast.lead).get(f"/cases/{order.case.number}/"))

    def test_nothing_said_nothing_kept(self, estate: Estate, cast: Cast) -> None:
        order = order_in("assigned", estate, cast, at=minutes(-60))
        operations.appoint(order, start=minutes(60), end=minutes(120), actor=cast.lead, at=AT)
        assert VisitPlan.objects.count() == 0


class TestClocks:
    def post(self, browser: Client, order: WorkOrder, **sent: Any) -> Any:
        return browser.post(f"/repairs/mine/{order.number}/arrive/", {**DOOR, **sent})

    def test_both_times_are_kept(self, estate: Estate, cast: Cast, browser_of: Browser, clock: Any) -> None:
        order = order_in("accepted", estate, cast)
        phone = browser_of(cast.technician)
        clock.move(hours=3)
        signal = phone.get("/repairs/mine/signal/").json()["signal"]
        clock.move(minutes=6)  # the photos took their time
        sent = {
            "happened_at": "2026-11-25T11:02:00+08:00",
            "sent_at": "2026-11-25T13:37:00+08:00",
            "signal": signal,
            "idempotency_key": "k-9",
        }
        for _ in range(2):
            assert self.post(phone, order, **sent).status_code == 303
        assert fresh(order).arrived_at == minutes(25)
        entry = Entry.objects.get(kind="repairs.order.clock_differed")
        assert entry.values["ahead_seconds"] == 37 * 60
        assert datetime.fromisoformat(entry.values["phone_at"]) == minutes(62)
        assert datetime.fromisoformat(entry.values["taken_as"]) == minutes(25)
        assert "手机时钟快 37 分钟" in text_of(phone.get(f"/repairs/mine/{order.number}/"))

    @pytest.mark.parametrize("signal", ["", "made:up:one"])
    def test_without_our_moment_the_arrival_stands_for_it(
        self, signal: str, estate: Estate, cast: Cast, browser_of: Browser, clock: Any
    ) -> None:
        order = order_in("accepted", estate, cast)
        clock.move(hours=3)
        sent = {"happened_at": "2026-11-25T10:20:00+08:00", "sent_at": "2026-11-25T12:50:00+08:00"}
        assert self.post(browser_of(cast.technician), order, signal=signal, **sent).status_code == 303
        assert fresh(order).arrived_at == minutes(30)

    def test_a_refused_step_says_nothing_of_clocks(
        self, estate: Estate, cast: Cast, browser_of: Browser, clock: Any
    ) -> None:
        order = order_in("assigned", estate, cast)
        clock.move(hours=3)
        before = untouched()
        sent = {"happened_at": "2026-11-25T10:55:00+08:00", "sent_at": "2026-11-25T12:50:00+08:00"}
        assert self.post(browser_of(cast.technician), order, **sent).status_code == 422
        assert untouched() == before


class TestOutOfHands:
    def moved(self, estate: Estate, cast: Cast) -> WorkOrder:
        order = order_in("accepted", estate, cast)
        operations.dispatch(order, technician=cast.second_technician, actor=cast.lead, at=minutes(22), note="就近改派")
        return order

    def test_a_step_on_an_order_given_away_is_a_conflict_with_a_sentence(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        order = self.moved(estate, cast)
        before = untouched()
        answer = browser_of(cast.technician).post(f"/repairs/mine/{order.number}/arrive/", DOOR)
        assert (answer.status_code, untouched()) == (409, before)
        assert "现在由赵刚负责" in text_of(answer)

    def test_who_never_had_it_learns_nothing(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("accepted", estate, cast)
        phone = browser_of(cast.second_technician)
        for path in ("arrive/", "unsent/"):
            assert phone.post(f"/repairs/mine/{order.number}/{path}", {**DOOR, "text": "x"}).status_code == 404

    def test_a_return_whose_answer_was_lost_was_taken(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("assigned", estate, cast, at=minutes(-30))
        phone, sent = browser_of(cast.technician), {"note": "不是我的工种", "idempotency_key": "r-1"}
        for _ in range(2):
            assert phone.post(f"/repairs/mine/{order.number}/return/", sent).status_code == 303
        assert Entry.objects.filter(kind="repairs.order.returned").count() == 1
        assert phone.post(f"/repairs/mine/{order.number}/return/", {"note": "x"}).status_code == 409

    def test_what_could_not_be_sent_is_written_into_the_matter(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        order = self.moved(estate, cast)
        phone = browser_of(cast.technician)
        for _ in range(2):
            sent = {"text": "到达 10:25\n完工:换了角阀", "photos": [picture()], "idempotency_key": "u-1"}
            assert phone.post(f"/repairs/mine/{order.number}/unsent/", sent).status_code == 303
        entry = Entry.objects.get(kind="cases.case.commented")
        assert (entry.note, entry.actor, StoredFile.objects.count()) == (
            "到达 10:25\n完工:换了角阀",
            cast.technician,
            1,
        )
        assert phone.post(f"/repairs/mine/{order.number}/unsent/", {"text": ""}).status_code == 422


class TestThePhone:
    def test_the_worker_watches_over_the_technicians_pages_only(self, cast: Cast, browser_of: Browser) -> None:
        answer = browser_of(cast.technician).get("/repairs/mine/worker.js")
        assert (answer.headers["Content-Type"], answer.headers["Service-Worker-Allowed"]) == (
            "text/javascript",
            "/repairs/mine/",
        )
        assert "HuiyinQueue" in text_of(answer)
        assert "skipWaiting" in text_of(answer)

    def test_a_signal_names_the_person_and_the_shift_but_not_the_session(self, cast: Cast, browser_of: Browser) -> None:
        phone = browser_of(cast.technician)
        said = phone.get("/repairs/mine/signal/").json()
        assert said["user"] == str(cast.technician.pk)
        assert f'data-shift="{said["shift"]}"' in text_of(phone.get("/repairs/mine/"))
        assert phone.session.session_key not in str(said)
        other = browser_of(cast.technician).get("/repairs/mine/signal/").json()
        assert other["shift"] != said["shift"]

    def test_what_is_kept_has_the_forms_of_every_state_to_come(
        self, estate: Estate, cast: Cast, browser_of: Browser
    ) -> None:
        order = order_in("assigned", estate, cast)
        phone, address = browser_of(cast.technician), f"/repairs/mine/{order.number}/"
        kept = text_of(phone.get(f"{address}?ahead=1"))
        for state, step in (("accepted", "arrive"), ("working", "finish"), ("finished", "sign"), ("closed", "")):
            ahead = kept.split(f'data-ahead="{state}"', 1)[1].split("</template>", 1)[0]
            assert f'data-step="{step}"' in ahead or not step
        assert "data-ahead" not in text_of(phone.get(address))

    def test_every_step_can_wait(self, estate: Estate, cast: Cast, browser_of: Browser) -> None:
        order = order_in("assigned", estate, cast)
        kept = text_of(browser_of(cast.technician).get(f"/repairs/mine/{order.number}/?ahead=1"))
        assert kept.count("data-step=") == kept.count("data-offline=") == kept.count("data-label=") > 9

    def test_the_job_costs_the_same_with_one_visit_and_three(
        self, estate: Estate, cast: Cast, browser_of: Browser, clock: Any, django_assert_num_queries: Any
    ) -> None:
        order = order_in("accepted", estate, cast)
        phone, address = browser_of(cast.technician), f"/repairs/mine/{order.number}/"
        phone.get(address)
        for turn in (1, 2, 3):
            operations.turn_away(order, why=f"没人应 {turn}", actor=cast.technician, at=clock.move(hours=1))
            if turn != 2:
                with django_assert_num_queries(22):
                    phone.get(address)


class TestByProgram:
    @pytest.fixture
    def program(self, estate: Estate, cast: Cast) -> Program:
        return Program(lend(cast.technician, estates=[estate.pk], at=AT)[1])

    def test_the_checklist_by_program(self, program: Program, estate: Estate, cast: Cast, clock: Any) -> None:
        order = order_in("accepted", estate, cast)
        clock.move(hours=1)
        path = f"/orders/{order.number}"
        assert program.post(f"{path}/arrive", {}).status_code == 409
        assert program.post(f"{path}/arrive", {**DOOR, "done": ["bagde"]}).status_code == 409
        assert program.post(f"{path}/arrive", DOOR).status_code == 200
        assert program.post(f"{path}/finish", {"work_done": "好了"}).status_code == 409
        said = {"work_done": "好了", **LEAVING, "soiled": "门厅"}
        assert program.post(f"{path}/finish", said).status_code == 200
        assert (fresh(order).status, Spill.objects.count()) == ("finished", 1)

    def test_not_let_in_by_program(self, program: Program, estate: Estate, cast: Cast, clock: Any) -> None:
        order = order_in("accepted", estate, cast)
        clock.move(hours=1)
        path = f"/orders/{order.number}/not-let-in"
        assert program.post(path, {"note": "没人", "start": "2026-11-26T09:00:00+08:00"}).status_code != 200
        assert program.post(path, {"note": "没人"}).status_code == 200
        assert UnitEntry.objects.get().let_in is False


def test_a_signature_from_the_cellar_has_its_true_time(
    estate: Estate, cast: Cast, browser_of: Browser, clock: Any
) -> None:
    order = order_in("finished", estate, cast)
    clock.move(hours=3)
    sent = {
        "signer": "王丽",
        "drawing": drawing(),
        "happened_at": "2026-11-25T10:50:00+08:00",
        "sent_at": "2026-11-25T13:00:01+08:00",
        "idempotency_key": "s-1",
    }
    for _ in range(2):
        assert browser_of(cast.technician).post(f"/repairs/mine/{order.number}/sign/", sent).status_code == 303
    assert (fresh(order).status, fresh(order).closed_at) == ("closed", minutes(50))
    assert StoredFile.objects.count() == 1


def test_everything_holds_after_a_whole_visit(estate: Estate, cast: Cast) -> None:
    order = order_in("accepted", estate, cast)
    operations.turn_away(order, why="没人", actor=cast.technician, at=minutes(22))
    operations.arrive(fresh(order), entry=ENTERING, actor=cast.technician, at=minutes(25))
    operations.add_photos(fresh(order), stage="before", photos=[photo()], actor=cast.technician, at=minutes(26))
    said = Leaving(LEAVING["done"], soiled="门厅")
    operations.finish(
        fresh(order), work_done="好了", photos=[photo()], leaving=said, actor=cast.technician, at=minutes(40)
    )
    found = {one.code: one.check(at=minutes(60)) for one in INVARIANTS if one.code.startswith("visit.")}
    assert {code: (one.looked_at, one.violations) for code, one in found.items()} == {
        "visit.spill": (1, 0),
        "visit.photo": (2, 0),
        "visit.entry": (2, 0),
    }
