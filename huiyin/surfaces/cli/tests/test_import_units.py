"""`huiyin import units`: what it prints, what it takes in, how it ends."""

import argparse
from pathlib import Path

import pytest

from huiyin.areas.estate.models import Estate, Unit
from huiyin.areas.estate.tests.factories import csv_of
from huiyin.foundation.journal.models import Entry
from huiyin.surfaces.cli import import_units
from tests.cast import Cast

GOOD = csv_of("9栋,1单元,101,1,89.5,孙新,女士,业主,13600136000,2024-05-01,", "9栋,1单元,102,1,,,,,,,")
WRONG = csv_of("9栋,1单元,101,1,八十九,,,,,,", *(["9,1,1,一,,,,,,,"] * 60))


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    import_units.add_arguments(parser)
    return import_units.run(parser.parse_args(words))


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "住户.csv"
    file.write_bytes(GOOD)
    return file


def test_a_sheet_is_taken_in_once(estate: Estate, sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(sheet), "--estate", "YH") == 0
    assert capsys.readouterr().out == (
        "读到 2 行\n房屋:新增 2 套,改动 0 套,不变 0 套\n住户:新增 1 人,改动 0 人,不变 0 人\n表里没有提到的 1 套房屋保持原样\n"
    )
    assert run(str(sheet), "--estate", "YH") == 0
    assert capsys.readouterr().out.endswith("没有任何改动\n")
    assert Unit.objects.filter(code__startswith="9-").count() == 2


def test_a_dry_run_only_looks(estate: Estate, sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(sheet), "--estate", "YH", "--dry-run") == 0
    assert "房屋:将新增 2 套,将改动 0 套,不变 0 套" in capsys.readouterr().out
    assert not Unit.objects.filter(code__startswith="9-").exists()


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_every_problem_is_printed_and_nothing_taken_in(
    dry: tuple[str, ...], estate: Estate, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet.write_bytes(WRONG)
    assert run(str(sheet), "--estate", "YH", *dry) == 1
    said = capsys.readouterr()
    lines = [line for line in said.err.splitlines() if line.startswith("第 ")]
    assert lines[0] == "第 2 行「建筑面积」:写的是“八十九”,要写数字"
    assert len(lines) == 50
    assert said.err.endswith("共 61 处要改,还有 11 处没有列出;什么都没有导入\n")
    assert said.out == ""
    assert not Unit.objects.filter(code__startswith="9-").exists()


def test_it_stands_in_the_name_of_who_is_said(cast: Cast, sheet: Path) -> None:
    assert run(str(sheet), "--estate", "YH", "--by", "supervisor") == 0
    assert Entry.objects.get(kind="estate.estate.units_imported").actor == cast.supervisor


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("{}", "--estate", "NO"), "没有小区 NO"),
        (("{}", "--estate", "YH", "--by", "nobody"), "没有账号 nobody"),
        (("{}x", "--estate", "YH"), "没有文件 "),
    ],
)
def test_what_is_not_there_is_said(
    words: tuple[str, ...], says: str, estate: Estate, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*(word.format(sheet) for word in words)) == 1
    assert capsys.readouterr().err.startswith(says)
