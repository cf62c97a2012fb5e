"""Reading batches of prints: only those who asked for one see it."""

from django.http import Http404

from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.models import PrintRun
from huiyin.foundation.jobs.queries import unfinished_with_key

LATEST = 10


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


def is_lost(run: PrintRun) -> bool:
    """Tell whether nobody works on the run any more and there is no file: its job failed for good."""
    return run.file_id is None and not unfinished_with_key(run.job_key).exists()
