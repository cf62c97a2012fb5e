"""条款看板: for every rule how what fell due went, and of what happened how much was drawn; each number opens its records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.permissions import needs, require_right, signed_in
from huiyin.foundation.kit.exporting import hand_out
from huiyin.foundation.kit.forms import HouseForm
from huiyin.foundation.kit.listing import ExportColumn, Listing
from huiyin.foundation.kit.replies import page
from huiyin.standards import evidence
from huiyin.standards import queries as promises
from huiyin.standards.evidence import Evidence
from huiyin.standards.models import Draw, Rule, Standard
from huiyin.standards.rules.periods import period_of
from huiyin.surfaces.web import periods, worklist
from huiyin.surfaces.web import standards_kinds as kinds
from huiyin.surfaces.web import standards_words as words
from huiyin.surfaces.web.context import place_of

PERIODS = (
    ("month", "本月"),
    ("last_month", "上月"),
    ("quarter", "本季度"),
    ("last_quarter", "上季度"),
    ("year", "今年"),
    ("last_year", "去年"),
    ("dates", "按日期"),
)
SHOWN = ("deadline", "sampling", "periodic", "quota", "threshold")
HOW_DRAWN = (
    ("", "全部"),
    ("seen", "计入的"),
    ("taken", "抽中的"),
    ("left", "没抽中的"),
    ("capped", "名额挡下的"),
    ("exempt", "免回访的"),
)


class BoardFilter(HouseForm):
    """The evidence of when, under which standard. Of which estate is chosen on top of every page."""

    standard = forms.ChoiceField(label="标准", required=False)
    period = forms.ChoiceField(label="期间", required=False, choices=PERIODS)
    first = forms.DateField(label="自", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="至", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, standards: Sequence[Standard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["standard"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", "各期实际采用的"), *((one.code, one.title) for one in standards)]


class DrawFilter(HouseForm):
    """Which draws of a rule, and when the event happened."""

    code = forms.ChoiceField(label="哪一条", required=False)
    how = forms.ChoiceField(label="结果", required=False, choices=HOW_DRAWN)
    first = forms.DateField(label="发生自", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="发生至", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, rules: Sequence[Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "全部"), *((rule.code, rule.says) for rule in rules if rule.kind == "sampling")]
        asked = (args[0] if args else {}).get("code", "")[:80]
        chosen = self.fields["code"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = choices if asked in dict(choices) else [*choices, (asked, f"{asked}(以前的)")]


@dataclass(frozen=True)
class Asked:
    """What the board is asked for: half-open days, an estate, and a standard or whichever was lived by."""

    estate: Estate
    standard: Standard | None
    first: date
    end: date

    @property
    def days(self) -> tuple[datetime, datetime]:
        zone = timezone.get_current_timezone()
        return datetime(self.first.year, self.first.month, self.first.day, tzinfo=zone), datetime(
            self.end.year, self.end.month, self.end.day, tzinfo=zone
        )

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One rule with its evidence; `urls` lead from a number to its records."""

    code: str
    says: str
    kind: str
    evidence: Evidence
    rule: Rule | None = None
    urls: Mapping[str, str] = field(default_factory=dict)

    @property
    def clauses(self) -> str:
        return "、".join(self.rule.spec.get("clauses", ())) if self.rule else ""

    @property
    def cohort(self) -> str:
        """In words, which events the share of a sample is taken of."""
        if self.rule is None or self.kind != "sampling":
            return ""
        spec = self.rule.spec
        when, exempt = words.condition_words(spec.get("when", ())), spec.get("exempt", ())
        left_out = f",不含{'、'.join(words.field_words(one) for one in exempt)}的" if exempt else ""
        return f"期间内{words.fact_words(spec['opens'])}{f',{when}' if when else ''}{left_out}"

    @property
    def asked_share(self) -> str:
        return str(self.rule.spec["rate"]).replace(" ", "") if self.rule and self.kind == "sampling" else ""


