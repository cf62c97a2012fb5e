"""Every write of upkeep."""

from huiyin.areas.upkeep.operations.equipment import (
    change_equipment,
    enter_equipment,
    record_overhaul,
    restart_equipment,
    scrap_equipment,
    stop_equipment,
)
from huiyin.areas.upkeep.operations.plans import (
    drop_round,
    end_plan,
    make_plan,
    open_rounds,
    record_round,
)
from huiyin.areas.upkeep.operations.projects import (
    StagePlan,
    complete_project,
    hand_in_project,
    open_project,
    send_back_project,
    void_project,
)
from huiyin.areas.upkeep.operations.shared import BY_PLAN, UpkeepRefused
from huiyin.areas.upkeep.operations.stages import accept_stage, hand_in_stage, reject_stage, start_stage

__all__ = [
    "BY_PLAN",
    "StagePlan",
    "UpkeepRefused",
    "accept_stage",
    "change_equipment",
    "complete_project",
    "drop_round",
    "end_plan",
    "enter_equipment",
    "hand_in_project",
    "hand_in_stage",
    "make_plan",
    "open_project",
    "open_rounds",
    "record_overhaul",
    "record_round",
    "reject_stage",
    "restart_equipment",
    "scrap_equipment",
    "send_back_project",
    "start_stage",
    "stop_equipment",
    "void_project",
]
