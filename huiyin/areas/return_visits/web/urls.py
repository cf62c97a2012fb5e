# /return-visits/ · /return-visits/made/ · /return-visits/<id>/ · /return-visits/<id>/<step>/
from django.urls import path

from huiyin.areas.return_visits.web.views import calls, record, steps

app_name = "return_visits"
VISIT = "return-visits/<int:visit_id>/"
urlpatterns = [
    path("return-visits/", calls.calls, name="calls"),
    path("return-visits/made/", calls.made, name="made"),
    path("return-visits/made/export/", calls.export_made, name="made_export"),
    path(VISIT, record.visit, name="visit"),
    path(f"{VISIT}record/", record.record, name="record"),
    path(f"{VISIT}verdict/", record.verdict, name="verdict"),
    path(f"{VISIT}attempt/", steps.attempt, name="attempt"),
    path(f"{VISIT}excuse/", steps.excuse, name="excuse"),
    path(f"{VISIT}assign/", steps.assign, name="assign"),
    path(f"{VISIT}review/", steps.review, name="review"),
    path(f"{VISIT}rectify/", steps.rectify, name="rectify"),
]
