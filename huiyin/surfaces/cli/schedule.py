"""Everything the clock starts, in one list."""

from datetime import time, timedelta

from huiyin.areas.repairs import jobs as repairs
from huiyin.areas.upkeep import jobs as upkeep
from huiyin.foundation.backups.upkeep import back_up
from huiyin.foundation.files.upkeep import sweep_orphaned_files
from huiyin.foundation.idempotency.upkeep import forget_old_replies
from huiyin.foundation.jobs.rules import Schedule
from huiyin.foundation.jobs.upkeep import forget_done_jobs
from huiyin.foundation.journal.upkeep import seal_journal
from huiyin.foundation.signing_in.upkeep import forget_what_is_over
from huiyin.foundation.sqlite.upkeep import refresh_statistics
from huiyin.foundation.webhooks import jobs as webhooks
from huiyin.standards import jobs as standards

SCHEDULES = (
    *standards.SCHEDULES,
    *repairs.SCHEDULES,
    *upkeep.SCHEDULES,
    Schedule("seal-journal", seal_journal, daily_at=time(0, 10)),
    Schedule("back-up", back_up, daily_at=time(2, 30)),
    Schedule("forget-done-jobs", forget_done_jobs, daily_at=time(3, 40)),
    Schedule("forget-what-is-over", forget_what_is_over, daily_at=time(3, 45)),
    Schedule("sweep-orphaned-files", sweep_orphaned_files, daily_at=time(3, 50)),
    Schedule("forget-old-replies", forget_old_replies, every=timedelta(hours=1)),
    Schedule("pick-up-lost-deliveries", webhooks.pick_up_lost_deliveries, every=timedelta(minutes=5)),
    Schedule("forget-old-deliveries", webhooks.forget_old_deliveries, daily_at=time(4, 0)),
    Schedule("refresh-statistics", refresh_statistics, daily_at=time(4, 10)),
)
