"""`huiyin check`: is this installation set up so that it may face a network? One sentence for each thing that is not."""

import argparse
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

OWN_NAMES = {"localhost", "127.0.0.1", "[::1]"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(args: argparse.Namespace) -> int:
    """Say what is not as it should be. Ends with 1 when anything is."""
    found = list(findings())
    for sentence in found:
        print(f"× {sentence}")
    if not found:
        print("✓ 可以对外服务")
    return 1 if found else 0


def warn() -> None:
    """Say the same on the way up, to whoever starts the server for more than this machine."""
    for sentence in findings():
        print(f"注意:{sentence}", file=sys.stderr)


def findings() -> Iterator[str]:
    yield from _door()
    yield from _keeping()


def _door() -> Iterator[str]:
    if "*" in settings.ALLOWED_HOSTS:
        yield "HUIYIN_ALLOWED_HOSTS 是 *,任何域名指过来都会应答;请写明自己的域名"
    elif not set(settings.ALLOWED_HOSTS) - OWN_NAMES:
        yield "HUIYIN_ALLOWED_HOSTS 没有设,只有在本机打得开;请写明自己的域名"
    if not settings.HTTPS:
        yield "HUIYIN_HTTPS 没有打开,密码和住户资料会明文经过网络;请在前面放一个带证书的代理,再设为 yes"
    if settings.DEBUG:
        yield "HUIYIN_DEBUG 打开着,出错页会露出内部数据;请去掉"


def _keeping() -> Iterator[str]:
    if _others_may_read(settings.HOME):
        yield f"{settings.HOME} 别的账号也能读;请改成只有运行账号能进(chmod 700)"
    key = settings.HOME / "secret_key"
    if key.exists() and _others_may_read(key):
        yield f"{key} 别的账号也能读;请改成只有运行账号能读(chmod 600)"
    free = shutil.disk_usage(settings.HOME).free // (1024 * 1024)
    if free < settings.DISK_FLOOR_MB:
        yield f"磁盘只剩 {free} MB,低于 {settings.DISK_FLOOR_MB} MB"


def _others_may_read(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & (stat.S_IRGRP | stat.S_IROTH))
