"""`huiyin standards audit-draws` makes every draw again and names what does not come out the same."""

import argparse
from datetime import datetime

import pytest

from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs.events import OrderClosed
from huiyin.standards import operations as standards
from huiyin.standards.models import Draw, Standard
from huiyin.surfaces.cli import standards_audit
from tests.cast import Cast, open_estate


def audit(estate: str = "") -> int:
    return standards_audit.run(argparse.Namespace(estate=estate))


@pytest.fixture
def draws(estate: Estate, cast: Cast, standard: Standard, at: datetime) -> list[Draw]:
    """Five closed orders, one of them anonymous."""
    for number in range(5):
        fact = OrderClosed(
            subject_id=number,
            estate_id=estate.pk,
            thread=f"case:{number}",
            case_id=number,
            urgency="normal",
            location_kind="in_unit",
            anonymous=number == 4,
        )
        standards.draw(fact, at=at)
    return list(Draw.objects.order_by("pk"))


def test_an_untouched_record_comes_out_the_same(draws: list[Draw], capsys: pytest.CaptureFixture[str]) -> None:
    assert audit() == 0
    assert capsys.readouterr().out == "重抽 5 次:抽中 4、未抽中 0、联系次数到顶未访 0、补抽 0、免访 1;不符 0\n"


@pytest.mark.usefixtures("unguarded")
def test_each_mismatch_is_named_and_ends_with_one(
    draws: list[Draw], estate: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    Draw.objects.filter(pk=draws[2].pk).update(taken=False)
    assert audit(estate.code) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed == [
        f"不符 return_visit.repair 2026-11 #{draws[2].pk} case:2: 应抽中,记录为未抽",
        "重抽 5 次:抽中 3、未抽中 1、联系次数到顶未访 0、补抽 0、免访 1;不符 1",
    ]


@pytest.mark.usefixtures("unguarded")
def test_only_the_estate_asked_for_is_audited(draws: list[Draw], capsys: pytest.CaptureFixture[str]) -> None:
    other_estate = open_estate(company="另一家", code="HT", name="海棠苑")
    Draw.objects.update(taken=False)
    assert audit(other_estate.code) == 0
    assert capsys.readouterr().out.startswith("重抽 0 次")
    assert audit("nowhere") == 2
    assert capsys.readouterr().err == "没有代码为「nowhere」的小区\n"
