"""`huiyin user add|password`: staff accounts from the shell."""

import argparse
import getpass
import sys

from django.utils.timezone import now

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    add = actions.add_parser("add", help="建立账号")
    add.add_argument("username", help="账号")
    add.add_argument("--name", required=True, help="姓名")
    add.add_argument("--role", required=True, help="角色代码")
    add.add_argument("--estate", required=True, help="小区代码")
    add.add_argument("--buildings", default="", metavar="楼栋", help="只管这些楼栋,如 3,5;不写就是整个小区")
    password = actions.add_parser("password", help="改密码")
    password.add_argument("username", help="账号")


def run(args: argparse.Namespace) -> int:
    if args.action == "password":
        user = User.objects.filter(username=args.username).first()
        if user is None:
            print(f"没有账号 {args.username}", file=sys.stderr)
            return 1
        accounts.set_password(user, password=_ask())
        return 0
    estate = Estate.objects.filter(code=args.estate).first()
    role = Role.objects.filter(code=args.role).first()
    if estate is None or role is None:
        print(f"没有小区 {args.estate}" if estate is None else f"没有角色 {args.role}", file=sys.stderr)
        return 1
    codes = [code for code in args.buildings.replace("、", ",").split(",") if code]
    buildings = list(estate.buildings.filter(code__in=codes).values_list("pk", flat=True))
    if len(buildings) != len(set(codes)):
        print(f"{estate} 没有这些楼栋:{args.buildings}", file=sys.stderr)
        return 1
    user = accounts.create_user(args.username, name=args.name, password=_ask(), company_id=estate.company_id)
    accounts.grant_role(user, role, estate_id=estate.pk, at=now(), building_ids=buildings)
    print(f"{user.name} 的账号 {user.username} 已建立")
    return 0


def _ask() -> str:
    return getpass.getpass("密码:") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
