"""Where old repair orders are handed in."""

from django.urls import path

from huiyin.areas.past_cases.web import views

app_name = "past_cases"
urlpatterns = [
    path("repairs/past/import/", views.hand_in, name="import"),
    path("repairs/past/import/template/", views.template, name="template"),
    path("repairs/past/import/<int:number>/", views.report, name="import_report"),
    path("repairs/past/import/<int:number>/confirm/", views.confirm, name="import_confirm"),
]
