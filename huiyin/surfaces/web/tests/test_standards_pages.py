"""标准: rules as sentences, with their sources and this month's evidence."""

from collections.abc import Callable

import pytest
from django.test import Client

from conftest import Clock
from huiyin.areas.estate.models import Estate, Household
from huiyin.foundation.accounts.models import User
from huiyin.standards import operations as standards
from huiyin.standards.models import Rule, Standard, Stratum
from huiyin.standards.written import read_catalogue
from huiyin.surfaces.web import standards_words as words
from tests.cast import AT, Cast
from tests.world import World, furnish

Browsers = Callable[[User], Client]
EVERY_RULE = [(written.code, spec) for written in read_catalogue() for spec in written.rules]


@pytest.fixture
def world(estate: Estate, cast: Cast, home: Household, standard: Standard) -> World:
    return furnish(estate, cast, home, standard)


def rule(code: str) -> Rule:
    return Rule.objects.get(code=code, version__standard__code="recommended")


def test_the_list_says_what_the_estate_lives_by(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = browser_of(world.cast.clerk).get("/standards/").content.decode()
    assert "本小区按《推荐标准》服务,自 8月27日起" in page


def test_an_estate_without_a_standard_is_told(cast: Cast, browser_of: Browsers, clock: Clock) -> None:
    assert "还没有采用标准" in browser_of(cast.clerk).get("/standards/").content.decode()


def test_rules_stand_by_subject_with_their_numbers_marked(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = browser_of(world.cast.clerk).get("/standards/recommended/").content.decode()
    assert [page.index(f"<h2>{title}</h2>") for title in ("前台接待", "事项", "投诉", "维修", "回访")] == sorted(
        page.index(f"<h2>{title}</h2>") for title in ("前台接待", "事项", "投诉", "维修", "回访")
    )
    assert '投诉 <strong class="hy-figure">24 小时</strong>内答复' in page


def test_a_rule_shows_source_reason_values_and_evidence(world: World, browser_of: Browsers, clock: Clock) -> None:
    reply = rule("complaint.reply")
    page = browser_of(world.cast.supervisor).get(f"/standards/rules/{reply.pk}/").content.decode()
    for said in (
        "S1-21",
        "手册二 第",
        "S4-62",
        "手册五 第",
        reply.spec["because"],
        "投诉登记",
        "24 小时",
        "答复投诉人",
    ):
        assert said in page
    assert "/control/promises/?code=complaint.reply&amp;due_from=2026-11-01&amp;due_to=2026-11-30" in page


def test_evidence_is_linked_only_for_those_who_may_open_it(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = browser_of(world.cast.clerk).get(f"/standards/rules/{rule('complaint.reply').pk}/").content.decode()
    assert "本月到期" in page and "/control/promises/" not in page


def test_a_requirement_has_no_evidence_and_says_why(world: World, browser_of: Browsers, clock: Clock) -> None:
    page = browser_of(world.cast.clerk).get(f"/standards/rules/{rule('complaint.close.replied').pk}/").content.decode()
    assert "当场检查" in page


def test_the_side_panel_gets_the_rule_without_the_frame(world: World, browser_of: Browsers, clock: Clock) -> None:
    answer = browser_of(world.cast.clerk).get(
        f"/standards/rules/{rule('complaint.reply').pk}/", headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert "<html" not in page and "S1-21" in page and "本月的凭据" in page


def test_another_standard_answers_the_same_question(world: World, browser_of: Browsers, clock: Clock) -> None:
    standards.load_catalogue(at=AT)
    page = browser_of(world.cast.clerk).get(f"/standards/rules/{rule('complaint.reply').pk}/").content.decode()
    assert "同一件事,别的标准怎么说" in page and "手册五 来电来访" in page
    other = browser_of(world.cast.clerk).get("/standards/s4/").content.decode()
    assert "本小区没有采用,仅供参考" in other


def test_what_does_not_exist_is_not_found(world: World, browser_of: Browsers, clock: Clock) -> None:
    browser = browser_of(world.cast.clerk)
    assert browser.get("/standards/none/").status_code == 404
    assert browser.get("/standards/rules/999999/").status_code == 404


@pytest.mark.parametrize(("standard", "spec"), EVERY_RULE, ids=lambda one: one if isinstance(one, str) else one["code"])
def test_every_shipped_rule_is_said_in_chinese(standard: str, spec: dict[str, object]) -> None:
    for name, said in words.facts_of(spec, {}):
        if name in ("谁来办", "谁来回访"):
            continue  # titles of posts are the estate's own
        left = [piece for piece in said.replace(":", " ").split() if piece.isascii() and not piece[0].isdigit()]
        assert left == [], (name, said)
    assert all(clause.line for clause in words.sources(spec))
    assert words.subject_of(str(spec["code"])) != "其他"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("30 min", "30 分钟"),
        ("24 h", "24 小时"),
        ("3 d", "3 天"),
        ("2 working d", "之后第 2 个工作日结束前"),
        ("end of day", "当天结束前"),
        ("at 16:00", "16:00 前"),
        ("promised: promised_at", "约好的时间"),
        ("1 month", "1 个月"),
    ],
)
def test_a_time_limit_is_said(text: str, said: str) -> None:
    assert words.within_words(text) == said


def test_numbers_are_cut_out_of_a_sentence() -> None:
    assert words.emphasised("投诉 24 小时内答复") == [("投诉 ", False), ("24 小时", True), ("内答复", False)]
    assert words.emphasised("投诉当天核实") == [("投诉", False), ("当天", True), ("核实", False)]
    assert (
        "".join(piece for piece, _ in words.emphasised("大修 30 到 60 天后再抽 30% 回访"))
        == "大修 30 到 60 天后再抽 30% 回访"
    )


def test_a_sample_shows_what_was_drawn_and_who_was_exempt(world: World, browser_of: Browsers, clock: Clock) -> None:
    visited = rule("return_visit.repair")
    page = browser_of(world.cast.clerk).get(f"/standards/rules/{visited.pk}/").content.decode()
    assert "本月发生 1 件,抽中 1 件" in page and "免访" not in page
    stratum = Stratum.objects.get(rule_code="return_visit.repair")
    drawn = stratum.draws.get()
    drawn.pk, drawn.subject_id, drawn.position = None, 999, None
    drawn.taken, drawn.reason = False, "exempt:anonymous"
    drawn.save()
    page = browser_of(world.cast.clerk).get(f"/standards/rules/{visited.pk}/").content.decode()
    assert "本月发生 1 件,抽中 1 件,免访 1 件" in page
