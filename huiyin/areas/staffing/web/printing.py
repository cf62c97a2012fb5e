"""The roster of a week on paper, with room for what is handed over."""

from datetime import datetime, time

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import make_aware
from django.views.decorators.http import require_POST

from huiyin.areas.staffing import documents, queries
from huiyin.areas.staffing.web.roster import monday_of
from huiyin.areas.staffing.web.views import estate_to_staff
from huiyin.foundation.accounts.permissions import needs
from huiyin.foundation.documents.web.pages import show


@require_POST
@needs("staffing.edit")
def print_roster(request: HttpRequest) -> HttpResponse:
    user, estate = estate_to_staff(request)
    monday = monday_of(request.GET.get("week", ""))
    week = queries.week_of(estate.pk, monday=make_aware(datetime.combine(monday, time())))
    duties = documents.duties_with(user, [duty.pk for duty in week])
    subject, name = ("estate.estate", estate.pk), f"{monday:%Y-%m-%d}"
    return show(request, documents.FORMS, duties, subject=subject, estate_id=estate.pk, name=name)
