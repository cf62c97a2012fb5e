"""`huiyin standards check`, `coverage` and `contradictions`, as they are called from the shell."""

import argparse
import json
import shutil
from pathlib import Path

import pytest

from huiyin.standards.vocabulary import CATALOGUE
from huiyin.surfaces.cli import standards


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    standards.add_arguments(parser)
    return standards.run(parser.parse_args(words))


def test_the_shipped_standards_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("check") == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in told] == ["law-national", "recommended", "s0", "s1", "s2", "s3", "s4"]
    assert all(line.endswith("条规则,无误") for line in told)


def test_one_file_passes_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("check", str(CATALOGUE / "s4" / "complaints.yaml")) == 0
    assert capsys.readouterr().out.startswith("s4: ")


def test_errors_are_told_and_end_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(CATALOGUE / "s4", tmp_path / "s4")
    file = tmp_path / "s4" / "complaints.yaml"
    text = file.read_text("utf-8").replace("within: 24 h", "within: 24 hours").replace("S4-62", "S4-99")
    file.write_text(text, encoding="utf-8")
    lines = text.splitlines()
    wrong_time, wrong_clause = (
        next(n for n, line in enumerate(lines, 1) if said in line) for said in ("24 hours", "S4-99")
    )
    assert call("check", str(tmp_path)) == 1
    *told, whole = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in told] == [
        f"s4/complaints.yaml:{wrong_clause}",
        f"s4/complaints.yaml:{wrong_time}",
    ]
    assert whole == "共 2 处"


def test_every_clause_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("coverage") == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 588
    assert told[-1].startswith("共 587 条:规则 ")


@pytest.mark.parametrize(("manual", "count"), [("S0", 83), ("S1", 154), ("S2", 97), ("S3", 185), ("S4", 68)])
def test_one_manual_is_listed_as_json(manual: str, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("coverage", "--standard", manual, "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == count
    assert {row["clause"].split("-")[0] for row in rows} == {manual}
    assert all(set(row) == {"clause", "carried", "by", "area", "why", "says"} for row in rows)


def test_a_clause_names_what_carries_it(capsys: pytest.CaptureFixture[str]) -> None:
    call("coverage", "--json")
    rows = {row["clause"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert (rows["S4-62"]["carried"], rows["S4-62"]["by"]) == ("rule", ["complaint.reply"])
    assert (rows["S4-60"]["carried"], rows["S4-60"]["by"]) == (
        "gate",
        ["complaint.decide.recusal", "complaint.close.recusal"],
    )
    assert (rows["S1-28"]["carried"], rows["S1-28"]["area"], rows["S1-28"]["by"]) == (
        "area",
        "fees.bills",
        ["fee.bill"],
    )
    assert (rows["S1-63"]["carried"], rows["S1-63"]["by"]) == ("page", ["web:household"])
    assert (rows["S1-05"]["carried"], rows["S1-05"]["by"]) == ("not_software", [])


def test_contradictions_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("contradictions") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "共 32 个题目,32 个说法不一"
    call("contradictions", "--json")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["topic"] for row in rows] == [f"C{number:02d}" for number in range(1, 33)]
    assert all(row["differ"] and len(row["sides"]) >= 3 for row in rows)
