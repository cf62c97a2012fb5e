"""Reading batches of prints: only those who asked for one see it."""

from datetime import datetime, timedelta

from django.http import Http404

from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.models import PrintRun

LATEST = 10
GIVES_UP_AFTER = timedelta(minutes=30)


def run_for(user: User, run_id: int) -> PrintRun:
    """Return the person's own run; 404 for anybody else's."""
    run = PrintRun.objects.select_related("file", "made_by").filter(pk=run_id, made_by=user).first()
    if run is None:
        raise Http404
    return run


def run_with_id(run_id: int) -> PrintRun | None:
    return PrintRun.objects.select_related("made_by").filter(pk=run_id).first()


def latest_runs(user: User) -> list[PrintRun]:
    return list(PrintRun.objects.filter(made_by=user).select_related("file").order_by("-id")[:LATEST])


def is_lost(run: PrintRun, *, at: datetime) -> bool:
    """Tell whether the file should long be there and is not: the job's attempts end after a few minutes."""
    return run.file_id is None and at - run.made_at > GIVES_UP_AFTER
