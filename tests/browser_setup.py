"""Make sure that the browser journeys have a Chromium: one that is there, else by apt when we may."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    if any(shutil.which(name) for name in NAMES):
        return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"],
        ):
            subprocess.run(
                command, check=False, stdout=subprocess.DEVNULL, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            )
    if any(shutil.which(name) for name in NAMES):
        return 0
    print("浏览器测试需要 Chromium:请先安装(Debian/Ubuntu:apt-get install chromium),再运行 make test", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
