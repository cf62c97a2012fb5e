"""运行: whether the installation itself is well."""

# /house/{jobs/{<id>/{retry/,drop/}},backups/}
from django.urls import path

from huiyin.surfaces.web import house

urlpatterns = [
    path("", house.house, name="house"),
    path("jobs/", house.dead_jobs, name="dead_jobs"),
    path("jobs/<int:job_id>/retry/", house.retry_job, name="retry_job"),
    path("jobs/<int:job_id>/drop/", house.drop_job, name="drop_job"),
    path("backups/", house.backups, name="backups"),
]
