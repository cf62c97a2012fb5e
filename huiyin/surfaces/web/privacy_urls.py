"""Pages about personal data."""

# /reveal/<kind>/<id>/ · /privacy/{switch/,log/} · /people/<id>/{export/,erase/}
from django.urls import path

from huiyin.surfaces.web import privacy_pages, reveal

urlpatterns = [
    path("reveal/<str:kind>/<int:key>/", reveal.reveal, name="reveal"),
    path("privacy/", privacy_pages.fields, name="privacy"),
    path("privacy/switch/", privacy_pages.switch, name="privacy_switch"),
    path("privacy/log/", privacy_pages.log, name="privacy_log"),
    path("people/<int:person_id>/", privacy_pages.person, name="person"),
    path("people/<int:person_id>/export/", privacy_pages.person_export, name="person_export"),
    path("people/<int:person_id>/erase/", privacy_pages.person_erase, name="person_erase"),
]
