"""The account of a colleague: whether and where they are signed in, what locks it, the link that was sent."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.staffing import operations, queries, words
from huiyin.areas.staffing.web.links import show_link
from huiyin.areas.staffing.web.views import estate_to_staff
from huiyin.foundation.accounts import queries as accounts
from huiyin.foundation.accounts.permissions import needs
from huiyin.foundation.kit.replies import done, page, refused
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import queries as signing_in
from huiyin.foundation.signing_in.rules import minutes_until

STEPS: dict[str, tuple[Callable[..., Any], str]] = {
    "unlock": (operations.let_in_again, "{}可以登录了"),
    "sign_out": (operations.sign_out_everywhere, "{}在各处的登录都已结束"),
    "second_step": (operations.drop_second_step, "{}的第二步已关闭"),
    "take_link_back": (operations.take_link_back, "{}的链接已作废"),
}


@require_GET
@needs("staffing.edit")
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    user, estate = estate_to_staff(request)
    at = now()
    who = queries.colleague_for(user, user_id, estate.pk)
    locks = signing_in.locks_of(who, at=at)
    return page(
        request,
        "staffing/account.html",
        at=at,
        who=who,
        me=user,
        grants=accounts.open_grants_of(who),
        sessions=accounts.sessions_of(who, at=at),
        factors=signing_in.factors_of(who),
        links=signing_in.open_links_of([who], at=at),
        skills="、".join(words.SKILLS[code] for code in queries.skills_of(who, estate.pk)),
        wait=minutes_until(locks[0].until, at) if locks and locks[0].until else 0,
        reach=accounts.outranks(user, who),
    )


@never_cache
@require_POST
@needs("staffing.edit", raised=True)
def change_account(request: HttpRequest, user_id: int) -> HttpResponse:
    """Do what the pressed button says."""
    user, estate = estate_to_staff(request)
    who = queries.colleague_for(user, user_id, estate.pk)
    back = reverse("staffing:account", args=[who.pk])
    try:
        if request.POST.get("do") == "link":
            return show_link(request, who, operations.send_link(who, actor=user, at=now()), back=back)
        step, says = STEPS.get(request.POST.get("do", ""), (None, ""))
        if step:
            step(who, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, says.format(who.name) or "没有这个按钮")
