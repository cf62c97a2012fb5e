"""Make sure that the browser journeys have a Chromium: one that is there, else by apt when we may."""

import shutil
import sys

from tests.packages import there_after_installing

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    found = there_after_installing(lambda: any(map(shutil.which, NAMES)), "chromium", "fonts-noto-cjk")
    if not found:
        print(
            "浏览器测试需要 Chromium:请先安装(Debian/Ubuntu:apt-get install chromium),再运行 make test", file=sys.stderr
        )
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
