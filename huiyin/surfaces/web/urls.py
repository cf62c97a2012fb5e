"""Pages over several areas."""

# /healthz · /readyz · /metrics
# / · /start/ · /integrations/ · /estate/ · /search/ · /control/ · /record/ · /standards/ · /cases/<number>/ · /units/<id>/ · /files/<id>/ · /prints/ · /duties/<id>/ · /house/
from django.urls import include, path

from huiyin.surfaces.web import (
    calendar_urls,
    case,
    control,
    duty,
    evidence_urls,
    files,
    health,
    home,
    house_urls,
    household,
    integrations_urls,
    printing,
    privacy_urls,
    promise_list,
    promise_urls,
    record,
    search,
    standards_urls,
    today,
)

app_name = "web"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.prometheus, name="metrics"),
    path("", today.today, name="today"),
    path("start/", home.start, name="start"),
    path("estate/", home.switch_estate, name="switch_estate"),
    path("search/", search.search, name="search"),
    path("cases/<str:number>/", case.case, name="case"),
    path("units/<int:unit_id>/", household.household, name="household"),
    path("files/<int:file_id>/", files.file, name="file"),
    path("prints/", printing.forms, name="forms"),
    path("prints/blank/<str:form_code>/", printing.blank, name="blank"),
    path("prints/<int:run_id>/", printing.print_run, name="print_run"),
    path("prints/<int:run_id>/file/", printing.print_file, name="print_file"),
    path("duties/<int:duty_id>/", duty.duty, name="duty"),
    path("", include(privacy_urls)),
    path("", include(promise_urls)),
    path("integrations/", include(integrations_urls)),
    path("control/", control.control, name="control"),
    path("control/promises/", promise_list.promise_list, name="promises"),
    path("control/again/", control.again, name="again"),
    path("record/", record.record, name="record"),
    path("record/behind/", record.behind, name="behind"),
    path("record/behind/explain/", record.explain, name="explain"),
    path("house/", include(house_urls)),
    path("standards/", include(calendar_urls)),
    path("standards/", include(evidence_urls)),
    path("standards/", include(standards_urls)),
]
