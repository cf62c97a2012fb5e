"""Which status of a job follows which. Jobs are plumbing: their steps are not written to the journal."""

from dataclasses import dataclass

from django.db.models import TextChoices


class JobStatus(TextChoices):
    READY = "ready", "待执行"
    RUNNING = "running", "执行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    DROPPED = "dropped", "已放弃"


UNFINISHED = (JobStatus.READY, JobStatus.RUNNING)


@dataclass(frozen=True)
class Step:
    code: str
    source: JobStatus
    target: JobStatus


CLAIM = Step("claim", JobStatus.READY, JobStatus.RUNNING)
TAKE_OVER = Step("take_over", JobStatus.RUNNING, JobStatus.RUNNING)
FINISH = Step("finish", JobStatus.RUNNING, JobStatus.DONE)
RETRY = Step("retry", JobStatus.RUNNING, JobStatus.READY)
REPEAT = Step("repeat", JobStatus.RUNNING, JobStatus.READY)
GIVE_UP = Step("give_up", JobStatus.RUNNING, JobStatus.FAILED)
REQUEUE = Step("requeue", JobStatus.FAILED, JobStatus.READY)
DROP = Step("drop", JobStatus.FAILED, JobStatus.DROPPED)
STEPS = (CLAIM, TAKE_OVER, FINISH, RETRY, REPEAT, GIVE_UP, REQUEUE, DROP)
