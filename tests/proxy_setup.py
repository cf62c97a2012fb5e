"""Make sure that what is in deploy/ can be tried: nginx, Caddy and systemd's checker, else by apt when we may."""

import os
import shutil
import sys

from tests.packages import there_after_installing

# program → Debian package
NEEDED = {"nginx": "nginx", "caddy": "caddy", "systemd-analyze": "systemd"}
_PLACES = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


def program(name: str) -> str:
    """Return where the program is; without it, say which package to install."""
    found = shutil.which(name, path=_PLACES)
    assert found, f"没有 {name}:请先安装(Debian/Ubuntu:apt-get install {NEEDED[name]}),再运行 make test"
    return found


def main() -> int:
    found = there_after_installing(lambda: all(shutil.which(name, path=_PLACES) for name in NEEDED), *NEEDED.values())
    if not found:
        wanted = " ".join(NEEDED.values())
        print(f"部署文件的测试需要 {wanted}:请先安装(Debian/Ubuntu:apt-get install {wanted})", file=sys.stderr)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
