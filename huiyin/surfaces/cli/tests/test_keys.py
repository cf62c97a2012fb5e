"""Keys outside the database: what is sealed stays readable over a rotation, and a missing key is said, not guessed."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from huiyin.areas.estate.models import Estate, Person, PersonDetail
from huiyin.foundation import rows
from huiyin.foundation.privacy import keys, rotating
from huiyin.foundation.privacy.keys import KeyMissing, Ring
from huiyin.surfaces.cli import keys as command
from tests.cast import AT


class Asked:
    def __init__(self, action: str) -> None:
        self.action = action


@pytest.fixture(autouse=True)
def key_file(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.FIELD_KEY = ""
    settings.FIELD_KEY_FILE = tmp_path / "keys" / "field_keys"
    yield settings.FIELD_KEY_FILE


@pytest.fixture
def people(estate: Estate) -> list[PersonDetail]:
    return [
        PersonDetail.objects.create(
            person=Person.objects.create(estate=estate, name=f"住户{n}"),
            item="employer",
            value=f"第{n}中学",
            recorded_at=AT,
        )
        for n in range(3)
    ]


def standing() -> list[str]:
    """What the database itself holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM estate_persondetail ORDER BY id")
        return [text for (text,) in cursor.fetchall()]


def test_the_first_key_is_made_for_its_owner_only(key_file: Path) -> None:
    keys.ring()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert keys.ring().keys == (key_file.read_text().strip(),)


def test_the_database_holds_nothing_readable(people: list[PersonDetail]) -> None:
    assert PersonDetail.objects.get(pk=people[1].pk).value == "第1中学"
    assert all("中学" not in text and text.startswith(f"{keys.ring().marks[0]}:") for text in standing())
    assert len(set(standing())) == 3


def test_nothing_is_sealed_as_nothing() -> None:
    assert keys.ring().seal("") == keys.ring().open("") == ""


def test_rotation_encrypts_everything_anew_and_keeps_the_old_key(people: list[PersonDetail], capsys: Any) -> None:
    old, before = keys.ring().marks[0], standing()
    assert command.run(Asked("rotate")) == 0
    new, still = keys.ring().marks
    assert (still, new != old) == (old, True)
    assert rotating.count_by_mark() == {new: 3}
    assert not set(before) & set(standing())
    assert [one.value for one in PersonDetail.objects.order_by("pk")] == ["第0中学", "第1中学", "第2中学"]


def test_a_rotation_that_was_cut_off_is_finished_without_another_key(
    people: list[PersonDetail], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(rotating, "BATCH", 1)
    whole, told = rotating.Sealed.replace, []

    def cut_off(column: rotating.Sealed, changes: list[Any]) -> None:
        if told:
            raise KeyboardInterrupt
        told.append(changes)
        whole(column, changes)

    monkeypatch.setattr(rotating.Sealed, "replace", cut_off)
    with pytest.raises(KeyboardInterrupt):
        command.run(Asked("rotate"))
    new, old = keys.ring().marks
    assert rotating.count_by_mark() == {new: 1, old: 2}
    monkeypatch.setattr(rotating.Sealed, "replace", whole)
    assert command.run(Asked("rotate")) == 0
    assert (keys.ring().marks, rotating.count_by_mark()) == ([new, old], {new: 3})


def test_a_text_changed_meanwhile_is_not_overwritten(people: list[PersonDetail]) -> None:
    column = next(rotating.sealed_columns())
    column.replace([("deadbeef:x", people[0].pk, "what stood there before")])
    assert PersonDetail.objects.get(pk=people[0].pk).value == "第0中学"


def test_without_its_key_a_text_is_not_read_and_check_says_so(
    people: list[PersonDetail], key_file: Path, capsys: Any
) -> None:
    lost = keys.ring().marks[0]
    keys.write_keys((Fernet.generate_key().decode(),))
    with pytest.raises(KeyMissing, match=lost):
        PersonDetail.objects.get(pk=people[0].pk)
    assert command.run(Asked("check")) == 1
    assert "3 条读不出" in capsys.readouterr().out
    assert command.run(Asked("rotate")) == 1
    assert len(keys.ring().keys) == 1


def test_check_is_content_and_complains_about_a_file_others_read(
    people: list[PersonDetail], key_file: Path, capsys: Any
) -> None:
    assert command.run(Asked("check")) == 0
    assert "3 条加密内容,0 条读不出" in capsys.readouterr().out
    key_file.chmod(0o644)
    assert command.run(Asked("check")) == 1
    assert "chmod 600" in capsys.readouterr().err


def test_an_altered_text_is_refused() -> None:
    sealed = keys.ring().seal("320102199001011234")
    with pytest.raises(KeyMissing, match="改动过"):
        keys.ring().open(sealed[:-4] + "AAAA")


def test_keys_from_the_environment_are_used_and_never_written(settings: Any, key_file: Path) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    sealed = Ring((old,)).seal("生日")
    settings.FIELD_KEY = f"{new},{old}"
    assert keys.ring().open(sealed) == "生日"
    with pytest.raises(KeyMissing, match="HUIYIN_FIELD_KEY"):
        keys.add_key()
    assert not key_file.exists()


def test_a_key_file_that_holds_no_key_is_refused(key_file: Path) -> None:
    key_file.parent.mkdir()
    key_file.write_text("not a key\n")
    with pytest.raises(KeyMissing, match="不是密钥"):
        keys.ring()


def test_rows_written_by_prepared_statements_are_encrypted_too(estate: Estate) -> None:
    person = Person.objects.create(estate=estate, name="住户")
    row = rows.insert(rows.new(PersonDetail, person=person, item="employer", value="第一中学", recorded_at=AT))
    assert "第一中学" not in standing()[0]
    rows.change(PersonDetail, row.pk, {"value": "第二中学"})
    assert "中学" not in standing()[0]
    assert PersonDetail.objects.get(pk=row.pk).value == "第二中学"
