"""What is over is forgotten, to be listed among the schedules: sessions that have ended, guesses of yesterday."""

from datetime import timedelta

from django.utils.timezone import now
from django_tasks import task

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.signing_in.operations import forget_old

KEPT = timedelta(days=1)


@task
def forget_what_is_over() -> int:
    """Delete ended sessions and old guesses; return how many."""
    at = now()
    return accounts.forget_sessions(before=at) + forget_old(before=at - KEPT)
