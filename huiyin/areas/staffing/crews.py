"""A crew to give work to: who holds a post, what each can do, and when each is there. Read through `queries`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.areas.staffing.models import Absence, Assignment, Duty
from huiyin.foundation.accounts.models import User
from huiyin.foundation.rows import Prepared

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Hand:
    """Somebody of a crew. Without a roster for the post (`planned_until` is empty) whoever is not absent is there."""

    user: User
    skills: tuple[str, ...]
    duties: tuple[Span, ...]
    away: tuple[Span, ...]
    planned_until: datetime | None

    def is_there(self, at: datetime) -> bool:
        return self.is_there_all(at, at)

    def is_there_all(self, start: datetime, end: datetime) -> bool:
        """Tell whether the person is there from start to end."""
        if any(since <= end and until > start for since, until in self.away):
            return False
        if self.planned_until is None or self.planned_until <= start:
            return True
        return any(since <= start and until > start and until >= end for since, until in self.duties)

    def there_again(self, at: datetime) -> datetime | None:
        """Return when somebody who is not there comes, as far as it is planned."""
        ends = [until for since, until in self.away if since <= at < until]
        begins = [since for since, until in self.duties if since > at]
        moments = sorted(one for one in (*ends, *begins) if self.is_there(one))
        return moments[0] if moments else None


_HELD = Prepared(
    lambda estate_id, post: (
        Assignment.objects.filter(post__estate_id=estate_id, post__code=post, until_date=None, user__is_active=True)
        .select_related("user")
        .order_by("user__username")
    )
)
_PLANNED = Prepared(
    lambda estate_id, post, since: Duty.objects.filter(
        post__estate_id=estate_id, post__code=post, ends_at__gt=since
    ).order_by("starts_at")
)
_AWAY = Prepared(lambda people, since: Absence.objects.filter(user__id__in=people, ends_at__gt=since))


def crew_of(estate_id: int, post_code: str, *, since: datetime) -> list[Hand]:
    """Return who holds the post, with the duties and absences that end after `since`. Three queries."""
    held = _HELD.all(estate_id, post_code)
    planned = _PLANNED.all(estate_id, post_code, since)
    away = _AWAY.all([one.user_id for one in held], since)
    mans, absent = _by_person(planned), _by_person(away)
    planned_until = max((one.ends_at for one in planned), default=None)
    return [Hand(one.user, tuple(one.skills), mans[one.user_id], absent[one.user_id], planned_until) for one in held]


def _by_person(spans: Sequence[Duty | Absence]) -> "defaultdict[int, tuple[Span, ...]]":
    found: defaultdict[int, tuple[Span, ...]] = defaultdict(tuple)
    for one in spans:
        found[one.user_id] += ((one.starts_at, one.ends_at),)
    return found


def skills_of(user: User, estate_id: int) -> list[str]:
    """Return what is recorded that the person can do in the estate."""
    held = Assignment.objects.filter(user=user, post__estate_id=estate_id, until_date=None).order_by("id")
    return list(held.values_list("skills", flat=True).first() or [])
