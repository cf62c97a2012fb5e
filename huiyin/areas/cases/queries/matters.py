"""Reading cases: one, the lists, what belongs together."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, Left
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.http import Http404

from huiyin.areas.cases import events, rules, states
from huiyin.areas.cases.models import Case
from huiyin.areas.cases.permissions import visible_to, within
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.rows import Prepared, Written

_PEOPLE = ("responsible", "responsible_post", "first_contact_owner", "category", "estate", "unit")
_LISTED = (
    "number", "kind", "status", "urgency", "anonymous", "caller_name", "caller_unit", "opened_at", "closed_at",
    "next_step", "next_at", "responsible__name", "responsible_post__title",
)  # fmt: skip
_EXCERPT = 120
_FEW = 20_000


_OPEN = [Written(str(status)) for status in states.OPEN]
_SET_ASIDE = [Written(str(status)) for status in states.SET_ASIDE]


_CASE = Prepared(
    lambda number, estate_ids, company_id: (
        within(estate_ids, company_id)
        .select_related(*_PEOPLE, "merged_into", "raised_by", "repeat_of")
        .filter(number=number)[:1]
    )
)


def case_for(user: User, number: str, *, to: str = "cases.see") -> Case:
    """Return the case by number, among those the user may see; 404 beyond, 403 without the right in its estate."""
    access = access_of(user)
    case = _CASE.first(number, access.estate_ids, user.company_id)
    if case is None or (access.buildings and not visible_to(user).filter(pk=case.pk).exists()):
        raise Http404
    require_right(user, to, case.estate_id)
    return case


def cases_for(user: User) -> QuerySet[Case]:
    """Return the cases the user may see, for lists."""
    return visible_to(user).select_related("responsible", "responsible_post", "category")


def open_cases(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(status__in=_OPEN)


@dataclass(frozen=True)
class Wanted:
    """What a list of cases is filtered by. Empty: not asked for. `status` empty: open ones; "all": of every status."""

    status: str = ""
    kind: str = ""
    post_id: int | None = None
    person_id: int | None = None
    late_at: datetime | None = None
    urgency: str = ""
    category_id: int | None = None
    channel: str = ""
    opened_from: datetime | None = None
    opened_until: datetime | None = None
    text: str = ""


_ROWS = (
    Case.objects.select_related("responsible", "responsible_post")
    .only(*_LISTED)
    .annotate(excerpt=Left("text", _EXCERPT))
)


def find(user: User, estate_id: int, wanted: Wanted) -> QuerySet[Case]:
    """Return the cases of the estate that are asked for, with what a list shows: `excerpt` is how the text begins.

    Open ones are read along a partial index in the order of their next step; a search by number, caller, unit or
    phone looks in the index of each.
    """
    conditions = _of_status(wanted.status)
    if wanted.late_at:
        conditions += [Q(status__in=_OPEN), Q(next_at__lt=wanted.late_at)]
    asked = {
        "kind": wanted.kind,
        "responsible_post": wanted.post_id,
        "responsible": wanted.person_id,
        "urgency": wanted.urgency,
        "category": wanted.category_id,
        "channel": wanted.channel,
        "opened_at__gte": wanted.opened_from,
        "opened_at__lt": wanted.opened_until,
    }
    conditions += [Q(**{name: value}) for name, value in asked.items() if value not in ("", None)]
    if wanted.text.strip():
        conditions.append(_beginning_with(estate_id, wanted.text.strip()))
    return visible_to(user, among=_ROWS).filter(*conditions, estate=estate_id)


_OPENING_ROWS = 51
_OPENING = Prepared(
    lambda estate_id, estate_ids, company_id: (
        within(estate_ids, company_id, among=_ROWS)
        .filter(status__in=_OPEN, estate=estate_id)
        .order_by("next_at", "pk")[:_OPENING_ROWS]
    )
)
_COUNT_OPEN = f"""
SELECT count(*) FROM (
    SELECT id FROM cases_case WHERE estate_id = %s AND status IN ({", ".join(f"'{one.value}'" for one in states.OPEN)}) LIMIT %s
) AS found
"""


def first_open(user: User, estate_id: int) -> list[Case]:
    """Return what `find` finds first when nothing is asked: the open cases whose next step comes soonest, a page and one."""
    return _OPENING.all(estate_id, access_of(user).estate_ids, user.company_id)


def count_open(estate_id: int, *, cap: int) -> int:
    """Count the open cases of an estate the user is known to see, up to the cap."""
    return int(rows.read(_COUNT_OPEN, [estate_id, cap])[0][0])


def _of_status(status: str) -> list[Q]:
    if status == "":
        return [Q(status__in=_OPEN)]
    if status in states.OPEN:
        return [Q(status__in=_OPEN), Q(status=status)]
    if status in states.SET_ASIDE:
        return [Q(status__in=_SET_ASIDE), Q(status=status)]
    return [] if status == "all" else [Q(status=status)]


_GISTS = Prepared(
    lambda ids, estate_ids, company_id: (
        within(estate_ids, company_id)
        .filter(pk__in=ids)
        .only("number", "caller_unit", "caller_name")
        .annotate(gist=Left("text", _EXCERPT))
        .order_by()
    )
)


def gists(user: User, ids: Iterable[int]) -> Sequence[Case]:
    """Return those of these cases the user may see, with what a line shows: `gist` is how the text begins."""
    found = _GISTS.all(tuple(ids), access_of(user).estate_ids, user.company_id)
    if not access_of(user).buildings:
        return found
    seen = set(visible_to(user).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    return [one for one in found if one.pk in seen]


def for_export(found: QuerySet[Case]) -> QuerySet[Case]:
    """Return the same cases with everything a sheet holds of them."""
    return found.defer(None).select_related("responsible", "responsible_post", "first_contact_owner", "category")


def _beginning_with(estate_id: int, text: str) -> Q:
    """Return the condition that a case's number, phone, unit or caller begins with the text.

    Few are named by their ids, found in the index of each field. Many are met soon enough on the way along the list,
    so that nobody has to sort them; COALESCE keeps the planner from going by their index after all.
    """
    ids: set[int] = set()
    either = Q()
    for name, start in rules.search_ranges(text):
        # Numbers have an index of their own; asked for with the estate, SQLite would read the whole estate instead.
        span: dict[str, Any] = {} if name == "number" else {"estate": estate_id}
        span |= {f"{name}__gte": start, f"{name}__lt": start + rules.LAST_LETTER}
        ids.update(Case.objects.filter(**span).order_by().values_list("pk", flat=True)[: _FEW + 1])
        field = Coalesce(name, Value(""))
        either |= Q(GreaterThanOrEqual(field, start), LessThan(field, start + rules.LAST_LETTER))
    return Q(pk__in=ids) if len(ids) <= _FEW else either


def case_of_thread(thread: str) -> Case | None:
    """Return the case whose matter this is; None for the matter of something else."""
    kind, _, number = thread.partition(":")
    return Case.objects.filter(pk=int(number)).first() if kind == "case" and number.isdecimal() else None


def by_ids(ids: Iterable[int]) -> dict[int, Case]:
    """Return cases by id, for lists that hold only threads."""
    return Case.objects.select_related("responsible", "responsible_post").in_bulk(list(ids))


_MINE = "FROM cases_case WHERE status = 'new' AND responsible_id = %s"
_OF_POST = "FROM cases_case WHERE status = 'new' AND responsible_id IS NULL AND responsible_post_id = %s"


def waiting_for(user_id: int, post_ids: Collection[int], *, first: int) -> QuerySet[Case]:
    """Return (at least) the first new cases that wait for this person to take them: theirs by name, or by a post without a name."""
    branches = [_MINE, *[_OF_POST] * len(post_ids)]
    each = [f"SELECT id FROM (SELECT id {branch} ORDER BY next_at LIMIT {int(first)}) AS part" for branch in branches]
    found = rows.read(" UNION ALL ".join(each), [user_id, *post_ids])
    return Case.objects.filter(pk__in=[pk for (pk,) in found]).order_by("next_at", "id")


def count_waiting(user_id: int, post_ids: Collection[int], *, cap: int) -> int:
    """Count what waits for this person, up to one more than the cap."""
    branches = [_MINE, *[_OF_POST] * len(post_ids)]
    each = [f"SELECT count(*) AS n FROM (SELECT 1 AS one {branch} LIMIT {int(cap) + 1}) AS part" for branch in branches]
    counted = rows.read(" UNION ALL ".join(each), [user_id, *post_ids])
    return min(sum(int(n) for (n,) in counted), cap + 1)


def come_again(user: User, estate_id: int, span: tuple[datetime, datetime]) -> QuerySet[Case]:
    """Return the cases that came again in the span: reopened in it, or registered in it as the repeat of another."""
    reopened = Entry.objects.filter(
        estate_id=estate_id, kind=events.CaseReopened.code, at__gte=span[0], at__lt=span[1]
    ).values("subject_id")
    repeats = Case.objects.filter(repeat_of__isnull=False, estate=estate_id)
    repeated = repeats.filter(opened_at__gte=span[0], opened_at__lt=span[1]).values("pk")
    found = visible_to(user).filter(Q(pk__in=reopened) | Q(pk__in=repeated))
    return found.select_related("responsible", "responsible_post", "repeat_of")


_TOLD = """WITH RECURSIVE told (id) AS (
  SELECT id FROM cases_case WHERE id = %s
  UNION SELECT merged.id FROM cases_case AS merged JOIN told ON merged.merged_into_id = told.id
) SELECT count(*) FROM told"""


def callers_of(case: Case) -> int:
    """Count how many told this matter: the case, those merged into it, and those merged into them."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [case.pk])
        return int(cursor.fetchone()[0])


