"""What follows: copies come back and are looked at, talks are entered, a phone is new; hints; incidents with their callers."""

from datetime import datetime, timedelta

from huiyin.areas.cases.models import Category
from huiyin.areas.estate.models import Building
from huiyin.areas.repairs import operations as repairs
from huiyin.areas.repairs.models import ContactChange, Incident, OrderCopies
from huiyin.areas.service_desk import operations as service_desk
from huiyin.areas.service_desk.models import IncidentCaller
from huiyin.surfaces.demo import desk
from huiyin.surfaces.demo.clock import Life
from huiyin.surfaces.demo.estate import Home

POINTS = (
    ("跟业主讲了原因和怎么用,业主说清楚了", "pleased", "", ""),
    ("讲了配件保用期,业主问以后再坏找谁,留了前台电话", "calm", "", ""),
    ("业主担心过几天又坏,说好一周后再看一次", "worried", "一周后再来看一次", "一周后上门复查"),
    ("业主嫌来得晚,道了歉,讲了今天单子多", "angry", "以后按约好的时间到", ""),
    ("顺便问了阳台地漏,没有带工具,约改天", "calm", "想把阳台地漏也通一下", "阳台地漏另约时间疏通"),
)
TRAINING = ("老式角阀拆装,先关总阀再松螺母", "跳闸先查插座回路,一段一段排", "防水修补要先找到水从哪来")
LEFT_LYING = 2  # how many copies of the last day still lie in the van


def begin(life: Life) -> None:
    """Set going what repeats itself, and lay the incidents and hints."""
    life.at(life.on_day(life.since, 0, 16.6), evening)
    life.at(life.on_day(life.since, 0, 9.2), look_at_copies)
    life.at(life.on_day(life.since, 0, 9.6), decide_contacts)
    life.at(life.since + (life.until - life.since) * 0.7, past_incident)
    life.at(life.until - timedelta(hours=2), running_incident)
    life.at(life.until - timedelta(days=1), write_hints)
    life.at(life.until - timedelta(hours=3), new_phone)


def evening(life: Life, at: datetime) -> None:
    """The technicians hand in the second copies, tell the desk what was talked about, and say which phone is new."""
    waiting = OrderCopies.objects.filter(estate_id=life.place.estate.pk, back_at=None, expected_at__lte=at)
    found = list(waiting.select_related("order__case__household__unit", "order__technician").order_by("id"))
    for copies in found[: max(0, len(found) - LEFT_LYING)]:
        take_back(life, at, copies)
    life.at(life.on_day(at, 1, 16.6), evening)


def take_back(life: Life, at: datetime, copies: OrderCopies) -> None:
    clerk, order = life.place.staff["zhiban"], copies.order
    differ = life.chance(0.04)
    materials = "differ" if differ else "none" if life.chance(0.3) else "agree"
    note = "领了两个角阀,单上写用了一个" if differ else ""
    repairs.take_copy_back(copies, materials=materials, note=note, actor=clerk, at=at)
    if life.chance(0.3) and order.technician:
        points, attitude, needs, follow = life.rng.choice(POINTS)
        repairs.enter_talk(
            order,
            told_by=order.technician,
            talked_at=order.finished_at or at,
            points=points,
            attitude=attitude,
            needs=needs,
            follow_up=repairs.FollowUp(follow, "special_service") if follow and life.chance(0.4) else None,
            actor=clerk,
            at=at,
        )
    case = order.case
    if life.chance(0.12) and case.household and case.household.until_date is None and case.person:
        phone = f"199{life.rng.randrange(10**7, 10**8)}" if life.chance(0.4) else case.caller_phone
        told = {"name": case.person.name, "phone": phone, "person": case.person}
        repairs.confirm_contact(order, **told, actor=clerk, at=at)


def new_phone(life: Life, at: datetime) -> None:
    """A number that was told on the last order waits for the butler's decision."""
    here = OrderCopies.objects.filter(estate_id=life.place.estate.pk, order__case__person__isnull=False)
    here = here.filter(order__case__household__until_date=None, order__contact_changes=None)
    copies = here.select_related("order__case__household__unit", "order__case__person").order_by("-id").first()
    if copies and copies.order.case.person:
        person = copies.order.case.person
        told = {"name": person.name, "phone": "19912345678", "person": person}
        repairs.confirm_contact(copies.order, **told, actor=life.place.staff["qiantai"], at=at)


def look_at_copies(life: Life, at: datetime) -> None:
    """The lead goes through yesterday's first copies; now and then one is worth teaching."""
    waiting = OrderCopies.objects.filter(estate_id=life.place.estate.pk, seen_at=None, back_at__isnull=False)
    for copies in waiting.select_related("order").order_by("id"):
        teaches = life.rng.choice(TRAINING) if life.chance(0.04) else ""
        repairs.look_at_copy(
            copies, training=bool(teaches), training_note=teaches, actor=life.place.staff["banzhang"], at=at
        )
    life.at(life.on_day(at, 1, 9.2), look_at_copies)


