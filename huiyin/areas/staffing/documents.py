"""F-05 值班登记、交接班记录: the roster of some days on paper, with room for what is handed over."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from huiyin.areas.estate.permissions import visible_to
from huiyin.areas.staffing.models import Duty
from huiyin.foundation.accounts.models import User
from huiyin.foundation.documents.forms import Form, Sheet, in_order
from huiyin.foundation.documents.words import moment, span


def duties_with(user: User, ids: Sequence[int]) -> list[Duty]:
    found = Duty.objects.filter(pk__in=ids, post__estate__in=visible_to(user))
    return in_order(found.select_related("post__estate", "user"), ids)


def handover(form: Form, duties: Sequence[Duty]) -> Iterator[Sheet]:
    days = sorted(moment(duty.starts_at)[:10] for duty in duties)
    serial = f"{days[0]} 至 {days[-1]}" if days else "—"
    estate = duties[0].post.estate.name if duties else ""
    lines = [[d.post.title, d.user.name, span(d.starts_at, d.ends_at)] for d in duties]
    yield Sheet(form, estate, serial, reverse("staffing:roster"), {"duties": lines})


HANDOVER = Form(
    "F-05",
    "值班登记、交接班记录",
    "/areas/staffing/typst/handover.typ",
    "staffing.edit",
    duties_with,
    handover,
    register=True,
    blank={},
)
FORMS = {HANDOVER.code: HANDOVER}
