"""Background work of past cases: checking and taking in long sheets of old orders."""

import logging

from django.utils.timezone import now
from django_tasks import task

from huiyin.areas.past_cases import operations, queries
from huiyin.foundation.accounts.queries import system_actor

log = logging.getLogger(__name__)


@task
def check_orders(*, sheet_id: int) -> None:
    """Check a sheet that was handed in."""
    sheet = queries.sheet_by_number(sheet_id)
    if sheet is None:
        log.warning("no sheet of orders %s", sheet_id)
        return
    operations.check(sheet, actor=system_actor(), at=now())


@task
def take_in_orders(*, sheet_id: int) -> None:
    """Take in a sheet that was confirmed, in the name of who confirmed it."""
    sheet = queries.sheet_by_number(sheet_id)
    if sheet is None or sheet.confirmed_by is None:
        log.warning("no confirmed sheet of orders %s", sheet_id)
        return
    operations.take_in_orders(sheet, actor=sheet.confirmed_by, at=now())
