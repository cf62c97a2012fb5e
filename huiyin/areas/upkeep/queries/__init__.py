"""Reading upkeep: the ledger, plans with their rounds, projects with their stages."""

from huiyin.areas.upkeep.queries.equipment import (
    buildings_of,
    equipment_for,
    listed_equipment,
    overhauls_of,
)
from huiyin.areas.upkeep.queries.gists import GISTS
from huiyin.areas.upkeep.queries.plans import (
    Tally,
    last_rounds,
    listed_plans,
    listed_rounds,
    plan_for,
    plans_of,
    plans_to_open,
    round_for,
    rounds_of,
    tally_of,
    with_date,
)
from huiyin.areas.upkeep.queries.projects import (
    acceptances_of,
    home_of_thread,
    homes_of,
    listed_projects,
    project_for,
    stage_for,
    stages_of,
    units_named,
)

__all__ = [
    "GISTS",
    "Tally",
    "acceptances_of",
    "buildings_of",
    "equipment_for",
    "home_of_thread",
    "homes_of",
    "last_rounds",
    "listed_equipment",
    "listed_plans",
    "listed_projects",
    "listed_rounds",
    "overhauls_of",
    "plan_for",
    "plans_of",
    "plans_to_open",
    "project_for",
    "round_for",
    "rounds_of",
    "stage_for",
    "stages_of",
    "tally_of",
    "units_named",
    "with_date",
]
