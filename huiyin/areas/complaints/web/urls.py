# /complaints/<number>/<step>/ (the complaint itself stands on the page of its case)
from django.urls import path

from huiyin.areas.complaints.web import printing, views

app_name = "complaints"
urlpatterns = [
    path("complaints/<str:number>/print/", printing.print_complaint, name="print"),
    path("complaints/<str:number>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("complaints/<str:number>/verify/", views.verify, name="verify"),
    path("complaints/<str:number>/decide/", views.decide, name="decide"),
    path("complaints/<str:number>/reply/", views.reply, name="reply"),
    path("complaints/<str:number>/reject/", views.reject, name="reject"),
    path("complaints/<str:number>/close/", views.close, name="close"),
    path("complaints/<str:number>/reopen/", views.reopen, name="reopen"),
]
