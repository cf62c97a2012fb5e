"""Background work: printing the assets that were listed."""

import logging

from django.utils.timezone import now
from django_tasks import task

from huiyin.areas.materials.documents import REGISTERS
from huiyin.foundation.documents import operations, queries

log = logging.getLogger(__name__)


@task(max_attempts=3)
def print_listed(*, run_id: int) -> None:
    """Print a batch in the name of who asked for it."""
    run = queries.run_with_id(run_id)
    if run is None:
        log.warning("no print run %s", run_id)
        return
    operations.carry_out(run, REGISTERS[run.form], at=now())
