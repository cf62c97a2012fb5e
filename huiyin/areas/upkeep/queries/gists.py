"""What a thread of upkeep is about, in a line."""

from collections.abc import Callable, Iterable, Iterator

from huiyin.areas.upkeep.models import Equipment, Project
from huiyin.areas.upkeep.permissions import visible_homes, visible_to
from huiyin.foundation.accounts.models import User

Gist = tuple[int, str, str]  # id, number, words


def _of_equipment(user: User, ids: Iterable[int]) -> Iterator[Gist]:
    for one in visible_to(user, Equipment).filter(pk__in=list(ids)).select_related("building"):
        yield one.pk, one.code, " ".join(part for part in (one.name, one.where) if part)


def _of_projects(user: User, ids: Iterable[int]) -> Iterator[Gist]:
    for one in visible_to(user, Project).filter(pk__in=list(ids)):
        yield one.pk, one.number, one.title


def _of_homes(user: User, ids: Iterable[int]) -> Iterator[Gist]:
    homes = visible_homes(user).filter(pk__in=list(ids)).select_related("project", "unit", "person")
    for one in homes:
        who = " ".join(part for part in (one.unit.code, str(one.person) if one.person else "") if part)
        yield one.pk, one.project.number, f"{who}:{one.project.title}"


# How a thread begins → who reads what such threads are about.
GISTS: dict[str, Callable[[User, Iterable[int]], Iterator[Gist]]] = {
    "equipment:": _of_equipment,
    "project:": _of_projects,
    "home:": _of_homes,
}
