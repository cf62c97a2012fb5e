"""The Chromium of the tests: where it is, how it is started, and what is said when there is none."""

import shutil

from playwright.sync_api import Browser, Playwright

from tests.browser_setup import NAMES

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = "浏览器测试需要 Chromium:请先安装(Debian/Ubuntu:apt-get install chromium),再运行"


class NoChromium(Exception):
    """There is no browser: these tests then fail, because a journey left out looks like one that was made."""


def chromium() -> str:
    """Return where Chromium is. Refused when it is not installed."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if not found:
        raise NoChromium(MISSING)
    return found


def launch(play: Playwright) -> Browser:
    """Start Chromium."""
    return play.chromium.launch(executable_path=chromium(), args=[*FLAGS])
