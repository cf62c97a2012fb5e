"""Old repair orders from the shell: tried, refused by row and column, taken in once."""

import argparse
import gzip
from pathlib import Path

import pytest

from huiyin.areas.cases import operations as cases
from huiyin.areas.estate.models import Estate, Household
from huiyin.areas.past_cases.rules.orders import TEMPLATE
from huiyin.areas.repairs.models import PastOrder
from huiyin.surfaces.cli import import_orders
from huiyin.surfaces.cli.verify import invariants
from tests.cast import AT, Cast

GOOD = "W1,3-2-1501,,王女士,13800138000,water.tap,龙头滴水,,2026-11-01,,,2026-11-01,,老刘,有偿,35,,换了,2026-12-31"
LAMP = "W2,,大堂,,,,灯不亮,,2026-11-02,,,2026-11-02,,,,,,换了,"
WRONG = "W3,9-9-999,,,,,漏水,,昨天,,,,,,,,,,"


@pytest.fixture(autouse=True)
def tree(estate: Estate, cast: Cast, home: Household, clock: object) -> None:
    cases.load_categories()


def run(file: Path, **more: object) -> int:
    asked = {"file": file, "estate": "YH", "dry_run": False, "skip_errors": False, "by": None}
    return import_orders.run(argparse.Namespace(**(asked | more)))


def written(folder: Path, *rows: str) -> Path:
    file = folder / "旧单.csv.gz"
    file.write_bytes(gzip.compress("\n".join((",".join(TEMPLATE), *rows)).encode()))
    return file


def test_a_trial_takes_nothing_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(written(tmp_path, GOOD, LAMP), dry_run=True) == 0
    assert "可接管 2 张:对上房屋 1,带保修 1,已修好 2,还没修好 0" in capsys.readouterr().out
    assert not PastOrder.objects.exists()


def test_what_is_wrong_keeps_all_out_unless_it_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, GOOD, WRONG)
    assert run(file) == 1
    said = capsys.readouterr().err
    assert "第 3 行「房屋」:写的是“9-9-999”" in said and "第 3 行「登记时间」:写的是“昨天”" in said
    assert "共 2 处要改;什么都没有导入" in said
    assert not PastOrder.objects.exists()
    assert run(file, skip_errors=True) == 0
    assert "接管 1 张" in capsys.readouterr().out


def test_the_same_sheet_again_adds_nothing_and_everything_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(written(tmp_path, GOOD)) == 0
    assert run(written(tmp_path, GOOD, LAMP), by="supervisor") == 0
    assert "接管 1 张,以前接管过的 1 张没有动" in capsys.readouterr().out
    broken = {one.code: one.check(at=AT) for one in invariants()}
    assert {code: found.examples for code, found in broken.items() if found.violations} == {}


@pytest.mark.parametrize(("more", "says"), [({"estate": "NO"}, "没有小区 NO"), ({"by": "x"}, "没有账号 x")])
def test_who_and_where_must_be_known(
    more: dict[str, object], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(written(tmp_path, GOOD), **more) == 1
    assert says in capsys.readouterr().err


def test_there_must_be_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "没有.csv") == 1
    assert "没有文件" in capsys.readouterr().err
