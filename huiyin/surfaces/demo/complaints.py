"""Complaints: looked into, decided, replied to, sometimes twice, closed by somebody who did not do it alone."""

from datetime import datetime, timedelta

from huiyin.areas.cases.models import Case
from huiyin.areas.complaints import operations as complaints
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.complaints.queries import complaint_of
from huiyin.foundation.accounts.models import User
from huiyin.surfaces.demo import texts
from huiyin.surfaces.demo.clock import Life

_RELATED = ("case__estate", "case__responsible_post", "case__responsible", "case__first_contact_owner", "about_person")


def begin(life: Life, at: datetime, case: Case, said: texts.Said) -> None:
    complaint = complaint_of(case)
    assert complaint is not None
    if complaint.acknowledged_at is None and not case.anonymous:
        life.after(at, (3, 25) if life.chance(0.9) else (35, 90), acknowledge, complaint.pk)
    if not life.chance(0.94):
        life.at_work(at, (900, 1500), verify, complaint.pk, said)
    elif at.hour < 21:  # whoever is on duty in the evening looks into it the same day
        life.after(at, (20, 90) if complaint.severity == "major" else (30, 150), verify, complaint.pk, said)
    else:
        life.at_work(at, (10, 90), verify, complaint.pk, said)


def acknowledge(life: Life, at: datetime, complaint_id: int) -> None:
    complaint = complaint_by(complaint_id)
    if complaint.acknowledged_at is None:
        complaints.acknowledge(complaint, actor=life.place.staff["kefu"], at=at)


def verify(life: Life, at: datetime, complaint_id: int, said: texts.Said) -> None:
    complaint = complaint_by(complaint_id)
    if complaint.status != "registered":
        return
    who = _somebody(life, complaint, "guanjia", "guanjia2", "zhuguan")
    validity = life.rng.choices(("valid", "invalid", "vexatious"), (82, 16, 2))[0]
    complaints.verify(complaint, finding=said.outcome("finding"), validity=validity, actor=who, at=at)
    late = not life.chance(0.94)
    minutes = (20, 150) if complaint.severity == "major" else (60 * 22, 60 * 26) if late else (20, 200)
    life.at_work(at, minutes, decide, complaint_id, said)


def decide(life: Life, at: datetime, complaint_id: int, said: texts.Said) -> None:
    complaint = complaint_by(complaint_id)
    if complaint.status != "verified":
        return
    judge = life.place.staff["zhuren" if complaint.severity == "major" else "jingli"]
    complaints.decide(
        complaint,
        method=said.outcome("method"),
        department=life.place.departments[said.spec["department"]],
        resolve_by=life.on_day(at, life.rng.randint(2, 5), 18) if life.chance(0.95) else None,
        actor=judge,
        at=at,
    )
    life.at_work(at, (20, 240) if life.chance(0.93) else (60 * 20, 60 * 30), reply, complaint_id, said)


def reply(life: Life, at: datetime, complaint_id: int, said: texts.Said) -> None:
    complaint = complaint_by(complaint_id)
    if complaint.status != "decided":
        return
    who = _somebody(life, complaint, "kefu", "guanjia", "guanjia2")
    complaints.reply(complaint, reply=said.outcome("reply"), actor=who, at=at)
    if life.chance(0.1):
        life.at_work(at, (60, 60 * 20), reject, complaint_id, said)
    else:
        life.at_work(at, (60 * 3, 60 * 30), close, complaint_id, said)


def reject(life: Life, at: datetime, complaint_id: int, said: texts.Said) -> None:
    complaint = complaint_by(complaint_id)
    if complaint.status != "replied":
        return
    reason = texts.one_of("rejects", life.rng)
    complaints.reject_reply(complaint, reason=reason, actor=life.place.staff["kefu"], at=at)
    life.at_work(at, (60 * 2, 60 * 12), reply, complaint_id, said)


def close(life: Life, at: datetime, complaint_id: int, said: texts.Said) -> None:
    complaint = complaint_by(complaint_id)
    if complaint.status != "replied":
        return
    complaints.close(complaint, actor=_somebody(life, complaint, "zhuguan", "zhuren"), at=at)
    if life.chance(0.04):
        life.at(life.office(at + timedelta(days=life.rng.uniform(1, 9))), reopen, complaint_id, said)


def reopen(life: Life, at: datetime, complaint_id: int, said: texts.Said) -> None:
    complaint = complaint_by(complaint_id)
    if complaint.status != "closed":
        return
    reason = texts.one_of("reopens", life.rng)
    complaints.reopen(complaint, reason=reason, actor=life.place.staff["zhuguan"], at=at)
    life.at_work(at, (30, 240), verify, complaint_id, said)


def complaint_by(complaint_id: int) -> Complaint:
    return Complaint.objects.select_related(*_RELATED).get(pk=complaint_id)


def _somebody(life: Life, complaint: Complaint, *names: str) -> User:
    """Return one of these people who is not the one complained about; the same one for the same complaint."""
    able = [life.place.staff[name] for name in names if life.place.staff[name].pk != complaint.about_person_id]
    return able[life.nth("complaint", complaint.case.number) % len(able)] if "zhuguan" != names[0] else able[0]
