"""Quote, consent, start, finish, acceptance: what is bound to what, and that a changed price asks again."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.areas.estate.models import Estate
from huiyin.areas.fees import operations as fees
from huiyin.areas.fees.models import Charge
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.invariants import INVARIANTS
from huiyin.areas.repairs.models import Accepted, Consent, ConsentCode, Quote, QuoteLine, WorkOrder, WorkStart
from huiyin.areas.repairs.tests.factories import drawing, minutes, order_in
from huiyin.areas.repairs.tests.prices import (
    agreed,
    asked,
    begun,
    closed_paid_order,
    make_paid,
    paid_order,
    post_prices,
    quoted,
)
from huiyin.foundation.files.models import StoredFile
from huiyin.foundation.guards.installing import set_aside
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import as_command
from tests.cast import AT, Cast

pytestmark = pytest.mark.usefixtures("standard", "home")


def untouched() -> tuple[Any, ...]:
    return (
        *(list(model.objects.order_by("pk").values()) for model in (Quote, QuoteLine, Consent, WorkStart, Accepted)),
        list(WorkOrder.objects.order_by("pk").values()),
        StoredFile.objects.count(),
        Entry.objects.count(),
    )


def refused(act: Callable[[], Any], says: str) -> None:
    before = untouched()
    with pytest.raises(Refused, match=says):
        act()
    assert untouched() == before


def finish(order: WorkOrder, cast: Cast, at: Any = None) -> None:
    operations.finish(order, work_done="换了角阀", actor=cast.technician, at=at or minutes(40))


class TestQuoting:
    def test_by_posted_items_with_amounts_and_a_hash(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        made = queries.latest_quote(order)
        assert made is not None
        assert (made.version, made.total, len(made.content_hash)) == (1, Decimal("150.00"), 64)
        assert list(QuoteLine.objects.values_list("code", "quantity", "unit_price", "discount", "amount")) == [
            ("W01", Decimal("1.00"), Decimal("80.00"), Decimal("0.00"), Decimal("80.00")),
            ("M01", Decimal("2.00"), Decimal("38.00"), Decimal("6.00"), Decimal("70.00")),
        ]

    def test_only_of_what_is_paid(self, estate: Estate, cast: Cast) -> None:
        post_prices(estate, cast)
        order = order_in("working", estate, cast)
        refused(lambda: quoted(order, cast), "先定为有偿")
        operations.check_terms(order, location_kind="common_part", part="pipes", actor=cast.technician, at=minutes(31))
        refused(lambda: quoted(order, cast), "先定为有偿")

    def test_nothing_that_is_not_posted(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        lines = [operations.LineAsked(999_999, Decimal(1)), *asked(order, ("W01", "1"))]
        refused(
            lambda: operations.quote(order, lines=lines, actor=cast.technician, at=minutes(32)), "没有公示的不能收费"
        )

    def test_nothing_of_another_estate(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        foreign = Estate.objects.get(code="BJ")
        post_prices(foreign, cast)
        other = next(one.pk for one in queries.items_in_force(foreign.pk, day=AT.date()))
        refused(
            lambda: operations.quote(
                order, lines=[operations.LineAsked(other, Decimal(1))], actor=cast.technician, at=minutes(32)
            ),
            "没有公示",
        )

    @pytest.mark.parametrize("lines", [(), (("W01", "0"),), (("W01", "1", "80"),), (("W01", "1", "-1"),)])
    def test_lines_that_add_up(self, lines: Any, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        says = "至少要有一行|数量要大于 0|合计是 0 元|优惠不能是负数"
        refused(
            lambda: operations.quote(order, lines=asked(order, *lines), actor=cast.technician, at=minutes(32)), says
        )

    def test_the_same_again_is_no_new_version(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        refused(lambda: quoted(order, cast, at=minutes(33)), "一样")

    def test_a_later_price_list_does_not_touch_what_was_quoted(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        head = "编码,项目,类别,单位,单价,生效日期,失效日期,公示日期"
        post_prices(estate, cast, f"{head}\nW01,疏通下水,水,次,99,2026-11-25,,2026-11-20\n")
        assert QuoteLine.objects.get(code="W01").unit_price == Decimal("80.00")

    def test_quotes_and_lines_stay_as_they_are(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        for model in (Quote, QuoteLine):
            with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic():
                model.objects.update(**{"total" if model is Quote else "quantity": 1})


class TestConsent:
    def test_a_signature_is_bound_to_the_hash_of_the_quote(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        agreed(order, cast)
        consent = Consent.objects.select_related("quote", "signature").get()
        assert consent.content_hash == consent.quote.content_hash
        assert (consent.mode, consent.signer, consent.signature.original_name) == ("signature", "王丽", "签名.png")
        assert queries.photos_of(order) == []

    def test_a_changed_price_asks_again(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        agreed(order, cast)
        begun(order, cast)
        quoted(order, cast, ("W01", "2"), at=minutes(35))
        money = queries.money_of(order)
        assert (money.quote.version, money.consent, money.waits_for) == (2, None, "consent")
        refused(lambda: finish(order, cast), "同意现在的报价")
        refused(lambda: begun(order, cast, at=minutes(36)), "还没有同意")
        agreed(order, cast, at=minutes(36))
        begun(order, cast, at=minutes(37))
        finish(order, cast)
        assert order.status == "finished"

    def test_to_a_version_that_was_replaced_it_does_not_count(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        quoted(order, cast, ("W01", "2"), at=minutes(33))
        said: dict[str, Any] = {"version": 1, "signer": "王丽", "actor": cast.technician, "at": minutes(34)}
        refused(lambda: operations.consent_by_signature(order, drawing=drawing(), **said), "第 2 版,160.00 元")

    def test_once_and_with_a_name(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        said: dict[str, Any] = {"version": 1, "drawing": drawing(), "actor": cast.technician, "at": minutes(34)}
        refused(lambda: operations.consent_by_signature(order, signer=" ", **said), "姓名")
        refused(lambda: operations.consent_by_signature(order, signer="王丽", **{**said, "drawing": ""}), "请先签名")
        agreed(order, cast)
        refused(lambda: operations.consent_by_signature(order, signer="王丽", **said), "已经同意")

    @pytest.mark.parametrize(
        ("slip", "written", "says"),
        [("", 33, "纸单编号"), ("B-1", 31, "早于报价"), ("B-1", 61, "晚于现在")],
    )
    def test_on_paper_with_its_number_and_a_time_that_can_be(
        self, slip: str, written: int, says: str, estate: Estate, cast: Cast
    ) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        said: dict[str, Any] = {"version": 1, "signer": "王丽", "actor": cast.clerk, "at": minutes(60)}
        refused(lambda: operations.consent_on_paper(order, paper_slip=slip, written_at=minutes(written), **said), says)

    def test_on_paper_counts_from_the_papers_time(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        said: dict[str, Any] = {"version": 1, "signer": "王丽", "actor": cast.clerk, "at": minutes(60)}
        operations.consent_on_paper(order, paper_slip="B-1", written_at=minutes(33), **said)
        consent = Consent.objects.get()
        assert (consent.given_at, consent.keyed_at, consent.mode) == (minutes(33), minutes(60), "paper")

    def test_sent_twice_is_given_once(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        said: dict[str, Any] = {"drawing": drawing(), "signer": "王丽", "actor": cast.technician, "at": minutes(34)}
        for _ in range(2):
            operations.consent_by_signature(order, version=1, key="same", **said)
        assert Consent.objects.count() == 1


class TestTheCode:
    def told(self, estate: Estate, cast: Cast) -> tuple[WorkOrder, str]:
        order = paid_order(estate, cast)
        quoted(order, cast)
        return order, operations.tell_code(order, actor=cast.clerk, at=minutes(33))

    def enter(self, order: WorkOrder, cast: Cast, code: str, at: Any = None, **other: Any) -> bool:
        said = {"version": 1, "code": code, "signer": "王丽", "actor": cast.technician, "at": at or minutes(34)}
        return operations.consent_by_code(order, **{**said, **other})

    def test_told_by_the_desk_and_entered_at_the_door(self, estate: Estate, cast: Cast) -> None:
        order, code = self.told(estate, cast)
        assert len(code) == 6
        assert code.isdigit()
        assert self.enter(order, cast, f" {code} ")
        assert Consent.objects.get().mode == "code"
        begun(order, cast, at=minutes(35))

    def test_it_is_kept_nowhere(self, estate: Estate, cast: Cast) -> None:
        _, code = self.told(estate, cast)
        assert ConsentCode.objects.get().digest != code
        assert all(code not in f"{entry.values}{entry.note}" for entry in Entry.objects.filter(kind__contains="code"))

    def test_not_to_whoever_stands_at_the_door(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        with pytest.raises(operations.ConsentRefused, match="不能自己取"):
            operations.tell_code(order, actor=cast.technician, at=minutes(33))
        assert not ConsentCode.objects.exists()

    def test_a_wrong_one_is_counted_and_the_sixth_is_refused_though_right(self, estate: Estate, cast: Cast) -> None:
        order, code = self.told(estate, cast)
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        assert [self.enter(order, cast, wrong) for _ in range(5)] == [False] * 5
        refused(lambda: self.enter(order, cast, code), "输错太多次")
        assert ConsentCode.objects.get().tries == 5
        assert Entry.objects.filter(kind="repairs.order.code_wrong").count() == 5

    def test_half_an_hour_and_not_longer(self, estate: Estate, cast: Cast) -> None:
        order, code = self.told(estate, cast)
        refused(lambda: self.enter(order, cast, code, at=minutes(63) + timedelta(seconds=1)), "过期")
        assert self.enter(order, cast, code, at=minutes(63))

    def test_a_new_one_replaces_it(self, estate: Estate, cast: Cast) -> None:
        order, first = self.told(estate, cast)
        second = operations.tell_code(order, actor=cast.clerk, at=minutes(34))
        if first != second:
            assert not self.enter(order, cast, first)
        assert self.enter(order, cast, second)

    def test_it_is_for_one_quote(self, estate: Estate, cast: Cast) -> None:
        order, code = self.told(estate, cast)
        quoted(order, cast, ("W01", "3"), at=minutes(34))
        refused(lambda: self.enter(order, cast, code), "价格刚改过")
        refused(lambda: self.enter(order, cast, code, version=2), "还没有同意码")

    def test_five_a_quote(self, estate: Estate, cast: Cast) -> None:
        order, _ = self.told(estate, cast)
        for _ in range(4):
            operations.tell_code(order, actor=cast.clerk, at=minutes(34))
        refused(lambda: operations.tell_code(order, actor=cast.clerk, at=minutes(35)), "太多次")

    def test_nothing_to_agree_to(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        refused(lambda: operations.tell_code(order, actor=cast.clerk, at=minutes(33)), "还没有报价")
        quoted(order, cast)
        agreed(order, cast)
        refused(lambda: operations.tell_code(order, actor=cast.clerk, at=minutes(34)), "已经同意")


class TestTheWork:
    def test_paid_work_does_not_begin_without_consent(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        refused(lambda: begun(order, cast), "先按收费标准报价|要先按收费标准报价")
        refused(lambda: finish(order, cast), "同意现在的报价")
        quoted(order, cast)
        refused(lambda: begun(order, cast), "还没有同意")
        refused(lambda: finish(order, cast), "同意现在的报价")
        agreed(order, cast)
        refused(lambda: finish(order, cast), "开工以后")
        begun(order, cast)
        finish(order, cast)

    def test_nor_before_it_by_a_true_time_sent_later(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        agreed(order, cast)
        refused(
            lambda: operations.start_work(order, actor=cast.technician, at=minutes(32), keyed_at=minutes(36)), "早于"
        )

    def test_free_work_begins_with_the_arrival(self, estate: Estate, cast: Cast) -> None:
        order = order_in("working", estate, cast)
        refused(lambda: begun(order, cast), "先定收不收费")
        finish(order, cast)
        other = order_in("working", estate, cast)
        operations.check_terms(other, location_kind="common_part", part="pipes", actor=cast.technician, at=minutes(31))
        refused(lambda: begun(other, cast), "到场就能动手")
        finish(other, cast)
        assert not WorkStart.objects.exists()

    def test_what_was_paid_may_be_made_free_and_finished(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        operations.decide_charge(order, charge="free", reason="客户困难,免收", actor=cast.lead, at=minutes(35))
        finish(order, cast)

    @pytest.mark.parametrize("status", ["new", "assigned", "accepted", "on_hold"])
    def test_it_begins_on_site(self, status: str, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast, status=status)
        quoted(order, cast)
        agreed(order, cast)
        refused(lambda: begun(order, cast), "到场以后" if status != "new" else "还没有派出")

    def test_somebody_elses_hands(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        agreed(order, cast)
        refused(lambda: operations.start_work(order, actor=cast.second_technician, at=minutes(34)), "不能由您操作")

    def test_once_begun_the_place_is_not_looked_up_again(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        agreed(order, cast)
        begun(order, cast)
        refused(lambda: make_paid(order, cast, at=minutes(35)), "已经同意报价并开工")

    def test_done_again_it_is_still_begun(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast)
        quoted(order, cast)
        agreed(order, cast)
        begun(order, cast)
        finish(order, cast)
        operations.rework(order, reason="还在漏", actor=cast.technician, at=minutes(45))
        finish(order, cast, at=minutes(50))

    def test_a_whole_slip_of_a_paid_order_needs_its_consent_too(self, estate: Estate, cast: Cast) -> None:
        order = paid_order(estate, cast, status="assigned")
        slip: dict[str, Any] = {
            "technician": cast.technician,
            "arrived_at": minutes(30),
            "finished_at": minutes(50),
            "work_done": "换了角阀",
            "paper_slip": "A-9",
            "signer": "王丽",
            "written_at": minutes(55),
            "actor": cast.clerk,
            "at": minutes(90),
        }
        refused(lambda: operations.key_in_slip(order, **slip), "报价")
        order.refresh_from_db()
        quoted(order, cast)
        said: dict[str, Any] = {"version": 1, "signer": "王丽", "actor": cast.clerk, "at": minutes(89)}
        operations.consent_on_paper(order, paper_slip="A-9", written_at=minutes(35), **said)
        operations.key_in_slip(order, **slip)
        assert (order.status, WorkStart.objects.get().started_at) == ("closed", minutes(35))
        assert Accepted.objects.get().total == Decimal("150.00")


class TestTheAcceptance:
    def test_binds_what_was_done_charged_and_said(self, estate: Estate, cast: Cast) -> None:
        order = closed_paid_order(estate, cast)
        accepted = Accepted.objects.get()
        assert (accepted.order_id, accepted.charge, accepted.total, accepted.work_done) == (
            order.pk,
            "paid",
            Decimal("150.00"),
            "换了角阀",
        )
        assert (accepted.precautions_explained, accepted.satisfaction, accepted.opinion, accepted.contact_phone) == (
            True,
            5,
            "修得快",
            "13800138000",
        )
        assert broken("order.accepted_hash") == broken("order.quote_hash") == broken("order.consent") == []

    def test_a_free_one_too_without_a_word(self, estate: Estate, cast: Cast) -> None:
        order_in("closed", estate, cast)
        accepted = Accepted.objects.get()
        assert (accepted.charge, accepted.total, accepted.satisfaction, accepted.signer) == (
            "free",
            Decimal("0.00"),
            None,
            "王丽",
        )
        assert broken("order.accepted_hash") == []

    @pytest.mark.parametrize(
        "said",
        [operations.Opinion(satisfaction=0), operations.Opinion(satisfaction=6), operations.Opinion(contact_phone="1")],
    )
    def test_crooked_words_are_refused(self, said: operations.Opinion, estate: Estate, cast: Cast) -> None:
        order = order_in("finished", estate, cast)
        sending: dict[str, Any] = {"signer": "王丽", "actor": cast.technician, "at": minutes(50)}
        refused(lambda: operations.sign(order, drawing=drawing(), said=said, **sending), "满意程度|联系电话")

    def test_the_second_order_of_a_reopened_case_is_under_our_warranty(self, estate: Estate, cast: Cast) -> None:
        order = closed_paid_order(estate, cast)
        again = operations.reopen(order.case, reason="又漏了", actor=cast.lead, at=minutes(120))
        terms = operations.check_terms(again, location_kind="in_unit", part="pipes", actor=cast.lead, at=minutes(121))
        assert (terms.outcome, terms.charge) == ("own", "free")


class TestTheMoney:
    def test_a_closed_paid_order_is_charged_what_was_agreed(self, estate: Estate, cast: Cast) -> None:
        order = closed_paid_order(estate, cast)
        charge = Charge.objects.get()
        assert (charge.subject_type, charge.subject_id, charge.amount, charge.status, charge.collector) == (
            "repairs.order",
            order.pk,
            Decimal("150.00"),
            "open",
            cast.technician,
        )
        assert (charge.unit, charge.payer, charge.household_id) == ("3-2-1501", "王女士", order.case.household_id)
        assert list(charge.items.order_by("pk").values_list("title", "quantity", "amount")) == [
            ("疏通下水", Decimal("1.00"), Decimal("80.00")),
            ("角阀(材料)(2 个,已优惠 6.00 元)", Decimal("1.00"), Decimal("70.00")),
        ]

    def test_a_free_one_is_not(self, estate: Estate, cast: Cast) -> None:
        order_in("closed", estate, cast)
        assert not Charge.objects.exists()

    def test_done_anew_it_is_withdrawn_while_unpaid(self, estate: Estate, cast: Cast) -> None:
        order = closed_paid_order(estate, cast)
        operations.reopen(order.case, reason="又漏了", actor=cast.lead, at=minutes(120))
        assert Charge.objects.get().status == "withdrawn"

    def test_what_was_paid_stays(self, estate: Estate, cast: Cast) -> None:
        order = closed_paid_order(estate, cast)
        payment = fees.Payment("cash", "王女士")
        fees.take_payment(Charge.objects.get(), payment=payment, actor=cast.technician, at=minutes(60))
        operations.reopen(order.case, reason="又漏了", actor=cast.lead, at=minutes(120))
        assert Charge.objects.get().status == "settled"


def broken(code: str) -> list[str]:
    found = next(one for one in INVARIANTS if one.code == code)
    return list(found.broken(AT))


def altered(change: Callable[[], Any]) -> None:
    """Change rows as no operation can: with the guards away."""
    with set_aside(), as_command():
        change()


class TestVerifyFinds:
    @pytest.mark.parametrize(
        ("code", "change"),
        [
            ("order.quote_hash", lambda: QuoteLine.objects.filter(code="W01").update(unit_price=1)),
            ("order.quote_hash", lambda: QuoteLine.objects.filter(code="W01").delete()),
            ("order.quote_hash", lambda: Quote.objects.update(total=1)),
            ("order.quote_hash", lambda: Quote.objects.update(quoted_at=minutes(1))),
            ("order.consent", lambda: Consent.objects.update(content_hash="0" * 64)),
            ("order.consent", lambda: Consent.objects.update(given_at=minutes(1))),
            ("order.consent", lambda: Consent.objects.update(given_at=minutes(39))),
            ("order.consent", lambda: WorkStart.objects.all().delete()),
            ("order.accepted_hash", lambda: Accepted.objects.update(work_done="什么也没干")),
            ("order.accepted_hash", lambda: Accepted.objects.update(total=1)),
            ("order.accepted_hash", lambda: Accepted.objects.update(satisfaction=1)),
            ("order.accepted_hash", lambda: Accepted.objects.update(opinion="很差")),
            ("order.accepted_hash", lambda: Accepted.objects.update(signer="别人")),
        ],
    )
    def test_an_altered_row(self, code: str, change: Callable[[], Any], estate: Estate, cast: Cast) -> None:
        order = closed_paid_order(estate, cast)
        assert [one.code for one in INVARIANTS if list(one.broken(AT))] == []
        altered(change)
        assert broken(code) == [order.number]

    def test_not_that_a_person_was_erased(self, estate: Estate, cast: Cast) -> None:
        closed_paid_order(estate, cast)
        with as_command():
            Accepted.objects.update(signer="(已删除)", opinion="", contact_phone="", secret="")
        assert broken("order.accepted_hash") == []
