"""Facts the standards announce."""

from dataclasses import dataclass
from typing import ClassVar

from huiyin.foundation.journal.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DrawToppedUp(Fact):
    """One more event was drawn so that its stratum reaches the rate."""

    code: ClassVar[str] = "standards.draw.topped_up"
    subject_type: ClassVar[str] = "standards.draw"
    draw_id: int
