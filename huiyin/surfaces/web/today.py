"""今日: what I owe, by time, over every area; for those who lead, what their people owe."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from huiyin.areas.cases import queries as cases
from huiyin.areas.staffing import queries as staffing
from huiyin.areas.staffing.queries import Team
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.replies import page
from huiyin.standards import queries as promises
from huiyin.standards.queries import EARLIEST, Load, Whose
from huiyin.surfaces.web import worklist
from huiyin.surfaces.web.context import Place, place_of
from huiyin.surfaces.web.worklist import Band, Row

PAGE_SIZE = 50
LAST_PAGE = 10
COUNT_CAP = PAGE_SIZE * LAST_PAGE - 1
AT_LEAST = 3
LOOKED_AT = 1000
SHOWN = ("overdue", "due", "soon", "today", "tomorrow", "week", "later", "waiting")


@dataclass(frozen=True)
class Asked:
    """What the address asks for: whose work, which stretch of time, which page."""

    whose: str
    show: str
    page: int
    person: int | None
    post: str

    @property
    def skip(self) -> int:
        return (self.page - 1) * PAGE_SIZE


@dataclass(frozen=True)
class Burden:
    """How much one person or post owes until tonight."""

    name: str
    late: int
    due: int
    address: str


@dataclass(frozen=True)
class Listed:
    """A band with its rows; `more` says that the list goes on."""

    band: Band
    count: int
    rows: list[Row]
    more: bool


@require_GET
@needs("today.see")
def today(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    place = place_of(request, user)
    leads = access_of(user).may("today.team", place.estate.pk if place.estate else None)
    asked = _asked(request, leads=leads)
    team = staffing.team_of(place.estate.pk, _led(place, asked)) if leads and place.estate else Team({}, {})
    whose = _whose(asked, user, place, team)
    times = worklist.bands(at, timezone.get_current_timezone())
    if asked.show == "waiting":
        return redirect("web:waiting")
    counts, told = promises.count_owed_and_told(
        whose, [band.span for band in times], cap=COUNT_CAP, user_id=user.pk, posts=place.post_codes
    )
    listed = _listed(whose, times, counts, asked, user, at=at, titles=team.posts)
    return page(
        request,
        "web/today.html#list",
        at=at,
        asked=asked,
        leads=leads,
        listed=listed,
        line=worklist.line,
        late=counts[0],
        due=min(counts[1] + counts[2], COUNT_CAP + 1),
        waiting=min(told + cases.count_waiting(user.pk, place.post_ids, cap=COUNT_CAP), COUNT_CAP + 1),
        nothing_today=asked.show == "" and not any(counts[:3]),
        upcoming=next((one.rows[0] for one in listed if one.rows), None),
        **_burdens(whose, team, asked, at=at, tonight=times[2].span[1]),
        subject=_subject(asked, team),
        cap=COUNT_CAP,
    )


def _asked(request: HttpRequest, *, leads: bool) -> Asked:
    asked = request.GET
    whose = asked.get("whose", "mine")
    if whose not in ("mine", "team", "all"):
        whose = "mine"
    if whose != "mine" and not leads:
        raise PermissionDenied
    number, person = asked.get("page", ""), asked.get("person", "")
    return Asked(
        whose=whose,
        show=asked.get("show", "") if asked.get("show", "") in SHOWN else "",
        page=min(max(1, int(number)), LAST_PAGE) if number.isdecimal() and len(number) < 6 else 1,
        person=int(person) if person.isdecimal() and len(person) < 18 and whose != "mine" else None,
        post=asked.get("post", "")[:30] if whose != "mine" else "",
    )


def _led(place: Place, asked: Asked) -> list[str] | None:
    """本班: the posts one holds here and all that fall to them; 全部: every post."""
    assert place.estate is not None
    return place.post_codes.get(place.estate.pk, []) if asked.whose == "team" else None


def _whose(asked: Asked, user: User, place: Place, team: Team) -> Whose:
    if asked.whose == "mine" or place.estate is None:
        return promises.of_person(user.pk, place.post_codes)
    if asked.person is not None or asked.post:
        return promises.of_one(place.estate.pk, person=asked.person, post=asked.post)
    if asked.whose == "team":
        return promises.of_team(place.estate.pk, list(team.posts), list(team.people))
    return promises.of_estate(place.estate.pk)


def _listed(
    whose: Whose,
    times: list[Band],
    counts: list[int],
    asked: Asked,
    user: User,
    *,
    at: datetime,
    titles: dict[str, str],
) -> list[Listed]:
    """Return the bands asked for with their rows, those without any left out."""
    if asked.show == "due":
        times = [Band("due", "今天到期", (at, times[2].span[1]), "amber")]
        counts = [min(counts[1] + counts[2], COUNT_CAP + 1)]
    elif asked.show:
        counts = [count for band, count in zip(times, counts, strict=True) if band.code == asked.show]
        times = [band for band in times if band.code == asked.show]
    left = [max(0, count - asked.skip) for count in counts]
    parts = promises.owed_in(whose, [band.span for band in times], limits=_share_out(left), skip=asked.skip)
    rows = worklist.rows([pk for part in parts for pk in part], user, at=at, titles=titles, named=asked.whose != "mine")
    return [
        Listed(band, count, [rows[pk] for pk in part if pk in rows], among > len(part))
        for band, count, part, among in zip(times, counts, parts, left, strict=True)
        if part or (asked.show and asked.page == 1)
    ]


def _share_out(left: list[int]) -> list[int]:
    """Share the rows of one page among the bands, the most pressing first; every band shows at least a few."""
    shares, room = [], PAGE_SIZE
    for count in left:
        shares.append(min(count, PAGE_SIZE, max(room, AT_LEAST)))
        room -= shares[-1]
    return shares


def _burdens(whose: Whose, team: Team, asked: Asked, *, at: datetime, tonight: datetime) -> dict[str, Any]:
    """Who owes how much until tonight, the most burdened first; for those who ask about more than one holder."""
    if asked.whose == "mine" or asked.person is not None or asked.post:
        return {"burdens": [], "all_burdens": True}
    loads, whole = promises.load_of(whose, (EARLIEST, tonight), at=at, cap=LOOKED_AT)
    return {"burdens": [_burden(load, team, asked) for load in loads], "all_burdens": whole}


def _burden(load: Load, team: Team, asked: Asked) -> Burden:
    if load.owner_id is None:
        name = f"{team.posts.get(load.owner_post, load.owner_post)}(未定人)"
        return Burden(name, load.late, load.due, f"?whose={asked.whose}&post={load.owner_post}")
    name = team.people.get(load.owner_id, "不在岗的人")
    return Burden(name, load.late, load.due, f"?whose={asked.whose}&person={load.owner_id}")


def _subject(asked: Asked, team: Team) -> str:
    if asked.person is not None:
        return team.people.get(asked.person, "")
    return team.posts.get(asked.post, asked.post)
