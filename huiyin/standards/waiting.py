"""Which rules wait: written for an area that is not built, they are shown but promise nothing yet."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.apps import apps

from huiyin.standards import populations
from huiyin.standards.rules.quota import EVENTS
from huiyin.standards.rules.reading import texts

# The areas the house is planned with, bottom up; the manuals' duties for those not yet built stand in the catalogue.
PLANNED = (
    "estate", "staffing", "cases", "fees", "materials", "notices", "archives", "repairs", "complaints", "renovations", "move_in",
    "maintenance_fund", "service_desk", "upkeep", "return_visits", "household_visits", "surveys", "quality", "appraisals",
    "reports",
)  # fmt: skip
# Facts, gates and records of built areas that cannot come yet, by how they begin, and the part that is to bring them.
TO_COME = {
    "fees.accounts.": "fees.bills",
    "fees.bill.": "fees.bills",
    "fees.charge.bill": "fees.bills",
    "fees.contract.": "fees.bills",
    "fees.dunning.": "fees.bills",
    "fees.expense.": "fees.bills",
    "fees.invoice": "fees.bills",
    "fees.suit.": "fees.bills",
    "fees.service.finished": "service_desk.special_services",
}
_FACT_KEYS = ("opens", "counts", "gates", "records")


def waiting_area(spec: Mapping[str, Any]) -> str:
    """Return the area, or the part of a built one, that a written rule waits for; nothing when the rule can work.

    A rule works when what it listens to can come, somebody knows the population it speaks of, and of the facts that
    keep it at least one can come.
    """
    asked = [str(spec[key]) for key in _FACT_KEYS if spec.get(key)]
    population = str(spec.get("of", "")) if spec.get("kind") == "quota" else ""
    if population.startswith(EVENTS):
        asked.append(population.removeprefix(EVENTS))
        population = ""
    population = population or populations.PER.get(str(spec.get("per", "")), "")
    missing = next((lacking for name in asked if (lacking := lacks(name))), "")
    missing = missing or (populations.area_lacking(population) if population else "")
    keeping = texts(spec, "keeps")
    return missing or (lacks(keeping[0]) if all(map(lacks, keeping)) and keeping else "")


def can_be_kept(keeps: Iterable[str]) -> bool:
    """Tell whether one of these facts can come. A promise that only an area to come could keep is not made."""
    return any(_area_of(fact) not in PLANNED or not lacks(fact) for fact in keeps)


def _area_of(name: str) -> str:
    return name.partition(".")[0]


def lacks(name: str) -> str:
    """Return the area or part that would have to be built for this fact, gate or record to come; nothing when it can."""
    if _area_of(name) not in built_areas():
        return _area_of(name)
    return next((part for begins, part in TO_COME.items() if name.startswith(begins)), "")


@lru_cache(maxsize=1)
def built_areas() -> frozenset[str]:
    """Return the areas of this house. The standards themselves announce facts too."""
    names = [config.name.split(".") for config in apps.get_app_configs()]
    return frozenset({"standards", *(name[2] for name in names if name[:2] == ["huiyin", "areas"])})
