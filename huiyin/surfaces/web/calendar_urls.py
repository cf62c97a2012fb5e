"""The years and the hours."""

# /standards/calendar/{notice/,hours/,exception/}
from django.urls import path

from huiyin.surfaces.web import calendar_page

urlpatterns = [
    path("calendar/", calendar_page.calendar, name="calendar"),
    path("calendar/notice/", calendar_page.notice, name="calendar_notice"),
    path("calendar/hours/", calendar_page.hours, name="calendar_hours"),
    path("calendar/exception/", calendar_page.exception, name="calendar_exception"),
]
