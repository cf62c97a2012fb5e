"""The permanent cast of the tests: one person per role in one estate, and an outsider of another company.

What is set up here goes by commands, so that nothing seems changed behind the operations' back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.estate.models import Building, Company, Entrance, Estate, Household, Occupancy, Person, Phone, Unit
from huiyin.areas.service_desk import operations as desk
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.models import Post
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.transactions import command

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)  # a Wednesday morning
PASSWORD = "huiyin-2026"
LADDER = (
    ("estate_manager", "管理处经理", ""),
    ("centre_director", "中心主任", "estate_manager"),
    ("cs_manager", "客服经理", "centre_director"),
    ("cs_supervisor", "客服主管", "cs_manager"),
    ("front_desk", "前台接待", "cs_supervisor"),
    ("duty_clerk", "值班员", "front_desk"),
    ("cs_agent", "客服专员", "cs_supervisor"),
    ("butler_lead", "管家组长", "cs_supervisor"),
    ("butler", "管家", "butler_lead"),
    ("maintenance_lead", "维修班长", "centre_director"),
    ("technician", "维修工", "maintenance_lead"),
    ("department_head", "部门负责人", "centre_director"),
)


@dataclass
class Cast:
    """Everybody a test may need. `second_technician` and `butler` are the colleagues one of two can be."""

    clerk: User
    butler: User
    technician: User
    second_technician: User
    lead: User
    supervisor: User
    director: User
    auditor: User
    cashier: User
    archivist: User
    group: User
    outsider: User
    system: User


@command
def open_estate(company: str = "回音物业", code: str = "YH", name: str = "云河苑") -> Estate:
    """An estate with every post, one department, and one empty unit 3-2-1501."""
    estate = Estate.objects.create(company=Company.objects.get_or_create(name=company)[0], code=code, name=name)
    department = staffing.open_department(estate, name="客户服务部")
    posts: dict[str, Post] = {}
    for post, title, falls_to in LADDER:
        posts[post] = staffing.open_post(department, code=post, title=title, falls_to=posts.get(falls_to))
    staffing.open_department(estate, name="工程维修部")
    entrance = Entrance.objects.create(building=Building.objects.create(estate=estate, code="3"), code="2")
    Unit.objects.create(estate=estate, entrance=entrance, code="3-2-1501", unit_no="1501", floor=15)
    return estate


def hire(
    username: str,
    name: str,
    *,
    estate: Estate,
    role: str,
    post: str = "",
    everywhere: bool = False,
    buildings: Sequence[int] = (),
    at: datetime = AT,
) -> User:
    """A person with a role in the estate (or in the whole company) and, when named, a post."""
    user = accounts.create_user(username, name=name, password=PASSWORD, company_id=estate.company_id)
    if not Role.objects.filter(code=role).exists():
        staffing.load_roles()
    accounts.grant_role(
        user,
        Role.objects.get(code=role),
        estate_id=None if everywhere else estate.pk,
        at=at - timedelta(days=90),
        building_ids=buildings,
    )
    if post:
        staffing.assign(user, Post.objects.get(estate=estate, code=post), since_date=(at - timedelta(days=90)).date())
    return user


def gather(estate: Estate) -> Cast:
    """The cast of the estate; the director and the head office hold their roles in the whole company."""
    outside = open_estate("别家物业", "BJ", "别家花园")
    return Cast(
        clerk=hire("clerk", "陈晓", estate=estate, role="clerk", post="front_desk"),
        butler=hire("butler", "周敏", estate=estate, role="butler", post="butler"),
        technician=hire("technician", "李强", estate=estate, role="technician", post="technician"),
        second_technician=hire("technician2", "赵刚", estate=estate, role="technician", post="technician"),
        lead=hire("lead", "王建国", estate=estate, role="lead", post="maintenance_lead"),
        supervisor=hire("supervisor", "林芳", estate=estate, role="supervisor", post="cs_supervisor"),
        director=hire("director", "郑海", estate=estate, role="director", post="centre_director", everywhere=True),
        auditor=hire("auditor", "孙立", estate=estate, role="auditor"),
        cashier=hire("cashier", "何静", estate=estate, role="cashier"),
        archivist=hire("archivist", "吴文", estate=estate, role="archivist"),
        group=hire("group", "集团何总", estate=estate, role="group", everywhere=True),
        outsider=hire("outsider", "外人", estate=outside, role="supervisor", post="cs_supervisor"),
        system=system_actor(),
    )


@command
def settle_family(
    estate: Estate, *, unit: str = "3-2-1501", name: str = "王丽", salutation: str = "女士", phone: str = "13800138000"
) -> Household:
    """A household with its owner and phone in the unit."""
    home = Household.objects.create(estate=estate, unit=estate.units.get(code=unit), since_date=AT.date())
    person = Person.objects.create(estate=estate, name=name, salutation=salutation)
    Phone.objects.create(estate=estate, person=person, number=phone, tail=phone[-4:])
    Occupancy.objects.create(household=home, person=person, kind="owner", since_date=AT.date())
    return home


def tell(estate: Estate, actor: User, *, at: datetime = AT, text: str = "厨房漏水", **matter: object) -> Case:
    """A caller of 3-2-1501 tells the desk of a matter (a repair unless said otherwise); it becomes a case."""
    return desk.take_matter(
        estate,
        matter=desk.Matter(**{"kind": "repair", **matter}),
        channel="call",
        text=text,
        caller=Caller("王女士", "13800138000", "3-2-1501"),
        actor=actor,
        at=at,
        home=desk.Home(unit=estate.units.get(code="3-2-1501")),
    )