def decide_contacts(life: Life, at: datetime) -> None:
    """The butler decides on what was told anew, all but what came in last."""
    waiting = ContactChange.objects.filter(estate_id=life.place.estate.pk, status="proposed")
    for change in waiting.filter(confirmed_at__lt=at - timedelta(hours=10)).order_by("id"):
        life.after(at, (1, 30), decide, change.pk)
    life.at(life.on_day(at, 1, 9.6), decide_contacts)


def decide(life: Life, at: datetime, change_id: int) -> None:
    change = ContactChange.objects.select_related("order__case", "household__unit", "person").get(pk=change_id)
    butler = life.place.staff["guanjia"]
    if life.chance(0.85):
        repairs.accept_contact(change, actor=butler, at=at)
    else:
        repairs.refuse_contact(change, reason="打过去是空号,等业主再说", actor=butler, at=at)


def past_incident(life: Life, at: datetime) -> None:
    """A pump failed: a call every three minutes, most wanted to hear when it runs again, and all of them did."""
    at = life.on_day(at, 0, 9)
    building = _building(life)
    incident = repairs.open_incident(
        life.place.estate,
        title=f"{building} 停水",
        sentence="这栋楼的水泵坏了,正在换,今天中午 12 点前恢复供水",
        expected_end=at + timedelta(hours=3),
        buildings=[building],
        category=Category.objects.filter(kind="repair", code="water.main").first(),
        actor=life.place.staff["banzhang"],
        at=at,
    )
    homes = [home for home in life.place.homes if home.unit.entrance.building_id == building.pk][:24]
    for n, home in enumerate(homes):
        life.at(at + timedelta(minutes=2 + 3 * n), asks, incident.pk, home, n % 3 != 0)
    life.at(at + timedelta(minutes=100), takes_longer, incident.pk)
    life.at(at + timedelta(minutes=200), is_over, incident.pk)


def asks(life: Life, at: datetime, incident_id: int, home: Home, wants: bool) -> None:
    caller = desk.caller_of(home, life)
    service_desk.answer_for_incident(
        life.place.estate,
        incident=Incident.objects.get(pk=incident_id),
        wants_telling=wants and bool(caller.phone),
        channel="call",
        text="家里没水了,什么时候来",
        caller=caller,
        home=desk.home_of(home),
        actor=life.place.staff["qiantai"],
        at=at,
    )


def takes_longer(life: Life, at: datetime, incident_id: int) -> None:
    incident = Incident.objects.get(pk=incident_id)
    later = incident.expected_end + timedelta(minutes=40)
    sentence = "水泵换好了,正在打压,12 点 40 前恢复供水"
    lead = life.place.staff["banzhang"]
    repairs.revise_incident(incident, sentence=sentence, expected_end=later, actor=lead, at=at)


def is_over(life: Life, at: datetime, incident_id: int) -> None:
    incident = Incident.objects.get(pk=incident_id)
    lead = life.place.staff["banzhang"]
    repairs.end_incident(incident, over_sentence="已经恢复供水,先放一会儿再用", actor=lead, at=at)
    life.after(at, (20, 60), tell_everybody, incident_id)


def tell_everybody(life: Life, at: datetime, incident_id: int) -> None:
    waiting = IncidentCaller.objects.filter(incident=incident_id, wants_telling=True, told_at=None)
    callers = list(waiting.select_related("incident", "contact__receiver").order_by("id"))
    clerk = life.place.staff["qiantai"]
    service_desk.tell_callers(callers[:5], how="电话", actor=clerk, at=at)
    service_desk.tell_callers(callers[5:], how="短信", actor=clerk, at=at + timedelta(minutes=5))


def running_incident(life: Life, at: datetime) -> None:
    """The lift stands still right now; the neighbours ask."""
    building = _building(life, last=True)
    incident = repairs.open_incident(
        life.place.estate,
        title=f"{building} 电梯检修停运",
        sentence="电梯维保单位正在检修,请先走楼梯,老人孩子可以叫保安帮忙,今天 20:00 前恢复",
        expected_end=life.until + timedelta(hours=4),
        buildings=[building],
        category=Category.objects.filter(kind="repair", code="lift").first(),
        actor=life.place.staff["banzhang"],
        at=at,
    )
    homes = [home for home in life.place.homes if home.unit.entrance.building_id == building.pk][:9]
    for n, home in enumerate(homes):
        life.at(at + timedelta(minutes=5 + 9 * n), asks, incident.pk, home, n % 2 == 0)


def write_hints(life: Life, at: datetime) -> None:
    """What the desk should know this week."""
    lead, today = life.place.staff["banzhang"], at.date()
    building = _building(life)
    hints = (
        (building, f"{building} 水泵周三 9 点检修,停水约两小时", today + timedelta(days=6)),
        (None, "外墙清洗到周五,请提醒住户关窗", today + timedelta(days=4)),
    )
    for where, text, until in hints:
        repairs.write_hint(
            life.place.estate, text=text, since_date=today, until_date=until, building=where, actor=lead, at=at
        )


def _building(life: Life, *, last: bool = False) -> Building:
    found = Building.objects.filter(estate=life.place.estate).order_by("-id" if last else "id")
    return found[0]
