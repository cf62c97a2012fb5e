# /upkeep/ · /upkeep/rounds/<id>/ · /upkeep/plans/<id>/ · /upkeep/equipment/<id>/ · /upkeep/projects/<number>/
# /upkeep/projects/<number>/stages/<position>/<step>/
from django.urls import path

from huiyin.areas.upkeep.web.views import equipment, plans, projects, rounds, stages

app_name = "upkeep"
ROUND = "upkeep/rounds/<int:round_id>/"
PLAN = "upkeep/plans/<int:plan_id>/"
PIECE = "upkeep/equipment/<int:equipment_id>/"
PROJECT = "upkeep/projects/<str:number>/"
STAGE = f"{PROJECT}stages/<int:position>/"
urlpatterns = [
    path("upkeep/", rounds.rounds, name="rounds"),
    path("upkeep/export/", rounds.export_rounds, name="rounds_export"),
    path(ROUND, rounds.one_round, name="round"),
    path(f"{ROUND}record/", rounds.record_round, name="record_round"),
    path(f"{ROUND}drop/", rounds.drop_round, name="drop_round"),
    path("upkeep/plans/", plans.plans, name="plans"),
    path("upkeep/plans/export/", plans.export_plans, name="plans_export"),
    path("upkeep/plans/print/", plans.print_plans, name="print_plans"),
    path(PLAN, plans.plan, name="plan"),
    path(f"{PLAN}end/", plans.end_plan, name="end_plan"),
    path("upkeep/equipment/", equipment.ledger, name="equipment_list"),
    path("upkeep/equipment/export/", equipment.export_ledger, name="equipment_export"),
    path("upkeep/equipment/new/", equipment.enter, name="enter_equipment"),
    path(PIECE, equipment.equipment, name="equipment"),
    path(f"{PIECE}change/", equipment.change, name="change_equipment"),
    path(f"{PIECE}stop/", equipment.stop, name="stop_equipment"),
    path(f"{PIECE}restart/", equipment.restart, name="restart_equipment"),
    path(f"{PIECE}scrap/", equipment.scrap, name="scrap_equipment"),
    path(f"{PIECE}overhauls/", equipment.overhaul, name="record_overhaul"),
    path(f"{PIECE}plan/", plans.make_plan, name="make_plan"),
    path("upkeep/projects/", projects.projects, name="projects"),
    path("upkeep/projects/export/", projects.export_projects, name="projects_export"),
    path("upkeep/projects/new/", projects.open_project, name="open_project"),
    path(PROJECT, projects.project, name="project"),
    path(f"{PROJECT}hand-in/", projects.hand_in, name="hand_in_project"),
    path(f"{PROJECT}complete/", projects.complete, name="complete_project"),
    path(f"{PROJECT}send-back/", projects.send_back, name="send_back_project"),
    path(f"{PROJECT}void/", projects.void, name="void_project"),
    path(f"{STAGE}start/", stages.start, name="start_stage"),
    path(f"{STAGE}hand-in/", stages.hand_in, name="hand_in_stage"),
    path(f"{STAGE}accept/", stages.accept, name="accept_stage"),
    path(f"{STAGE}reject/", stages.reject, name="reject_stage"),
]
