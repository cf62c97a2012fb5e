"""A complaint on paper: the record, its progress, the request to look again."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from huiyin.areas.complaints import documents, queries
from huiyin.foundation.accounts.permissions import needs, signed_in
from huiyin.foundation.documents.web.pages import show


@require_POST
@needs("cases.see")
def print_complaint(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    complaint = queries.complaint_for(user, number)
    records = documents.complaints_with(user, [complaint.pk])
    subject = (complaint.journal_name, complaint.pk)
    return show(request, documents.ONE, records, subject=subject, estate_id=complaint.estate_id, name=number)
