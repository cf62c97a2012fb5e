"""What every page gets: the frame (`shell`) and what the person may (`can`).

Rights may differ between estates: a view about one record says `request.about_estate = record.estate_id`, and `can`
answers for that estate; otherwise for the estate at hand.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from huiyin.areas.cases import queries as cases
from huiyin.areas.estate import queries as estates
from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing import queries as staffing
from huiyin.areas.staffing.queries import HeldPost
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.addresses import url
from huiyin.foundation.kit.shell import Choice, Shell
from huiyin.standards import queries as promises
from huiyin.surfaces.web import navigation
from huiyin.surfaces.web.can import Can
from huiyin.surfaces.web.powers import until_of

COUNT_CAP = 99


@dataclass(frozen=True)
class Place:
    """Where and as what somebody works; read once a request."""

    estates: list[Estate]
    estate: Estate | None
    posts: list[HeldPost]

    @property
    def post_codes(self) -> dict[int, list[str]]:
        codes: dict[int, list[str]] = {}
        for post in self.posts:
            codes.setdefault(post.estate_id, []).append(post.code)
        return codes

    @property
    def post_ids(self) -> list[int]:
        return [post.id for post in self.posts]

    @property
    def title(self) -> str:
        here = [post.title for post in self.posts if self.estate and post.estate_id == self.estate.pk]
        return "、".join(here)


def place_of(request: HttpRequest, user: User) -> Place:
    """Return where the person works, kept with the request."""
    held = getattr(request, "_place", None)
    if isinstance(held, Place):
        return held
    seen = estates.estates_of(user)
    wanted = request.session.get("estate")
    at_hand = next((estate for estate in seen if estate.pk == wanted), seen[0] if seen else None)
    place = Place(seen, at_hand, staffing.held_posts(user))
    request._place = place  # type: ignore[attr-defined]  # kept for this request only
    return place


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every page its frame and what the person may. Read when the page first asks: a part of a page has no frame."""
    user = request.user
    if not isinstance(user, User):
        return {"shell": Shell(me="", user_key=""), "can": None}
    return {
        "shell": SimpleLazyObject(lambda: _frame(request, user)),
        "can": SimpleLazyObject(lambda: Can(access_of(user), _about(request, user))),
    }


def _about(request: HttpRequest, user: User) -> int | None:
    about = getattr(request, "about_estate", None)
    if about is not None:
        return int(about)
    estate = place_of(request, user).estate
    return estate.pk if estate else None


def _frame(request: HttpRequest, user: User) -> Shell:
    """Build the frame. Four queries: estates, posts, what is overdue, what waits for acknowledgement."""
    access = access_of(user)
    place = place_of(request, user)
    late, waiting = _counts(user, place, at=now()) if access.may("today.see") else (0, 0)
    return Shell(
        me=user.name,
        user_key=str(user.pk),
        rail=navigation.rail(access, path=request.path, overdue=late),
        phone_rail=navigation.bottom(access, path=request.path, overdue=late),
        post=place.title,
        estate=place.estate.name if place.estate else "",
        estates=[(str(estate.pk), estate.name) for estate in place.estates],
        estate_url=url("web:switch_estate"),
        search_url=url("web:search") if access.may("today.see") else "",
        waiting=waiting,
        waiting_url=url("web:waiting") if access.may("today.see") else "",
        home_url=navigation.first_page(access),
        sign_out_url=url("accounts:sign_out"),
        menu=(
            *(
                (Choice("接口与推送", url("web:integrations"), icon="world"),)
                if access.may("integrations.edit")
                else ()
            ),
            Choice("空白表与打印", url("web:forms"), icon="printer"),
            Choice("我的安全", url("accounts:security"), icon="shield"),
            Choice("修改密码", url("accounts:password"), icon="key"),
        ),
        powers_until=_powers(request),
        powers_url=url("accounts:lower_powers"),
    )


def _powers(request: HttpRequest) -> str:
    """Say until when the powers of this session are up; nothing when they are not."""
    until = until_of(request)
    return f"{until:%H:%M}" if until else ""


def _counts(user: User, place: Place, *, at: datetime) -> tuple[int, int]:
    whose = promises.of_person(user.pk, place.post_codes)
    (late,), told = promises.count_owed_and_told(
        whose, [(promises.EARLIEST, at)], cap=COUNT_CAP, user_id=user.pk, posts=place.post_codes
    )
    return late, min(told + cases.count_waiting(user.pk, place.post_ids, cap=COUNT_CAP), COUNT_CAP + 1)
