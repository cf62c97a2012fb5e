"""What only a browser can tell: the wording of times in JavaScript, and whether the look can be read by everybody."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page, Route, sync_playwright

from huiyin.foundation.kit import replies, times
from huiyin.foundation.kit.tests import specimens
from tests.browser import launch

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("pages")]
STATIC = Path(__file__).parents[1] / "static"
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZONE)
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@pytest.fixture(scope="module")
def tab() -> Page:
    with sync_playwright() as play:
        browser = launch(play)
        yield browser.new_page()
        browser.close()


def show(tab: Page, html: str, width: int) -> list[str]:
    """Load a page with the kit's own files under the strict policy, and return what the browser complains about."""
    complaints: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix("http://huiyin.test")
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            return route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        policy = "default-src 'self'; img-src 'self' data: blob:"
        route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    tab.unroute_all()
    tab.route("**/*", answer)
    tab.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto("http://huiyin.test/")
    tab.wait_for_timeout(300)
    return complaints


def gallery() -> str:
    context = specimens.gallery(datetime.now(UTC))
    return replies.page(RequestFactory().get("/"), "kit/_gallery.html", **context).content.decode()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_gallery_fits_its_window_and_breaks_no_policy(tab: Page, width: int) -> None:
    assert show(tab, gallery(), width) == []
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


@pytest.mark.parametrize("width", [360, 1440])
def test_everybody_can_read_the_gallery(tab: Page, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe  # slow

    show(tab, gallery(), width)
    tab.evaluate("scrollTo(0, 0)")  # the focused error has scrolled links under the top bar
    found = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})

    wrong = [
        (violation["id"], node["html"][:160], node["failureSummary"][:160])
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
    assert wrong == []


def test_targets_are_large_enough_for_a_thumb(tab: Page) -> None:
    show(tab, gallery(), 360)
    small = tab.evaluate(
        """[...document.querySelectorAll(".btn, .hy-top a, .hy-top summary, .hy-bottom a, .hy-chip, .hy-icon-button")]
        .filter((one) => one.getClientRects().length)
        .map((one) => [one.className, Math.round(one.getBoundingClientRect().height)]).filter(([, high]) => high < 44)"""
    )

    assert small == []


def test_the_browser_says_times_as_the_server_does(tab: Page) -> None:
    show(tab, "<p>", 360)
    dice = Random(7)
    pairs = []
    for _ in range(3000):
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(0, 2 * 366 * 1440))
        reach = dice.choice([90, 3 * 1440, 20 * 1440, 500 * 1440]) * 60
        pairs.append((now + timedelta(seconds=dice.randrange(-reach, reach)), now))
        midnight = (now + timedelta(days=dice.randrange(1, 20))).astimezone(ZONE).replace(hour=0, minute=0, second=0)
        pairs.append((midnight, now))
    said = tab.evaluate(
        """async (pairs) => {
          const words = await import("/static/kit/words.js");
          return pairs.map(([at, now]) => [words.peopleTime(at, now, "Asia/Shanghai"), words.dueWords(at, now, "Asia/Shanghai")]);
        }""",
        [[round(at.timestamp() * 1000), round(now.timestamp() * 1000)] for at, now in pairs],
    )

    for (at, now), (moment, due) in zip(pairs, said, strict=True):
        ours = times.due_words(at, now, ZONE)
        expected = [times.people_time(at, now, ZONE), {"words": ours.words, "tone": ours.tone}]
        assert [moment, due] == expected, json.dumps([at.isoformat(), now.isoformat()])
