"""Sheets and homes for the tests of the estate."""

from datetime import date

from huiyin.areas.estate import operations
from huiyin.areas.estate.models import Estate, Household, Unit
from huiyin.areas.estate.operations import NewResident
from huiyin.areas.estate.rules.sheet import TEMPLATE, Sheet, read_sheet
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.tables import read_tables
from tests.cast import AT

TODAY = date(2026, 11, 25)


def csv_of(*lines: str) -> bytes:
    """A sheet with the columns of the template: 楼栋 单元 房号 楼层 面积 姓名 称呼 身份 电话 入住 迁出."""
    return "\n".join([",".join(TEMPLATE), *lines]).encode()


def sheet_of(*lines: str, today: date = TODAY) -> Sheet:
    return read_sheet(list(read_tables(csv_of(*lines))), today=today)


def unit_in(estate: Estate, code: str) -> Unit:
    building, entrance, unit_no = code.split("-")
    opened = operations.open_building(estate, code=building, actor=system_actor(), at=AT)
    return operations.open_unit_in(opened, entrance=entrance, unit_no=unit_no, actor=system_actor(), at=AT)


def family_in(estate: Estate, code: str, *people: NewResident, since: date = date(2024, 5, 1)) -> Household:
    return operations.move_in(unit_in(estate, code), people=people, since_date=since, actor=system_actor(), at=AT)
