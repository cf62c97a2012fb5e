"""Past matters come in from any table with their own times, once each, and after a kill the rest of them."""

import argparse
import csv
import gzip
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
import yaml

from huiyin.areas.cases.models import Case
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate.models import Estate
from huiyin.areas.past_cases.models import ImportedCase, Source
from huiyin.areas.repairs.models import WorkOrder
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.numbers.models import Counter
from huiyin.foundation.refusals import Refused
from huiyin.standards.models import Commitment, Miss, Standard
from huiyin.surfaces.cli import import_cases, report
from huiyin.surfaces.cli.verify import invariants
from tests.cast import Cast, tell
from tests.child_rows import rows_of
from tests.own_database import own_database, settings_for

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADER = ("编号", "类型", "说了什么", "登记", "期限", "办结", "答复", "按时")
ROWS = (
    ("1", "修路灯", "路灯不亮", "2026-01-05 09:00", "2026-01-08 18:00", "2026-01-07 10:00", "换了灯", "Y"),
    ("2", "修路灯", "路灯又不亮", "2026-01-05 09:30", "2026-01-08 18:00", "2026-01-09 10:00", "换了线", "N"),
    ("3", "投诉", "太吵", "2026-01-06 20:00", "2026-01-07 20:00", "", "", "N"),
    ("4", "修路灯", "三号楼前黑", "2026-02-01 08:00", "2026-03-01 08:00", "", "", "Y"),
    ("5", "问事", "几点开门", "2026-01-06 20:00", "", "2026-01-06 20:05", "八点", "Y"),
    ("6", "问事", "怎么办卡", "2026-01-06 21:00", "", "", "", "Y"),
)
MAP = {
    "source": "old-book",
    "title": "老台账",
    "timezone": "Asia/Shanghai",
    "times": "%Y-%m-%d %H:%M",
    "as_of": "2026-02-15 00:00:00",
    "key": "编号",
    "label": "类型",
    "text": {"text": "{类型}:{说了什么}"},
    "opened_at": "登记",
    "due_at": "期限",
    "closed_at": "办结",
    "answer": "答复",
    "flag": {"column": "按时", "values": {"Y": "on_time", "N": "overdue", "": ""}},
    "kind": {"column": "类型", "values": {"修路灯": "repair", "投诉": "complaint", "问事": "enquiry"}},
    "channel": {"value": "call"},
    "caller_name": {"value": "某住户"},
    "promise": {"code": "old.target", "does": "按期办结"},
}


