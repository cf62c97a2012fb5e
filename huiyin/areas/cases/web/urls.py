# /cases/ · /cases/list/export/ · /cases/<number>/<step>/ (the page of a case is web:case)
from django.urls import path

from huiyin.areas.cases.web import printing, steps, views

app_name = "cases"
urlpatterns = [
    path("cases/", views.case_list, name="list"),
    path("cases/list/export/", views.export, name="export"),
    path("cases/list/print/", printing.print_cases, name="print_cases"),
    path("cases/<str:number>/print/", printing.print_case, name="print_case"),
    path("cases/<str:number>/take/", steps.take, name="take"),
    path("cases/<str:number>/transfer/", steps.transfer, name="transfer"),
    path("cases/<str:number>/urgency/", steps.urgency, name="urgency"),
    path("cases/<str:number>/return/", steps.give_back, name="return"),
    path("cases/<str:number>/comment/", steps.comment, name="comment"),
    path("cases/<str:number>/progress/", steps.progress, name="progress"),
    path("cases/<str:number>/promise/", steps.promise, name="promise"),
    path("cases/<str:number>/answer/", steps.answer, name="answer"),
    path("cases/<str:number>/decide/", steps.decide, name="decide"),
    path("cases/<str:number>/hold/", steps.hold, name="hold"),
    path("cases/<str:number>/resume/", steps.resume, name="resume"),
    path("cases/<str:number>/close/", steps.close, name="close"),
    path("cases/<str:number>/reopen/", steps.reopen, name="reopen"),
    path("cases/<str:number>/attach/", steps.attach, name="attach"),
    path("cases/<str:number>/merge/", steps.merge, name="merge"),
    path("cases/<str:number>/unmerge/", steps.unmerge, name="unmerge"),
    path("cases/<str:number>/void/", steps.void, name="void"),
]
