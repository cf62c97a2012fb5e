# /return-visits/ · /return-visits/made/ · /return-visits/<id>/ · /return-visits/<id>/<step>/
from django.urls import path

from huiyin.areas.return_visits.web.views import calls, printing, record, steps

app_name = "return_visits"
VISIT = "return-visits/<int:visit_id>/"
urlpatterns = [
    path("return-visits/", calls.calls, name="calls"),
    path("return-visits/made/", calls.made, name="made"),
    path("return-visits/made/export/", calls.export_made, name="made_export"),
    path("return-visits/print/", printing.print_calls, name="print_calls"),
    path("return-visits/made/print/", printing.print_made, name="print_made"),
    path("return-visits/month/print/", printing.print_month, name="print_month"),
    path(f"{VISIT}print/", printing.print_visit, name="print_visit"),
    path(VISIT, record.visit, name="visit"),
    path(f"{VISIT}record/", record.record, name="record"),
    path(f"{VISIT}verdict/", record.verdict, name="verdict"),
    path(f"{VISIT}attempt/", steps.attempt, name="attempt"),
    path(f"{VISIT}excuse/", steps.excuse, name="excuse"),
    path(f"{VISIT}assign/", steps.assign, name="assign"),
    path(f"{VISIT}review/", steps.review, name="review"),
    path(f"{VISIT}rectify/", steps.rectify, name="rectify"),
]
