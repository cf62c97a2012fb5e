"""Reading the ledger, and what the desk needs to know about a home while somebody is on the phone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Left
from django.http import Http404

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.models import Case, Category
from huiyin.areas.cases.rules import class_of, fits, suggest
from huiyin.areas.estate.models import Estate, Unit
from huiyin.areas.estate.queries import HouseholdCard, household_card
from huiyin.areas.estate.rules.names import initials_of
from huiyin.areas.repairs import queries as repairs
from huiyin.areas.repairs.models import BuildingHint, Incident, WorkOrder
from huiyin.areas.repairs.queries import Earlier
from huiyin.areas.repairs.rules import Repeats
from huiyin.areas.service_desk import rules
from huiyin.areas.service_desk.models import Contact, ContactCase, IncidentCaller
from huiyin.areas.service_desk.permissions import visible_to, within
from huiyin.areas.service_desk.states import ContactStatus
from huiyin.areas.staffing import queries as staffing
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.rows import Prepared
from huiyin.standards import queries as promises
from huiyin.standards.in_force import working_calendar
from huiyin.standards.models import Commitment

AFTER_ALL = "\U0010ffff"
SHOWN = 8
_EXCERPT = 120
TOLD = 5
NEVER = Repeats()
UNSETTLED = (ContactStatus.OPEN, ContactStatus.PROMISED)


@dataclass(frozen=True)
class HomeCard:
    """A home as the desk sees it: the household, what is open there, what was promised, who called last.

    Read when asked for: what a call is entered with needs the people only.
    """

    household: HouseholdCard

    @property
    def unit(self) -> Unit:
        return self.household.unit

    @property
    def hint(self) -> str:
        return self.unit.entrance.building.hint

    @cached_property
    def open_cases(self) -> list[Case]:
        return list(cases.open_of_unit(self.unit.pk).select_related("responsible", "responsible_post")[:SHOWN])

    @cached_property
    def contacts(self) -> list[Contact]:
        return list(contacts_of_unit(self.unit.pk).order_by("-received_at", "-id")[:5])

    @cached_property
    def promises(self) -> list[rules.Promise]:
        """What was promised on what is open here and on the last contacts, due first."""
        numbers = {one.thread: one.number for one in self.open_cases} | {
            one.thread: one.number for one in self.contacts
        }
        return _owed(self.unit.estate_id, numbers)[:TOLD]

    @property
    def callers(self) -> list[tuple[int, str, tuple[str, ...]]]:
        """Who may be calling: (id, name, phones), as `rules.who_called` takes them."""
        return [(one.person.pk, one.person.name, one.phones) for one in self.household.people]


@dataclass(frozen=True)
class Told:
    """What came of a contact and what was promised, so that the caller can be told in one sentence."""

    contact: Contact
    case: Case | None
    promises: list[rules.Promise]

    @property
    def number(self) -> str:
        return self.case.number if self.case else self.contact.number

    @property
    def joined(self) -> Case | None:
        return self.case.merged_into if self.case else None


def contact_for(user: User, number: str, *, to: str = "desk.see") -> Contact:
    """Return the ledger line by number; 404 out of sight, 403 without the right in its estate."""
    related = ("estate", "unit", "household", "person", "receiver", "promised_by")
    contact = visible_to(user).select_related(*related).filter(number=number).first()
    if contact is None:
        raise Http404
    require_right(user, to, contact.estate_id)
    return contact


def ledger(user: User) -> QuerySet[Contact]:
    """Return the ledger the user may see, newest first."""
    return visible_to(user).select_related("receiver").order_by("-received_at", "-id")


def ledger_lines(
    user: User,
    estate: Estate,
    *,
    status: str | None = None,
    channel: str | None = None,
    receiver: User | None = None,
    since: date | None = None,
    until: date | None = None,
    text: str | None = None,
) -> QuerySet[Contact]:
    """Return the lines of one estate's ledger that agree with every filter given, with the cases they became.

    `text` is how the number, the unit, the name, the phone or the words begin. Days are days here, both included.
    """
    lines = ledger(user).filter(estate=estate)
    if status == "unsettled":
        lines = lines.filter(status__in=UNSETTLED)
    elif status:
        lines = lines.filter(status=status)
    if channel:
        lines = lines.filter(channel=channel)
    if receiver:
        lines = lines.filter(receiver=receiver)
    calendar = working_calendar(estate_id=estate.pk)
    if since:
        lines = lines.filter(received_at__gte=calendar.at_local(since, time.min))
    if until:
        lines = lines.filter(received_at__lt=calendar.at_local(until + timedelta(days=1), time.min))
    if text:
        lines = lines.filter(_begins_with(text.strip(), estate))
    outcomes = ContactCase.objects.select_related("case").order_by("id")
    return lines.prefetch_related(Prefetch("outcomes", queryset=outcomes))


def unsettled_count(user: User, estate: Estate) -> int:
    """Count the lines that have no end yet."""
    return visible_to(user).filter(estate=estate, status__in=UNSETTLED).count()


_GISTS = Prepared(
    lambda ids, estate_ids, company_id: (
        within(estate_ids, company_id)
        .filter(pk__in=ids)
        .only("number", "caller_unit", "caller_name")
        .annotate(gist=Left("text", _EXCERPT))
        .order_by()
    )
)


def gists(user: User, ids: Iterable[int]) -> Sequence[Contact]:
    """Return those of these lines the user may see, with what a worklist shows: `gist` is how the text begins."""
    found = _GISTS.all(tuple(ids), access_of(user).estate_ids, user.company_id)
    if not access_of(user).buildings:
        return found
    seen = set(visible_to(user).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    return [one for one in found if one.pk in seen]


def by_ids(ids: Iterable[int]) -> dict[int, Contact]:
    return Contact.objects.select_related("receiver").in_bulk(list(ids))


_CONTACT_OF = Prepared(
    lambda case_id: Contact.objects.filter(outcomes__case=case_id).select_related("receiver").order_by("id")[:1]
)


def contact_of(case: Case) -> Contact | None:
    """Return the ledger line a case came from."""
    return _CONTACT_OF.first(case.pk)


def contacts_of_unit(unit_id: int) -> QuerySet[Contact]:
    return Contact.objects.filter(unit=unit_id).select_related("receiver").order_by("-received_at")


def cases_of(contact: Contact) -> list[Case]:
    """Return what the contact became, first things first."""
    found = ContactCase.objects.filter(contact=contact).select_related(
        "case__merged_into",
        "case__category",
        "case__responsible",
        "case__responsible_post",
        "case__unit__entrance",
    )
    return [outcome.case for outcome in found.order_by("id")]


def home_card(unit: Unit) -> HomeCard:
    """Return what the desk shows of a home. A constant number of queries."""
    return HomeCard(household_card(unit))


def alike(unit_id: int | None, kind: str) -> list[Case]:
    """Return the open cases of this kind in the home, which the caller may be calling about again."""
    if unit_id is None or not kind:
        return []
    return list(cases.open_of_unit(unit_id).filter(kind=kind).select_related("responsible", "responsible_post")[:3])


def suggested(text: str, kind: str, estate_id: int | None = None) -> list[Category]:
    """Return the categories of the kind whose keywords the text names, the best first."""
    # What hangs below a class is narrower than the class, and wins over it where the words fit both.
    narrow_first = sorted(cases.keywords_of(kind, estate_id), key=lambda one: one.parent_id is None)
    named = {one.pk: {word for word in one.words if word in text} for one in narrow_first}
    for one in narrow_first:
        if one.parent_id and named[one.pk]:
            named[one.pk] |= named.get(one.parent_id, set())
    return cases.categories_by_ids(suggest(named))


def looked_up(said: str, kind: str, estate_id: int, *, at_most: int = 6) -> list[Category]:
    """Return the categories of the kind somebody means who types initials, a part of the title, or a keyword."""
    found = cases.categories_of(kind, estate_id)
    meant = (
        one for one in found if fits(said, title=one.title, initials=initials_of(one.title), keywords=one.keywords)
    )
    return list(meant)[:at_most]


def find_numbers(user: User, estate: Estate, text: str) -> tuple[list[Case], list[Contact]]:
    """Return cases and ledger lines whose number begins as typed; nothing when what was typed is no number."""
    prefix = rules.number_prefix(text, estate.code)
    if not prefix:
        return [], []
    begins = Q(number__gte=prefix, number__lt=prefix + AFTER_ALL)
    found = cases.cases_for(user).filter(begins, estate=estate).order_by("-number")[:5]
    return list(found), list(ledger(user).filter(begins, estate=estate).order_by("-number")[:5])


def find_old_number(user: User, estate: Estate, text: str) -> list[Case]:
    """Return the matter whose repair order had this number in the book before this house."""
    order = repairs.past_order_numbered(estate.pk, text)
    return list(cases.cases_for(user).filter(pk=order.case_id)) if order else []


def told(user: User, number: str) -> Told:
    """Return what the caller is to be told, by the number of the contact or of the case it became.

    404 out of sight, 403 for who may not register in its estate.
    """
    behind = Q(number=number) | Q(outcomes__case__number=number)
    contact = visible_to(user).select_related("promised_by").filter(behind).first()
    if contact is None:
        raise Http404
    require_right(user, "desk.register", contact.estate_id)
    case = next((case for case in reversed(cases_of(contact)) if number in (case.number, contact.number)), None)
    about = (case.merged_into or case) if case else contact
    return Told(contact, case, _owed(contact.estate_id, {about.thread: about.number}))


def _owed(estate_id: int, numbers: Mapping[str, str]) -> list[rules.Promise]:
    """Return what is owed in these threads (thread → number), earliest first. Two queries, also for none."""
    owed = promises.threads_owed(numbers).filter(after_closing=False)
    titles = {code: post.title for code, post in staffing.posts_of(estate_id).items()}
    return [rules.Promise(one.does, _debtor(one, titles), one.due_at, numbers[one.thread]) for one in owed]


def _debtor(owed: Commitment, titles: dict[str, str]) -> str:
    """Say who owes it: the post, because a caller knows no names; the person when no post is written."""
    if owed.owner_post:
        return titles.get(owed.owner_post, owed.owner.name if owed.owner else "")
    return owed.owner.name if owed.owner else ""


def _begins_with(text: str, estate: Estate) -> Q:
    if prefix := rules.number_prefix(text, estate.code):
        return Q(number__gte=prefix, number__lt=prefix + AFTER_ALL)
    return (
        Q(caller_unit__startswith=text)
        | Q(caller_name__startswith=text)
        | Q(caller_phone__startswith=text)
        | Q(text__startswith=text)
    )


@dataclass(frozen=True)
class Known:
    """What is known already of what the caller speaks of, while the clerk types."""

    incidents: Sequence[Incident] = ()
    hints: Sequence[BuildingHint] = ()
    nearby: Sequence[WorkOrder] = ()
    earlier: Sequence[Earlier] = ()
    repeats: Repeats = NEVER
    standing: Sequence[Commitment] = ()


def known(
    user: User, estate: Estate, unit: Unit | None, *, kind: str = "", category: Category | None = None, at: datetime
) -> Known:
    """Return running incidents, hints of the building, the same in the building, and the same here before.

    Without a home all incidents of the estate are told; without a category neither neighbours nor repetitions are.
    """
    building_id = unit.entrance.building_id if unit else None
    fault = class_of(category.code) if category and kind == "repair" else ""
    today = working_calendar(estate_id=estate.pk).local_date(at)
    running = repairs.running_incidents(user, estate.pk, building_id=building_id)
    hints = repairs.hints_for(estate.pk, on=today, building_id=building_id, fault=fault)
    if unit is None or not fault:
        return Known(running, hints)
    nearby = repairs.open_ones_like(estate.pk, building_id=unit.entrance.building_id, fault=fault, beside=unit.pk)
    earlier = repairs.earlier_repairs(unit.pk, fault, at=at)
    standing = repairs.standing(estate.pk, unit.code, fault) if earlier else []
    return Known(running, hints, list(nearby), earlier[:SHOWN], repairs.counted(earlier, at=at), standing)


def may_be_same(user: User, case: Case) -> list[Case]:
    """Return the open matters that one just registered may be one with; nothing once somebody has begun it."""
    if case.status != "new" or case.first_contact_owner_id != user.pk:
        return []
    alike_here = cases.look_alikes(case)
    if case.kind != "repair" or case.unit is None or case.category is None:
        return alike_here
    building_id, fault = case.unit.entrance.building_id, class_of(case.category.code)
    near = repairs.open_ones_like(case.estate_id, building_id=building_id, fault=fault, beside=case.unit_id)
    return [*alike_here, *(one.case for one in near)]


def told_of_incident(contact: Contact) -> IncidentCaller | None:
    """Return what a contact has to do with an incident."""
    return IncidentCaller.objects.filter(contact=contact).select_related("incident").first()


def callers_of(user: User, incident: Incident, *, show: str | None = None) -> QuerySet[IncidentCaller]:
    """Return who asked about the incident, among the ledger lines the user may see: `waiting` those still to be told."""
    found = IncidentCaller.objects.filter(incident=incident, contact__in=visible_to(user))
    if show == "waiting":
        found = found.filter(wants_telling=True, told_at=None)
    elif show == "told":
        found = found.filter(told_at__isnull=False)
    elif show == "cases":
        found = found.filter(case__isnull=False)
    return found.select_related("contact__receiver", "case", "told_by", "incident")


def callers_by_id(user: User, incident: Incident, ids: Iterable[int]) -> list[IncidentCaller]:
    """Return these callers of the incident, among those the user may see."""
    return list(callers_of(user, incident).filter(pk__in=list(ids)).order_by("id"))


@dataclass(frozen=True)
class Asked:
    """How many asked about an incident, how many wanted to hear the end, and how many have not heard it yet."""

    callers: int = 0
    wanting: int = 0
    waiting: int = 0


def asked_about(incidents: Iterable[Incident]) -> dict[int, Asked]:
    """Return the figures of these incidents. One query, however many."""
    found = IncidentCaller.objects.filter(incident__in=[one.pk for one in incidents]).order_by()
    waiting = Q(wants_telling=True, told_at=None)
    figures = found.values("incident").annotate(
        callers=Count("id"), wanting=Count("id", filter=Q(wants_telling=True)), waiting=Count("id", filter=waiting)
    )
    return {one["incident"]: Asked(one["callers"], one["wanting"], one["waiting"]) for one in figures}
