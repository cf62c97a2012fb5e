"""The addresses of the house, and three more: a page and a job that take their time, a page that breaks."""

import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from huiyin.foundation.jobs.tests.sample_tasks import note

LASTS = 2.5


@login_not_required
def slow_page(request: HttpRequest) -> HttpResponse:
    (settings.HOME / "page-begun").touch()
    time.sleep(LASTS)
    return HttpResponse("answered to the end")


@login_not_required
def slow_job(request: HttpRequest) -> HttpResponse:
    note.enqueue(str(settings.HOME / "notes"), "1", LASTS)
    return HttpResponse("enqueued")


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"王丽 13800138000 {request.GET['said']}")


urlpatterns = [
    path("slow/", slow_page),
    path("slow-job/", slow_job),
    path("broken/", broken, name="broken"),
    path("", include("huiyin.config.urls")),
]
handler500 = "huiyin.foundation.kit.replies.server_error"
