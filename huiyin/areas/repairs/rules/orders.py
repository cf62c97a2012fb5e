"""Decisions about work orders from plain values."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

JOB_BANDS = ("马上去", "到时间再看的", "正在修", "请客户签字", "今天", "还没约时间", "以后", "挂起")


def minute_of(moment: datetime) -> datetime:
    """Return the moment as a paper or a person tells it: to the minute."""
    return moment.replace(second=0, microsecond=0)


def wrong_order(steps: Sequence[tuple[str, datetime]], *, now: datetime) -> str:
    """Return what is wrong with the times of steps that follow one another, or nothing."""
    for (earlier, before), (later, after) in pairwise(steps):
        if after < before:
            return f"{later}的时间不能早于{earlier}的时间"
    name, last = steps[-1]
    return f"{name}的时间不能晚于现在" if last > now else ""


def job_band(*, status: str, urgency: str, appointment_date: date | None, today: date, woken: bool = False) -> str:
    """Return under which heading a technician finds the job: what cannot wait first, what waits for others last.

    `woken`: the time to look again at what is on hold has come.
    """
    if status == "on_hold":
        return "到时间再看的" if woken else "挂起"
    if status == "finished":
        return "请客户签字"
    if status == "working":
        return "正在修"
    if urgency in ("urgent", "emergency"):
        return "马上去"
    if appointment_date is None:
        return "还没约时间"
    return "今天" if appointment_date <= today else "以后"
