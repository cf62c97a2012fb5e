"""The jobs of the left rail and of the phone's bottom bar, by right: nobody is shown a door that stays shut."""

from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.foundation.accounts.queries import Access
from huiyin.foundation.kit.addresses import url
from huiyin.foundation.kit.shell import RailItem


@dataclass(frozen=True)
class Job:
    """One place of work: its word, its page, its picture and the right it needs."""

    label: str
    page: str
    icon: str
    right: str


TODAY = Job("今日", "web:today", "sun", "today.see")
DESK = Job("前台", "service_desk:desk", "headset", "desk.register")
LEDGER = Job("台账", "service_desk:ledger", "clipboard-list", "desk.see")
CASES = Job("事项", "cases:list", "list-check", "cases.see")
MINE = Job("我的维修", "repairs:mine", "tool", "repairs.work")
BOARD = Job("维修", "repairs:board", "tools", "repairs.see")
FEES = Job("收费", "fees:charges", "cash", "fees.see")
MONEY = Job("收款", "fees:mine", "cash", "fees.collect")
MATERIALS = Job("材料", "materials:stock", "box", "materials.see")
BAG = Job("随身料", "materials:bag", "package", "materials.ask")
UPKEEP = Job("设备工程", "upkeep:rounds", "gauge", "upkeep.see")
CALLS = Job("回访", "return_visits:calls", "phone-call", "return_visits.see")
CONTROL = Job("管理", "web:control", "chart-bar", "control.see")
FIGURES = Job("统计", "figures:index", "report-analytics", "figures.see")
STANDARDS = Job("标准", "web:standards", "book", "standards.see")
ESTATES = Job("小区", "estate:overview", "building-community", "estate.see")
PEOPLE = Job("人员", "staffing:people", "users", "staffing.edit")
HOUSE = Job("运行", "web:house", "settings", "house.run")

RAIL = (
    TODAY,
    DESK,
    LEDGER,
    CASES,
    MINE,
    BAG,
    BOARD,
    MATERIALS,
    UPKEEP,
    FEES,
    CALLS,
    CONTROL,
    FIGURES,
    STANDARDS,
    ESTATES,
    PEOPLE,
    HOUSE,
)

# The first line whose rights are all held gives the four of the bottom bar.
BOTTOM = (
    (("repairs.work", "repairs.dispatch"), (TODAY, BOARD, MINE, CASES)),
    (("repairs.work",), (MINE, BAG, MONEY, TODAY)),
    (("materials.issue",), (TODAY, MATERIALS)),
    (("today.team", "control.see"), (TODAY, CONTROL, CASES, CALLS)),
    (("desk.register",), (TODAY, DESK, CASES, CALLS)),
)


def rail(access: Access, *, path: str, overdue: int = 0) -> list[RailItem]:
    """Return the jobs this person may do, the one at hand marked; overdue work is counted on 今日."""
    return _items(RAIL, access, path=path, overdue=overdue)


def bottom(access: Access, *, path: str, overdue: int = 0) -> list[RailItem]:
    """Return the four jobs of the phone's bottom bar."""
    for rights, jobs in BOTTOM:
        if all(access.may(right) for right in rights):
            return _items(jobs, access, path=path, overdue=overdue)
    return rail(access, path=path, overdue=overdue)[:4]


def first_page(access: Access) -> str:
    """Return the page somebody works from: those who only repair start with their own orders."""
    only_repairs = access.may("repairs.work") and not access.may("cases.see")
    return url((MINE if only_repairs else TODAY).page)


def _items(jobs: Sequence[Job], access: Access, *, path: str, overdue: int) -> list[RailItem]:
    open_to = [(job, url(job.page)) for job in jobs if access.may(job.right)]
    matching = [to for _, to in open_to if path == to or (to != "/" and path.startswith(to))]
    here = max(matching, key=len, default="")
    return [
        RailItem(
            job.label,
            to,
            job.icon,
            active=to == here,
            count=overdue if job is TODAY else 0,
            urgent=job is TODAY and overdue > 0,
        )
        for job, to in open_to
    ]
