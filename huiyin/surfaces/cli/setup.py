"""`huiyin setup`: the database as this version needs it, the shipped standards and roles."""

import argparse
from datetime import UTC, datetime

from django.utils.timezone import now

from huiyin.areas.cases import operations as cases
from huiyin.areas.staffing import operations as staffing
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.postgres import upgrading
from huiyin.foundation.sqlite.statistics import lay_down_statistics
from huiyin.standards import operations as standards
from huiyin.standards.models import Standard

# The manuals are older than any database: on the first day they are published as of here, and the adoption alone
# says since when an estate lives by one. What is shipped later takes effect on the day it is loaded.
FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(args: argparse.Namespace) -> int:
    prepare()
    lay_down_statistics()
    print("数据库、标准和角色已就绪")
    return 0


def prepare() -> None:
    """Bring the database up to this version. Repeatable, also on several machines at once."""
    with upgrading.one_node_at_a_time():
        upgrading.migrate()
        system_actor()
        staffing.load_roles()
        cases.load_categories()
        standards.load_catalogue(at=now() if Standard.objects.exists() else FIRST_DAY)
