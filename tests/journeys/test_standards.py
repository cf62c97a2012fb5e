"""The standards room: a number changed by form, tried on what happened, proposed by one and published by another."""

import json
import re
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.journeys.conftest import DESK, PHONE, Enter, House, python

# What would be promised under which version: everything is taken back afterwards, for the new version begins tomorrow.
PROMISED = """
import json
from huiyin.surfaces.cli.main import wake
wake()
from datetime import datetime, timedelta
from django.db import transaction
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.areas.cases.rules import Caller
from huiyin.areas.service_desk import operations as desk
from huiyin.standards.models import Commitment, StandardVersion

def promised(case):
    one = Commitment.objects.select_related("rule__version__standard").get(thread=case.thread, code="complaint.reply")
    return [(one.due_at - one.opened_at).total_seconds() / 3600, one.rule.version.standard.code]

estate = Estate.objects.get()
clerk = User.objects.get(username="clerk")
own = StandardVersion.objects.get(standard__estate_id=estate.pk)
with transaction.atomic():
    before = own.effective_from - timedelta(minutes=1)
    after = own.effective_from
    said = []
    for at in (before, after):
        case = desk.take_matter(
            estate, matter=desk.Matter(kind="complaint"), channel="call", text="电梯又停了",
            caller=Caller("王女士", "13800000000", ""), actor=clerk, at=at,
        )
        said.append(promised(case))
    print(json.dumps({"estate": f"estate-{estate.pk}", "promised": said}))
    transaction.set_rollback(True)
"""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["wide", "narrow"])
def test_the_chosen_rule_shows_its_source_evidence_and_history(enter: Enter, size: dict[str, int]) -> None:
    page = enter("supervisor", size=size)
    page.goto("/standards/recommended/")
    page.get_by_role("link", name="投诉 24 小时内答复").click()
    panel = page.get_by_role("dialog", name="详情")
    for said in ("S1-21", "本月的凭据", "要是改一改", "第 1 版"):
        expect(panel).to_contain_text(said)


def test_a_change_is_written_tried_proposed_and_published_by_another(enter: Enter, house: House) -> None:
    supervisor, director = enter("supervisor"), enter("director")
    supervisor.goto("/standards/recommended/?rule=complaint.reply")
    supervisor.locator("#chosen").get_by_role("button", name=re.compile("先改这一条|改这一条试试")).click()

    expect(supervisor.get_by_role("heading", level=1)).to_contain_text("投诉 24 小时内答复")
    address = re.sub(r"rules/.*$", "", supervisor.url)
    supervisor.get_by_label("多少").fill("8")
    supervisor.get_by_role("button", name="写进草稿").click()
    expect(supervisor.locator(".hy-change")).to_contain_text("投诉 8 小时内答复")
    expect(supervisor.locator(".hy-before-after tbody tr")).to_contain_text("24 小时")

    supervisor.get_by_role("link", name="试一试").click()
    first = supervisor.locator("table").filter(has_text="应办").locator("tbody tr").filter(has_text="投诉 8 小时内答复")
    expect(first).to_contain_text("已改")
    expect(supervisor.get_by_text("不写任何数据")).to_be_visible()

    supervisor.goto(address)
    tomorrow = localdate() + timedelta(days=1)
    supervisor.get_by_label("从哪天起生效").fill(tomorrow.isoformat())
    supervisor.get_by_label("为什么这样改").fill("夜里也有人值班了")
    supervisor.get_by_role("button", name="提请发布").click()
    expect(supervisor.get_by_text("您提请的草稿要由另一位同事发布")).to_be_visible()

    director.goto(address)
    expect(director.locator(".hy-because")).to_have_text("夜里也有人值班了")
    director.get_by_role("button", name="发布", exact=True).click()
    expect(director.get_by_role("heading", level=1)).to_have_text("先确认是您本人")
    director.get_by_label("要做什么").fill("发布新的服务标准")
    director.get_by_label("您的密码").fill(PASSWORD)
    director.get_by_role("button", name="确认并继续").click()
    expect(director.get_by_role("heading", level=1)).to_have_text("云河苑服务标准")
    expect(director.get_by_text("投诉 8 小时内答复")).to_be_visible()
    director.get_by_role("link", name="各版和差别").click()
    expect(director.get_by_role("main")).to_contain_text("夜里也有人值班了")

    told = python(house.home, "-c", PROMISED)
    assert told.returncode == 0, told.stderr
    known = json.loads(told.stdout.splitlines()[-1])
    assert known["promised"] == [[24.0, "recommended"], [8.0, known["estate"]]]
