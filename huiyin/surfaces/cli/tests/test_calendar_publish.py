"""`huiyin calendar publish`: all of a notice or nothing, every problem by its row."""

from pathlib import Path

import pytest

from huiyin.standards.models import HolidayYear
from huiyin.surfaces.cli import main

pytestmark = pytest.mark.django_db
GOOD = "date,name,kind\n2027-01-01,元旦,off\n2027-01-02,元旦,off\n2027-01-09,元旦,work\n"


def publish(file: Path, *more: str) -> int:
    return main.main(["calendar", "publish", str(file), "--year", "2027", "--source", "国办发明电〔2026〕9号", *more])


def test_a_notice_is_published_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(GOOD)
    assert publish(file, "--dry-run") == 0
    assert not HolidayYear.objects.exists()
    assert publish(file) == 0
    told = capsys.readouterr().out
    assert "2027 年读到 3 天,没有错,还没有公布" in told
    assert "没有看到:春节、清明、劳动节、端午、中秋、国庆" in told
    assert "2027 年放假安排第 1 次公布,3 天,0 项暂定的承诺改了期限" in told
    notice = HolidayYear.objects.get()
    assert (notice.year, notice.source, notice.days["2027-01-09"]) == (2027, "国办发明电〔2026〕9号", ["元旦", "work"])


def test_one_bad_row_and_nothing_is_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(GOOD + "元月五日,元旦,off\n2027-01-05,元旦,work\n")
    assert publish(file) == 1
    assert capsys.readouterr().err.splitlines() == [
        "第 5 行:「元月五日」不是日期,请写成 2027-01-01",
        "第 6 行:2027-01-05 本来就是工作日,调休上班应是周六或周日",
    ]
    assert not HolidayYear.objects.exists()


def test_a_file_that_is_not_there_and_a_year_too_far_end_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(tmp_path / "nothing.csv") == 1
    file = tmp_path / "2029.csv"
    file.write_text("2029-01-01,元旦,off\n")
    assert main.main(["calendar", "publish", str(file), "--year", "2029", "--source", "国办"]) == 1
    said = capsys.readouterr().err
    assert "没有文件" in said and "请先公布 2027 年" in said
