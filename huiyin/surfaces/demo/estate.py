"""The invented estate: buildings, households, staff with their posts and roster."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tqdm import tqdm

from huiyin.areas.cases.models import Category
from huiyin.areas.estate import operations as estates
from huiyin.areas.estate.models import Building, Estate, Household, Occupancy, Person, Unit
from huiyin.areas.staffing import operations as staffing
from huiyin.areas.staffing.models import Department, Post
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User
from huiyin.surfaces.demo.people import Someone, people

COMPANY, CODE, NAME = "回音物业", "YH", "云河苑"
PASSWORD = "huiyin-2026"
DEPARTMENTS = ("客户服务部", "工程维修部", "环境服务部", "秩序维护部")
# code, title, department, who answers while nobody is on duty
POSTS = (
    ("estate_manager", "管理处经理", "客户服务部", ""),
    ("centre_director", "住户服务中心主任", "客户服务部", "estate_manager"),
    ("cs_manager", "客服经理", "客户服务部", "centre_director"),
    ("cs_supervisor", "客服主管", "客户服务部", "cs_manager"),
    ("duty_clerk", "值班员", "客户服务部", "cs_supervisor"),
    ("front_desk", "前台接待", "客户服务部", "duty_clerk"),
    ("cs_agent", "客服专员", "客户服务部", "cs_supervisor"),
    ("butler_lead", "管家组长", "客户服务部", "cs_supervisor"),
    ("butler", "管家", "客户服务部", "butler_lead"),
    ("maintenance_lead", "维修班长", "工程维修部", "centre_director"),
    ("technician", "维修工", "工程维修部", "maintenance_lead"),
    ("department_head", "部门负责人", "工程维修部", "centre_director"),
)
# account, name, role, posts, what they do (for the card; those without are colleagues nobody needs to sign in as)
STAFF = (
    ("qiantai", "林晓雯", "clerk", ("front_desk", "duty_clerk"), "前台:接电话、登记、答复、打回访电话"),
    ("guanjia", "周敏", "butler", ("butler",), "管家:跟进投诉和特约服务"),
    ("banzhang", "王建平", "lead", ("maintenance_lead", "department_head"), "维修班长:派单、盯进度"),
    ("weixiu1", "李国强", "technician", ("technician",), "维修工:手机上接单、完工、请客户签字"),
    ("weixiu2", "赵大勇", "technician", ("technician",), "维修工"),
    ("weixiu3", "钱师傅", "technician", ("technician",), "维修工(常用纸单)"),
    ("cangguan", "马德福", "storekeeper", (), "仓管员:发料、盘点、采购计划"),
    ("zhuguan", "何芳", "supervisor", ("cs_supervisor",), "客服主管:办结投诉、审阅回访、看全队"),
    ("zhuren", "郑海涛", "director", ("centre_director", "estate_manager"), "主任:重大投诉、管理看板"),
    ("shenji", "孙立", "auditor", (), "审计:什么都看得到,什么都不能改"),
    ("jingli", "沈怡", "supervisor", ("cs_manager",), ""),
    ("kefu", "唐小婉", "clerk", ("cs_agent",), ""),
    ("zhiban", "吴长河", "clerk", ("duty_clerk",), ""),
    ("guanjia2", "许文静", "butler", ("butler", "butler_lead"), ""),
    ("weixiu4", "孙小军", "technician", ("technician",), ""),
)
ON_CALL = ("weixiu1", "weixiu2", "weixiu3")
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DOORS, _ENTRANCES = 2, 2
_LIVED_IN = 0.95


@dataclass(frozen=True)
class Home:
    """A household and whoever calls for it."""

    unit: Unit
    household: Household
    person: Person
    phone: str


@dataclass
class Place:
    """The estate with everybody in it."""

    estate: Estate
    staff: dict[str, User]
    posts: dict[str, Post]
    departments: dict[str, Department]
    categories: dict[tuple[str, str], Category]
    homes: list[Home] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    buildings: int = 0

    def holders(self, post: str) -> list[User]:
        """Return who holds the post and is still here, in the order of the card."""
        return [self.staff[row[0]] for row in STAFF if post in row[3] and row[0] not in self.gone]


def build(*, households: int, rng: random.Random, at: datetime, until: datetime, actor: User, show: bool) -> Place:
    """Open the estate, hire its people, settle its households and write the roster."""
    company = estates.open_company(name=COMPANY)
    estate = estates.open_estate(company, code=CODE, name=NAME, city="临江", phone="400-000-2026", actor=actor, at=at)
    departments = {name: staffing.open_department(estate, name=name) for name in DEPARTMENTS}
    posts: dict[str, Post] = {}
    for code, title, department, falls_to in POSTS:
        posts[code] = staffing.open_post(departments[department], code=code, title=title, falls_to=posts.get(falls_to))
    staff = _hire(estate, posts, at=at)
    categories = {(one.kind, one.code): one for one in Category.objects.all()}
    place = Place(estate, staff, posts, departments, categories)
    buildings = _settle(place, households, rng=rng, at=at, actor=actor, show=show)
    place.buildings = len(buildings)
    half = max(1, len(buildings) // 2)
    staffing.draw_zone(estate, name="东区", butler=staff["guanjia"], buildings=buildings[:half])
    if buildings[half:]:
        staffing.draw_zone(estate, name="西区", butler=staff["guanjia2"], buildings=buildings[half:])
    write_roster(place, since_date=at.astimezone(_SHANGHAI).date(), until_date=until.date() + timedelta(days=14))
    return place


def write_roster(place: Place, *, since_date: date, until_date: date) -> None:
    """Man desk, phone and repairs day and night."""
    day = since_date - timedelta(days=1)
    while day < until_date:
        _write_repairs(place, day)
        morning, evening = (datetime.combine(day, time(hour), _SHANGHAI) for hour in (8, 17))
        for post, person, starts_at, ends_at in (
            ("front_desk", "qiantai", morning, evening),
            ("duty_clerk", "qiantai", morning, evening),
            ("duty_clerk", "zhiban", evening, morning + timedelta(days=1)),
        ):
            staffing.plan_duty(place.posts[post], place.staff[person], starts_at=starts_at, ends_at=ends_at)
        day += timedelta(days=1)


def _write_repairs(place: Place, day: date) -> None:
    """Two technicians by day, one until the evening, one on call at night, in turns; on Sundays one by day and the call."""
    begins = datetime.combine(day, time(), _SHANGHAI)
    on_call = ON_CALL[day.toordinal() % len(ON_CALL)]
    by_day = [("weixiu1", 8, 17), ("weixiu2", 8, 17), ("weixiu4", 9, 18), ("weixiu3", 12, 21)]
    if day.isoweekday() == 7:
        by_day = [(ON_CALL[(day.toordinal() + 1) % len(ON_CALL)], 8, 21)]
    for person, first, last in (*by_day, (on_call, 21, 32)):
        shift = {"starts_at": begins + timedelta(hours=first), "ends_at": begins + timedelta(hours=last)}
        staffing.plan_duty(place.posts["technician"], place.staff[person], **shift)


def _hire(estate: Estate, posts: dict[str, Post], *, at: datetime) -> dict[str, User]:
    roles = {role.code: role for role in Role.objects.all()}
    staff = {}
    for username, name, role, held, _ in STAFF:
        user = accounts.create_user(username, name=name, password=PASSWORD, company_id=estate.company_id)
        accounts.grant_role(user, roles[role], estate_id=estate.pk, at=at)
        for code in held:
            staffing.assign(user, posts[code], since_date=at.date())
        staff[username] = user
    accounts.grant_role(staff["zhuren"], roles["keeper"], estate_id=estate.pk, at=at)
    return staff


def _settle(
    place: Place, households: int, *, rng: random.Random, at: datetime, actor: User, show: bool
) -> Sequence[Building]:
    floors = 15 if households <= 240 else 18
    crowd = people(rng)
    buildings = []
    units = 0
    wanted = round(households / _LIVED_IN)
    with tqdm(total=households, unit="户", desc="住户入住", disable=not show, leave=False) as bar:
        while units < wanted:
            building = estates.open_building(place.estate, code=str(len(buildings) + 1), actor=actor, at=at)
            if len(buildings) % 3 == 1:
                hint = "一单元门禁偶尔失灵,来电请先问人是不是在门口"
                estates.describe_building(building, name="", hint=hint, actor=actor, at=at)
            buildings.append(building)
            for entrance_no in range(1, _ENTRANCES + 1):
                entrance = estates.open_entrance(building, code=str(entrance_no))
                for floor in range(1, floors + 1):
                    for door in range(1, _DOORS + 1):
                        if units == wanted:
                            continue
                        units += 1
                        unit = estates.open_unit(
                            entrance,
                            unit_no=f"{floor}{door:02d}",
                            floor=floor,
                            gross_area=Decimal(rng.choice(["68.50", "89.20", "104.00", "127.80", "142.36"])),
                            actor=actor,
                            at=at,
                        )
                        spare = wanted - units
                        if len(place.homes) < households and (
                            rng.random() < _LIVED_IN or spare < households - len(place.homes)
                        ):
                            place.homes.append(_move_in(unit, crowd, rng=rng, at=at, actor=actor))
                            bar.update(1)
    return buildings


def _move_in(unit: Unit, crowd: object, *, rng: random.Random, at: datetime, actor: User) -> Home:
    first: Someone = next(crowd)
    kind = "tenant" if rng.random() < 0.18 else "owner"
    residents = [estates.NewResident(first.name, kind, first.salutation, (first.phone,))]
    if rng.random() < 0.55:
        other: Someone = next(crowd)
        if other.name != first.name:
            residents.append(estates.NewResident(other.name, "family", other.salutation, (other.phone,)))
    since = (at - timedelta(days=rng.randint(40, 3000))).date()
    household = estates.move_in(unit, people=residents, since_date=since, actor=actor, at=at)
    occupancy = Occupancy.objects.select_related("person").filter(household=household).order_by("id")[0]
    return Home(unit, household, occupancy.person, first.phone)
