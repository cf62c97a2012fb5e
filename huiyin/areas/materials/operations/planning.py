"""采购计划: what is to be bought, decided from what is low. F-29, clause S2-36."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localdate

from huiyin.areas.estate.models import Estate
from huiyin.areas.materials import events, queries, rules
from huiyin.areas.materials.models import Item, Plan, PlanLine
from huiyin.areas.materials.operations.moving import MaterialRefused, check_quantity
from huiyin.areas.materials.rules import Want
from huiyin.foundation.accounts.models import User
from huiyin.foundation.bulk import reserve_ids
from huiyin.foundation.idempotency.operations import earlier_result, remember
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.numbers.operations import next_number
from huiyin.foundation.transactions import command


@command
def make_plan(estate: Estate, wants: Sequence[Want], *, actor: User, at: datetime, key: str = "") -> Plan:
    """Lay down what is to be bought, with the stock and the price of the day. Refused for nothing or an item unknown."""
    known = earlier_result(key, "materials.make_plan", actor=actor)
    if known is not None:
        return Plan.objects.get(pk=known)
    if not wants:
        raise MaterialRefused("请至少写一样要采购的数量")
    found = {item.pk: item for item in queries.items_to_ask(estate.pk)}
    if any(want.item_id not in found for want in wants):
        raise MaterialRefused("有一样材料不在本小区的目录里")
    day = localdate(at)
    number = rules.number_of(estate.code, "CG", day, next_number(estate.pk, "purchase plan", day))
    [plan_id] = reserve_ids(Plan, 1)
    fact = events.PlanMade(subject_id=plan_id, estate_id=estate.pk, number=number, items=len(wants))
    entry = journal.announce(fact, actor=actor, at=at)
    plan = Plan.objects.create(pk=plan_id, estate=estate, number=number, made_by=actor, made_at=at, entry=entry)
    prices = queries.in_force([want.item_id for want in wants], day=day)
    PlanLine.objects.bulk_create(_line(plan, found[want.item_id], want, prices) for want in wants)
    remember(key, "materials.make_plan", actor=actor, at=at, result=plan.pk)
    return plan


def _line(plan: Plan, item: Item, want: Want, prices: dict[int, list[rules.Band]]) -> PlanLine:
    check_quantity(item, want.quantity)
    band = rules.band_for(prices.get(item.pk, []), want.quantity)
    stock = item.stock  # type: ignore[attr-defined]  # annotated by the query
    cost = band.cost if band else None
    return PlanLine(plan=plan, item=item, stock=stock, least=item.least, quantity=want.quantity, cost=cost)
