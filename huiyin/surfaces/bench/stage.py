"""A stage for the benches: one estate with staff and homes, and matters taken by the real operations."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle

from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.estate.models import Building, Company, Entrance, Estate, Unit
from huiyin.areas.service_desk import operations as desk
from huiyin.areas.service_desk.operations import Home, Matter
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.standards import operations as standards
from huiyin.surfaces.cli.setup import prepare

PASSWORD = "huiyin-bench-2026"
KINDS = ("repair", "repair", "repair", "complaint", "enquiry", "suggestion")
LADDER = (
    ("centre_director", "director", ""),
    ("cs_manager", "supervisor", "centre_director"),
    ("cs_supervisor", "supervisor", "cs_manager"),
    ("maintenance_lead", "lead", "cs_manager"),
    ("technician", "technician", "maintenance_lead"),
    ("duty_clerk", "clerk", "cs_supervisor"),
    ("front_desk", "clerk", "duty_clerk"),
    ("butler", "butler", "cs_supervisor"),
)


@dataclass(frozen=True)
class Stage:
    estate: Estate
    clerk: User
    units: list[Unit]
    at: datetime


def set_stage(*, at: datetime, homes: int = 400) -> Stage:
    """Build the estate, its staff and homes in an empty database; the recommended standard is in force."""
    prepare()
    standards.load_catalogue(at=at - timedelta(days=400))
    company = Company.objects.create(name="性能测量物业")
    estate = Estate.objects.create(company=company, code="XN", name="测量花园")
    department = staffing.open_department(estate, name="服务中心")
    posts = {}
    for code, role, falls_to in LADDER:
        posts[code] = staffing.open_post(department, code=code, title=code, falls_to=posts.get(falls_to))
        user = accounts.create_user(code, name=code, password=PASSWORD, company_id=company.pk)
        accounts.grant_role(user, Role.objects.get(code=role), estate_id=estate.pk, at=at)
        staffing.assign(user, posts[code], since_date=at.date())
    standards.adopt(estate.pk, "recommended", since=at - timedelta(days=400), actor=system_actor(), at=at)
    building = Building.objects.create(estate=estate, code="1")
    entrance = Entrance.objects.create(building=building, code="1")
    units = [
        Unit(estate=estate, entrance=entrance, code=f"1-1-{n:04d}", unit_no=f"{n:04d}", floor=n // 20)
        for n in range(1, homes + 1)
    ]
    Unit.objects.bulk_create(units)
    return Stage(estate, User.objects.get(username="front_desk"), list(Unit.objects.order_by("id")), at)


def take_matters(stage: Stage, count: int, *, kinds: tuple[str, ...] = KINDS, first: int = 0) -> Iterator[Case]:
    """Take matters one after the other, as the desk does, all on the stage's day."""
    for n, kind, unit in zip(range(first, first + count), cycle(kinds), cycle(stage.units), strict=False):
        yield desk.take_matter(
            stage.estate,
            matter=Matter(kind=kind, urgency="urgent" if n % 10 == 0 else "normal"),
            channel="call",
            text=f"第 {n} 件:厨房水管接头滴水,请尽快安排人来看一看",
            caller=Caller(f"住户{n}", f"1390000{n % 10000:04d}", unit.code),
            actor=stage.clerk,
            at=stage.at + timedelta(seconds=n % 3000),
            home=Home(unit=unit),
            key=f"bench-{n}",
        )
