"""Facts the standards announce."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.foundation.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DrawToppedUp(Fact):
    """One more event was drawn so that its stratum reaches the rate."""

    code: ClassVar[str] = "standards.draw.topped_up"
    subject_type: ClassVar[str] = "standards.draw"
    draw_id: int


@dataclass(frozen=True, kw_only=True)
class StandardPublished(Fact):
    """A version of an estate's own standard was published; `loosened` gives the reason for each looser public promise."""

    code: ClassVar[str] = "standards.draft.published"
    subject_type: ClassVar[str] = "standards.draft"
    title: str
    number: int
    effective_from: datetime
    loosened: dict[str, str]
