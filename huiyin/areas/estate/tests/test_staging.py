"""A sheet on its way in: handed in, checked, confirmed, taken in, by hand or by a job."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.areas.estate import operations
from huiyin.areas.estate.models import Estate, Unit, UnitImport
from huiyin.areas.estate.operations import NewResident, staging
from huiyin.areas.estate.states import MOVES, ImportStatus
from huiyin.areas.estate.tests.factories import TODAY, csv_of, family_in
from huiyin.foundation.files.rules import FileRefused
from huiyin.foundation.jobs import queries as jobs
from huiyin.foundation.jobs.worker import run_due_jobs
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.states.moves import MovedMeanwhile, perform
from huiyin.foundation.tests.test_tables import book
from tests.cast import Cast

GOOD = csv_of("9栋,1单元,101,1,89.5,王丽,女士,业主,13800138000,2024-05-01,")
WRONG = csv_of("9栋,1单元,101,一,,,,,,,")


@pytest.fixture
def by(cast: Cast, at: datetime) -> dict[str, Any]:
    return {"actor": cast.supervisor, "at": at}


def hand_in(estate: Estate, data: bytes, by: dict[str, Any], name: str = "住户.csv", key: str = "") -> UnitImport:
    return operations.hand_in(estate, SimpleUploadedFile(name, data), key=key, **by)


def test_a_short_sheet_is_checked_and_taken_in_at_once(estate: Estate, by: dict[str, Any], cast: Cast) -> None:
    handed_in = hand_in(estate, GOOD, by)
    operations.begin_check(handed_in, today=TODAY, **by)
    assert handed_in.status == ImportStatus.CHECKED
    assert not Unit.objects.filter(code="9-1-101").exists()
    operations.confirm(handed_in, today=TODAY, **by)
    handed_in.refresh_from_db()
    assert handed_in.status == ImportStatus.DONE
    assert handed_in.report["people"] == {"added": 1, "changed": 0, "unchanged": 0}
    assert handed_in.confirmed_by == cast.supervisor
    assert Unit.objects.filter(code="9-1-101").exists()
    kinds = Entry.objects.filter(thread=handed_in.thread).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["estate.import.pass", "estate.import.start", "estate.import.finish"]


def test_excel_is_taken_as_well(estate: Estate, by: dict[str, Any]) -> None:
    handed_in = hand_in(estate, book(填写=[["楼栋", "房号"], ["9栋", 101]]), by, "住户.xlsx")
    operations.begin_check(handed_in, today=TODAY, **by)
    assert (handed_in.status, handed_in.report["units"]["added"]) == (ImportStatus.CHECKED, 1)


def test_a_wrong_sheet_says_what_to_mend_and_cannot_be_confirmed(estate: Estate, by: dict[str, Any]) -> None:
    handed_in = hand_in(estate, WRONG, by)
    operations.begin_check(handed_in, today=TODAY, **by)
    assert handed_in.status == ImportStatus.WRONG
    assert handed_in.report["problems"] == [{"row": 2, "column": "楼层", "says": "写的是“一”,要写整数"}]
    with pytest.raises(MovedMeanwhile, match="不能再确认导入"):
        operations.confirm(handed_in, today=TODAY, **by)
    assert not Unit.objects.filter(code="9-1-101").exists()


def test_an_unreadable_sheet_says_why(estate: Estate, by: dict[str, Any]) -> None:
    handed_in = hand_in(estate, "姓名,电话\n王丽,1\n".encode(), by)
    operations.begin_check(handed_in, today=TODAY, **by)
    assert handed_in.status == ImportStatus.WRONG
    assert handed_in.report["unreadable"].startswith("没有找到「楼栋」和「房号」")


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n0000", b"%PDF-1.4 %%EOF", b"\x00\x01\x02"])
def test_other_files_are_refused(estate: Estate, by: dict[str, Any], data: bytes) -> None:
    with pytest.raises(FileRefused):
        hand_in(estate, data, by)
    assert not UnitImport.objects.exists()


def test_handing_in_twice_with_one_key_is_once(estate: Estate, by: dict[str, Any]) -> None:
    assert hand_in(estate, GOOD, by, key="k") == hand_in(estate, GOOD, by, key="k")
    assert UnitImport.objects.count() == 1


def test_a_sheet_that_no_longer_fits_is_not_taken_in(estate: Estate, by: dict[str, Any]) -> None:
    handed_in = hand_in(estate, GOOD, by)
    operations.begin_check(handed_in, today=TODAY, **by)
    family_in(estate, "9-1-101", NewResident("孙新"))
    operations.confirm(handed_in, today=TODAY, **by)
    handed_in.refresh_from_db()
    assert (handed_in.status, handed_in.confirmed_by) == (ImportStatus.WRONG, None)
    assert "登记的业主是孙新" in handed_in.report["problems"][0]["says"]


def test_a_long_sheet_is_left_to_jobs(
    estate: Estate, by: dict[str, Any], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(staging, "AT_ONCE_ROWS", 0)
    handed_in = hand_in(estate, GOOD, by)
    operations.begin_check(handed_in, today=TODAY, **by)
    assert handed_in.status == ImportStatus.CHECKING
    run_due_jobs()
    handed_in.refresh_from_db()
    assert (handed_in.status, handed_in.done_rows, handed_in.rows) == (ImportStatus.CHECKED, 2, 2)
    operations.confirm(handed_in, today=TODAY, **by)
    assert handed_in.status == ImportStatus.RUNNING
    run_due_jobs()
    handed_in.refresh_from_db()
    assert handed_in.status == ImportStatus.DONE
    unit = Unit.objects.get(code="9-1-101")
    assert Entry.objects.get(thread=f"unit:{unit.pk}").actor == cast.supervisor
    left = jobs.standing(by["at"])
    assert (left.due, left.running, left.failed) == (0, 0, 0)


def test_jobs_bear_repetition(estate: Estate, by: dict[str, Any]) -> None:
    handed_in = hand_in(estate, GOOD, by)
    operations.begin_check(handed_in, today=TODAY, **by)
    operations.begin_check(handed_in, today=TODAY, **by)
    operations.confirm(handed_in, today=TODAY, **by)
    before = Entry.objects.count()
    operations.take_in(handed_in, today=TODAY, **by)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.code)
@pytest.mark.parametrize("status", ImportStatus)
def test_every_cell_of_the_status_table(move: Any, status: str, estate: Estate, by: dict[str, Any]) -> None:
    handed_in = UnitImport.objects.create(estate=estate, made_by=by["actor"], made_at=by["at"], status=status)
    if status in move.sources:
        perform(handed_in, move, **by)
    else:
        with pytest.raises(MovedMeanwhile):
            perform(handed_in, move, **by)
    assert UnitImport.objects.get(pk=handed_in.pk).status == (move.target if status in move.sources else status)
