"""Callers, and what becomes of what they say when it needs neither a work order nor an investigation."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.rules import Caller
from huiyin.areas.service_desk import operations as desk
from huiyin.areas.service_desk.models import Contact
from huiyin.areas.staffing.queries import Responsible
from huiyin.foundation.accounts.models import User
from huiyin.surfaces.demo import complaints, repairs, texts
from huiyin.surfaces.demo.clock import Life
from huiyin.surfaces.demo.estate import Home

HOURS = (1, 0.5, 0.5, 0.3, 0.3, 1, 3, 6, 12, 14, 12, 10, 7, 7, 9, 10, 9, 9, 10, 11, 9, 6, 3, 2)
KINDS = {"enquiry": 38, "repair": 31, "complaint": 12, "suggestion": 5, "compliment": 6, "special_service": 8}
CHANNELS = {"call": 56, "visit": 20, "online": 13, "mail": 3, "letter": 2, "mailbox": 2, "heard": 4}
OPEN = ("new", "working")


def day_begins(life: Life, at: datetime, a_day: float) -> None:
    """Decide who will call today."""
    for _ in range(_how_many(life.rng, a_day)):
        hour = life.rng.choices(range(24), HOURS)[0]
        life.at(life.on_day(at, 0, hour, 1), somebody_calls)
    life.at(life.on_day(at, 1, 0), day_begins, a_day)


def somebody_calls(life: Life, at: datetime) -> None:
    night = not 7 <= at.hour < 22
    kind = "repair" if night else life.rng.choices(list(KINDS), list(KINDS.values()))[0]
    channel = "call" if night else life.rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    said = texts.say(kind, life.rng, urgent=True if night else None)
    home = _who(life)
    if kind == "enquiry" and not life.chance(0.1):
        settle(life, at, said, home, channel)
    else:
        take(life, at, said, home, channel)


def settle(life: Life, at: datetime, said: texts.Said, home: Home | None, channel: str) -> None:
    """Answer on the spot; or promise a time; or promise to call back."""
    receiver = at_the_desk(life, at, channel)
    whole = desk.settle_at_desk
    caller = caller_of(home, life)
    answer, promised_at = said.outcome("answers"), None
    if life.chance(0.16):
        answer, promised_at = "", life.office(at + timedelta(hours=life.rng.choice((2, 3, 5, 20))))
    elif life.chance(0.12) and caller.phone:
        answer = ""
    contact = whole(
        life.place.estate,
        ending=desk.Ending(answer=answer, promised_at=promised_at, by=receiver),
        channel=channel,
        text=said.text,
        caller=caller,
        actor=receiver,
        at=at,
        home=home_of(home),
    )
    if promised_at:
        early = (promised_at - at).total_seconds() / 60
        minutes = (early * 0.3, early * 0.95) if life.chance(0.9) else (early + 20, early + 300)
        life.after(at, minutes, answer_later, contact.pk, said.outcome("answers"))
    elif not answer:
        life.after(at, (4, 17) if life.chance(0.88) else (25, 90), answer_later, contact.pk, said.outcome("answers"))


def answer_later(life: Life, at: datetime, contact_id: int, answer: str) -> None:
    contact = Contact.objects.select_related("estate", "promised_by").get(pk=contact_id)
    desk.call_back(contact, answer=answer, actor=contact.promised_by or life.place.staff["qiantai"], at=at)


def take(life: Life, at: datetime, said: texts.Said, home: Home | None, channel: str) -> Case:
    """Make a case of it and let whoever answers for it go on."""
    again = _same_matter(life, said, home)
    receiver = at_the_desk(life, at, channel)
    shared = {
        "channel": channel,
        "text": said.text,
        "caller": caller_of(home, life, anonymous=channel == "mailbox" and said.kind == "complaint"),
        "actor": receiver,
        "at": at,
        "home": home_of(home),
        "written_at": at - timedelta(hours=20) if channel in ("letter", "mailbox") else None,
    }
    if again:
        return desk.report_again(life.place.estate, into=again, **shared)
    case = desk.take_matter(life.place.estate, matter=matter_of(life, said), **shared)
    follow(life, at, case, said)
    if said.spec.get("common") and life.chance(0.35):
        life.after(at, (3, 40), neighbour_calls, said)
    return case


def neighbour_calls(life: Life, at: datetime, said: texts.Said) -> None:
    """Somebody else has seen it too."""
    again = replace(said, text=texts.say_like(said, life.rng))
    take(life, at, again, life.rng.choice(life.place.homes), "call")


def matter_of(life: Life, said: texts.Said, **more: object) -> desk.Matter:
    spec, rng = said.spec, life.rng
    fields: dict[str, object] = {
        "kind": said.kind,
        "category": life.place.categories.get((said.kind, spec["category"])),
    }
    if said.kind == "repair":
        fields |= {
            "urgency": ("emergency" if rng.random() < 0.3 else "urgent") if spec.get("urgent") else "normal",
            "place": spec["place"],
            "location_kind": "common_part" if spec.get("common") else "in_unit",
            "large": bool(spec.get("large")) and rng.random() < 0.5,
        }
    if said.kind == "complaint":
        accused = rng.choice(["weixiu2", "weixiu3", "qiantai", "zhiban"]) if spec.get("person") else ""
        fields |= {
            "severity": spec.get("severity") or rng.choices(("minor", "important", "major"), (80, 17, 3))[0],
            "about_department": life.place.departments[spec["department"]],
            "about_person": life.place.staff[accused] if accused else None,
        }
    return desk.Matter(**(fields | more))


def follow(life: Life, at: datetime, case: Case, said: texts.Said) -> None:
    """Let the matter go its way."""
    if case.kind == "repair":
        repairs.begin(life, at, case, said)
    elif case.kind == "complaint":
        complaints.begin(life, at, case, said)
    elif life.chance(0.012):
        life.at_work(at, (20, 200), void, case.pk)
    else:
        if case.kind != "compliment" and life.chance(0.08):
            life.at_work(at, (10, 60), pass_along, case.pk)
        life.at_work(at, (15, 180), pick_up, case.pk, said)


def pick_up(life: Life, at: datetime, case_id: int, said: texts.Said) -> None:
    """Somebody takes the case by name and plans the rest of it."""
    case = case_by(case_id)
    if case.status == "new":
        cases.take_case(case, actor=handler_of(life, case), at=at)
    if case.kind == "special_service":
        promised_at = life.on_day(at, life.rng.randint(1, 3), life.rng.choice((9.5, 11, 15)))
        cases.promise_time(case, promised_at=promised_at, does="上门服务", actor=handler_of(life, case), at=at)
        life.at(promised_at + life.minutes(-60, 20 if life.chance(0.9) else 400), end, case_id, said.outcome("answers"))
    elif case.kind == "suggestion":
        life.at(life.office(at + timedelta(days=life.rng.uniform(0.5, 5))), decide, case_id, said)
    else:
        if life.chance(0.06):
            life.at_work(at, (30, 120), put_on_hold, case_id)
        life.at_work(at, (40, 60 * 20 if life.chance(0.85) else 60 * 60), end, case_id, said.outcome("answers"))


def decide(life: Life, at: datetime, case_id: int, said: texts.Said) -> None:
    case = case_by(case_id)
    adopted = life.chance(0.6)
    judge = life.place.staff["jingli"]
    note = life.rng.choice(said.spec["adopted" if adopted else "declined"])
    cases.decide_suggestion(case, adopted=adopted, note=note, actor=judge, at=at)
    answer = said.spec["answers"][0 if adopted else 1]
    life.at_work(at, (30, 60 * 8), end, case_id, answer)


def put_on_hold(life: Life, at: datetime, case_id: int) -> None:
    case = case_by(case_id)
    wakes_at = life.on_day(at, life.rng.randint(1, 4), 9.5)
    reason = texts.one_of("holds", life.rng)
    cases.hold_case(case, reason=reason, wakes_at=wakes_at, actor=handler_of(life, case), at=at)
    life.at(wakes_at + life.minutes(-30, 25 if life.chance(0.85) else 500), wake, case_id)


def wake(life: Life, at: datetime, case_id: int) -> None:
    case = case_by(case_id)
    if case.status == "on_hold":
        cases.resume_case(case, actor=handler_of(life, case), at=at)


def pass_along(life: Life, at: datetime, case_id: int) -> None:
    case = case_by(case_id)
    post = life.rng.choice(["butler", "cs_agent"])
    person = life.rng.choice(life.place.holders(post))
    to = Responsible(life.place.posts[post], person)
    cases.transfer_case(case, to=to, actor=handler_of(life, case), at=at, note=texts.one_of("transfers", life.rng))


def end(life: Life, at: datetime, case_id: int, answer: str) -> None:
    """Answer and close; a few callers come back."""
    case = case_by(case_id)
    if case.status == "on_hold":
        life.at(life.on_day(at, 1, 10, 6), end, case_id, answer)
        return
    if case.status not in OPEN:
        return
    handler = handler_of(life, case)
    if case.kind == "suggestion":
        handler = life.place.staff["jingli"]
    cases.close_case(case, answer=answer, actor=handler, at=at)
    if case.kind == "enquiry" and life.chance(0.07):
        life.at(life.office(at + timedelta(days=life.rng.uniform(0.3, 4))), reopen, case_id, answer)


def reopen(life: Life, at: datetime, case_id: int, answer: str) -> None:
    case = case_by(case_id)
    cases.reopen_case(case, reason=texts.one_of("reopens", life.rng), actor=life.place.staff["qiantai"], at=at)
    life.at_work(at, (60, 60 * 20), end, case_id, answer)


def void(life: Life, at: datetime, case_id: int) -> None:
    reason = texts.one_of("voids", life.rng)
    cases.void_case(case_by(case_id), reason=reason, actor=life.place.staff["zhuguan"], at=at)


def case_by(case_id: int) -> Case:
    related = ("estate", "responsible_post", "responsible", "first_contact_owner")
    return Case.objects.select_related(*related).get(pk=case_id)


def handler_of(life: Life, case: Case) -> User:
    """Return who works on the case: whoever is named, else somebody on its post, else the supervisor."""
    if case.responsible and case.responsible.is_active:
        return case.responsible
    holders = life.place.holders(case.responsible_post.code) if case.responsible_post else []
    return holders[life.nth("case", case.number) % len(holders)] if holders else life.place.staff["zhuguan"]


def at_the_desk(life: Life, at: datetime, channel: str) -> User:
    if channel in ("online", "mail"):
        return life.place.staff["kefu"]
    if channel == "heard":
        return life.place.staff[life.rng.choice(["guanjia", "guanjia2", "weixiu1"])]
    return life.place.staff["qiantai" if 8 <= at.hour < 17 else "zhiban"]


def caller_of(home: Home | None, life: Life, *, anonymous: bool = False) -> Caller:
    if anonymous:
        return Caller()
    if home is None:
        return Caller(
            life.rng.choice(["外卖骑手", "快递员", "路过的市民", "隔壁小区住户"]),
            f"1991{life.rng.randrange(10**7):07d}",
        )
    return Caller(f"{home.person.name[0]}{home.person.salutation}", home.phone, home.unit.code)


def home_of(home: Home | None) -> desk.Home:
    return desk.Home(home.unit, home.household, home.person) if home else desk.Home()


def _who(life: Life) -> Home | None:
    """Some households call much more often than others, and a few callers live elsewhere."""
    homes = life.place.homes
    if life.chance(0.03):
        return None
    often = max(1, len(homes) // 12)
    return homes[life.rng.randrange(often) * 11 % len(homes)] if life.chance(0.35) else life.rng.choice(homes)


def _same_matter(life: Life, said: texts.Said, home: Home | None) -> Case | None:
    """Several people report the same broken thing in the common parts."""
    if said.kind != "repair" or home is None or not said.spec.get("common") or not life.chance(0.8):
        return None
    waiting = Case.objects.filter(
        estate=life.place.estate, kind="repair", status__in=OPEN, category__code=said.spec["category"]
    )
    return next((case for case in waiting.order_by("-id")[:3] if case.pk not in life.let_be), None)


def _how_many(rng: random.Random, mean: float) -> int:
    count, left = 0, rng.expovariate(1)
    while left < mean:
        count += 1
        left += rng.expovariate(1)
    return count
