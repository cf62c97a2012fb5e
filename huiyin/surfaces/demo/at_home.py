"""In the home: who let the technician in, what was ticked, pictures before and after, now and then a soiled floor.

Chance here is each order's own, so that the rest of the life goes as it would without.
"""

import io
import random
from datetime import datetime, timedelta
from functools import lru_cache

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from huiyin.areas.cases import operations as cases
from huiyin.areas.cases.models import Case
from huiyin.areas.repairs.models import Spill, WorkOrder
from huiyin.areas.repairs.rules import Entering, Leaving, items_of
from huiyin.surfaces.demo.clock import Life

_MODES = (("person", 14), ("phone", 3), ("message", 2), ("keys", 1))
_SPOILT = ("门厅地砖上有泥水", "阳台地面有水泥灰", "厨房地面有油污")
_DIFFERENT, _SOILS_OF = 12, 25


def entering(order: WorkOrder) -> Entering | None:
    """What was said at the door of a unit."""
    rng = _chance(order, "door")
    if order.location_kind != "in_unit":
        return None
    modes, weights = zip(*_MODES, strict=True)
    done = [item.code for item in items_of("enter")]
    mode = rng.choices(modes, weights)[0]
    if rng.random() < 0.05:
        return Entering(_resident(order), mode, done[:3], "鞋套用完了,住户同意直接进")
    return Entering(_resident(order), mode, done)


def leaving(life: Life, order: WorkOrder) -> Leaving:
    """What is checked on leaving; now and then the floor was soiled."""
    rng = _chance(order, "leaving")
    done = [item.code for item in items_of("leave") if item.code != "noise_told" or rng.random() < 0.6]
    if life.nth("leaving", order.number) % _SOILS_OF == 4:
        return Leaving([code for code in done if code != "site_cleaned"], soiled=rng.choice(_SPOILT))
    return Leaving(done)


def send_cleaner(life: Life, order: WorkOrder, at: datetime) -> None:
    """Let somebody clean what the order has soiled."""
    spill = Spill.objects.filter(order=order).order_by("-id").first()
    if spill and spill.at == at:
        life.at(at + _cleaning_takes(order), clean, spill.case_id)


def clean(life: Life, at: datetime, case_id: int) -> None:
    case = Case.objects.select_related("responsible_post", "responsible", "first_contact_owner").get(pk=case_id)
    if case.is_open:
        butler = case.responsible or life.place.staff["guanjia"]
        cases.close_case(case, answer="保洁已清理干净", actor=butler, at=at)


def pictures(order: WorkOrder, stage: str) -> list[ContentFile]:
    """A drawing of a pipe, dripping before and dry after; most technicians take none."""
    rng = _chance(order, "pictures")
    if rng.random() > 0.12:
        return []
    name = "修前.jpg" if stage == "before" else "修后.jpg"
    return [ContentFile(_drawn(rng.randrange(_DIFFERENT), stage), name)]


def _cleaning_takes(order: WorkOrder) -> timedelta:
    return timedelta(minutes=_chance(order, "cleaning").uniform(20, 90))


def _chance(order: WorkOrder, about: str) -> random.Random:
    return random.Random(f"{order.number} {about}")


def _resident(order: WorkOrder) -> str:
    return order.case.caller_name or "住户"


@lru_cache(maxsize=2 * _DIFFERENT)
def _drawn(hand: int, stage: str) -> bytes:
    rng = random.Random(hand)
    wall = (rng.randint(205, 235), rng.randint(205, 230), rng.randint(195, 220))
    picture = Image.new("RGB", (480, 360), wall)
    pen, height = ImageDraw.Draw(picture), rng.randint(110, 190)
    for x in range(0, 480, 80):
        pen.line((x, 0, x, 360), fill=tuple(one - 14 for one in wall), width=2)
    pen.rectangle((0, height, 480, height + 36), fill=(150, 156, 162))
    pen.rectangle((210, height - 12, 270, height + 48), fill=(112, 118, 126))
    if stage == "before":
        for drop in range(rng.randint(3, 6)):
            y = height + 60 + drop * 30
            pen.ellipse((232, y, 246, y + 18), fill=(70, 120, 170))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()
