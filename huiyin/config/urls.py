"""Every address of the house. Errors are answered by the kit."""

from django.urls import include, path

# Looked through from the top: the busiest stand first.
urlpatterns = [
    path("", include("huiyin.areas.service_desk.web.urls")),
    path("", include("huiyin.surfaces.web.signing_in_urls")),
    path("", include("huiyin.surfaces.web.urls")),
    path("", include("huiyin.areas.cases.web.urls")),
    path("", include("huiyin.areas.complaints.web.urls")),
    path("", include("huiyin.areas.materials.web.urls")),
    path("", include("huiyin.areas.repairs.web.urls")),
    path("", include("huiyin.areas.past_cases.web.urls")),
    path("", include("huiyin.areas.fees.web.urls")),
    path("", include("huiyin.areas.upkeep.web.urls")),
    path("", include("huiyin.areas.return_visits.web.urls")),
    path("", include("huiyin.areas.figures.web.urls")),
    path("", include("huiyin.areas.estate.web.urls")),
    path("", include("huiyin.areas.staffing.web.urls")),
    path("api/v1/", include("huiyin.surfaces.api.assembly")),
]

handler400 = "huiyin.foundation.kit.replies.bad_request"
handler403 = "huiyin.foundation.kit.replies.forbidden"
handler404 = "huiyin.foundation.kit.replies.not_found"
handler500 = "huiyin.foundation.kit.replies.server_error"
