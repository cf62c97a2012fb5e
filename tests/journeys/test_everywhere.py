"""Every page there is, wide and narrow: it fits, it complains of nothing, everybody can read it; the main ones bare."""

from collections.abc import Iterator

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from huiyin.areas.staffing.operations import ROLES
from tests.journeys.conftest import DESK, PHONE, Enter, House
from tests.test_permission_table import ANYBODY, RIGHT_OF, SIGNED_IN, VIEWS

# Who looks at a page: the first of these whose role has the right. Nobody looks at the page of signing in.
VIEWERS = ("supervisor", "technician", "clerk", "director", "keeper")
RIGHTS = {role["code"]: role["rights"] for role in yaml.safe_load(ROLES.read_text("utf-8"))}
AREAS = sorted({name.partition(":")[0] for name in VIEWS})
AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
GRAVE = ("serious", "critical")


def address(name: str, house: House) -> str:
    """Return an address of the view with a record of the stage for every key in it."""
    area, pattern = name.partition(":")[0], VIEWS[name].pattern
    known = {**house.keys["*"], **house.keys.get(area, {}), **house.keys.get(name, {})}
    missing = [key for key in pattern.converters if key not in known]
    assert not missing, f"{name}: tests/journeys/stage.py makes no record for {missing}"
    return reverse(name, kwargs={key: known[key] for key in pattern.converters})


def viewer(name: str) -> str:
    right = RIGHT_OF[name]
    if right == ANYBODY:
        return ""
    return next(one for one in VIEWERS if right == SIGNED_IN or right in RIGHTS[one])


def pages_of(area: str, house: House, enter: Enter) -> Iterator[tuple[str, Page]]:
    """Open the pages of the area one after another; buttons without a page and files are no pages."""
    tabs: dict[str, Page] = {}
    for name in [name for name in VIEWS if name.partition(":")[0] == area]:
        who = viewer(name)
        if who not in tabs:
            tabs[who] = enter(who)
        url = address(name, house)
        answer = tabs[who].request.get(url)
        if answer.status == 405 or not answer.headers["content-type"].startswith("text/html"):
            continue
        assert answer.status == 200, url
        tabs[who].set_viewport_size(DESK)
        tabs[who].goto(url)
        yield url, tabs[who]


def grave_findings(page: Page) -> list[str]:
    found = page.evaluate("async (rules) => (await axe.run(document, rules)).violations", RULES)
    return [
        f"{one['id']}: {node['html']}\n    {node['failureSummary']}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("area", AREAS)
def test_every_page_fits_and_can_be_read_by_everybody(area: str, enter: Enter, house: House) -> None:
    wrong: list[str] = []
    for url, page in pages_of(area, house, enter):
        page.evaluate(AXE.axe_script)
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            # In a window as long as the page, the bars that stay in reach lie over nothing.
            page.set_viewport_size({**size, "height": page.evaluate("document.documentElement.scrollHeight") + 200})
            found = grave_findings(page) + ([f"{too_wide} px too wide"] if too_wide > 0 else [])
            wrong += [f"{url} at {size['width']} px: {one}" for one in found]
    assert not wrong, "\n".join(wrong)


# who · the page, with the stage's records by area and key · what one does there, by role and name
BARE = (
    ("clerk", "web:today", "link", "逾期"),
    ("clerk", "service_desk:desk", "button", "找"),
    ("clerk", "service_desk:ledger", "link", "登记来电"),
    ("clerk", "service_desk:contact", "button", "已答复"),
    ("clerk", "cases:list", "link", "登记"),
    ("clerk", "web:case", "link", "约定时间"),
    ("clerk", "web:household", "link", "登记"),
    ("clerk", "return_visits:calls", "link", "记录回访"),
    ("clerk", "return_visits:visit", "button", "已回访"),
    ("supervisor", "complaints:verify", "button", "核实完了"),
    ("supervisor", "repairs:board", "button", "派单"),
    ("supervisor", "web:control", "link", "现在逾期"),
    ("supervisor", "web:standards", "link", "推荐标准"),
    ("supervisor", "estate:overview", "link", "导入"),
    ("technician", "repairs:mine", "link", "去接单"),
    ("technician", "repairs:job", "button", "接单"),
)


@pytest.mark.parametrize("who", sorted({row[0] for row in BARE}))
def test_the_main_pages_work_without_javascript(who: str, enter: Enter, house: House) -> None:
    page = enter(who, java_script_enabled=False)
    for _, name, role, label in [row for row in BARE if row[0] == who]:
        answer = page.goto(address(name, house))
        assert answer
        assert answer.status == 200
        action = page.get_by_role("main").get_by_role(role, name=label)
        expect(action.first, f"{name}: {label}").to_be_visible()
        expect(action.first).to_be_enabled()
