"""标准草稿 on pages: written by form, tried, proposed by one, published by another, with its difference and history."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import Clock
from huiyin.areas.estate.models import Estate, Household
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.journal.models import Entry
from huiyin.standards import composition, in_force
from huiyin.standards import operations as standards
from huiyin.standards.models import Commitment, Draft, Rule, Standard, StandardVersion
from huiyin.standards.operations import drafting
from huiyin.surfaces.web import drafts_pages
from tests.cast import AT, Cast, hire, tell
from tests.world import World, furnish

Browsers = Callable[[User], Client]


@pytest.fixture
def world(estate: Estate, cast: Cast, home: Household, standard: Standard, clock: Clock) -> World:
    clock.move(hours=1)
    return furnish(estate, cast, home, standard)


def spec_of(world: World, code: str = "complaint.reply") -> dict[str, object]:
    return dict(composition.drafted(Draft.objects.get(pk=world.draft.pk))[code])


def reply_form(world: World, **changed: object) -> dict[str, object]:
    """What the browser sends for 投诉答复, as the draft has it."""
    spec = spec_of(world)
    return {
        "seen": composition.digest_of(spec),
        "within_amount": "12",
        "within_unit": "h",
        "who": "subject",
        "when_0": "true",
        "does": spec["does"],
        "says": spec["says"],
        "because": spec["because"],
    } | changed


def address(world: World, step: str = "") -> str:
    return f"/standards/drafts/{world.draft.pk}/{step}"


def propose(world: World, browser: Client) -> None:
    answer = browser.post(address(world, "propose/"), {"effective_from": "2026-12-01", "note": "答得更快"})
    assert answer.status_code == 303


def test_a_draft_is_started_from_a_rule_and_begins_with_its_form(world: World, browser_of: Browsers) -> None:
    answer = browser_of(world.cast.supervisor).post("/standards/drafts/start/", {"rule": "complaint.reply"})
    made = Draft.objects.latest("pk")
    assert answer["Location"] == f"/standards/drafts/{made.pk}/rules/complaint.reply/"
    assert (made.title, made.drafted_by, made.base.standard.code) == (
        "云河苑服务标准",
        world.cast.supervisor,
        "recommended",
    )


def test_a_number_is_changed_by_form_and_its_sentence_follows(world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.cast.supervisor)
    page = browser.get(address(world, "rules/complaint.reply/")).content.decode()
    assert 'name="within_amount" value="12"' in page and "within:" not in page
    answer = browser.post(address(world, "rules/complaint.reply/"), reply_form(world, within_amount="6"))
    assert answer["Location"] == address(world)
    assert (spec_of(world)["within"], spec_of(world)["says"]) == ("6 h", "投诉 6 小时内答复")
    assert "改成「投诉 6 小时内答复」" in browser.get(address(world)).content.decode()


def test_who_is_slower_keeps_what_was_typed(world: World, browser_of: Browsers) -> None:
    mine, theirs = reply_form(world, within_amount="6"), reply_form(world, within_amount="8")
    browser = browser_of(world.cast.supervisor)
    browser.post(address(world, "rules/complaint.reply/"), mine)
    page = browser_of(world.cast.director).post(address(world, "rules/complaint.reply/"), theirs).content.decode()
    assert "刚被别人改过" in page and 'value="8"' in page
    assert spec_of(world)["within"] == "6 h"


def test_the_draft_shows_each_difference_value_by_value(world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.cast.supervisor)
    browser.post(address(world, "rules/contact.callback/leave/"))
    page = browser.get(address(world)).content.decode()
    assert "<del>24 小时</del>" in page and "<strong>12 小时</strong>" in page
    assert "删去 · 前台接待" in page
    browser.post(address(world, "rules/contact.callback/restore/"))
    assert "删去 · 前台接待" not in browser.get(address(world)).content.decode()
    assert set(Draft.objects.get(pk=world.draft.pk).changes) == {"complaint.reply"}


def test_one_proposes_another_publishes_and_new_promises_follow(
    world: World, browser_of: Browsers, clock: Clock, estate: Estate
) -> None:
    propose(world, browser_of(world.cast.supervisor))
    alone = browser_of(world.cast.director).get(address(world)).content.decode()
    assert "答得更快" in alone and f'action="{address(world, "publish/")}"' in alone
    seen = composition.fingerprint(Draft.objects.get(pk=world.draft.pk))
    answer = browser_of(world.cast.director).post(address(world, "publish/"), {"seen": seen})
    assert answer["Location"] == f"/standards/estate-{estate.pk}/"
    old = Commitment.objects.get(code="complaint.reply")
    in_force.forget()
    clock.at = AT + timedelta(days=8)
    tell(estate, world.cast.clerk, at=clock.at, kind="complaint", text="电梯又停了")
    new = Commitment.objects.filter(code="complaint.reply").latest("pk")
    assert new.due_at - new.opened_at == timedelta(hours=12)
    assert old.due_at - old.opened_at == timedelta(hours=24)
    page = browser_of(world.cast.clerk).get(f"/standards/estate-{estate.pk}/").content.decode()
    assert '投诉 <strong class="hy-figure">12 小时</strong>内答复' in page and "起采用" in page


def test_whoever_proposed_reads_that_another_must_publish(world: World, browser_of: Browsers) -> None:
    director = browser_of(world.cast.director)
    propose(world, director)
    assert "要由另一位同事发布" in director.get(address(world)).content.decode()
    page = director.post(
        address(world, "publish/"), {"seen": composition.fingerprint(Draft.objects.get(pk=world.draft.pk))}
    ).content.decode()
    assert "提请发布的人不能自己发布" in page
    assert StandardVersion.objects.count() == 1


@pytest.mark.usefixtures("unguarded")
def test_a_public_promise_is_loosened_with_a_tick_and_a_reason(
    world: World, browser_of: Browsers, standard: Standard
) -> None:
    reply = Rule.objects.get(version__standard=standard, code="complaint.reply")
    Rule.objects.filter(pk=reply.pk).update(spec={**reply.spec, "public": True})
    supervisor, director = browser_of(world.cast.supervisor), browser_of(world.cast.director)
    supervisor.post(address(world, "rules/complaint.reply/"), reply_form(world, within_amount="48", public="on"))
    page = supervisor.get(address(world)).content.decode()
    assert "放宽公开承诺" in page and "会放宽的公开承诺" in page
    propose(world, supervisor)
    seen = composition.fingerprint(Draft.objects.get(pk=world.draft.pk))
    without = director.post(address(world, "publish/"), {"seen": seen}).content.decode()
    assert "放宽公开承诺要勾选" in without and "请写明放宽的理由" in without
    assert Standard.objects.filter(estate_id=world.estate.pk).count() == 0
    answer = director.post(address(world, "publish/"), {"seen": seen, "tick_0": "on", "reason_0": "业委会同意"})
    assert answer.status_code == 303
    assert Entry.objects.get(kind="standards.draft.published").values["loosened"] == {"complaint.reply": "业委会同意"}


def test_what_was_returned_meanwhile_is_not_published(world: World, browser_of: Browsers) -> None:
    supervisor, director = browser_of(world.cast.supervisor), browser_of(world.cast.director)
    propose(world, supervisor)
    seen = composition.fingerprint(Draft.objects.get(pk=world.draft.pk))
    supervisor.post(address(world, "return/"), {"note": "还差一条"})
    assert "不能再发布" in director.post(address(world, "publish/"), {"seen": seen}).content.decode()
    supervisor.post(address(world, "rules/contact.callback/leave/"))
    propose(world, supervisor)
    assert "改过,请重新看一遍" in director.post(address(world, "publish/"), {"seen": seen}).content.decode()
    assert StandardVersion.objects.count() == 1


def test_giving_up_needs_a_reason_and_keeps_the_draft(world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.cast.supervisor)
    assert browser.post(address(world, "drop/"), {"note": ""}).status_code == 409
    assert browser.post(address(world, "drop/"), {"note": "不改了"}).status_code == 303
    page = browser.get(address(world)).content.decode()
    assert "已放弃" in page and "不改了" in page and "提请发布</button>" not in page


def test_trying_shows_both_sides_and_writes_nothing(world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.cast.supervisor)
    browser.post(address(world, "rules/complaint.reply/"), reply_form(world, within_amount="5", within_unit="min"))
    before = (Commitment.objects.count(), Entry.objects.count())
    page = browser.get(address(world, "try/?start=2026-11-01&end=2026-11-30")).content.decode()
    assert "投诉 5 分钟内答复" in page
    assert (
        '<strong>1</strong> <span class="hy-quiet">实 0</span>' in page
    )  # not answered: a breach now, still running then
    assert Commitment.objects.get(code="complaint.reply").thread.startswith("case:")
    assert (Commitment.objects.count(), Entry.objects.count()) == before


def test_a_span_too_large_for_a_page_names_the_command(
    world: World, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts_pages, "PAGE_LINES", 3)
    page = browser_of(world.cast.supervisor).get(address(world, "try/?start=2026-11-01&end=2026-11-30"))
    command = f"huiyin standards try {world.draft.pk} --estate YH --from 2026-11-01 --to 2026-11-30"
    assert command in page.content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("start=2026-11-02&end=2026-11-01", "结束日期早于开始日期"), ("start=2020-01-01", "最多试两年")],
)
def test_an_odd_span_is_said(query: str, sentence: str, world: World, browser_of: Browsers) -> None:
    page = browser_of(world.cast.supervisor).get(address(world, f"try/?{query}")).content.decode()
    assert sentence in page and "各条承诺" not in page


@pytest.mark.parametrize("member", ["clerk", "auditor"])
def test_who_only_reads_sees_the_draft_without_its_buttons(member: str, world: World, browser_of: Browsers) -> None:
    page = browser_of(getattr(world.cast, member)).get(address(world)).content.decode()
    assert "<strong>12 小时</strong>" in page
    assert "提请发布" not in page and "撤掉这处改动" not in page and address(world, "try/") not in page


def test_nobody_presses_a_button_without_the_right_in_this_estate(world: World, browser_of: Browsers) -> None:
    """Somebody who leads in another estate of the company and only reads here."""
    other = Estate.objects.create(company=world.estate.company, code="YX", name="云溪苑")
    both = hire("both", "两边跑", estate=world.estate, role="auditor")
    accounts.grant_role(both, Role.objects.get(code="director"), estate_id=other.pk, at=AT)
    browser = browser_of(both)
    before = list(Draft.objects.values())
    for step in ("rules/complaint.reply/leave/", "propose/", "drop/", "publish/", "renew/", "return/"):
        assert browser.post(address(world, step), {"note": "x"}).status_code == 403
    assert browser.get(address(world, "try/")).status_code == 403
    assert list(Draft.objects.values()) == before


def test_the_room_names_what_waits_what_is_public_and_the_drafts(world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.cast.supervisor)
    page = browser.get("/standards/").content.decode()
    assert f"第 {world.draft.pk} 号 云河苑服务标准" in page and "起草改动" in page
    rules = browser.get("/standards/recommended/").content.decode()
    assert "等走访" in rules and "条等对应的功能建好" in rules


def test_without_javascript_the_chosen_rule_stands_beside_the_list(world: World, browser_of: Browsers) -> None:
    page = browser_of(world.cast.supervisor).get("/standards/recommended/?rule=complaint.reply").content.decode()
    assert 'id="chosen"' in page and "本月的凭据" in page and "S1-21" in page
    assert f"第 {world.draft.pk} 号草稿" in page and "<strong>12 小时</strong>" in page  # what if
    assert "现在有 <strong>1</strong> 项没到期的承诺靠这一条" in page


def test_the_history_shows_what_each_version_changed(world: World, browser_of: Browsers, estate: Estate) -> None:
    propose(world, browser_of(world.cast.supervisor))
    drafting.publish(Draft.objects.get(pk=world.draft.pk), actor=world.cast.director, at=AT + timedelta(hours=1))
    second = drafting.start_draft(
        estate.pk,
        StandardVersion.objects.get(standard__estate_id=estate.pk),
        title="云河苑服务标准",
        actor=world.cast.supervisor,
        at=AT + timedelta(hours=2),
    )
    drafting.leave_out(second, "contact.callback", actor=world.cast.supervisor, at=AT + timedelta(hours=2))
    drafting.propose(
        second,
        effective_from=AT + timedelta(days=9),
        note="不再承诺回电",
        actor=world.cast.supervisor,
        at=AT + timedelta(hours=2),
    )
    drafting.publish(second, actor=world.cast.director, at=AT + timedelta(hours=3))
    page = browser_of(world.cast.auditor).get(f"/standards/estate-{estate.pk}/versions/").content.decode()
    assert "与上一版相比,1 条不同" in page and "删去 · 前台接待" in page
    assert "林芳提请,郑海于" in page and "不再承诺回电" in page and "第一个版本" in page


def test_an_own_standard_is_out_of_sight_elsewhere(world: World, browser_of: Browsers, estate: Estate) -> None:
    propose(world, browser_of(world.cast.supervisor))
    version = drafting.publish(
        Draft.objects.get(pk=world.draft.pk), actor=world.cast.director, at=AT + timedelta(hours=1)
    )
    rule = Rule.objects.filter(version=version).first()
    assert rule is not None
    outsider = browser_of(world.cast.outsider)
    for url in (
        f"/standards/estate-{estate.pk}/",
        f"/standards/estate-{estate.pk}/versions/",
        f"/standards/rules/{rule.pk}/",
    ):
        assert outsider.get(url).status_code == 404
        assert browser_of(world.cast.clerk).get(url).status_code == 200
    assert "云河苑服务标准" not in outsider.get("/standards/").content.decode()


def test_a_newer_base_is_told_and_taken_over(world: World, browser_of: Browsers, estate: Estate, clock: Clock) -> None:
    propose(world, browser_of(world.cast.supervisor))
    drafting.publish(Draft.objects.get(pk=world.draft.pk), actor=world.cast.director, at=AT + timedelta(hours=1))
    clock.at = AT + timedelta(days=10)
    standards.load_catalogue(at=AT + timedelta(days=9))  # the same text: no new version
    supervisor = browser_of(world.cast.supervisor)
    assert "已经载入,本小区自己的标准没有跟着变" not in supervisor.get("/standards/").content.decode()
    recommended = Standard.objects.get(code="recommended")
    newer = StandardVersion.objects.create(
        standard=recommended, number=2, effective_from=AT + timedelta(days=9), digest="other"
    )
    old = recommended.versions.get(number=1)
    Rule.objects.bulk_create(
        Rule(version=newer, code=one.code, kind=one.kind, says=one.says, spec=one.spec)
        for one in old.rules.exclude(code="contact.callback")
    )
    assert "已经载入,本小区自己的标准没有跟着变" in supervisor.get("/standards/").content.decode()
    supervisor.post("/standards/drafts/start/", {"base": "newer"})
    taken = Draft.objects.latest("pk")
    assert (taken.base, set(taken.changes)) == (newer, {"complaint.reply"})


PAGES = (
    "/standards/",
    "/standards/recommended/",
    "/standards/recommended/?rule=complaint.reply",
    "/standards/recommended/versions/",
    "/standards/drafts/{draft}/",
    "/standards/drafts/{draft}/rules/complaint.reply/",
    "/standards/drafts/{draft}/try/?start=2026-11-01&end=2026-11-30",
)


@pytest.mark.parametrize("page", PAGES)
def test_queries_are_few_and_do_not_follow_the_rows(page: str, world: World, browser_of: Browsers) -> None:
    browser = browser_of(world.cast.supervisor)
    url = page.format(draft=world.draft.pk)

    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert browser.get(url).status_code == 200
        return len(found)

    counted()
    one = counted()
    for number in range(2):
        draft = drafting.start_draft(
            world.estate.pk, world.draft.base, title=f"第 {number} 份", actor=world.cast.supervisor, at=AT
        )
        drafting.leave_out(draft, "contact.callback", actor=world.cast.supervisor, at=AT)
        tell(world.estate, world.cast.clerk, at=AT, kind="complaint", text="楼道灯坏了")
        drafting.leave_out(
            world.draft, f"{('contact.promise', 'contact.settle')[number]}", actor=world.cast.supervisor, at=AT
        )
    assert counted() == one <= 25