@require_GET
@needs("control.see")
def board(request: HttpRequest) -> HttpResponse:
    at = now()
    form, asked = _asked(request, at=at)
    lines, waiting = _lines(asked, at=at)
    groups: dict[str, list[Line]] = {title: [] for _, title in words.SUBJECTS} | {"其他": []}
    for line in lines:
        groups[words.subject_of(line.code) if line.rule else "其他"].append(line)
    return page(
        request,
        "web/board.html",
        at=at,
        form=form,
        asked=asked,
        groups=[(title, found) for title, found in groups.items() if found],
        samples=[line for line in lines if line.kind == "sampling"],
        whole=evidence.total([line.evidence for line in lines]),
        waiting=[(kinds.area_words(area), count) for area, count in sorted(waiting.items())],
        export_query=request.GET.urlencode(),
        kinds=words.KINDS,
    )


@require_http_methods(["GET", "POST"])
@needs("cases.export")
def board_export(request: HttpRequest) -> HttpResponseBase:
    at = now()
    _, asked = _asked(request, at=at)
    require_right(signed_in(request), "cases.export", asked.estate.pk)
    return hand_out(
        request,
        lambda: _lines(asked, at=at)[0],
        COLUMNS,
        name=f"条款看板 {asked.estate.name} {asked.first:%Y-%m-%d} 至 {asked.last:%Y-%m-%d}",
        what="条款看板",
        estate_id=asked.estate.pk,
        back=reverse("web:board"),
    )


@require_GET
@needs("control.see")
def draws(request: HttpRequest) -> HttpResponse:
    """The sampling decisions behind the shares: each event, drawn or not, and why."""
    user, at, estate = signed_in(request), now(), _estate(request)
    rules = promises.rules_in_force(estate.pk, at=at)

    def find(code: str | None, how: str | None, first: date | None, last: date | None) -> QuerySet[Draw]:
        month = periods.month_of(at)
        span = month if not (first or last) else _days(first or date(1970, 1, 1), (last or date(2999, 1, 1)))
        return evidence.draws_for(estate.pk, happened=span, code=code or "", how=how or "")

    listing = Listing(
        request.GET,
        find=find,
        filters=lambda data: DrawFilter(data, rules=rules),
        sorts={"happened": "happened"},
        first="-happened",
    )
    return page(
        request,
        "web/draws.html#rows",
        at=at,
        listing=listing,
        matters=worklist.matters_of({one.thread for one in listing.rows}, user),
        reasons={one.pk: reason_words(one) for one in listing.rows},
        strata={one.pk: stratum_words(one) for one in listing.rows},
    )


def reason_words(draw: Draw) -> tuple[str, str]:
    """Say how an event fared, and in which tone."""
    if draw.reason.startswith(evidence.EXEMPT):
        return f"免回访:{words.field_words(draw.reason.removeprefix(evidence.EXEMPT))}", "muted"
    return {
        "capped": ("名额挡下", "amber"),
        "top_up": ("补抽抽中", "accent"),
        "drawn": ("抽中", "accent"),
    }.get(draw.reason, ("抽中", "accent") if draw.taken else ("没抽中", "plain"))


def stratum_words(draw: Draw) -> str:
    """Say in which group an event was drawn: its month, and what the rule divides by."""
    names = draw.rule.spec.get("stratum", ())
    parts = draw.stratum.key.split("|") if draw.stratum.key else []
    return " ".join(
        [draw.stratum.period, *(words.value_words(name, part) for name, part in zip(names, parts, strict=False))]
    )


def _asked(request: HttpRequest, *, at: datetime) -> tuple[BoardFilter, Asked]:
    estate, loaded = _estate(request), promises.standards()
    data = request.GET.copy()
    data.setdefault("period", "dates" if data.get("first") or data.get("last") else "month")
    form = BoardFilter(data, standards=loaded)
    form.is_valid()
    told = form.cleaned_data
    standard = next((one for one in loaded if one.code == told.get("standard")), None)
    today = timezone.localtime(at).date()
    first, end = _span(told.get("period") or "month", told.get("first"), told.get("last"), today)
    return form, Asked(estate, standard, first, end)


def _estate(request: HttpRequest) -> Estate:
    """Return the estate at hand. Refused where the person may not see its evidence."""
    user = signed_in(request)
    estate = place_of(request, user).estate
    if estate is None:
        raise PermissionDenied
    require_right(user, "control.see", estate.pk)
    return estate


