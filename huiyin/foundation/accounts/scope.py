"""Roles limited to some buildings of an estate: what such a role cannot give, and how several grants add up.

The foundation knows no buildings: they are plain numbers, given a meaning by the area that stands above.
"""

from collections.abc import Iterable
from typing import Final

# What is about an estate as a whole (its people, its standards, its figures) is nobody's who has only a part of it.
OF_THE_WHOLE: Final = frozenset(
    {
        "calendar.edit",
        "control.see",
        "house.run",
        "integrations.edit",
        "materials.count",
        "materials.edit",
        "materials.issue",
        "materials.see",
        "people.govern",
        "promises.decide",
        "record.see",
        "repairs.set_up",
        "repairs.arrange",
        "repairs.incident",
        "staffing.edit",
        "standards.draft",
        "standards.publish",
        "today.team",
        "upkeep.accept",
        "upkeep.do",
        "upkeep.edit",
        "upkeep.see",
    }
)


def rights_within(rights: Iterable[str], buildings: Iterable[int]) -> set[str]:
    """Return what a grant gives: limited to buildings, nothing that is about the whole estate."""
    return set(rights) - OF_THE_WHOLE if buildings else set(rights)


def narrowed(held: frozenset[int] | None, more: Iterable[int]) -> frozenset[int] | None:
    """Add the buildings of another grant in the same estate. Limits only ever narrow: two that differ leave the overlap.

    `grant_role` refuses grants that differ; should one stand in the database all the same, nobody sees more by it.
    """
    also = frozenset(more)
    if not also:
        return held
    return also if held is None else held & also
