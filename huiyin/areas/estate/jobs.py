"""Background work of the estate: checking and taking in large sheets."""

import logging

from django.utils.timezone import localdate, now
from django_tasks import task

from huiyin.areas.estate import operations, queries
from huiyin.foundation.accounts.queries import system_actor

log = logging.getLogger(__name__)


@task
def check_sheet(*, import_id: int) -> None:
    """Check a sheet that was handed in."""
    handed_in = queries.import_by_number(import_id)
    if handed_in is None:
        log.warning("no import %s", import_id)
        return
    operations.check(handed_in, actor=system_actor(), at=now(), today=localdate())


@task
def take_in_sheet(*, import_id: int) -> None:
    """Take in a sheet that was confirmed, in the name of who confirmed it."""
    handed_in = queries.import_by_number(import_id)
    if handed_in is None or handed_in.confirmed_by is None:
        log.warning("no confirmed import %s", import_id)
        return
    operations.take_in(handed_in, actor=handed_in.confirmed_by, at=now(), today=localdate())