def open_of_unit(unit_id: int) -> QuerySet[Case]:
    return open_cases(Case.objects.filter(unit=unit_id)).order_by("next_at")


_LOOK_ALIKES = Prepared(
    lambda estate_id, kind, unit_id: open_cases(
        Case.objects.filter(estate=estate_id, kind=kind, unit=unit_id)
    ).order_by("-opened_at", "-id")[:6]
)


def look_alikes(case: Case) -> list[Case]:
    """Return open cases of the same kind in the same unit, which this one may be a duplicate of."""
    if case.unit_id is None:
        return []
    found = _LOOK_ALIKES.all(case.estate_id, case.kind, case.unit_id)
    return [other for other in found if other.pk != case.pk][:5]


@dataclass(frozen=True)
class Related:
    """The other cases a case has to do with."""

    merged: list[Case]
    raised: list[Case]
    repeats: list[Case]
    look_alikes: list[Case]


_RELATED = Prepared(
    lambda pk: Case.objects.filter(Q(merged_into=pk) | Q(raised_by=pk) | Q(repeat_of=pk)).order_by("id")[:100]
)


def related_to(case: Case) -> Related:
    """Return what was merged into the case, what it raised, what repeats it, and what it may be a duplicate of."""
    found = _RELATED.all(case.pk)
    return Related(
        merged=[other for other in found if other.merged_into_id == case.pk],
        raised=[other for other in found if other.raised_by_id == case.pk],
        repeats=[other for other in found if other.repeat_of_id == case.pk],
        look_alikes=look_alikes(case) if case.is_open else [],
    )
