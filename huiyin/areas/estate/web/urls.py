# /estates/ · /estates/buildings/<id>/ · /estates/units/<id>/ · /estates/people/<id>/ · /estates/import/<id>/
from django.urls import path

from huiyin.areas.estate.web import importing, people, views

app_name = "estate"
urlpatterns = [
    path("estates/", views.overview, name="overview"),
    path("estates/buildings/new/", views.open_building, name="open_building"),
    path("estates/buildings/<int:building_id>/", views.building, name="building"),
    path("estates/buildings/<int:building_id>/describe/", views.describe_building, name="describe_building"),
    path("estates/buildings/<int:building_id>/units/", views.open_unit, name="open_unit"),
    path("estates/units/<int:unit_id>/", people.unit, name="unit"),
    path("estates/units/<int:unit_id>/correct/", people.correct_unit, name="correct_unit"),
    path("estates/units/<int:unit_id>/move-in/", people.move_in, name="move_in"),
    path("estates/units/<int:unit_id>/add-person/", people.add_person, name="add_person"),
    path("estates/units/<int:unit_id>/move-out/", people.move_out, name="move_out"),
    path("estates/people/<int:occupancy_id>/", people.person, name="person"),
    path("estates/people/<int:occupancy_id>/phones/", people.add_phone, name="add_phone"),
    path("estates/people/<int:occupancy_id>/phones/change/", people.change_phone, name="change_phone"),
    path("estates/people/<int:occupancy_id>/phones/drop/", people.drop_phone, name="drop_phone"),
    path("estates/people/<int:occupancy_id>/details/", people.details, name="details"),
    path("estates/people/<int:occupancy_id>/leave/", people.leave, name="leave"),
    path("estates/import/", importing.hand_in, name="import"),
    path("estates/import/template/", importing.template, name="template"),
    path("estates/import/<int:number>/", importing.report, name="import_report"),
    path("estates/import/<int:number>/confirm/", importing.confirm, name="import_confirm"),
]