def moment(day: int, hour: int, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def written(folder: Path, rows: Sequence[Sequence[str]] = ROWS, *, encoding: str = "utf-8") -> Path:
    file = folder / "old.csv"
    with file.open("w", encoding=encoding, newline="") as sheet:
        csv.writer(sheet).writerows([HEADER, *rows])
    return file


def take_in(file: Path, folder: Path, *, content: object = MAP, **more: object) -> int:
    case_map = folder / "map.yaml"
    case_map.write_text(yaml.safe_dump(content, allow_unicode=True))
    asked = {"file": file, "estate": "YH", "map": case_map, "dry_run": False, "skip_errors": False, "by": None}
    return import_cases.run(argparse.Namespace(**(asked | more)))


def on_time(**more: object) -> int:
    asked = {"what": "on-time", "estate": "YH", "source": None, "as_of": None, "csv": False}
    return report.run(argparse.Namespace(**(asked | more)))


@pytest.mark.django_db
def test_a_closed_matter_keeps_its_times_its_answer_and_its_promise(
    estate: Estate, cast: Cast, clock: object, tmp_path: Path
) -> None:
    assert take_in(written(tmp_path), tmp_path) == 0
    case = ImportedCase.objects.get(key="1").case
    assert (case.number, case.kind, case.status) == ("YH-H260105-001", "repair", "closed")
    assert (case.text, case.answer, case.channel, case.caller_name) == ("修路灯:路灯不亮", "换了灯", "call", "某住户")
    assert (case.opened_at, case.closed_at) == (moment(5, 9), moment(7, 10))
    promise = Commitment.objects.get(thread=case.thread)
    assert (promise.code, promise.state, promise.due_at, promise.met_at) == (
        "old.target",
        "met",
        moment(8, 18),
        moment(7, 10),
    )
    told = Entry.objects.filter(thread=case.thread).order_by("id").values_list("kind", "at", "values__source")
    assert list(told) == [
        ("cases.case.taken_over", moment(5, 9), "老台账"),
        ("cases.case.closed_before", moment(7, 10), "老台账"),
    ]
    assert promise.met_by.kind == "cases.case.closed_before"
    assert not WorkOrder.objects.filter(case=case).exists()


@pytest.mark.django_db
def test_late_and_open_matters_leave_misses_and_land_on_somebodys_list(
    estate: Estate, cast: Cast, clock: object, tmp_path: Path
) -> None:
    take_in(written(tmp_path), tmp_path)
    by_key = {one.key: one.case for one in ImportedCase.objects.select_related("case")}
    states = {
        key: [(p.code, p.state) for p in Commitment.objects.filter(thread=case.thread).order_by("id")]
        for key, case in by_key.items()
    }
    assert states["2"] == [("old.target", "late")]
    assert states["3"] == [("old.target", "missed")]
    assert states["4"] == [("old.target", "missed")]
    assert states["5"] == []
    assert states["6"] == [("next_step", "open")]
    assert Miss.objects.count() == 3
    for key in ("3", "4", "6"):
        assert by_key[key].status == "new"
        assert by_key[key].responsible_post.code == "cs_supervisor"
    assert by_key["3"].next_at == moment(7, 20)
    assert Complaint.objects.get().case == by_key["3"]
    assert Complaint.objects.get().acknowledged_at is None
    assert WorkOrder.objects.get().case == by_key["4"]


@pytest.mark.django_db
def test_everything_holds_afterwards_and_todays_numbers_are_untouched(
    estate: Estate, cast: Cast, standard: Standard, clock: object, at: datetime, tmp_path: Path
) -> None:
    take_in(written(tmp_path), tmp_path)
    assert {one.code: one.check(at=at).examples for one in invariants() if one.check(at=at).violations} == {}
    assert set(Counter.objects.values_list("kind", flat=True)) == {"case.past"}
    assert tell(estate, cast.clerk).number == "YH-W261125-001"


@pytest.mark.django_db
def test_running_it_again_adds_only_what_is_new(
    estate: Estate, cast: Cast, clock: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take_in(written(tmp_path, ROWS[:4]), tmp_path)
    assert Case.objects.count() == 4
    take_in(written(tmp_path), tmp_path)
    assert "导入 2 件,以前导入过的 4 件没有动" in capsys.readouterr().out
    before = (Case.objects.count(), Entry.objects.count(), Commitment.objects.count())
    assert before[0] == 6
    take_in(written(tmp_path), tmp_path)
    assert (Case.objects.count(), Entry.objects.count(), Commitment.objects.count()) == before


@pytest.mark.django_db
def test_trying_first_writes_nothing(
    estate: Estate, cast: Cast, clock: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take_in(written(tmp_path), tmp_path, dry_run=True) == 0
    assert "可导入 6 件:已办结 3,还开着 3" in capsys.readouterr().out
    assert (Case.objects.count(), Source.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["gb18030", "gz", "xlsx"])
def test_any_table_will_do(how: str, estate: Estate, cast: Cast, clock: object, tmp_path: Path) -> None:
    file = written(tmp_path, encoding="gb18030" if how == "gb18030" else "utf-8")
    if how == "gz":
        packed = tmp_path / "old.csv.gz"
        packed.write_bytes(gzip.compress(file.read_bytes()))
        file = packed
    if how == "xlsx":
        file = tmp_path / "old.xlsx"
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate([HEADER, *ROWS]):
                sheet.write_row(number, 0, row)
    assert take_in(file, tmp_path) == 0
    assert Case.objects.get(number="YH-H260105-002").text == "修路灯:路灯又不亮"
    assert Case.objects.count() == 6


BAD = (
    (("7", "问事", "话", "昨天", "", "", "", ""), "第 2 行:「登记」写的是「昨天」,不是 %Y-%m-%d %H:%M 这样的时间"),
    (("", "问事", "话", "2026-01-05 09:00", "", "", "", ""), "第 2 行:「编号」是空的"),
    (("7", "别的", "话", "2026-01-05 09:00", "", "", "", ""), "第 2 行:「类型」写的是「别的」,对照表里没有"),
    (("7", "问事", "话", "2027-01-05 09:00", "", "", "", ""), "第 2 行:「登记」是将来的时间 2027-01-05 09:00"),
    (("7", "问事", "话", "2026-01-05 09:00", "", "", "", "?"), "第 2 行:「按时」写的是「?」,对照表里没有"),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("row", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_a_row_that_cannot_be_read_is_named_and_nothing_comes_in(
    row: Sequence[str],
    sentence: str,
    estate: Estate,
    cast: Cast,
    clock: object,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = written(tmp_path, [row, *ROWS])
    assert take_in(file, tmp_path) == 1
    assert sentence in capsys.readouterr().err.splitlines()
    assert Case.objects.count() == 0
    assert take_in(file, tmp_path, skip_errors=True) == 0
    assert Case.objects.count() == 6


@pytest.mark.django_db
def test_a_key_twice_in_the_file_is_an_error(
    estate: Estate, cast: Cast, clock: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take_in(written(tmp_path, [*ROWS, ROWS[0]]), tmp_path) == 1
    assert "第 8 行:编号「1」与第 2 行重复" in capsys.readouterr().err


WRONG_MAPS = (
    ({"key": None}, "对照文件缺少 key"),
    ({"colour": "红"}, "对照文件里的 colour 不认识"),
    ({"timezone": "Mars/Base"}, "timezone: 没有时区「Mars/Base」"),
    ({"promise": {"code": "x", "does": "y", "within": "3 d"}}, "时限写一处"),
    ({"due_at": None}, "时限写一处"),
    ({"due_at": None, "promise": {"code": "x", "does": "y", "within": "三天"}}, "读不懂时限「三天」"),
    ({"text": {"text": "{类型"}}, "text.text: 花括号没有成对"),
    ({"answer": "没有这列"}, "文件里没有列「没有这列」"),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "sentence"), WRONG_MAPS, ids=[sentence for _, sentence in WRONG_MAPS])
def test_a_map_that_is_wrong_says_where(
    change: dict[str, object], sentence: str, estate: Estate, cast: Cast, clock: object, tmp_path: Path
) -> None:
    content = {key: value for key, value in (MAP | change).items() if value is not None}
    with pytest.raises(Refused, match=sentence.replace("{", r"\{")):
        take_in(written(tmp_path), tmp_path, content=content)
    assert Case.objects.count() == 0


@pytest.mark.django_db
def test_a_limit_of_the_map_makes_the_promise(estate: Estate, cast: Cast, clock: object, tmp_path: Path) -> None:
    content = {key: value for key, value in MAP.items() if key != "due_at"}
    content["promise"] = {"code": "ours", "does": "答复", "within": "24 h"}
    take_in(written(tmp_path), tmp_path, content=content)
    due = Commitment.objects.get(thread=ImportedCase.objects.get(key="1").case.thread)
    assert (due.due_at, due.state) == (moment(5, 9) + timedelta(days=1), "late")


@pytest.mark.django_db
def test_the_same_source_keeps_its_closing_moment(estate: Estate, cast: Cast, clock: object, tmp_path: Path) -> None:
    take_in(written(tmp_path), tmp_path)
    with pytest.raises(Refused, match="截至时间与这次不同"):
        take_in(written(tmp_path), tmp_path, content=MAP | {"as_of": "2026-03-01 00:00:00"})


@pytest.mark.django_db
def test_the_report_counts_promises_as_of_the_books_own_moment(
    estate: Estate, cast: Cast, clock: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Row 4 was not due yet when the book was written, though it is long overdue today."""
    take_in(written(tmp_path), tmp_path)
    capsys.readouterr()
    assert on_time(csv=True) == 0
    printed = capsys.readouterr()
    assert list(csv.reader(printed.out.splitlines())) == [
        ["类型", "件数", "按时", "逾期", "无时限", "按时率"],
        ["修路灯", "3", "2", "1", "0", "66.7%"],
        ["问事", "2", "0", "0", "2", "—"],
        ["投诉", "1", "0", "1", "0", "0.0%"],
        ["合计", "6", "2", "2", "2", "50.0%"],
    ]
    assert "有标记 6 件,相符 6 件,全部相符;没有标记 0 件" in printed.err


@pytest.mark.django_db
def test_a_flag_that_disagrees_is_counted_and_ends_with_one(
    estate: Estate, cast: Cast, clock: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take_in(written(tmp_path, [(*ROWS[0][:7], "N"), *ROWS[1:5], (*ROWS[5][:7], "")]), tmp_path)
    assert on_time() == 1
    assert "有标记 5 件,相符 4 件,不符 1 件;没有标记 1 件" in capsys.readouterr().out


@pytest.mark.django_db
def test_our_own_matters_are_reported_beside_them(
    estate: Estate, cast: Cast, standard: Standard, clock: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(estate, cast.clerk)
    assert on_time(csv=True) == 0
    assert "报修,1,1,0,0,100.0%" in capsys.readouterr().out
    assert on_time(estate="NO") == 1
    assert on_time(source="none") == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_import_goes_on_where_it_was(tmp_path: Path) -> None:
    """Killed in the middle: what was acknowledged is whole, and the second run brings the rest."""
    total = 3000
    rows = [
        (str(n), "问事", f"第{n}问", "2026-01-05 09:00", "2026-01-08 18:00", "2026-01-07 10:00", "好", "Y")
        for n in range(total)
    ]
    case_map = tmp_path / "map.yaml"
    case_map.write_text(yaml.safe_dump(MAP, allow_unicode=True))
    with own_database(tmp_path) as url:
        _kill_and_go_on(url, settings_for(url, tmp_path), written(tmp_path, rows), case_map, total)


def _kill_and_go_on(url: str, env: dict[str, str], file: Path, case_map: Path, total: int) -> None:
    def huiyin(*words: str) -> list[str]:
        return [sys.executable, "-m", "huiyin.surfaces.cli.main", *words]

    subprocess.run(huiyin("setup"), env=env, check=True, capture_output=True)
    subprocess.run([sys.executable, "-c", _OPEN_ESTATE], env=env, check=True, capture_output=True)
    words = huiyin("import", "cases", str(file), "--estate", "YH", "--map", str(case_map))
    running = subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    give_up = time.monotonic() + 120
    while _count(url) < 500 and running.poll() is None and time.monotonic() < give_up:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    left = _count(url)
    assert 0 < left < total and left % import_cases.BATCH == 0
    again = subprocess.run(words, env=env, check=True, capture_output=True, text=True)
    assert again.stdout.strip() == f"导入 {total - left} 件,以前导入过的 {left} 件没有动"
    assert _count(url) == total
    subprocess.run(huiyin("verify"), env=env, check=True, capture_output=True)


_OPEN_ESTATE = """
import django
django.setup()
from tests.cast import open_estate
open_estate()
"""


def _count(url: str) -> int:
    return int(rows_of(url, "SELECT COUNT(*) FROM past_cases_importedcase")[0][0])
