"""The desk and its ledger."""

# /desk/ · /desk/{find,hints}/ · /desk/ledger/ · /desk/ledger/export/ · /desk/ledger/<number>/<answer|promise|…>/
from django.urls import path

from huiyin.areas.service_desk.web.views import contacts, desk, ledger, printing

app_name = "service_desk"
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/find/", desk.find, name="find"),
    path("desk/hints/", desk.hints, name="hints"),
    path("desk/ledger/", ledger.ledger, name="ledger"),
    path("desk/ledger/export/", ledger.ledger_export, name="ledger_export"),
    path("desk/ledger/print/", printing.print_ledger, name="print_ledger"),
    path("desk/ledger/<str:number>/print/", printing.print_contact, name="print_contact"),
    path("desk/ledger/<str:number>/", contacts.contact, name="contact"),
    path("desk/ledger/<str:number>/answer/", contacts.answer, name="contact_answer"),
    path("desk/ledger/<str:number>/promise/", contacts.promise, name="contact_promise"),
    path("desk/ledger/<str:number>/ask-back/", contacts.ask_back, name="contact_ask_back"),
    path("desk/ledger/<str:number>/call-back/", contacts.call_back, name="contact_call_back"),
    path("desk/ledger/<str:number>/pass-on/", contacts.pass_on, name="contact_pass_on"),
]
