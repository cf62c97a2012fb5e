"""The roles of a colleague in the estate: which, until when, over which buildings; given and taken back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.areas.estate import queries as estates
from huiyin.areas.staffing import operations, queries
from huiyin.areas.staffing.web.forms import RoleForm
from huiyin.areas.staffing.web.views import estate_to_staff
from huiyin.foundation.accounts import queries as accounts
from huiyin.foundation.accounts.permissions import needs
from huiyin.foundation.kit.replies import done, page, refusals, refused
from huiyin.foundation.refusals import Refused


@require_http_methods(["GET", "POST"])
@needs("staffing.edit", raised=True)
def roles(request: HttpRequest, user_id: int) -> HttpResponse:
    user, estate = estate_to_staff(request)
    who = queries.colleague_for(user, user_id, estate.pk)
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        roles=queries.roles_to_give(user, estate.pk),
        buildings=[row.building for row in estates.buildings_of(estate)],
    )
    if form.is_valid():
        with refusals(form):
            given = operations.give_role(who, estate=estate, actor=user, at=now(), **form.chosen())
            return done(request, reverse("staffing:roles", args=[who.pk]), f"{who.name}有了「{given.role.title}」")
    return page(
        request,
        "staffing/roles.html",
        status=422 if form.is_bound else 200,
        at=now(),
        who=who,
        me=user,
        form=form,
        held=queries.roles_held(who, estate=estate, by=user),
        reach=who.pk != user.pk and accounts.outranks(user, who),
    )


@require_POST
@needs("staffing.edit", raised=True)
def take_role(request: HttpRequest, user_id: int, grant_id: int) -> HttpResponse:
    user, estate = estate_to_staff(request)
    who = queries.colleague_for(user, user_id, estate.pk)
    back = reverse("staffing:roles", args=[who.pk])
    grant = next(
        (one.grant for one in queries.roles_held(who, estate=estate, by=user) if one.grant.pk == grant_id), None
    )
    if grant is None:
        raise Http404
    try:
        operations.take_role(grant, estate=estate, actor=user, at=now())
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, f"{who.name}的「{grant.role.title}」已收回")
