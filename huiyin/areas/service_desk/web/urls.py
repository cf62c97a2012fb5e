"""The desk and its ledger."""

# /desk/ · /desk/{find,hints}/ · /desk/join/<number>/ · /desk/incidents/<number>/<step>/ · /desk/ledger/ · /desk/ledger/export/ · /desk/ledger/<number>/<answer|promise|…>/
from django.urls import path

from huiyin.areas.service_desk.web.views import contacts, desk, incidents, ledger, printing

app_name = "service_desk"
INCIDENT = "desk/incidents/<str:incident>/"
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/find/", desk.find, name="find"),
    path("desk/hints/", desk.hints, name="hints"),
    path("desk/join/<str:number>/", desk.join, name="join"),
    path("desk/incidents/", incidents.incidents, name="incidents"),
    path("desk/incidents/open/", incidents.open_one, name="incident_open"),
    path(INCIDENT, incidents.incident, name="incident"),
    path(f"{INCIDENT}revise/", incidents.revise, name="incident_revise"),
    path(f"{INCIDENT}lead/", incidents.lead, name="incident_lead"),
    path(f"{INCIDENT}end/", incidents.end, name="incident_end"),
    path(f"{INCIDENT}told/", incidents.told, name="incident_told"),
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
