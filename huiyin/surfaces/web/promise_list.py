"""The list behind the numbers of the control room and of the standards: promises by state, holder, rule and due time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from huiyin.areas.staffing import queries as staffing
from huiyin.areas.staffing.queries import Team
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.accounts.queries import access_of
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.replies import page
from huiyin.standards import queries as promises
from huiyin.standards.models import Commitment, Rule
from huiyin.standards.queries import EARLIEST, LATEST
from huiyin.surfaces.web import periods, worklist
from huiyin.surfaces.web.context import place_of

STATES = (
    ("", "全部"),
    ("overdue", "现在逾期"),
    ("owed", "还欠着"),
    ("open", "还没到期"),
    ("paused", "暂停"),
    ("met", "按时"),
    ("late", "逾期后完成"),
    ("missed", "逾期未做"),
    ("waived", "免除"),
)
NOW_OWED = ("overdue", "owed", "paused")
TONES = {
    "open": ("还没到期", "plain", ""),
    "paused": ("暂停", "muted", "player-pause"),
    "met": ("按时", "plain", "check"),
    "late": ("逾期后完成", "plain", "clock"),
    "missed": ("逾期", "red", ""),
    "waived": ("免除", "muted", ""),
}


class PromiseFilter(HouseForm):
    """What the list may be narrowed to. `who` is a person's number, or `post:<code>` for what a post owes unnamed."""

    state = forms.ChoiceField(label="状态", required=False, choices=STATES)
    who = forms.ChoiceField(label="谁", required=False)
    code = forms.ChoiceField(label="哪一条", required=False)
    due_from = forms.DateField(label="到期自", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    due_to = forms.DateField(label="到期至", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, team: Team, rules: Sequence[Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data = args[0] if args else {}
        people = [(str(pk), name) for pk, name in team.people.items()]
        posts = [(f"post:{code}", f"{title}(未定人)") for code, title in team.posts.items()]
        codes = [(rule.code, rule.says) for rule in rules if rule.kind != "requirement"]
        words = [(code, says) for code, says in worklist.PLAIN_REASONS.items()]
        self._choose("who", [("", "全部"), *people, *posts], data)
        self._choose("code", [("", "全部"), *codes, *words], data)

    def _choose(self, name: str, choices: list[tuple[str, str]], data: Mapping[str, str]) -> None:
        """Offer the choices; an address may also name somebody who left or a rule of an earlier version."""
        asked = data.get(name, "")[:80]
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices if asked in dict(choices) else [*choices, (asked, f"{asked}(以前的)")]


@require_GET
@needs("control.see")
def promise_list(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now()
    estate = place_of(request, user).estate
    if estate is None:
        raise PermissionDenied
    require_right(user, "control.see", estate.pk)
    team = staffing.team_of(estate.pk)
    rules = promises.rules_in_force(estate.pk, at=at)

    def find(
        state: str | None, who: str | None, code: str | None, due_from: date | None, due_to: date | None
    ) -> QuerySet[Commitment]:
        holder = who or ""
        return promises.promises_for(
            estate.pk,
            at=at,
            state=state or "",
            owner=int(holder) if holder.isdecimal() else None,
            post=holder.removeprefix("post:") if holder.startswith("post:") else "",
            code=code or "",
            span=periods.span_of(due_from, due_to, otherwise=_usual(state or "", due_from, due_to, at=at)),
        )

    listing = Listing(
        request.GET,
        find=find,
        filters=lambda data: PromiseFilter(data, team=team, rules=rules),
        sorts={"due": "due_at"},
        first="due",
    )
    found = promises.rules_by_ids(one.rule_id for one in listing.rows if one.rule_id)
    return page(
        request,
        "web/promises.html#rows",
        at=at,
        listing=listing,
        matters=worklist.matters_of({one.thread for one in listing.rows}, user),
        titles=team.posts,
        reasons={one.pk: worklist.reason_of(one, found.get(one.rule_id or 0), access_of(user)) for one in listing.rows},
        states={one.pk: TONES[promises.how(one, at=at)] for one in listing.rows},
        this_month=not (listing.form and listing.form.is_bound and _dated(listing.form.cleaned_data)),
    )


def _usual(state: str, due_from: date | None, due_to: date | None, *, at: datetime) -> tuple[datetime, datetime]:
    """Without dates: what is owed now is shown whole, what has ended is shown for this month."""
    return (EARLIEST, LATEST) if state in NOW_OWED or due_from or due_to else periods.due_in(periods.month_of(at))


def _dated(asked: Mapping[str, Any]) -> bool:
    return bool(asked.get("due_from") or asked.get("due_to") or asked.get("state") in NOW_OWED)
