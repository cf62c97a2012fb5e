"""`huiyin estate add`: everything a new estate needs to begin."""

import argparse
import io

import pytest

from huiyin.areas.estate.models import Estate
from huiyin.areas.staffing.queries import posts_of, responsible_now
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import access_of
from huiyin.standards.queries import adoption_of
from huiyin.surfaces.cli import estate as command


@pytest.mark.django_db
def test_a_new_estate_can_take_its_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    args = parser.parse_args(["add", "bt", "--name", "北塘里", "--company", "北塘物业", "--director", "zhuren"])
    monkeypatch.setattr("sys.stdin", io.StringIO("north-pond-2026\n"))
    assert command.run(args) == 0
    estate = Estate.objects.get(code="BT")
    adoption = adoption_of(estate.pk, at=User.objects.get(username="zhuren").grants.earliest("pk").since)
    assert adoption is not None and adoption.standard.code == "recommended"
    assert len(posts_of(estate.pk)) == 12
    assert responsible_now(estate.pk, "front_desk", at=adoption.since).user == User.objects.get(username="zhuren")
    assert access_of(User.objects.get(username="zhuren")).may("control.see", estate.pk)


@pytest.mark.django_db
def test_adding_it_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    args = parser.parse_args(["add", "BT", "--name", "北塘里", "--company", "北塘物业"])
    assert [command.run(args), command.run(args)] == [0, 0]
    assert Estate.objects.count() == 1
    assert capsys.readouterr().out.count("12 个岗位") == 2
