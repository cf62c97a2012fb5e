# /figures/ · /figures/mine/ · /figures/<figure>/ · /figures/<figure>/export/
from django.urls import path

from huiyin.areas.figures.web import views

app_name = "figures"
urlpatterns = [
    path("figures/", views.figure, name="index"),
    path("figures/mine/", views.mine, name="mine"),
    path("figures/<str:code>/", views.figure, name="figure"),
    path("figures/<str:code>/export/", views.export, name="export"),
]
