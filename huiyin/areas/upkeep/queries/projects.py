"""Reading projects, their stages, acceptances and homes."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from huiyin.areas.estate.models import Unit
from huiyin.areas.estate.rules.units import read_unit
from huiyin.areas.upkeep.models import Acceptance, Project, ProjectHome, Stage
from huiyin.areas.upkeep.permissions import visible_to
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right


def listed_projects(user: User, estate_id: int, *, q: str = "", status: str = "") -> QuerySet[Project]:
    """Return the projects of the estate with how many stages they have (`stage_count`) and how many are accepted."""
    found = visible_to(user, Project).filter(estate=estate_id).select_related("responsible")
    if status == "running":
        found = found.filter(status__in=["planned", "working", "handed_in"])
    elif status:
        found = found.filter(status=status)
    if q:
        words = Q(number__icontains=q) | Q(title__icontains=q) | Q(place__icontains=q) | Q(contractor__icontains=q)
        found = found.filter(words)
    accepted = Count("stages", filter=Q(stages__status="accepted"))
    return found.annotate(stage_count=Count("stages"), accepted_count=accepted)


def project_for(user: User, number: str, *, to: str) -> Project:
    """Return the project; 404 out of sight, 403 without the right in its estate."""
    found = visible_to(user, Project).select_related("estate", "responsible").filter(number=number).first()
    if found is None:
        raise Http404
    require_right(user, to, found.estate_id)
    return found


def stages_of(project: Project) -> list[Stage]:
    """Return the stages in their order, each with its project."""
    stages = list(project.stages.select_related("responsible").order_by("position"))
    for stage in stages:
        stage.project = project
    return stages


def stage_for(project: Project, position: int) -> Stage:
    """Return the stage at this place of the project; 404 when there is none."""
    found = next((one for one in stages_of(project) if one.position == position), None)
    if found is None:
        raise Http404
    return found


def acceptances_of(project: Project) -> list[Acceptance]:
    """Return what was said at acceptances, oldest first."""
    return list(project.acceptances.select_related("stage", "by").order_by("id"))


def homes_of(project: Project) -> list[ProjectHome]:
    """Return the homes the project touches, entrance by entrance and floor by floor."""
    return list(project.homes.select_related("unit").order_by("unit__entrance", "unit__floor", "unit__code"))


def home_of_thread(thread: str) -> ProjectHome:
    """Return the home whose thread this is, with its project."""
    homes = ProjectHome.objects.select_related("project__estate", "unit")
    return homes.get(pk=int(thread.removeprefix("home:")))


def units_named(estate_id: int, words: Iterable[str], buildings: Iterable[int] = ()) -> tuple[list[Unit], list[str]]:
    """Return the units of these buildings and those said in these words, and the words that name no unit.

    Units are said as people say them: 3-2-1501, 3栋1501.
    """
    said = {word: read_unit(word) for word in words}
    codes = {word: (word, read.code) if read else (word,) for word, read in said.items()}
    wanted = {code for spellings in codes.values() for code in spellings}
    found = {unit.code: unit for unit in Unit.objects.filter(estate=estate_id, code__in=wanted)}
    unknown = [word for word, spellings in codes.items() if not any(code in found for code in spellings)]
    inside = Unit.objects.filter(estate=estate_id, entrance__building__in=list(buildings)).order_by("code")
    return list(dict.fromkeys([*inside, *found.values()])), unknown
