"""运行: dead jobs are tried again or given up with a reason, schedules tell their outcome, backups their age."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Clock
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.backups.models import Backup
from huiyin.foundation.jobs import operations, queries
from huiyin.foundation.jobs.models import Job, ScheduleRow
from huiyin.foundation.jobs.tasks import LeasedTask
from huiyin.foundation.journal.models import Entry
from huiyin.surfaces.cli.schedule import SCHEDULES
from huiyin.surfaces.web import house_words
from tests.cast import AT, Cast, hire

Browsers = Callable[[User], Client]
TRACE = """Traceback (most recent call last):
  File "x.py", line 1, in f
django.db.utils.IntegrityError: key (13800138000) is there
DETAIL:  of somebody
"""


def dead(error: str = TRACE, **fields: object) -> Job:
    values: dict[str, object] = {
        "task": "huiyin.foundation.files.upkeep.sweep_orphaned_files",
        "queue": "default",
        "attempts": 8,
        "max_attempts": 8,
        "last_error": error,
        **dict.fromkeys(("run_after", "enqueued_at", "finished_at"), AT - timedelta(hours=2)),
    }
    return Job.objects.create(status="failed", **{**values, **fields})


@pytest.fixture
def keeper(estate: Estate) -> User:
    return hire("keeper", "吴涛", estate=estate, role="keeper")


@pytest.fixture
def browser(keeper: User, browser_of: Browsers, clock: Clock) -> Client:
    return browser_of(keeper)


def seen(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_dead_job_is_listed_with_what_went_wrong_but_nobodys_number(browser: Client) -> None:
    dead()

    page = seen(browser, "/house/jobs/")

    assert "清理没有记录的文件" in page
    assert "程序出错(IntegrityError):key (…) is there" in page
    assert "13800138000" not in page
    assert "08:00" in page


def test_a_dead_job_is_tried_again_and_the_record_says_by_whom(browser: Client, keeper: User) -> None:
    job = dead()

    answer = browser.post(f"/house/jobs/{job.pk}/retry/")

    assert answer.status_code == 303
    assert not queries.failed_jobs().exists()
    assert queries.standing(AT).due == 1
    line = Entry.objects.get(kind="jobs.job.retried")
    assert (line.actor_id, line.subject_id, line.values["attempts"]) == (keeper.pk, job.pk, 8)


def test_a_dead_job_is_given_up_only_with_a_reason(browser: Client) -> None:
    job = dead()

    assert browser.post(f"/house/jobs/{job.pk}/drop/", {"note": " "}).status_code == 409
    assert queries.failed_job(job.pk) is not None
    assert browser.post(f"/house/jobs/{job.pk}/drop/", {"note": "文件已手工清理"}).status_code == 303

    assert (Job.objects.get().status, queries.standing(AT).due) == ("dropped", 0)
    assert Entry.objects.get(kind="jobs.job.dropped").note == "文件已手工清理"
    assert browser.post(f"/house/jobs/{job.pk}/retry/").status_code == 404


def test_the_list_of_dead_jobs_has_pages_and_asks_no_more_for_more_rows(browser: Client) -> None:
    counts = []
    for more in (1, 2, 57):
        for _ in range(more):
            dead()
        with CaptureQueriesContext(connection) as captured:
            page = seen(browser, "/house/jobs/")
        counts.append(len(captured))

    assert counts[0] == counts[1]
    assert "下一页" in page
    assert seen(browser, "/house/jobs/?page=2").count('name="note"') == 10


def test_each_schedule_tells_its_last_outcome_and_how_late_it_is(browser: Client, clock: Clock) -> None:
    operations.synchronise(SCHEDULES, at=AT - timedelta(hours=3))
    ran = {"last_run_at": AT - timedelta(minutes=10)}
    ended = AT - timedelta(minutes=9)
    ScheduleRow.objects.filter(name="back-up").update(last_failed_at=ended, last_error="磁盘空间不足", **ran)
    ScheduleRow.objects.filter(name="open-duties").update(
        last_done_at=ended, next_run_at=AT + timedelta(hours=1), **ran
    )

    page = seen(browser, "/house/")

    assert "磁盘空间不足" in page
    assert page.count("还没有执行过") == len(SCHEDULES) - 2
    assert "3 小时" in page, "those that run every so often were due three hours ago"
    assert all(house_words.title_of(one.task.module_path) in page for one in SCHEDULES)


@pytest.mark.parametrize(("hours", "red"), [(25, False), (27, True), (None, True)])
def test_the_age_of_the_last_good_backup_is_red_after_26_hours(browser: Client, hours: int | None, red: bool) -> None:
    Backup.objects.create(at=AT - timedelta(hours=1), error="磁盘空间不足")
    if hours:
        Backup.objects.create(at=AT - timedelta(hours=hours), path="/srv/b/huiyin-1.tar", size=2_000_000, rows=1234)

    page, overview = seen(browser, "/house/backups/"), seen(browser, "/house/")

    assert ("26 小时没有新的备份" in page or "还没有一份好的备份" in page) == red
    assert ("hy-bignumber hy-tone-red" in overview) == red
    assert "磁盘空间不足" in page
    assert ("1,234 行" in page) == bool(hours)


def test_who_runs_the_house_sees_no_residents_and_who_leads_an_estate_does_not_run_it(
    browser: Client, cast: Cast, browser_of: Browsers
) -> None:
    assert browser.get("/").status_code == 200
    assert browser.get("/cases/").status_code == 403
    assert browser_of(cast.director).get("/house/").status_code == 403


def test_every_task_of_the_house_has_a_name_for_people() -> None:
    root = Path(house_words.__file__).parents[2]
    modules = [
        ".".join(("huiyin", *file.relative_to(root).with_suffix("").parts))
        for file in [*root.rglob("jobs.py"), *root.rglob("upkeep.py")]
    ]
    tasks = {
        one.module_path for name in modules for one in vars(import_module(name)).values() if isinstance(one, LeasedTask)
    }
    assert tasks == set(house_words.TITLES)
