"""Background work: opening the rounds that fall due; printing what was listed."""

import logging
from datetime import time

from django.utils.timezone import localdate, now
from django_tasks import task

from huiyin.areas.upkeep import operations as upkeep
from huiyin.areas.upkeep import queries as plans
from huiyin.areas.upkeep.documents import FORMS
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.documents import operations, queries
from huiyin.foundation.jobs.rules import Schedule

log = logging.getLogger(__name__)


@task()
def open_rounds() -> None:
    """Open the rounds of preventive plans that are due soon, and those that fell due while nobody worked."""
    at, actor = now(), system_actor()
    opened = sum(upkeep.open_rounds(plan, actor=actor, at=at) for plan in plans.plans_to_open(today=localdate(at)))
    log.info("opened %s rounds", opened)


@task(max_attempts=3)
def print_listed(*, run_id: int) -> None:
    """Print a batch in the name of who asked for it."""
    run = queries.run_with_id(run_id)
    if run is None:
        log.warning("no print run %s", run_id)
        return
    operations.carry_out(run, FORMS[run.form], at=now())


SCHEDULES = (Schedule("open-upkeep-rounds", open_rounds, daily_at=time(0, 30)),)
