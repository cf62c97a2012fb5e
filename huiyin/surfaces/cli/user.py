"""`huiyin user …`: staff accounts from the shell; what is done here is done in the name of the system."""

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import datetime

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import make_aware, now

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.refusals import Refused
from huiyin.foundation.signing_in import operations as signing_in


class Unknown(Refused):
    """There is nothing of that name."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    add = actions.add_parser("add", help="建立账号")
    add.add_argument("username", help="账号")
    add.add_argument("--name", required=True, help="姓名")
    grant = actions.add_parser("grant", help="再给一个角色,可以只给一段时间")
    grant.add_argument("username", help="账号")
    grant.add_argument("--until", help="到什么时候止,如 2026-12-31 或 2026-12-31T18:00")
    for action in (add, grant):
        action.add_argument("--role", required=True, help="角色代码")
        action.add_argument("--estate", required=True, help="小区代码")
        action.add_argument("--buildings", default="", metavar="楼栋", help="只管这些楼栋,如 3,5;不写就是整个小区")
    password = actions.add_parser("password", help="改密码")
    password.add_argument("username", help="账号")
    unlock = actions.add_parser("unlock", help="解除试错太多的限制")
    unlock.add_argument("username", nargs="?", help="账号")
    unlock.add_argument("--address", help="网络地址")
    second = actions.add_parser("second-step", help="规定某个角色登录要第二步")
    second.add_argument("role", help="角色代码")
    second.add_argument("--off", action="store_true", help="不再要求")


def run(args: argparse.Namespace) -> int:
    steps: dict[str, Callable[[argparse.Namespace], str]] = {
        "add": _add,
        "grant": _grant,
        "password": _password,
        "unlock": _unlock,
        "second-step": _second_step,
    }
    print(steps[args.action](args))
    return 0


def _add(args: argparse.Namespace) -> str:
    estate, role = _estate(args.estate), _role(args.role)
    buildings = _buildings(estate, args.buildings)
    user = accounts.create_user(args.username, name=args.name, password=_ask(), company_id=estate.company_id)
    staffing.give_role(user, role, estate=estate, buildings=buildings, actor=system_actor(), at=now())
    return f"{user.name} 的账号 {user.username} 已建立"


def _grant(args: argparse.Namespace) -> str:
    user, estate, role = _user(args.username), _estate(args.estate), _role(args.role)
    until = _moment(args.until) if args.until else None
    buildings = _buildings(estate, args.buildings)
    staffing.give_role(user, role, estate=estate, lapses_at=until, buildings=buildings, actor=system_actor(), at=now())
    return f"{user.name}在{estate.name}有了「{role.title}」" + (f",到 {until:%Y-%m-%d %H:%M} 止" if until else "")


def _password(args: argparse.Namespace) -> str:
    user = _user(args.username)
    accounts.set_password(user, password=_ask())
    return f"{user.name}的密码已改,各处的登录都已结束"


def _unlock(args: argparse.Namespace) -> str:
    if not args.username and not args.address:
        raise Unknown("请写账号,或用 --address 写网络地址")
    lifted = False
    if args.username:
        lifted = signing_in.unlock(_user(args.username), actor=system_actor(), at=now())
    if args.address:
        lifted = signing_in.unlock_address(args.address, actor=system_actor(), at=now()) or lifted
    return "限制已解除" if lifted else "没有受限制"


def _second_step(args: argparse.Namespace) -> str:
    role = _role(args.role)
    accounts.require_second_factor(role, required=not args.off)
    return f"「{role.title}」登录{'不再' if args.off else ''}要第二步"


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Unknown(f"没有账号 {username}")
    return user


def _estate(code: str) -> Estate:
    estate = Estate.objects.filter(code=code).first()
    if estate is None:
        raise Unknown(f"没有小区 {code}")
    return estate


def _buildings(estate: Estate, said: str) -> list[Building]:
    codes = {code for code in said.replace("、", ",").split(",") if code}
    found = list(estate.buildings.filter(code__in=codes))
    if len(found) != len(codes):
        raise Unknown(f"{estate} 没有这些楼栋:{said}")
    return found


def _role(code: str) -> Role:
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise Unknown(f"没有角色 {code}")
    return role


def _moment(said: str) -> datetime:
    """Read a day (until its end) or a moment."""
    try:
        day = parse_date(said) if len(said) <= len("2026-12-31") else None
        at = datetime(day.year, day.month, day.day, 23, 59, 59) if day else parse_datetime(said)
    except ValueError:
        at = None
    if at is None:
        raise Unknown(f"{said} 不是时间,请写成 2026-12-31 或 2026-12-31T18:00")
    return at if at.tzinfo else make_aware(at)


def _ask() -> str:
    return getpass.getpass("密码:") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
