"""Return visits: called, missed at home, satisfied or not; the bad answer becomes a complaint and a second visit."""

from datetime import datetime, timedelta

from huiyin.areas.complaints.queries import severity_of
from huiyin.areas.return_visits import operations as visits
from huiyin.areas.return_visits.models import ABOUT, ReturnVisit
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.foundation.accounts.models import User
from huiyin.foundation.files import operations as files
from huiyin.foundation.files.models import StoredFile
from huiyin.surfaces.demo import complaints, pen, texts
from huiyin.surfaces.demo.clock import Life

_RELATED = (*ABOUT, "rule")


def plan(life: Life, at: datetime) -> None:
    """Plan every visit that has come up since the last round."""
    due = ReturnVisit.objects.filter(status="due", window_from__lte=at + timedelta(days=1)).order_by("id")
    for visit_id, case_id, opens, closes in due.values_list("id", "case_id", "window_from", "window_to"):
        if visit_id in life.planned_visits or case_id in life.let_be:
            continue
        life.planned_visits.add(visit_id)
        begins = max(at, opens)
        span = (closes - begins).total_seconds() / 60
        minutes = (30, max(60, span * 0.6)) if life.chance(0.93) else (span + 120, span + 60 * 30)
        life.at_work(begins, minutes, make, visit_id)


def make(life: Life, at: datetime, visit_id: int, tries: int = 0) -> None:
    visit = visit_by(visit_id)
    if visit.status != "due":
        return
    visitor = _visitor(life, visit)
    if tries < 3 and life.chance(0.14):
        visits.record_attempt(
            visit,
            mode="phone",
            result=life.rng.choice(["no_answer", "absent", "call_later"]),
            note=texts.one_of("attempts", life.rng),
            actor=visitor,
            at=at,
        )
        life.at_work(at, (120, 600), make, visit_id, tries + 1)
        return
    if life.chance(0.02):
        reason = life.rng.choice(list(texts.written()["excuses"]))
        note = texts.written()["excuses"][reason]
        visits.excuse(visit, reason=reason, note=note, actor=life.place.staff["zhuguan"], at=at)
        return
    if visit.round == 1 and life.chance(0.07):
        _dissatisfied(life, at, visit, visitor)
    else:
        _satisfied(life, at, visit, visitor)
    life.at_work(at, (60, 60 * 20) if life.chance(0.95) else (60 * 24 * 4, 60 * 24 * 6), review, visit_id)


def _satisfied(life: Life, at: datetime, visit: ReturnVisit, visitor: User) -> None:
    mode, signature = _mode(life, at, visit, visitor)
    grade = life.rng.choice((3, 3, 4))
    visits.record_visit(
        visit,
        mode=mode,
        evaluation=Evaluation(
            life.rng.choice((3, 4, 4)), grade, life.rng.choice((3, 4)), opinions=texts.one_of("good", life.rng)
        ),
        actor=visitor,
        at=at,
        signature=signature,
        signer=visit.about.caller_name if signature else "",
    )


def _dissatisfied(life: Life, at: datetime, visit: ReturnVisit, visitor: User) -> None:
    mode, signature = _mode(life, at, visit, visitor)
    visits.record_visit(
        visit,
        mode=mode,
        evaluation=Evaluation(2, life.rng.choice((1, 2)), 2, shortcomings=texts.one_of("bad", life.rng)),
        actor=visitor,
        at=at,
        signature=signature,
        signer=visit.about.caller_name if signature else "",
        next_visit_at=life.on_day(at, 2, 17) if life.chance(0.9) else None,
    )
    life.at_work(at, (30, 60 * 10) if life.chance(0.9) else (60 * 26, 60 * 80), rectify, visit.pk)
    if visit.raised_case is not None:
        complaints.begin(life, at, visit.raised_case, texts.say("complaint", life.rng))


def rectify(life: Life, at: datetime, visit_id: int) -> None:
    text = texts.one_of("rectify", life.rng)
    visits.send_rectification(visit_by(visit_id), text=text, actor=life.place.staff["zhuguan"], at=at)


def review(life: Life, at: datetime, visit_id: int) -> None:
    visit = visit_by(visit_id)
    reviewer = life.place.staff["zhuren" if visit.visitor_id == life.place.staff["zhuguan"].pk else "zhuguan"]
    visits.review(visit, opinion=texts.one_of("reviews", life.rng), actor=reviewer, at=at)


def visit_by(visit_id: int) -> ReturnVisit:
    return ReturnVisit.objects.select_related(*_RELATED).get(pk=visit_id)


def _visitor(life: Life, visit: ReturnVisit) -> User:
    """Return somebody on the post the rule names who did not do the work."""
    able = [one for one in life.place.holders(visit.visitor_post) if one.pk != visit.doer_id]
    return able[0] if able else life.place.staff["zhuguan"]


def _mode(life: Life, at: datetime, visit: ReturnVisit, visitor: User) -> tuple[str, StoredFile | None]:
    modes = visit.rule.spec.get("modes", ["phone"])
    severe = bool(visit.case_id) and severity_of(visit.case_id) == "major"
    if not severe and "phone" in modes and life.chance(0.85):
        return "phone", None
    signature = files.store_signature(
        pen.signature(life.rng),
        actor=visitor,
        at=at,
        estate_id=visit.estate_id,
        subject_type=visit.journal_name,
        subject_id=visit.pk,
    )
    return "door", signature
