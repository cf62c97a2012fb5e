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
    "maintenance_fund", "service_desk", "return_visits", "household_visits", "surveys", "quality", "appraisals",
    "reports",
)  # fmt: skip
_FACT_KEYS = ("opens", "counts", "gates", "records")


def waiting_area(spec: Mapping[str, Any]) -> str:
    """Return the area a written rule waits for because it is not built; nothing when the rule can work.

    A rule works when the area it listens to is there, somebody knows the population it speaks of, and of the facts that
    keep it at least one can come.
    """
    built = built_areas()
    asked = [str(spec[key]).partition(".")[0] for key in _FACT_KEYS if spec.get(key)]
    population = str(spec.get("of", "")) if spec.get("kind") == "quota" else ""
    if population.startswith(EVENTS):
        asked.append(population.removeprefix(EVENTS).partition(".")[0])
        population = ""
    population = population or populations.PER.get(str(spec.get("per", "")), "")
    missing = next((area for area in asked if area not in built), "")
    missing = missing or (populations.area_lacking(population) if population else "")
    keeping = [fact.partition(".")[0] for fact in texts(spec, "keeps")]
    return missing or (keeping[0] if keeping and built.isdisjoint(keeping) else "")


def can_be_kept(keeps: Iterable[str]) -> bool:
    """Tell whether one of these facts can come. A promise that only an area to come could keep is not made."""
    return any(area not in PLANNED or area in built_areas() for area in (fact.partition(".")[0] for fact in keeps))


@lru_cache(maxsize=1)
def built_areas() -> frozenset[str]:
    """Return the areas of this house. The standards themselves announce facts too."""
    names = [config.name.split(".") for config in apps.get_app_configs()]
    return frozenset({"standards", *(name[2] for name in names if name[:2] == ["huiyin", "areas"])})
