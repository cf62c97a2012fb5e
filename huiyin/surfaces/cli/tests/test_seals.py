"""`huiyin seals`: printed to be kept outside, and what was kept held against the database."""

import argparse
from datetime import date, timedelta
from pathlib import Path

import pytest

from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal import sealing
from huiyin.foundation.journal.models import Seal
from huiyin.surfaces.cli import seals
from tests.cast import AT, open_estate


@pytest.fixture
def sealed(estate: Estate) -> Estate:
    """Two days of 云河苑 and one of 海棠苑."""
    other = open_estate(company="另一家", code="HT", name="海棠苑")
    for one, days in ((estate, 2), (other, 1)):
        at = AT - timedelta(days=days)
        journal.record("sample.said", subject=("sample", 1), estate_id=one.pk, actor=system_actor(), at=at)
    sealing.seal_days(at=AT)
    return estate


def run(*, estate: str = "", since: date | None = None, check: Path | None = None) -> int:
    return seals.run(argparse.Namespace(estate=estate, since=since, check=check))


def line(seal: Seal, code: str) -> str:
    return f"{code} {seal.day} {seal.place} {seal.count} {seal.digest} {seal.seal}"


def test_each_seal_is_a_line(sealed: Estate, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, other = Seal.objects.order_by("estate_id", "day")
    assert run() == 0
    assert capsys.readouterr().out.splitlines() == [line(first, "YH"), line(second, "YH"), line(other, "HT")]
    assert run(estate="YH", since=second.day) == 0
    assert capsys.readouterr().out.splitlines() == [line(second, "YH")]
    assert run(estate="XX") == 1
    assert capsys.readouterr().err == "没有小区 XX\n"


def test_what_was_kept_is_held_against_the_database(
    sealed: Estate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    kept = tmp_path / "seals.txt"
    kept.write_text(capsys.readouterr().out)
    assert run(check=kept) == 0
    assert capsys.readouterr().out == "对了 3 行,不符 0\n"
    first = Seal.objects.filter(estate_id=sealed.pk).earliest("day")
    known = kept.read_text()
    kept.write_text(
        known.replace(first.digest, "0" * 64, 1) + f"YH 2020-01-01 1 1 {first.digest} {first.seal}\n看不懂\n"
    )
    assert run(check=kept) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"不符 YH {first.day}:数据库里是 {first.place} {first.count} {first.digest} {first.seal}"
    assert told[1:] == ["不符 YH 2020-01-01:数据库里没有这一天的封存", "对了 4 行,不符 2,看不懂 1"]
    assert run(check=tmp_path / "nothing") == 1
