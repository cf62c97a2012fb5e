"""One promise, and what waits for somebody."""

# /waiting/{<id>/received/} · /promises/<id>/{waiver/,waiver/decide/,again/}
from django.urls import path

from huiyin.surfaces.web import promise_page, waiting

urlpatterns = [
    path("waiting/", waiting.waiting, name="waiting"),
    path("waiting/<int:step_id>/received/", waiting.received, name="received"),
    path("promises/<int:commitment_id>/", promise_page.promise, name="promise"),
    path("promises/<int:commitment_id>/waiver/", promise_page.ask_waiver, name="ask_waiver"),
    path("promises/<int:commitment_id>/waiver/decide/", promise_page.decide_waiver, name="decide_waiver"),
    path("promises/<int:commitment_id>/again/", promise_page.re_promise, name="re_promise"),
]
