"""`huiyin standards try`: a draft or a file gone through on what happened, and why not when it cannot be."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from huiyin.areas.estate.models import Estate, Household
from huiyin.standards import composition
from huiyin.standards.models import Commitment, Standard, StandardVersion
from huiyin.standards.operations import drafting
from huiyin.surfaces.cli.main import main
from tests.cast import AT, Cast
from tests.world import World, furnish

SPAN = ["--from", "2026-11-01", "--to", "2026-11-30"]


@pytest.fixture
def world(estate: Estate, cast: Cast, home: Household, standard: Standard, clock: object) -> World:
    clock.move(hours=1)  # type: ignore[attr-defined]  # furnishing takes until then
    return furnish(estate, cast, home, standard)


def tried(world: World, what: str) -> int:
    return main(["standards", "try", what, "--estate", world.estate.code, *SPAN])


def line(out: str, code: str) -> list[str]:
    return next(row for row in out.splitlines() if row.startswith(f"{code} ")).split()[1:]


def test_a_draft_is_tried_beside_what_happened(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    version = StandardVersion.objects.get()
    draft = drafting.start_draft(world.estate.pk, version, title="试", actor=world.cast.supervisor, at=AT)
    spec = composition.specs_of(version)["repair.accept"]
    drafting.change_rule(draft, {**spec, "within": "1 min"}, actor=world.cast.supervisor, at=AT)
    before = Commitment.objects.count()
    assert tried(world, str(draft.pk)) == 0
    out = capsys.readouterr().out
    assert line(out, "repair.accept") == ["2", "0", "1", "1", "0", "0", "2", "1", "0", "1", "0", "0"]
    assert "没有写入任何数据" in out
    assert Commitment.objects.count() == before


def test_a_file_takes_the_place_of_the_rules_of_the_same_code(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = composition.specs_of(StandardVersion.objects.get())["complaint.reply"]
    file = tmp_path / "rules.yaml"
    file.write_text(
        yaml.safe_dump({"standard": "x", "title": "试", "rules": [{**spec, "within": "5 min"}]}, allow_unicode=True)
    )
    assert tried(world, str(file)) == 0
    out = capsys.readouterr().out
    assert line(out, "complaint.reply") == ["1", "0", "0", "1", "0", "0", "1", "0", "0", "0", "0", "1"]
    assert line(out, "repair.accept")[:6] == line(out, "repair.accept")[6:]
    assert "complaint.reply  case:" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["99999", "--estate", "YH", *SPAN], "没有第 99999 号草稿"),
        (["none.yaml", "--estate", "YH", *SPAN], "没有文件 none.yaml"),
        (["1", "--estate", "??", *SPAN], "没有小区 ??"),
        (["1", "--estate", "YH", "--from", "2026-11-02", "--to", "2026-11-01"], "结束日期早于开始日期"),
    ],
)
def test_it_says_why_it_cannot(
    words: list[str], sentence: str, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["standards", "try", *words]) == 1
    assert sentence in capsys.readouterr().err


def test_a_file_that_cannot_be_read_names_the_rule(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("standard: x\ntitle: x\nrules:\n  - {code: a.b, kind: nonsense}\n")
    assert tried(world, str(file)) == 1
    assert "a.b" in capsys.readouterr().err


def test_an_open_end_is_the_present(world: World, capsys: pytest.CaptureFixture[str], clock: object) -> None:
    """What has not happened yet is not overdue."""
    spec = composition.specs_of(StandardVersion.objects.get())
    draft = drafting.start_draft(
        world.estate.pk, StandardVersion.objects.get(), title="试", actor=world.cast.supervisor, at=AT
    )
    assert "complaint.reply" in spec and tried(world, str(draft.pk)) == 0
    assert line(capsys.readouterr().out, "complaint.reply")[5] == "1"
    clock.move(hours=timedelta(days=3).total_seconds() / 3600)
    assert tried(world, str(draft.pk)) == 0
    assert line(capsys.readouterr().out, "complaint.reply")[3] == "1"
