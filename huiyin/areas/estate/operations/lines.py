"""Journal lines about units and the people in them."""

from datetime import datetime
from typing import Any

from huiyin.areas.estate.models import Building, Estate, Unit
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal


def about_unit(
    unit: Unit,
    kind: str,
    *,
    actor: User,
    at: datetime,
    subject: tuple[str, int] | None = None,
    note: str = "",
    values: dict[str, Any] | None = None,
) -> None:
    """Write a line into the thread of the unit."""
    journal.record(
        kind,
        subject=subject or ("estate.unit", unit.pk),
        estate_id=unit.estate_id,
        actor=actor,
        at=at,
        thread=f"unit:{unit.pk}",
        note=note,
        values=values,
    )


def about_estate(
    estate: Estate, kind: str, *, actor: User, at: datetime, note: str = "", values: dict[str, Any] | None = None
) -> None:
    """Write a line into the thread of the estate."""
    journal.record(
        kind,
        subject=("estate.estate", estate.pk),
        estate_id=estate.pk,
        actor=actor,
        at=at,
        thread=f"estate:{estate.pk}",
        note=note,
        values=values,
    )


def about_building(
    building: Building, kind: str, *, actor: User, at: datetime, values: dict[str, Any] | None = None
) -> None:
    """Write a line into the thread of the building."""
    journal.record(
        kind,
        subject=("estate.building", building.pk),
        estate_id=building.estate_id,
        actor=actor,
        at=at,
        thread=f"building:{building.pk}",
        values=values,
    )
