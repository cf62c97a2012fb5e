"""Reading return visits."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.http import Http404

from huiyin.areas.cases.models import Case
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.return_visits.events import VisitFailed
from huiyin.areas.return_visits.models import ABOUT, PHONES, Attempt, Mode, ReturnVisit
from huiyin.areas.return_visits.permissions import visible_to
from huiyin.areas.return_visits.states import VisitStatus
from huiyin.areas.staffing import queries as staffing
from huiyin.areas.upkeep import queries as upkeep
from huiyin.areas.upkeep.models import ProjectHome
from huiyin.foundation.accounts.models import Grant, User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.rows import Prepared
from huiyin.standards.in_force import rule_book
from huiyin.standards.models import Draw
from huiyin.standards.rules import compile_rule

_RELATED = (
    *ABOUT,
    "case__responsible_post",
    "case__unit",
    "rule__version__standard",
    "assigned",
    "visitor",
    "doer",
    "raised_case",
)
MADE = (VisitStatus.DONE, VisitStatus.FAILED)
# Whose ends are visited here; draws of anything else are not ours.
VISITED = (WorkOrder.journal_name, Complaint.journal_name, ProjectHome.journal_name)


def visit_for(user: User, visit_id: int, *, to: str) -> ReturnVisit:
    """Return the visit; 404 out of sight, 403 without the right in its estate."""
    visit = (
        visible_to(user)
        .select_related(*_RELATED, "signature", "follows")
        .prefetch_related(*PHONES)
        .filter(pk=visit_id)
        .first()
    )
    if visit is None:
        raise Http404
    require_right(user, to, visit.estate_id)
    return visit


def call_list(
    user: User, *, at: datetime, estate_id: int | None = None, type: str = "", whose: str = ""
) -> QuerySet[ReturnVisit]:
    """Return the visits whose window is open, the one closing first on top; never those the user did the work for.

    `whose`: mine (given to me by name), nobody (given to nobody), else all.
    """
    found = (
        visible_to(user)
        .filter(status=VisitStatus.DUE, window_from__lte=at)
        .filter(Q(doer=None) | ~Q(doer=user))
        .select_related(*_RELATED)
        .prefetch_related(*PHONES)
        .order_by("window_to", "id")
    )
    if estate_id is not None:
        found = found.filter(estate_id=estate_id)
    if type:
        found = found.filter(type=type)
    if whose == "mine":
        found = found.filter(assigned=user)
    return found.filter(assigned=None) if whose == "nobody" else found


def made_list(
    user: User,
    estate_id: int,
    *,
    verdict: str = "",
    type: str = "",
    mode: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[ReturnVisit]:
    """Return the visits made, or with the verdict `exempt` those excused; days are of the estate, the last included."""
    told = Coalesce("case__caller_unit", "home__unit__code")
    found = visible_to(user).filter(estate_id=estate_id).select_related(*_RELATED).annotate(told_unit=told)
    found = found.prefetch_related(*PHONES)
    found = found.filter(status=VisitStatus.EXEMPT) if verdict == "exempt" else found.filter(status__in=MADE)
    if verdict in ("pass", "fail"):
        found = found.filter(verdict=verdict)
    if type:
        found = found.filter(type=type)
    if mode:
        found = found.filter(mode=mode)
    if since:
        found = found.filter(visited_at__date__gte=since)
    return found.filter(visited_at__date__lte=until) if until else found


def attempts_of(visits: Iterable[ReturnVisit]) -> dict[int, list[Attempt]]:
    """Return the attempts of these visits, oldest first, by visit."""
    found: dict[int, list[Attempt]] = {}
    for attempt in Attempt.objects.filter(visit__in=[v.pk for v in visits]).select_related("by").order_by("id"):
        found.setdefault(attempt.visit_id, []).append(attempt)
    return found


def notes_on(visits: Iterable[ReturnVisit]) -> dict[int, list[Entry]]:
    """Return what the supervisor wrote and which notices went out, by visit, oldest first."""
    wanted = list(visits)
    kinds = [f"{ReturnVisit.journal_name}.{what}" for what in ("reviewed", "rectification_sent")]
    written = Entry.objects.filter(thread__in={v.thread for v in wanted}, kind__in=kinds).select_related("actor")
    found: dict[int, list[Entry]] = {}
    for entry in written.order_by("id"):
        found.setdefault(entry.subject_id, []).append(entry)
    return found


def second_of(visit: ReturnVisit) -> ReturnVisit | None:
    """Return the visit that follows a failed one."""
    return ReturnVisit.objects.filter(follows=visit).first()


def modes_of(visit: ReturnVisit) -> list[str]:
    """Return the modes the rule allows for this round; a rule that says nothing allows all."""
    rule = compile_rule(visit.rule.spec)
    allowed = rule.second_modes if visit.round > 1 and rule.second_modes else rule.modes
    return [mode for mode in Mode.values if not allowed or mode in allowed]


def follows_failure(visit: ReturnVisit, *, at: datetime) -> list[str]:
    """Return what the standard in force asks for once this visit is recorded as failed, in its own sentences."""
    return [rule.says for rule in rule_book(visit.estate_id, at=at).opened_by.get(VisitFailed.code, ())]


def visitors_for(visit: ReturnVisit) -> list[User]:
    """Return the colleagues who may make this visit: the right in the estate, and not the work itself."""
    people = [person for person in staffing.colleagues(visit.estate_id) if person.pk != visit.doer_id]
    grants = Grant.objects.filter(Q(estate_id=visit.estate_id) | Q(estate_id=None), user__in=people, until=None)
    may = {
        user_id for user_id, rights in grants.values_list("user_id", "role__rights") if "return_visits.visit" in rights
    }
    return [person for person in people if person.pk in may]


_VISITS_OF = Prepared(
    lambda case_id: (
        ReturnVisit.objects.filter(case=case_id)
        .select_related("rule", "visitor", "assigned", "raised_case", "signature", "doer")
        .order_by("id")
    )
)


def visits_of(case: Case) -> list[ReturnVisit]:
    """Return the visits the case led to, with their attempts."""
    visits = _VISITS_OF.all(case.pk)
    prefetch_related_objects(visits, "attempts__by")
    return visits


def failed_since(estate_ids: list[int] | None, since: datetime) -> QuerySet[ReturnVisit]:
    failed = ReturnVisit.objects.filter(status=VisitStatus.FAILED, visited_at__gte=since)
    return failed if estate_ids is None else failed.filter(estate_id__in=estate_ids)


def about_thread(thread: str) -> Case | ProjectHome:
    """Return the matter, or the home of a project, whose thread this is."""
    if thread.startswith("home:"):
        return upkeep.home_of_thread(thread)
    return Case.objects.select_related("estate").get(pk=int(thread.removeprefix("case:")))


def doer_of(draw: Draw) -> int | None:
    """Return who did the work that was drawn."""
    if draw.subject_type == ProjectHome.journal_name:
        return ProjectHome.objects.values_list("project__responsible", flat=True).get(pk=draw.subject_id)
    if draw.subject_type == WorkOrder.journal_name:
        return WorkOrder.objects.values_list("technician", flat=True).get(pk=draw.subject_id)
    return Complaint.objects.values_list("replied_by", flat=True).get(pk=draw.subject_id)


def replier_of(case_id: int) -> int | None:
    return Complaint.objects.values_list("replied_by", flat=True).get(case=case_id)
