"""Work orders in every status, brought there by the operations."""

import base64
import io
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import operations
from huiyin.areas.repairs.models import WorkOrder
from tests.cast import AT, Cast, tell

_RELATED = ("case__responsible_post", "case__responsible", "case__first_contact_owner", "case__category", "technician")


# What is said at the door and before leaving, as the forms send it.
DOOR = {
    "consent_by": "王丽",
    "consent_mode": "person",
    "done": ["badge", "knocked", "purpose_told", "shoe_covers", "tool_bag"],
}
LEAVING = {"done": ["drop_cloth", "belongings", "no_gift", "site_cleaned"]}


def minutes(count: float, at: datetime = AT) -> datetime:
    return at + timedelta(minutes=count)


def fresh(order: WorkOrder) -> WorkOrder:
    """Read the order anew, with what the operations look at."""
    return WorkOrder.objects.select_related(*_RELATED).get(pk=order.pk)


def told(estate: Estate, cast: Cast, *, at: datetime = AT, text: str = "厨房漏水", **matter: object) -> WorkOrder:
    case = tell(estate, cast.clerk, at=at, text=text, **matter)
    return WorkOrder.objects.select_related(*_RELATED).get(case=case)


def order_in(status: str, estate: Estate, cast: Cast, *, at: datetime = AT, **matter: object) -> WorkOrder:
    """An order of 李强 in this status: told at `at`, then a step every ten minutes."""
    order = told(estate, cast, at=at, **matter)
    if status == "new":
        return order
    if status == "voided":
        operations.void_order(order, reason="重复登记", actor=cast.lead, at=minutes(10, at))
        return order
    operations.dispatch(order, technician=cast.technician, actor=cast.lead, at=minutes(10, at))
    if status == "assigned":
        return order
    operations.accept(order, actor=cast.technician, at=minutes(20, at))
    if status == "accepted":
        return order
    if status == "on_hold":
        wakes_at = minutes(24 * 60, at)
        operations.hold(order, reason="等配件", wakes_at=wakes_at, actor=cast.technician, at=minutes(30, at))
        return order
    operations.arrive(order, actor=cast.technician, at=minutes(30, at))
    if status == "working":
        return order
    operations.finish(order, work_done="换了角阀", actor=cast.technician, at=minutes(40, at))
    if status == "finished":
        return order
    assert status == "closed"
    operations.sign(order, drawing=drawing(), signer="王丽", actor=cast.technician, at=minutes(50, at))
    return order


def picture(color: str = "white") -> Image.Image:
    image = Image.new("RGB", (120, 60), color)
    ImageDraw.Draw(image).line((10, 10, 60, 50, 110, 10), fill="black", width=4)
    return image


def drawing() -> str:
    """What a signature pad sends."""
    held = io.BytesIO()
    picture().save(held, "PNG")
    return "data:image/png;base64," + base64.b64encode(held.getvalue()).decode()


def photo(name: str = "现场.jpg") -> ContentFile:
    held = io.BytesIO()
    picture("gray").save(held, "JPEG")
    return ContentFile(held.getvalue(), name=name)
