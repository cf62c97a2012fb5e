"""Material comes, goes and changes hands: what is written, what is refused, and that a refusal changed nothing."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import operations, queries
from huiyin.areas.materials.invariants import INVARIANTS
from huiyin.areas.materials.models import Count, Holding, Item, Movement, Place, Requisition, RequisitionLine
from huiyin.areas.materials.operations import Accounted
from huiyin.areas.materials.operations.counting import Counted
from huiyin.areas.materials.rules import Band, Subject, Want
from huiyin.areas.materials.tests.conftest import Stock
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.refusals import Refused
from huiyin.foundation.states.moves import MovedMeanwhile, NoteNeeded
from tests.cast import AT, Cast

JOB = Subject("repairs.order", 7, "YH-W261125-001-1", "case:7")


def d(said: str) -> Decimal:
    return Decimal(said)


def lying(place: Place | None) -> dict[str, Decimal]:
    if place is None:
        return {}
    return {one.item.code: one.quantity for one in Holding.objects.filter(place=place).select_related("item")}


def whole() -> tuple[Any, ...]:
    tables = (Holding, Movement, Requisition, RequisitionLine, Count, Place, Entry)
    return tuple(list(model.objects.order_by("pk").values()) for model in tables)


def sound() -> bool:
    return {one.code: found for one in INVARIANTS if (found := list(one.broken(AT)))} == {}


def refused(act: Callable[[], object]) -> str:
    before = whole()
    with pytest.raises(Refused) as said, transaction.atomic():
        act()
    assert whole() == before
    return said.value.sentence


def slip_for(stock: Stock, cast: Cast, *wants: tuple[Item, str], subject: Subject | None = JOB) -> Requisition:
    return operations.ask(
        Estate.objects.get(pk=stock.store.estate_id),
        technician=cast.technician,
        store=stock.store,
        wants=[Want(item.pk, d(quantity)) for item, quantity in wants],
        subject=subject,
        actor=cast.technician,
        at=AT,
    )


def issued(
    stock: Stock, cast: Cast, keeper: User, *wants: tuple[Item, str], subject: Subject | None = JOB
) -> Requisition:
    slip = slip_for(stock, cast, *wants, subject=subject)
    operations.issue(slip, {line.pk: line.asked for line in slip.lines.all()}, actor=keeper, at=AT)
    return slip


def line_of(slip: Requisition, item: Item) -> RequisitionLine:
    return RequisitionLine.objects.get(requisition=slip, item=item)


def test_a_slip_goes_from_asked_to_settled(stock: Stock, cast: Cast, keeper: User) -> None:
    slip = slip_for(stock, cast, (stock.tap, "2"), (stock.hose, "1.5"))
    assert (slip.number, slip.status, slip.thread) == ("YH-LL261125-001", "asked", "case:7")
    assert lying(stock.store) == {"SL-04": d("5"), "RG-01": d("20.5"), "SD-01": d("100")}
    operations.issue(slip, {line.pk: line.asked for line in slip.lines.all()}, actor=keeper, at=AT)
    bag = queries.bag_of(slip.estate_id, cast.technician)
    assert (slip.status, slip.issued_by) == ("issued", keeper)
    assert lying(stock.store) == {"SL-04": d("3"), "RG-01": d("19"), "SD-01": d("100")}
    assert lying(bag) == {"SL-04": d("2"), "RG-01": d("1.5")}
    assert line_of(slip, stock.tap).unit_price == d("18.50")
    assert line_of(slip, stock.hose).unit_price is None
    tap, hose = line_of(slip, stock.tap), line_of(slip, stock.hose)
    operations.account(slip, {tap.pk: Accounted(d("1"), d("1"))}, actor=cast.technician, at=AT)
    assert slip.status == "issued"
    operations.account(slip, {hose.pk: Accounted(used=d("1.5"))}, actor=cast.technician, at=AT)
    slip.refresh_from_db()
    assert (slip.status, slip.settled_at) == ("settled", AT)
    assert lying(bag) == {"SL-04": d("0"), "RG-01": d("0")}
    assert lying(stock.store)["SL-04"] == d("4")
    said = list(Entry.objects.filter(thread="case:7").order_by("id").values_list("kind", flat=True))
    steps = ("asked", "issued", "accounted", "accounted", "settled")
    assert said == [f"materials.requisition.{step}" for step in steps]
    kinds = Movement.objects.exclude(kind="receive").order_by("id").values_list("kind", "quantity", "subject_id")
    assert list(kinds) == [
        ("issue", d("2"), 7),
        ("issue", d("1.5"), 7),
        ("use", d("1"), 7),
        ("return", d("1"), 7),
        ("use", d("1.5"), 7),
    ]
    assert sound()


def test_an_order_is_not_settled_while_something_is_open(stock: Stock, cast: Cast, keeper: User) -> None:
    operations.require_settled("repairs.order", 7)
    slip = issued(stock, cast, keeper, (stock.tap, "2"))
    line = line_of(slip, stock.tap)
    operations.require_settled("repairs.order", 8)
    said = refused(lambda: operations.require_settled("repairs.order", 7))
    assert said == "还有 2 个水龙头 4 分没有说明用了还是退了(李强领的),请先在材料里填好"
    operations.account(slip, {line.pk: Accounted(used=d("1"))}, actor=cast.technician, at=AT)
    assert "还有 1 个水龙头" in refused(lambda: operations.require_settled("repairs.order", 7))
    operations.account(slip, {line.pk: Accounted(returned=d("1"))}, actor=cast.technician, at=AT)
    operations.require_settled("repairs.order", 7)


def test_what_cannot_be_asked_for(stock: Stock, estate: Estate, cast: Cast) -> None:
    assert refused(lambda: slip_for(stock, cast)) == "请至少选一样材料"
    twice = ((stock.tap, "1"), (stock.tap, "2"))
    assert refused(lambda: slip_for(stock, cast, *twice)) == "同一样材料写了两行,请合成一行"
    assert "要大于 0" in refused(lambda: slip_for(stock, cast, (stock.tap, "0")))
    assert "最多两位小数" in refused(lambda: slip_for(stock, cast, (stock.hose, "0.125")))
    Item.objects.filter(pk=stock.tape.pk).update(active=False)
    assert "已经停用" in refused(lambda: slip_for(stock, cast, (stock.tape, "1")))


def test_no_more_is_issued_than_asked_or_there(stock: Stock, cast: Cast, keeper: User) -> None:
    slip = slip_for(stock, cast, (stock.tap, "9"), (stock.tape, "1"))
    tap, tape = line_of(slip, stock.tap), line_of(slip, stock.tape)

    def give(tap_quantity: str, tape_quantity: str = "1") -> None:
        what = {tape.pk: d(tape_quantity), tap.pk: d(tap_quantity)}
        operations.issue(Requisition.objects.get(pk=slip.pk), what, actor=keeper, at=AT)

    assert refused(lambda: give("6")) == "总库房里水龙头 4 分只有 5 个,要拿 6 个不够"
    assert refused(lambda: give("10")) == "水龙头 4 分只申领了 9 个,不能多发"
    assert refused(lambda: give("0", "0")) == "至少发一样;都没有就作废这张领料单"
    give("5", "0")
    assert lying(stock.store)["SL-04"] == 0
    with pytest.raises(MovedMeanwhile), transaction.atomic():
        give("0", "1")
    assert sound()


def test_no_more_is_accounted_for_than_was_issued(stock: Stock, cast: Cast, keeper: User) -> None:
    slip = issued(stock, cast, keeper, (stock.tap, "2"))
    line = line_of(slip, stock.tap)

    def say(used: str, returned: str = "0", line_id: int = line.pk) -> None:
        operations.account(slip, {line_id: Accounted(d(used), d(returned))}, actor=cast.technician, at=AT)

    assert refused(lambda: say("2", "1")) == "水龙头 4 分手里还有 2,用的和退的加起来不能更多"
    assert "不能小于 0" in refused(lambda: say("3", "-1"))
    assert refused(lambda: say("0")) == "请填用了多少、退了多少"
    assert "不在这张领料单上" in refused(lambda: say("1", line_id=line.pk + 999))
    say("2")
    assert "已结清" in refused(lambda: say("1"))


def test_a_slip_that_fills_the_bag_is_settled_when_issued(stock: Stock, cast: Cast, keeper: User) -> None:
    slip = issued(stock, cast, keeper, (stock.tap, "2"), subject=None)
    assert slip.status == "settled"
    told: dict[str, Any] = {"actor": cast.technician, "at": AT}
    operations.use_from_bag(stock.tap, d("1"), subject=JOB, **told)
    assert [(one.name, one.quantity, one.unit_price) for one in queries.used_on("repairs.order", [7])[7]] == [
        ("水龙头", d("1"), d("18.50"))
    ]
    operations.put_back(stock.tap, d("1"), store=stock.store, **told)
    assert lying(queries.bag_of(slip.estate_id, cast.technician)) == {"SL-04": 0}
    assert lying(stock.store)["SL-04"] == d("4")
    assert sound()


def test_what_a_slip_claims_is_not_taken_out_of_the_bag_otherwise(stock: Stock, cast: Cast, keeper: User) -> None:
    issued(stock, cast, keeper, (stock.tap, "2"))
    issued(stock, cast, keeper, (stock.tap, "1"), subject=None)
    told: dict[str, Any] = {"actor": cast.technician, "at": AT}
    other = replace(JOB, id=8)
    said = refused(lambda: operations.use_from_bag(stock.tap, d("2"), subject=other, **told))
    assert said.startswith("李强随身里不属于领料单的水龙头 4 分只有 1 个")
    assert "只有 1 个" in refused(lambda: operations.put_back(stock.tap, d("2"), store=stock.store, **told))
    operations.use_from_bag(stock.tap, d("1"), subject=other, **told)
    assert sound()


def test_a_slip_is_voided_with_a_reason_and_only_before_it_is_issued(stock: Stock, cast: Cast, keeper: User) -> None:
    slip = slip_for(stock, cast, (stock.tap, "2"))
    with pytest.raises(NoteNeeded):
        operations.void_requisition(slip, reason=" ", actor=keeper, at=AT)
    operations.void_requisition(slip, reason="客户不修了", actor=keeper, at=AT)
    assert slip.status == "voided"
    other = issued(stock, cast, keeper, (stock.tap, "1"))
    with pytest.raises(MovedMeanwhile):
        operations.void_requisition(other, reason="不要了", actor=keeper, at=AT)
    third = slip_for(stock, cast, (stock.tap, "1"))
    operations.drop_asked_of("repairs.order", 7, reason="维修单结束", actor=cast.lead, at=AT)
    assert [Requisition.objects.get(pk=one.pk).status for one in (other, third)] == ["issued", "voided"]


def test_a_repeated_sending_does_nothing(stock: Stock, estate: Estate, cast: Cast, keeper: User) -> None:
    told: dict[str, Any] = {"actor": cast.technician, "at": AT, "key": "again"}
    wants = [Want(stock.tap.pk, d("2"))]
    first, second = (
        operations.ask(estate, technician=cast.technician, store=stock.store, wants=wants, subject=JOB, **told)
        for _ in range(2)
    )
    assert first == second
    for _ in range(2):
        operations.receive(stock.tap, stock.store, d("3"), actor=keeper, at=AT, key="delivery")
    assert lying(stock.store)["SL-04"] == d("8")


def test_material_is_handed_out_moved_and_written_off(stock: Stock, estate: Estate, keeper: User) -> None:
    told: dict[str, Any] = {"actor": keeper, "at": AT}
    other = operations.open_store(estate, name="东区小库", **told)
    operations.hand_out(stock.tape, stock.store, d("4"), taker="保洁 刘姐", **told)
    operations.transfer(stock.tape, d("50"), origin=stock.store, to=other, **told)
    operations.write_off(stock.tape, other, d("3"), reason="受潮", **told)
    assert (lying(stock.store)["SD-01"], lying(other)["SD-01"]) == (d("46"), d("47"))
    assert "请写谁领用的" in refused(lambda: operations.hand_out(stock.tape, stock.store, d("1"), taker=" ", **told))
    assert "原因" in refused(lambda: operations.write_off(stock.tape, other, d("1"), reason="", **told))
    assert "两个不同" in refused(lambda: operations.transfer(stock.tape, d("1"), origin=other, to=other, **told))
    assert "不够" in refused(lambda: operations.transfer(stock.tape, d("48"), origin=other, to=stock.store, **told))
    assert [one.taker for one in queries.handed_out(estate.pk, since=AT, until=AT.replace(hour=23))] == ["保洁 刘姐"]
    assert sound()


def test_a_count_posts_its_differences_all_at_once(stock: Stock, cast: Cast, keeper: User) -> None:
    count = operations.begin_count(stock.store, actor=keeper, at=AT)
    lines = {line.item.code: line.pk for line in queries.count_lines(count)}
    said = {
        lines["SL-04"]: Counted(d("4"), "少一个"),
        lines["RG-01"]: Counted(d("20.5")),
        lines["SD-01"]: Counted(d("101"), "多放了一卷"),
    }

    def post(**changed: Counted) -> None:
        counted = said | {lines[code.replace("_", "-")]: one for code, one in changed.items()}
        operations.post_count(Count.objects.select_related("place").get(pk=count.pk), counted, actor=keeper, at=AT)

    assert refused(lambda: post(SL_04=Counted(None))) == "水龙头 4 分还没有填实盘数"
    assert refused(lambda: post(SL_04=Counted(d("4")))) == "水龙头 4 分账实不符,请写明原因"
    assert "要大于 0" in refused(lambda: post(SL_04=Counted(d("-1"), "错")))
    post()
    assert lying(stock.store) == {"SL-04": d("4"), "RG-01": d("20.5"), "SD-01": d("101")}
    kinds = Movement.objects.filter(kind__in=["surplus", "shortage"]).order_by("item")
    assert [(one.kind, one.quantity, one.note) for one in kinds] == [
        ("shortage", d("1"), "少一个"),
        ("surplus", d("1"), "多放了一卷"),
    ]
    assert Entry.objects.get(kind="materials.count.posted").values["differences"] == 2
    assert sound()


def test_a_count_is_not_posted_when_something_moved_meanwhile(stock: Stock, keeper: User) -> None:
    count = operations.begin_count(stock.store, actor=keeper, at=AT)
    assert "正在清点" in refused(lambda: operations.begin_count(stock.store, actor=keeper, at=AT))
    operations.receive(stock.tap, stock.store, d("1"), actor=keeper, at=AT)
    said = {line.pk: Counted(line.expected) for line in queries.count_lines(count)}
    sentence = refused(lambda: operations.post_count(count, said, actor=keeper, at=AT))
    assert sentence == "清点以后有进出:水龙头 4 分(现在账面 6);请放弃这次清点,重新数一遍"
    count.refresh_from_db()
    operations.drop_count(count, reason="来货了", actor=keeper, at=AT)
    assert operations.begin_count(stock.store, actor=keeper, at=AT).number == "YH-PD261125-002"


def test_what_a_slip_claims_cannot_go_missing_from_a_bag(stock: Stock, cast: Cast, keeper: User) -> None:
    slip = issued(stock, cast, keeper, (stock.tap, "2"))
    bag = queries.bag_of(slip.estate_id, cast.technician)
    assert bag is not None
    count = operations.begin_count(bag, actor=keeper, at=AT)
    said = {line.pk: Counted(d("1"), "掉了") for line in queries.count_lines(count)}
    assert "没结清的领料单" in refused(lambda: operations.post_count(count, said, actor=keeper, at=AT))


def test_prices_are_dated_by_band_and_never_edited(stock: Stock, keeper: User) -> None:
    day = AT.date()
    later = [Band(d("0"), d("13"), d("20")), Band(d("10"), d("11"), d("17.50"))]
    operations.set_prices(stock.tap, later, valid_from=day.replace(month=12, day=1), actor=keeper, at=AT)

    def charge(quantity: str, month: int, on: int) -> Decimal | None:
        band = queries.price_of(stock.tap.pk, d(quantity), day=day.replace(month=month, day=on))
        return band.charge if band else None

    assert [charge("1", 11, 24), charge("1", 11, 25), charge("50", 11, 30)] == [None, d("18.50"), d("18.50")]
    assert [charge("9.99", 12, 1), charge("10", 12, 1), charge("50", 12, 31)] == [d("20"), d("17.50"), d("17.50")]
    put_right = [Band(d("0"), d("13"), d("19"))]
    operations.set_prices(stock.tap, put_right, valid_from=day.replace(month=12, day=1), actor=keeper, at=AT)
    assert charge("50", 12, 1) == d("19")
    crooked = [Band(d("1"), d("1"), d("1"))]
    said = refused(lambda: operations.set_prices(stock.tap, crooked, valid_from=day, actor=keeper, at=AT))
    assert said == "第一档要从 0 起,少量也要有价"


def test_the_database_keeps_movements_and_balances(stock: Stock) -> None:
    move = Movement.objects.earliest("id")
    with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic():
        Movement.objects.filter(pk=move.pk).update(quantity=d("1"))
    with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic():
        move.delete()
    with pytest.raises(IntegrityError, match="stock_not_negative"), transaction.atomic():
        Holding.objects.filter(item=stock.tap).update(quantity=d("-1"))


def test_a_balance_that_is_not_the_sum_is_found(stock: Stock, unguarded: None) -> None:
    assert sound()
    Holding.objects.filter(item=stock.tap).update(quantity=d("6"))
    broken = {one.code: list(one.broken(AT)) for one in INVARIANTS}
    held = Holding.objects.get(item=stock.tap)
    assert {code: found for code, found in broken.items() if found} == {"material.balance": [f"holding {held.pk}"]}


def test_a_plan_keeps_what_was_decided(stock: Stock, estate: Estate, keeper: User) -> None:
    operations.hand_out(stock.tap, stock.store, d("3"), taker="李强", actor=keeper, at=AT)
    [low] = queries.low_items(estate.pk)
    assert (low.code, low.stock) == ("SL-04", d("2"))
    plan = operations.make_plan(estate, [Want(stock.tap.pk, d("8"))], actor=keeper, at=AT)
    line = plan.lines.get()
    assert (plan.number, line.stock, line.least, line.quantity, line.cost) == (
        "YH-CG261125-001",
        d("2"),
        d("3"),
        d("8"),
        d("12"),
    )
    assert Entry.objects.get(kind="materials.plan.made").subject_id == plan.pk
    assert "至少写一样" in refused(lambda: operations.make_plan(estate, [], actor=keeper, at=AT))


def test_items_are_set_up_and_changed(stock: Stock, estate: Estate, keeper: User) -> None:
    told: dict[str, Any] = {"actor": keeper, "at": AT}
    again: dict[str, Any] = {"code": "SL-04", "name": "别的", "unit": "个"}
    assert refused(lambda: operations.set_up_item(estate, **again, **told)) == "编码 SL-04 已经有了"
    level: dict[str, Any] = {"name": "水龙头", "spec": "6 分", "least": d("3"), "up_to": d("2"), "active": True}
    assert "不能比它少" in refused(lambda: operations.change_item(stock.tap, **level, **told))
    level |= {"up_to": None, "active": False}
    assert "还有库存" in refused(lambda: operations.change_item(stock.tap, **level, **told))
    operations.change_item(stock.tap, **(level | {"active": True}), **told)
    assert Entry.objects.get(kind="materials.item.changed").values == {"spec": "4 分 → 6 分", "up_to": "10 → None"}
    assert "已经有叫" in refused(lambda: operations.open_store(estate, name="总库房", **told))
