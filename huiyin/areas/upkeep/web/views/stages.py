"""The steps of one stage of a project."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from huiyin.areas.upkeep import operations, queries
from huiyin.areas.upkeep.models import Stage
from huiyin.areas.upkeep.web.forms import RejectForm, WordsForm
from huiyin.areas.upkeep.web.steps import take
from huiyin.areas.upkeep.web.views.projects import show
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, refusals


@require_POST
@needs("upkeep.do")
def start(request: HttpRequest, number: str, position: int) -> HttpResponse:
    stage, told = _stage(request, number, position, "upkeep.do")
    back = reverse("upkeep:project", args=[number])
    return take(request, None, lambda _: operations.start_stage(stage, **told), f"{stage.title}:开始了", back=back)


@require_POST
@needs("upkeep.do")
def hand_in(request: HttpRequest, number: str, position: int) -> HttpResponse:
    stage, told = _stage(request, number, position, "upkeep.do")

    def act(said: dict[str, Any]) -> None:
        operations.hand_in_stage(stage, note=said["note"], **told)

    back = reverse("upkeep:project", args=[number])
    return take(request, WordsForm(request.POST), act, f"{stage.title}:报验了", back=back)


@require_POST
@needs("upkeep.accept")
def accept(request: HttpRequest, number: str, position: int) -> HttpResponse:
    stage, told = _stage(request, number, position, "upkeep.accept")

    def act(said: dict[str, Any]) -> None:
        operations.accept_stage(stage, remarks=said["note"], **told)

    back = reverse("upkeep:project", args=[number])
    return take(request, WordsForm(request.POST), act, f"{stage.title}:验收合格", back=back)


@require_POST
@needs("upkeep.accept")
def reject(request: HttpRequest, number: str, position: int) -> HttpResponse:
    stage, told = _stage(request, number, position, "upkeep.accept")
    form = RejectForm(request.POST, auto_id="reject_%s")
    if form.is_valid():
        with refusals(form):
            said = form.cleaned_data
            operations.reject_stage(stage, remarks=said["note"], redo_by=said["redo_by"], **told)
            return done(request, reverse("upkeep:project", args=[number]), f"{stage.title}:退回返工")
    found = queries.project_for(signed_in(request), number, to="upkeep.accept")
    return show(request, found, ("reject", form))


def _stage(request: HttpRequest, number: str, position: int, right: str) -> tuple[Stage, dict[str, Any]]:
    user = signed_in(request)
    found = queries.project_for(user, number, to=right)
    return queries.stage_for(found, position), {"actor": user, "at": now()}
