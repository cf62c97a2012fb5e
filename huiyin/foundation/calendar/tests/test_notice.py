"""The yearly notice, read row by row."""

from datetime import date, datetime

import pytest

from huiyin.foundation.calendar.chinese import StatutoryDay, statutory_days
from huiyin.foundation.calendar.notice import read_notice
from huiyin.foundation.tables import Cell


def test_the_shipped_table_reads_back_year_by_year() -> None:
    for year in range(2010, 2027):
        days = {day: said for day, said in statutory_days().items() if day.year == year}
        rows = [[day.isoformat(), said.name, said.kind] for day, said in days.items()]
        found = read_notice([["date", "name", "kind"], *rows], year=year)
        assert (found.days, found.problems) == (days, ())


@pytest.mark.parametrize(
    ("row", "read"),
    [
        (["2027-01-01", "元旦", "off"], StatutoryDay("元旦", "off")),
        (["2027/1/1", "元旦", "休"], StatutoryDay("元旦", "off")),
        (["2027年1月1日", "元旦", "放假"], StatutoryDay("元旦", "off")),
        (["20270101", " 元旦 ", "OFF"], StatutoryDay("元旦", "off")),
        ([datetime(2027, 1, 1), "元旦", "off"], StatutoryDay("元旦", "off")),
        ([date(2027, 1, 1), "元旦", "off"], StatutoryDay("元旦", "off")),
    ],
)
def test_a_day_is_read_as_people_write_it(row: list[Cell], read: StatutoryDay) -> None:
    assert read_notice([row], year=2027).days == {date(2027, 1, 1): read}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["元月一日", "元旦", "off"], "「元月一日」不是日期,请写成 2027-01-01"),
        (["2027-02-30", "春节", "off"], "「2027-02-30」不是日期,请写成 2027-01-01"),
        (["2028-01-01", "元旦", "off"], "2028-01-01 不是 2027 年的,也不是上年 12 月的"),
        (["2027-01-02", "", "off"], "要写三项:日期、名称、off 或 work"),
        (["2027-01-02", "元旦"], "要写三项:日期、名称、off 或 work"),
        (["2027-01-02", "元旦", "半天"], "「半天」看不懂,放假写 off,调休上班写 work"),
        (["2027-01-04", "元旦", "work"], "2027-01-04 本来就是工作日,调休上班应是周六或周日"),
        (["2027-01-01", "元旦", "off"], "2027-01-01 写了两遍"),
    ],
)
def test_a_problem_names_its_row(row: list[Cell], says: str) -> None:
    found = read_notice([["日期", "名称", "类型"], ["2027-01-01", "元旦", "off"], [], row], year=2027)
    assert [problem.sentence for problem in found.problems] == [f"第 4 行:{says}"]


def test_nothing_is_a_problem_too_and_festivals_nobody_mentioned_are_named() -> None:
    assert [problem.says for problem in read_notice([[], ["# 2027"]], year=2027).problems] == [
        "没有内容,每行写日期、名称、off 或 work"
    ]
    found = read_notice([["2027-01-01", "元旦", "off"], ["2026-12-26", "元旦", "work"]], year=2027)
    assert found.unmentioned == ("春节", "清明", "劳动节", "端午", "中秋", "国庆")
    assert set(found.days) == {date(2027, 1, 1), date(2026, 12, 26)}
