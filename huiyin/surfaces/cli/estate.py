"""`huiyin estate add`: a new estate with its posts, the standard it lives by and the first account."""

import argparse
import getpass
import sys

from django.db import transaction
from django.utils.timezone import now

from huiyin.areas.estate import operations as estates
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role
from huiyin.foundation.accounts.queries import system_actor
from huiyin.standards import operations as standards
from huiyin.standards.queries import adoption_of
from huiyin.surfaces.cli.setup import prepare


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    add = actions.add_parser("add", help="建立小区;已有的不会重建")
    add.add_argument("code", metavar="代码", help="小区代码,写在每个编号前面,例如 YH")
    add.add_argument("--name", required=True, help="小区名称")
    add.add_argument("--company", required=True, help="物业公司名称")
    add.add_argument("--city", default="", help="城市")
    add.add_argument("--phone", default="", help="服务电话")
    add.add_argument("--standard", default="recommended", help="采用的标准:recommended(默认)、s0 … s4")
    add.add_argument("--director", metavar="账号", help="给主任建立第一个账号;密码从键盘或标准输入读")


def run(args: argparse.Namespace) -> int:
    prepare()
    at, actor = now(), system_actor()
    password = _ask() if args.director else ""
    with transaction.atomic():
        company = estates.open_company(name=args.company)
        estate = estates.open_estate(
            company, code=args.code, name=args.name, city=args.city, phone=args.phone, actor=actor, at=at
        )
        posts = staffing.open_shipped_posts(estate)
        if adoption_of(estate.pk, at=at) is None:
            standards.adopt(estate.pk, args.standard, since=at, actor=actor, at=at)
        if args.director:
            user = accounts.create_user(args.director, name="主任", password=password, company_id=company.pk)
            for role in ("director", "keeper"):
                accounts.grant_role(user, Role.objects.get(code=role), estate_id=estate.pk, at=at)
            staffing.assign(user, posts["centre_director"], since_date=at.date())
    print(f"{estate.name}({estate.code})已建立:{len(posts)} 个岗位,采用标准 {args.standard}")
    return 0


def _ask() -> str:
    return getpass.getpass("主任账号的密码:") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
