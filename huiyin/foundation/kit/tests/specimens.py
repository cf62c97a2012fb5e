"""What the gallery shows: one of everything, with the long names and the empty states real estates have."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict

from huiyin.foundation.kit import charts
from huiyin.foundation.kit.entries import Entry
from huiyin.foundation.kit.forms import HouseForm, PeopleDateTimeField, PhoneField, SignatureField
from huiyin.foundation.kit.listing import Listing
from huiyin.foundation.kit.shell import Choice, RailItem, Shell


@dataclass(frozen=True)
class Matter:
    pk: int
    number: str
    what: str
    unit: str
    who: str
    state: str
    tone: str
    due_at: datetime
    amount: int

    def __str__(self) -> str:
        return self.number


class Matters(list[Matter]):
    """A list that can be sorted, cut and counted as a list page does it."""

    def order_by(self, *keys: str) -> "Matters":
        name = keys[0].lstrip("-") if keys else "pk"
        return Matters(sorted(self, key=lambda one: getattr(one, name), reverse=bool(keys) and keys[0][0] == "-"))

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return Matters(found) if isinstance(at, slice) else found


class MattersListing(Listing[Any]):
    """A list page over matters that are in no database."""

    def _from(self, start: int) -> list[Any]:
        return list(self.sorted[start : start + self.page_size + 1])

    @cached_property
    def _counted(self) -> tuple[int, bool]:
        return min(len(self.found), self.cap), len(self.found) <= self.cap


WHATS = (
    "厨房水槽下面漏水,已经漏到楼下天花板",
    "楼上夜里装修,请物业管一管,孩子要高考,连续三天打电话没有人给一个准确的答复",
    "电梯按钮失灵",
    "询问下季度物业费怎么交、能不能开电子发票",
    "表扬夜班保安帮忙找回走失的老人",
)
STATES = (("待派单", "plain"), ("办理中", "accent"), ("待验收", "accent"), ("已验收", "green"), ("已作废", "muted"))


def matters(count: int, now: datetime) -> Matters:
    return Matters(
        Matter(
            pk=at + 1,
            number=f"WX2611-{at + 1:04d}",
            what=WHATS[at % 5],
            unit=("3-2-1501", "12-1-302", "别墅区 A 区 18 号")[at % 3],
            who=("王女士", "欧阳明月", "Christopher Alexander", "阿布都热合曼·买买提")[at % 4],
            state=STATES[at % 5][0],
            tone=STATES[at % 5][1],
            due_at=now + timedelta(hours=(-30, -2, 1.2, 5, 26, 90)[at % 6]),
            amount=(at * 137) % 2400,
        )
        for at in range(count)
    )


class MatterFilter(HouseForm):
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("new", "待派单"), ("doing", "办理中")]
    )
    who = forms.CharField(label="负责人", required=False)
    since = forms.DateField(label="登记于", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    late = forms.BooleanField(label="只看逾期", required=False)


def matter_list(count: int, now: datetime, asked: str = "") -> Listing[Any]:
    rows = matters(count, now)
    return MattersListing(
        QueryDict(asked),
        find=lambda **values: rows,
        sorts={"number": "number", "due": "due_at", "amount": "amount"},
        first="due",
        filters=MatterFilter,
    )


class ContactForm(HouseForm):
    kind = forms.ChoiceField(
        label="什么事",
        choices=[("repair", "报修"), ("complaint", "投诉"), ("enquiry", "咨询"), ("praise", "表扬")],
        widget=forms.RadioSelect,
    )
    said = forms.CharField(label="来电人怎么说", widget=forms.Textarea(attrs={"rows": 3}))
    phone = PhoneField(label="电话", help_text="没有也可以,先登记")
    when = PeopleDateTimeField(label="约定时间", required=False)
    place = forms.ChoiceField(
        label="位置",
        required=False,
        choices=[("", ""), ("kitchen", "厨房"), ("bath", "卫生间"), ("public", "公共区域")],
        widget=forms.RadioSelect,
    )
    tags = forms.MultipleChoiceField(
        label="情况",
        required=False,
        choices=[("old", "有老人"), ("child", "有孩子"), ("again", "以前报过")],
        widget=forms.CheckboxSelectMultiple,
    )
    trade = forms.ChoiceField(label="工种", choices=[("", "请选择"), ("water", "水"), ("power", "电")])
    urgent = forms.BooleanField(label="紧急,需要马上到场", required=False)
    photo = forms.FileField(label="照片", required=False)
    signed = SignatureField(label="住户签名", required=False)


class SignInForm(HouseForm):
    username = forms.CharField(label="工号或手机号")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


RAIL = (
    RailItem("今日", "/today", "sun", count=7, urgent=True, active=True),
    RailItem("前台", "/desk", "headset"),
    RailItem("事项", "/cases", "clipboard-list", count=128),
    RailItem("维修", "/repairs", "tool", count=23),
    RailItem("投诉", "/complaints", "message-report", count=2),
    RailItem("回访", "/visits", "phone-call", count=14),
    RailItem("标准", "/standards", "book"),
    RailItem("报表", "/reports", "chart-bar"),
    RailItem("设置", "/settings", "settings"),
)


def shell() -> Shell:
    return Shell(
        me="陈晓岚",
        user_key="7",
        post="前台 · 早班",
        rail=RAIL,
        estate="云栖花园(一期、二期)",
        estates=[("1", "云栖花园(一期、二期)"), ("2", "滨江公馆")],
        estate_url="/estate",
        search_url="/search",
        waiting=3,
        waiting_url="/waiting",
        sign_out_url="/out",
        menu=[Choice("我的班次", "/roster", icon="calendar"), Choice("改密码", "/password", icon="key")],
    )


def entries(now: datetime) -> Iterator[Entry]:
    yield Entry(now - timedelta(seconds=20), "确认了报价 ¥120.00", "王女士", "resident")
    yield Entry(
        now - timedelta(minutes=12), "写了内部备注", "李强", "internal", detail="阀门老化,建议整段换管,已和班长说过。"
    )
    yield Entry(
        now - timedelta(hours=3), "升级给了维修主管", "", "rule", rule="维修 30 分钟内到场,逾期升级", rule_url="/clause"
    )
    yield Entry(now - timedelta(days=1), "派给了李强", "陈晓岚", "done")
    yield Entry(
        now - timedelta(days=4),
        "来电:厨房水槽下面漏水",
        "王女士",
        "resident",
        detail="昨天晚上开始漏,楼下已经找上来了。",
    )


TURNS = [
    ("急修 · 到急修现场", [("按时", 28, "28"), ("逾期", 8, "8"), ("免除", 2, "2")], "按时率 77%"),
    ("配电房低压柜及楼道应急照明疏散指示一体化设施", [("按时", 3, "3"), ("逾期", 0, "0")], "按时率 100%"),
]


def gallery(now: datetime) -> dict[str, Any]:
    wrong = ContactForm({"kind": "repair", "said": "", "phone": "123", "when": "大概下午", "trade": ""})
    wrong.is_valid()
    wrong.add_error(None, "这户一小时前刚报过同一件事,请先看看那一条")
    return {
        "shell": shell(),
        "at": now,
        "fresh": ContactForm(),
        "wrong": wrong,
        "many": matter_list(120, now, "state=new&late=on&page=2"),
        "few": matter_list(4, now),
        "nothing": matter_list(0, now),
        "nothing_found": matter_list(0, now, "state=new"),
        "entries": list(entries(now)),
        "drawn_bars": charts.bars("stacked", "到期的承诺", TURNS),
        "drawn_lines": charts.lines(
            "lines", "几天内完工", ["10-05", "10-12", "10-19"], [("1 天", [60, 75, 70]), ("7 天", [90, 100, None])]
        ),
        "drawn_nothing": charts.bars("nothing", "一张也没有", []),
        "hours": [timedelta(hours=h) for h in (-50, -2, -0.4, 0.5, 1.5, 5, 26, 24 * 9)],
    }
