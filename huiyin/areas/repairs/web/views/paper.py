"""The desk keys in a signed paper slip, or a whole slip for a technician without a phone."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from huiyin.areas.repairs import operations, queries, words
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.repairs.states import RUNNING, OrderStatus
from huiyin.areas.repairs.web.forms import SlipForm, WholeSlipForm
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.kit.replies import done, page, refusals, where_next


@require_http_methods(["GET", "POST"])
@needs("repairs.paper")
def paper(request: HttpRequest, number: str) -> HttpResponse:
    user, at = signed_in(request), now()
    order = queries.order_for(user, number, to="repairs.paper")
    request.about_estate = order.estate_id
    form = _form(request, order)
    if form.is_bound and form.is_valid():
        with refusals(form):
            _key_in(order, form, user)
            case_page = reverse("web:case", args=[order.case.number])
            return done(request, where_next(request, case_page), f"纸单已录入,{order.number} 办结")
    return page(
        request,
        "repairs/paper.html",
        status=422 if form.is_bound else 200,
        order=order,
        form=form,
        running=order.status in RUNNING,
        times=queries.step_times(order, queries.lines_about(order)),
        tones=words.TONES,
        at=at,
    )


def _form(request: HttpRequest, order: WorkOrder) -> SlipForm:
    sent = request.POST if request.method == "POST" else None
    initial = {"idempotency_key": uuid4(), "signer": order.case.caller_name, "technician": order.technician_id}
    if order.status == OrderStatus.FINISHED:
        return SlipForm(sent, initial=initial)
    technicians = queries.technicians_with_load(order.estate_id)
    return WholeSlipForm(sent, initial=initial, technicians=technicians, arrived=order.status == OrderStatus.WORKING)


def _key_in(order: WorkOrder, form: SlipForm, user: User) -> None:
    clean = form.cleaned_data
    slip = {"paper_slip": clean["paper_slip"], "signer": clean["signer"], "written_at": clean["written_at"]}
    slip["said"] = form.said()
    sending = {"actor": user, "at": now(), "key": clean["idempotency_key"]}
    if not isinstance(form, WholeSlipForm):
        operations.accept_by_paper(order, **slip, **sending)
        return
    technician = next(p for p, _ in queries.technicians_with_load(order.estate_id) if p.pk == clean["technician"])
    operations.key_in_slip(
        order,
        technician=technician,
        arrived_at=clean.get("arrived_at"),
        finished_at=clean["finished_at"],
        work_done=clean["work_done"],
        **slip,
        **sending,
    )
