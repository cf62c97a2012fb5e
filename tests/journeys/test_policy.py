"""Every page as several of the cast see it: nothing breaks the content security policy, nothing is said on the console.

Signing in and the error pages are among them. What a page may not do is tried on one, so that silence means something.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.journeys.conftest import Enter, House
from tests.journeys.test_everywhere import RIGHTS, address
from tests.test_permission_table import ANYBODY, RIGHT_OF, SIGNED_IN, VIEWS

CAST = ("", "clerk", "technician", "supervisor")
# What the browser reports itself, before any script of ours can hear of it or look away.
LISTEN = """
window.addEventListener("securitypolicyviolation", (found) => {
  console.error(`policy: ${found.violatedDirective} ${found.blockedURI} ${found.sourceFile}:${found.lineNumber}`);
});
"""
# Signing out would end the session the others use.
LEFT_ALONE = {"accounts:sign_out"}


def may_see(who: str, name: str) -> bool:
    right = RIGHT_OF[name]
    return right == ANYBODY or (who != "" and (right == SIGNED_IN or right in RIGHTS[who]))


def pages_for(who: str, page: Page, house: House) -> Iterator[str]:
    """Open every page the person may see; buttons without a page and files are no pages."""
    for name in VIEWS:
        if name in LEFT_ALONE or not may_see(who, name):
            continue
        url = address(name, house)
        answer = page.request.get(url, max_redirects=0)
        if answer.ok and answer.headers["content-type"].startswith("text/html"):
            page.goto(url)
            yield url


@pytest.mark.parametrize("who", CAST)
def test_every_page_keeps_the_policy_and_says_nothing_on_the_console(who: str, enter: Enter, house: House) -> None:
    page = enter(who)
    page.context.add_init_script(LISTEN)
    seen = list(pages_for(who, page, house))
    assert len(seen) >= {"": 1, "clerk": 15, "technician": 4, "supervisor": 30}[who], seen


def heard_in(context: BrowserContext, house: House, script: str) -> list[str]:
    heard: list[str] = []
    context.on("console", lambda said: heard.append(said.text))
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.goto(f"{house.url}/sign-in/")
    page.evaluate(script)
    page.wait_for_timeout(200)
    return [text for text in heard if text.startswith("policy: ")]


@pytest.mark.parametrize(
    ("script", "directive"),
    [
        ("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))", "script-src"),
        ("document.body.setAttribute('style', 'color: red')", "style-src"),
        ("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))", "img-src"),
        ("fetch('http://127.0.0.1:9/').catch(() => 0)", "connect-src"),
        (
            "document.body.append(Object.assign(document.createElement('iframe'), {src: '/sign-in/'}))",
            "frame-src",
        ),
    ],
    ids=["inline script", "inline style", "a picture from elsewhere", "a call elsewhere", "a frame"],
)
def test_what_breaks_the_policy_is_stopped_and_heard(
    script: str, directive: str, house: House, browser: object
) -> None:
    with browser.new_context() as context:
        heard = heard_in(context, house, script)
    assert [text for text in heard if text.split()[1].startswith(directive)], heard
