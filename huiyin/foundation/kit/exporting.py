"""Taking a list out of the house: what for is asked first, written into the journal, and stands on the sheet."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.timezone import now

from huiyin.foundation.accounts.permissions import signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.listing import ExportColumn, Watermark, export
from huiyin.foundation.kit.replies import page, refusals
from huiyin.foundation.privacy import operations as privacy
from huiyin.foundation.privacy import reasons
from huiyin.foundation.privacy.asked import sealed_query

REVEAL = "people.reveal"
Rows = QuerySet[Any] | Iterable[Any]


class PurposeForm(HouseForm):
    """What a list is taken out of the house for."""

    reason = forms.ChoiceField(label="用途", choices=tuple(reasons.TAKING_OUT.items()), widget=forms.RadioSelect)
    note = forms.CharField(label="说明", required=False, max_length=reasons.LONGEST, help_text="选“其他”时写明做什么用")


class SheetPurposeForm(PurposeForm):
    unmasked = forms.BooleanField(label="带完整电话", required=False, help_text="不勾选时电话只留前三位和后四位")


def hand_out(
    request: HttpRequest,
    rows: Callable[[], Rows],
    columns: Sequence[ExportColumn],
    *,
    name: str,
    what: str,
    estate_id: int,
    back: str,
) -> HttpResponseBase:
    """Ask what for, then send the sheet and write down who took what out, how many rows, by which filter.

    Phones are masked unless the person may see them and asks for them.
    """
    user, at = signed_in(request), now()
    phones = any(one.masked for one in columns) and access_of(user).may(REVEAL, estate_id)
    form = SheetPurposeForm(request.POST if request.method == "POST" else None)
    if not phones:
        del form.fields["unmasked"]
    if form.is_valid():
        said = form.cleaned_data
        unmasked = bool(said.get("unmasked"))
        with refusals(form):
            found = rows()
            taken = found.count() if isinstance(found, QuerySet) else len(found := list(found))
            why = privacy.take_out(
                what,
                estate_id=estate_id,
                rows=taken,
                asked={key: value for key, value in request.GET.items() if value and key not in privacy.NEVER_KEPT},
                reason=said["reason"],
                note=said["note"],
                actor=user,
                at=at,
                unmasked=unmasked,
            )
            return export(found, columns, name, watermark=Watermark(user.name, at, why), unmasked=unmasked)
    return page(request, "kit/export.html", form=form, what=what, back=f"{back}?{sealed_query(request.GET)}")
