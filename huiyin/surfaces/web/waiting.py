"""待我确认: what somebody was told and has not confirmed, what waits for their decision, what nobody has taken yet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.permissions import in_buildings_of
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.replies import done, page, refused
from huiyin.foundation.refusals import Refused
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.surfaces.web import worklist
from huiyin.surfaces.web.context import place_of

PAGE_SIZE = 50


@require_GET
@needs("today.see")
def waiting(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    place, access = place_of(request, user), access_of(user)
    asked = request.GET.get("page", "")
    number = min(max(1, int(asked)), 20) if asked.isdecimal() and len(asked) < 4 else 1
    skip = (number - 1) * PAGE_SIZE
    told = promises.told_to(user.pk, place.post_codes).select_related("commitment__rule__version__standard")
    steps = list(told.order_by("-taken_at")[:PAGE_SIZE])
    deciding = [estate.pk for estate in place.estates if access.may("promises.decide", estate.pk)]
    waivers = list(promises.waivers_waiting(deciding, asked_by_other_than=user.pk)[:PAGE_SIZE]) if deciding else []
    found = in_buildings_of(user, cases.waiting_for(user.pk, place.post_ids, first=skip + PAGE_SIZE + 1))
    new = list(found.select_related("category", "responsible_post", "responsible"))[skip:]
    owed = [*(step.commitment for step in steps), *(waiver.commitment for waiver in waivers)]
    return page(
        request,
        "web/waiting.html",
        at=at,
        steps=steps,
        waivers=waivers,
        matters=worklist.matters_of({one.thread for one in owed}, user),
        rows=new[:PAGE_SIZE],
        more=len(new) > PAGE_SIZE,
        number=number,
    )


@require_POST
@needs("today.see")
def received(request: HttpRequest, step_id: int) -> HttpResponse:
    user, at = signed_in(request), now()
    place = place_of(request, user)
    step = promises.step_by_id(step_id)
    if step is None or step.commitment.estate_id not in {estate.pk for estate in place.estates}:
        raise Http404
    require_right(user, "today.see", step.commitment.estate_id)
    back = reverse("web:waiting")
    try:
        standards.confirm_receipt(step, actor=user, posts=place.post_codes, at=at)
    except Refused as refusal:
        return refused(request, refusal, back=back)
    return done(request, back, f"已确认:{step.commitment.does}")
