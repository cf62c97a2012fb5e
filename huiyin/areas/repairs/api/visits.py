"""What a program says of a visit: agreed for when, let in by whom, the checklist, photos, a soiled floor."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from huiyin.areas.repairs.models import EntryMode, PhotoStage
from huiyin.areas.repairs.rules import ITEMS, Entering, Leaving
from huiyin.foundation.api.values import Body, Moment, Text, Upload, ValueRefused, Word

Reason = Annotated[Word, Field(max_length=200)]
Done = Annotated[list[Annotated[Word, Field(max_length=20)]], Field(max_length=len(ITEMS))]
Photos = Annotated[list[Upload], Field(max_length=12)]


class VisitAgreed(Body):
    """`work` and `minutes`: what was said will be done, and about how long it takes.

    The note says why, where the slot is full or the technician has another visit then.
    """

    start: Moment
    end: Moment
    work: Reason = ""
    minutes: Annotated[int, Field(ge=1, le=1440)] | None = None
    note: Reason = ""


class Arrival(Body):
    """Into a unit only with consent: by whom and how. `done` are the codes of the checklist, `exception` why not all."""

    consent_by: Annotated[Word, Field(max_length=60)] = ""
    consent_mode: EntryMode | None = None
    done: Done = []
    exception: Reason = ""

    def entering(self) -> Entering:
        return Entering(self.consent_by, self.consent_mode or "", _known(self.done), self.exception)


class NotLetIn(Body):
    """Why nobody let the technician in; with a start and an end the visit is agreed anew."""

    note: Text
    start: Moment | None = None
    end: Moment | None = None

    def slot(self) -> tuple[datetime, datetime] | None:
        if self.start is None and self.end is None:
            return None
        if self.start is None or self.end is None or self.end <= self.start:
            raise ValueRefused("改约要写开始和结束,结束要晚于开始")
        return self.start, self.end


class OrderPhotos(Body):
    stage: PhotoStage
    photos: Annotated[Photos, Field(min_length=1)]


class OrderFinish(Body):
    """`soiled`: where the floor could not be cleaned at once; cleaning is sent."""

    work_done: Text
    photos: Photos = []
    done: Done = []
    exception: Reason = ""
    soiled: Annotated[Word, Field(max_length=120)] = ""

    def leaving(self) -> Leaving:
        return Leaving(_known(self.done), self.exception, self.soiled)


def _known(codes: list[str]) -> list[str]:
    """Refuse what is no item of the checklist: a misspelt one would silently count as not done."""
    unknown = set(codes) - {item.code for item in ITEMS}
    if unknown:
        raise ValueRefused(f"检查项里没有:{'、'.join(sorted(unknown))}")
    return codes