def _span(period: str, first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """Return the first day and the day after the last. Dates that stand the wrong way round are turned."""
    if period == "dates" and (first or last):
        begins, ends = first or last or today, last or today
        return min(begins, ends), max(begins, ends) + timedelta(days=1)
    every = period.removeprefix("last_") if period != "dates" else "month"
    found = period_of(every, today)
    if period.startswith("last_"):
        found = period_of(every, found.start - timedelta(days=1))
    return found.start, found.end


def _lines(asked: Asked, *, at: datetime) -> tuple[list[Line], dict[str, int]]:
    """Return the rules that make promises with what they have to show, and how many wait for which area."""
    days = asked.days
    found = evidence.board(
        asked.estate.pk,
        due=periods.due_in(days),
        happened=days,
        at=at,
        standard_id=asked.standard.pk if asked.standard else None,
    )
    lines, waiting = [], dict[str, int]()
    for rule in _rules(asked, at=at):
        if rule.kind not in SHOWN:
            continue
        area = promises.waiting_area(rule.spec)
        if area and rule.code not in found:
            waiting[area] = waiting.get(area, 0) + 1
            continue
        shown = found.pop(rule.code, Evidence())
        lines.append(Line(rule.code, rule.says, rule.kind, shown, rule, _urls(asked, rule.code)))
    for code, shown in sorted(found.items()):
        says = worklist.PLAIN_REASONS.get(code, f"以前的规则 {code}")
        lines.append(Line(code, says, "", shown, None, _urls(asked, code)))
    return lines, waiting


def _rules(asked: Asked, *, at: datetime) -> list[Rule]:
    if asked.standard is None:
        return promises.rules_in_force(asked.estate.pk, at=at)
    version = promises.version_of(asked.standard.code, at=at)
    return promises.rules_of(version) if version else []


def _urls(asked: Asked, code: str) -> dict[str, str]:
    """Lead from each number to its records, the same days and the same rule."""
    due = {"code": code, "due_from": asked.first.isoformat(), "due_to": asked.last.isoformat()}
    happened = {"code": code, "first": asked.first.isoformat(), "last": asked.last.isoformat()}
    owed, drawn = reverse("web:promises"), reverse("web:draws")
    urls = {how: f"{owed}?{urlencode(due | {'state': how})}" for how, _ in STATES}
    urls |= {how: f"{drawn}?{urlencode(happened | {'how': how})}" for how, _ in HOW_DRAWN if how}
    return urls | {"due": f"{owed}?{urlencode(due)}"}


def _days(first: date, last: date) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    start = datetime(first.year, first.month, first.day, tzinfo=zone)
    return start, datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1)


STATES = (
    ("met", "按时"),
    ("late", "逾期后完成"),
    ("missed", "逾期未做"),
    ("waived", "免除"),
    ("open", "还没到期"),
    ("paused", "暂停"),
)


def _percent(part: int | None) -> str:
    return "—" if part is None else f"{part}%"


COLUMNS = (
    ExportColumn("主题", lambda line: words.subject_of(line.code) if line.rule else "其他", 10),
    ExportColumn("规则", lambda line: line.says, 44),
    ExportColumn("代码", lambda line: line.code, 26),
    ExportColumn("条款", lambda line: line.clauses, 24),
    ExportColumn("种类", lambda line: words.KINDS.get(line.kind, ""), 8),
    ExportColumn("到期", lambda line: line.evidence.due, 8),
    *(ExportColumn(label, lambda line, how=how: getattr(line.evidence, how), 10) for how, label in STATES),
    ExportColumn("按时率", lambda line: _percent(line.evidence.kept_percent), 8),
    ExportColumn("按时率分子", lambda line: line.evidence.met, 10),
    ExportColumn("按时率分母", lambda line: line.evidence.judged, 10),
    ExportColumn("抽样口径", lambda line: line.cohort, 36),
    ExportColumn("计入(分母)", lambda line: line.evidence.seen if line.cohort else "", 10),
    ExportColumn("抽中(分子)", lambda line: line.evidence.taken if line.cohort else "", 10),
    ExportColumn("抽中比例", lambda line: _percent(line.evidence.drawn_percent) if line.cohort else "", 10),
    ExportColumn("要求", lambda line: line.asked_share, 8),
    ExportColumn("名额挡下", lambda line: line.evidence.capped if line.cohort else "", 10),
    ExportColumn("免回访", lambda line: line.evidence.exempt if line.cohort else "", 10),
)
