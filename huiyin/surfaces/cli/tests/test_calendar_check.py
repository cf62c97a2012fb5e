"""Files of facts, judged by the command as it is called from the shell."""

import argparse
import csv
import gzip
import json
from pathlib import Path

import pytest

import huiyin
from huiyin.surfaces.cli import calendar_check

SHARED = Path(huiyin.__file__).parents[2] / "shared" / "data"
FILES = ("sla_vectors.json", "cn_add_workdays_vectors.csv", "boston_due_vectors.csv.gz")

OFFICE = {"tz": "Asia/Shanghai", "week": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
FRIDAY = "2024-03-01T16:00+08:00"
VECTORS = [
    {"op": "add_seconds", "start": FRIDAY, "seconds": 7200, "expected": "2024-03-04T02:00:00Z"},
    {
        "op": "add_seconds",
        "start": FRIDAY,
        "seconds": 7200,
        "pauses": [["2024-03-04T01:00:00Z", "2024-03-04T01:30:00Z"]],
        "expected": "2024-03-04T10:30:00+08:00",
    },
    {"op": "next_open", "start": "2024-03-02T00:00:00Z", "expected": "2024-03-04T01:00:00Z"},
    {"op": "prev_open", "start": "2024-03-02T00:00:00Z", "expected": "2024-03-01T09:00:00Z"},
    {"op": "elapsed_seconds", "start": FRIDAY, "end": "2024-03-04T02:00:00Z", "expected": 7200},
    {"op": "is_open", "at": FRIDAY, "expected": True},
    {"op": "is_workday", "date": "2024-03-02", "expected": False},
    {"op": "add_workdays_date", "start": "2024-03-02", "days": 1, "expected": "2024-03-05"},
    {"op": "add_workdays_then_snap", "start": FRIDAY, "days": 1, "expected": "2024-03-04T16:00:00+08:00"},
    {"op": "add_workdays_end_of_day", "start": FRIDAY, "days": 2, "expected": "2024-03-05T17:00:00+08:00"},
]


def vectors(*changed: dict[str, object], **document: object) -> str:
    rows = [{"id": f"own-{number}", "calendar": "office", **row} for number, row in enumerate(VECTORS, 1)]
    return json.dumps({"calendars": {"office": OFFICE}, "vectors": [*rows, *changed], **document})


def check(path: Path) -> int:
    parser = argparse.ArgumentParser()
    calendar_check.add_arguments(parser)
    return calendar_check.run(parser.parse_args([str(path)]))


def test_vectors_that_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "vectors.json"
    path.write_text(vectors(), encoding="utf-8")
    assert check(path) == 0
    assert capsys.readouterr().out == "10 passed, 0 failed\n"


def test_a_wrong_vector_is_printed_and_a_peculiar_one_is_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {**VECTORS[0], "id": "wrong-1", "calendar": "office", "expected": "2024-03-04T11:00:00+08:00"}
    peculiar = {**wrong, "id": "odd-1", "verified_by_reference": False, "note": "counts lunch"}
    path = tmp_path / "vectors.json.gz"
    path.write_bytes(gzip.compress(vectors(wrong, peculiar).encode()))
    assert check(path) == 1
    assert capsys.readouterr().out.splitlines() == [
        "跳过 odd-1 add_seconds:只有一家系统这样算(counts lunch)",
        "不符 wrong-1 add_seconds:算得 2024-03-04T10:00:00+08:00,应为 2024-03-04T11:00:00+08:00",
        "10 passed, 1 failed, 1 skipped",
    ]


def test_a_vector_on_a_calendar_that_never_opens_fails_with_the_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    never = {**VECTORS[2], "id": "never-1", "calendar": "never"}
    path = tmp_path / "vectors.json"
    path.write_text(vectors(never, calendars={"office": OFFICE, "never": {"tz": "UTC", "week": {}}}), encoding="utf-8")
    assert check(path) == 1
    assert "不符 never-1 next_open:算得 日历里没有任何工作时间" in capsys.readouterr().out


def test_chinese_working_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "days.csv"
    path.write_text(
        "start_date,workdays,expected_date,start_is_workday\n"
        "2026-02-13,1,2026-02-14,Y\n"
        "2026-02-14,1,2026-02-16,Y\n"
        "2026-02-15,1,2026-02-24,Y\n",
        encoding="utf-8",
    )
    assert check(path) == 1
    assert capsys.readouterr().out.splitlines() == [
        "不符 days.csv 第 3 行 nth_workday:算得 2026-02-24,应为 2026-02-16",
        "不符 days.csv 第 4 行 nth_workday:算得 2026-02-15 不是工作日,应为 2026-02-24",
        "1 passed, 2 failed",
    ]


RULES = {
    "calendar": {
        "timezone": "America/New_York (local)",
        "workdays": "Mon-Fri",
        "day_window": ["08:30", "17:00"],
        "holidays": ["2024-05-27"],
    },
    "tolerance_seconds": 300,
}
CITY = "case_id,type,business_days,open,city_target,kind\n"


def test_a_city_and_its_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "city_rules.json").write_text(json.dumps(RULES), encoding="utf-8")
    path = tmp_path / "city_vectors.csv.gz"
    rows = (
        "1,Pothole,1,2024-05-24 10:00:00,2024-05-28 10:04:59,in_hours\n"
        "2,Pothole,1,2024-05-24 18:00:00,2024-05-29 08:30:00,after_close\n"
        "3,Pothole,1,2024-05-24 07:00:00,2024-05-28 08:30:00,before_open\n"
        "4,Pothole,1,2024-05-24 10:00:00,2024-05-28 10:05:01,in_hours\n"
    )
    path.write_bytes(gzip.compress((CITY + rows).encode()))
    assert check(path) == 1
    assert capsys.readouterr().out.splitlines() == [
        "不符 4 city_due:算得 2024-05-28T10:00:00-04:00,应为 2024-05-28T10:05:01-04:00",
        "3 passed, 1 failed",
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.json", '{"calendars": {', "a.json 第 1 行不是完整的 JSON"),
        ("a.json", '{"vectors": []}', "a.json 缺少字段 calendars"),
        ("a.json", '{"calendars": {}}', "a.json 缺少字段 vectors"),
        ("a.json", '{"calendars": {}, "vectors": []}', "a.json 里没有可以核对的行"),
        ("a.json", '{"calendars": {}, "vectors": [7]}', "a.json 第 1 条要写成一组字段"),
        ("a.json", vectors(calendars={"office": {"tz": "UTC"}}), "a.json 的日历 office:week:"),
        ("a.json", vectors({"id": "x", "op": "guess", "calendar": "office"}), "第 11 条(x)的字段 op 不认识:'guess'"),
        ("a.json", vectors({"id": "x", "op": "is_open", "calendar": "shop"}), "第 11 条(x)的字段 calendar 不认识"),
        ("a.json", vectors({"id": "x", "op": "is_open"}), "第 11 条(x)缺少字段 calendar"),
        ("a.json", vectors({**VECTORS[0], "id": "x", "calendar": "office", "start": "noon"}), "的字段 start 看不懂"),
        ("a.json", vectors({**VECTORS[0], "id": "x", "calendar": "office", "seconds": "?"}), "的字段 seconds 看不懂"),
        ("a.json", vectors({**VECTORS[0], "id": "x", "calendar": "office", "pauses": [1]}), "的字段 pauses 看不懂"),
        ("a.json", vectors({**VECTORS[5], "id": "x", "calendar": "office", "expected": 1}), "的字段 expected 要写"),
        ("a.csv", "a,b\n1,2\n", "a.csv 第 1 行的列名不认识"),
        ("a.csv", "start_date,workdays,expected_date\n2026-02-30,1,2026-03-02\n", "第 2 行的字段 start_date 看不懂"),
        ("a.csv", "start_date,workdays,expected_date\n2026-02-20,,2026-03-02\n", "a.csv 第 2 行缺少字段 workdays"),
        ("a.csv", "start_date,workdays,expected_date\n", "a.csv 里没有可以核对的行"),
        ("a.csv", 'start_date,workdays,expected_date\n"2026', "a.csv 第 2 行不是完整的 CSV"),
        ("a.csv", "", "a.csv 第 1 行的列名不认识"),
        ("a_vectors.csv", CITY, "找不到文件"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, sentence: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert check(tmp_path / name) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert (said.out, said.err.count("\n")) == ("", 1)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.gz", gzip.compress(b"start_date", mtime=0)[:-4], "打不开文件 a.gz"),
        ("a.csv", b"\xff\xfe\x00", "a.csv 不是 UTF-8 文本"),
    ],
)
def test_a_broken_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert check(tmp_path / name) == 2
    assert sentence in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path / "none.json") == 2
    assert "找不到文件" in capsys.readouterr().err
    assert check(tmp_path) == 2
    assert "打不开文件" in capsys.readouterr().err


@pytest.mark.parametrize(
    "path", [SHARED / name for name in FILES if (SHARED / name).exists()], ids=lambda path: path.name
)
def test_facts_of_others_hold(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(path) == 0
    counted = capsys.readouterr().out.splitlines()[-1]
    assert int(counted.split()[0]) >= rows_of(path) - 2
    assert "0 failed" in counted


def rows_of(path: Path) -> int:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = content.decode()
    return len(json.loads(text)["vectors"]) if path.suffix == ".json" else len(list(csv.reader(text.splitlines()))) - 1
