"""Decisions about return visits from plain values."""

from dataclasses import dataclass

PASSING_GRADE = 3


@dataclass(frozen=True)
class Evaluation:
    """The five items the manual asks for: three grades (1 to 4) and two texts."""

    quality: int
    effect: int
    satisfaction: int
    shortcomings: str = ""
    opinions: str = ""

    @property
    def passes(self) -> bool:
        """A visit passes when every grade is at least 满意; 一般 is not satisfied."""
        return min(self.quality, self.effect, self.satisfaction) >= PASSING_GRADE
