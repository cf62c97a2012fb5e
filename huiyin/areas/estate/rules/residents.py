"""A person who lives in, owns or rents a unit, before there is a row for them."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["owner", "tenant", "family"]


@dataclass(frozen=True)
class NewResident:
    """Name, what they are in the household, how they are addressed and reached."""

    name: str
    kind: Kind = "owner"
    salutation: str = ""
    phones: tuple[str, ...] = ()
