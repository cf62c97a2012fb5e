"""Background work: printing what was listed; giving out orders as their estates chose."""

import logging
from datetime import timedelta

from django.utils.timezone import now
from django_tasks import task

from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs import queries as orders
from huiyin.areas.repairs.documents import FORMS
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.documents import operations, queries
from huiyin.foundation.jobs.rules import Schedule
from huiyin.foundation.refusals import Refused

log = logging.getLogger(__name__)


@task(max_attempts=3)
def print_listed(*, run_id: int) -> None:
    """Print a batch in the name of who asked for it."""
    run = queries.run_with_id(run_id)
    if run is None:
        log.warning("no print run %s", run_id)
        return
    operations.carry_out(run, FORMS[run.form], at=now())


@task()
def give_out_orders() -> None:
    """Lay open or give in turn what waits in the estates that chose so, and hand the lead what nobody grabbed."""
    at, actor = now(), system_actor()
    for order_id in orders.orders_for_the_rule():
        order = orders.order_by_id(order_id)
        try:
            if order:
                repairs.follow_the_rule(order, actor=actor, at=at)
        except Refused as refusal:
            log.info("order %s was not given out: %s", order_id, refusal.sentence)
    for offer in orders.lapsed_offers(at=at):
        repairs.lapse(offer, actor=actor, at=at)


SCHEDULES = (Schedule("give-out-orders", give_out_orders, every=timedelta(minutes=1)),)
