"""Paper for days without power: every form's blank version; and the batches somebody had printed."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_POST

from huiyin.areas.cases.documents import FORMS as CASES
from huiyin.areas.complaints.documents import FORMS as COMPLAINTS
from huiyin.areas.estate import queries as estates
from huiyin.areas.fees.documents import FORMS as FEES
from huiyin.areas.materials.documents import FORMS as MATERIALS
from huiyin.areas.repairs.documents import FORMS as REPAIRS
from huiyin.areas.return_visits.statistics import FORMS as RETURN_VISITS
from huiyin.areas.service_desk.documents import FORMS as SERVICE_DESK
from huiyin.areas.staffing.documents import FORMS as STAFFING
from huiyin.areas.upkeep.documents import FORMS as UPKEEP
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.documents import operations, queries
from huiyin.foundation.documents.forms import Form
from huiyin.foundation.documents.web.pages import origin_of
from huiyin.foundation.documents.web.responses import pdf_response
from huiyin.foundation.files.responses import file_response
from huiyin.foundation.kit.replies import page, refused
from huiyin.foundation.refusals import Refused

FORMS = SERVICE_DESK | STAFFING | CASES | COMPLAINTS | MATERIALS | REPAIRS | FEES | UPKEEP | RETURN_VISITS


@require_GET
@needs("today.see")
def forms(request: HttpRequest) -> HttpResponse:
    """Answer the blank forms, and the person's own batches."""
    blanks = sorted((form for form in FORMS.values() if form.blank is not None), key=lambda form: form.code)
    return page(
        request,
        "documents/forms.html",
        blanks=[(form, _page(form)) for form in blanks],
        runs=queries.latest_runs(signed_in(request)),
        most=operations.MOST_BLANK,
        at=now(),
    )


@require_POST
@needs("today.see")
def blank(request: HttpRequest, form_code: str) -> HttpResponse:
    """Answer with blank forms; each page has a number and a QR code to where it is keyed in."""
    user, at = signed_in(request), now()
    if form_code not in FORMS:
        raise Http404
    form, said = FORMS[form_code], request.POST.get("count", "")
    estate = estates.estate_at_hand(user, request.session.get("estate"))
    try:
        pdf = operations.print_blank(
            form,
            count=int(said) if said.isdecimal() and len(said) < 5 else 0,
            estate=(estate.pk, estate.code, estate.name),
            path=_page(form) or reverse("web:forms"),
            origin=origin_of(request),
            actor=user,
            on=localdate(at),
            at=at,
        )
    except Refused as refusal:
        return refused(request, refusal, back=reverse("web:forms"))
    return pdf_response(pdf, f"{form.code} {form.title} 空白.pdf")


@require_GET
@needs("today.see")
def print_run(request: HttpRequest, run_id: int) -> HttpResponse:
    run, at = queries.run_for(signed_in(request), run_id), now()
    return page(request, "documents/run.html#run", run=run, lost=queries.is_lost(run, at=at), at=at)


@require_GET
@needs("today.see")
def print_file(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """Hand out the batch to who asked for it, while the rights to see its records and to take them out are still held."""
    user = signed_in(request)
    run = queries.run_for(user, run_id)
    form = FORMS[run.form]
    for right in filter(None, (form.right, form.export)):
        require_right(user, right, run.estate_id)
    return file_response(run.file) if run.file else redirect("web:print_run", run_id)


def _page(form: Form) -> str:
    return reverse(form.keyed_in) if form.keyed_in else ""
