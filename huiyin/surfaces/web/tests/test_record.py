"""日志封存: the auditor sees every day and proves it again; a day that was tampered with is said to be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.areas.cases.models import Case
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import sealing
from huiyin.foundation.journal.invariants import INVARIANTS
from huiyin.foundation.journal.models import Behind, Entry, Explanation, Seal
from huiyin.standards.models import Standard
from tests.cast import AT, Cast, tell

Browsers = Callable[[User], Client]
PAGE = "/record/"


@pytest.fixture
def sealed(estate: Estate, cast: Cast, standard: Standard, clock: object) -> Seal:
    """A day with a matter, and a day after it, both sealed."""
    tell(estate, cast.clerk, at=AT - timedelta(days=1))
    sealing.seal_days(at=AT + timedelta(days=1))
    return Seal.objects.filter(estate_id=estate.pk, day=AT.date() - timedelta(days=1)).get()


def test_days_stand_newest_first_with_a_button_each(sealed: Seal, cast: Cast, browser_of: Browsers) -> None:
    said = browser_of(cast.auditor).get(PAGE).content.decode()
    places = [said.index(f"?check={sealed.day + timedelta(days=days)}") for days in (1, 0, -1)]
    assert places == sorted(places)
    assert sealed.seal in said


def test_a_day_that_agrees_is_said_in_a_sentence(sealed: Seal, cast: Cast, browser_of: Browsers) -> None:
    said = browser_of(cast.auditor).get(PAGE, {"check": str(sealed.day)}).content.decode()
    assert f"{sealed.day} 的日志完好" in said
    assert f"{sealed.count} 行逐行核对过,和封存时一字不差,与前一天接得上。" in said


@pytest.mark.usefixtures("unguarded")
def test_a_day_that_was_tampered_with_is_said_to_be(sealed: Seal, cast: Cast, browser_of: Browsers) -> None:
    entry = Entry.objects.get(kind="cases.case.registered")
    Entry.objects.filter(pk=entry.pk).update(note="改过")
    said = browser_of(cast.auditor).get(PAGE, {"check": str(sealed.day)}).content.decode()
    assert f"{sealed.day} 的日志对不上" in said
    assert f"第 {entry.link.place} 行:日志 #{entry.pk} 与当时写下的不一样。" in said


@pytest.mark.parametrize("asked", ["2019-01-01", "gestern", ""])
def test_a_day_that_was_not_sealed_is_not_found(sealed: Seal, cast: Cast, browser_of: Browsers, asked: str) -> None:
    assert browser_of(cast.auditor).get(PAGE, {"check": asked}).status_code == 404


def test_who_may_and_who_may_not(sealed: Seal, cast: Cast, browser_of: Browsers) -> None:
    may = {
        name: browser_of(getattr(cast, name)).get(PAGE).status_code
        for name in ("auditor", "director", "supervisor", "clerk")
    }
    assert may == {"auditor": 200, "director": 200, "supervisor": 403, "clerk": 403}


def test_the_list_costs_the_same_with_one_and_with_three_days(sealed: Seal, cast: Cast, browser_of: Browsers) -> None:
    browser = browser_of(cast.auditor)

    def count() -> int:
        with CaptureQueriesContext(connection) as made:
            assert browser.get(PAGE).status_code == 200
        return len(made)

    count()
    few = count()
    sealing.seal_days(at=AT + timedelta(days=3))
    assert (count(), few) == (few, few)
    assert few <= 12


BEHIND, EXPLAIN = "/record/behind/", "/record/behind/explain/"


@pytest.fixture
def changes(sealed: Seal) -> list[Behind]:
    """Two rows that somebody changed by hand."""
    for text in ("改过", "又改"):
        Case.objects.update(text=text)
    found = list(Behind.objects.order_by("id"))
    assert [one.table_name for one in found] == ["cases_case", "cases_case"]
    return found


def broken(code: str) -> list[str]:
    (one,) = [one for one in INVARIANTS if one.code == code]
    return list(one.broken(AT))


def test_a_change_by_hand_is_shown_until_somebody_says_what_it_was(
    changes: list[Behind], cast: Cast, browser_of: Browsers
) -> None:
    director = browser_of(cast.director)
    assert "有 2 处绕过操作直接改的数据,还没有人说明" in director.get(PAGE).content.decode()
    assert len(broken("journal.behind")) == 2
    said = {"selected": [str(changes[0].pk)], "note": " 更正导入时错的字,主任同意 "}
    assert director.post(EXPLAIN, said).status_code == 303
    kept = Explanation.objects.get()
    assert (kept.change, kept.note, kept.by, kept.at) == (changes[0], "更正导入时错的字,主任同意", cast.director, AT)
    line = Entry.objects.get(kind="journal.behind.explained")
    assert (line.actor, line.note, line.subject_id) == (cast.director, kept.note, changes[0].pk)
    assert len(broken("journal.behind")) == 1
    assert broken("journal.explained") == []
    assert "有 1 处绕过操作直接改的数据" in director.get(PAGE).content.decode()
    shown = director.get(BEHIND).content.decode()
    assert "更正导入时错的字,主任同意" in shown
    assert "更正导入时错的字" in director.get(BEHIND, {"explained": "yes"}).content.decode()
    waiting = director.get(BEHIND, {"explained": "no"}).content.decode()
    assert "更正导入时错的字" not in waiting


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"note": "更正错字"}, "没有选中还没说明的改动"),
        ({"note": " ", "selected": ["{pk}"]}, "请写明这是什么改动"),
        ({"note": "更正错字", "selected": ["abc", "9" * 30, "0"]}, "没有选中还没说明的改动"),
    ],
)
def test_without_words_or_without_a_choice_nothing_is_explained(
    changes: list[Behind], cast: Cast, browser_of: Browsers, said: dict[str, list[str]], says: str
) -> None:
    chosen = [one.replace("{pk}", str(changes[0].pk)) for one in said.get("selected", [])]
    answer = browser_of(cast.director).post(EXPLAIN, {**said, "selected": chosen})
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert not Explanation.objects.exists()


def test_what_was_explained_is_not_explained_again(changes: list[Behind], cast: Cast, browser_of: Browsers) -> None:
    director, chosen = browser_of(cast.director), [str(one.pk) for one in changes]
    director.post(EXPLAIN, {"selected": chosen[:1], "note": "第一次"})
    director.post(EXPLAIN, {"selected": chosen, "note": "第二次"})
    assert list(Explanation.objects.order_by("change").values_list("note", flat=True)) == ["第一次", "第二次"]
    assert director.post(EXPLAIN, {"selected": chosen, "note": "第三次"}).status_code == 409
    assert "没有绕过操作的改动" not in director.get(BEHIND).content.decode()


def test_who_sees_and_who_explains(changes: list[Behind], cast: Cast, browser_of: Browsers) -> None:
    auditor = browser_of(cast.auditor)
    assert "写下说明" not in auditor.get(BEHIND).content.decode()
    said = {"selected": [str(changes[0].pk)], "note": "没事"}
    for person in (cast.auditor, cast.supervisor, cast.clerk):
        assert browser_of(person).post(EXPLAIN, said).status_code == 403
    assert not Explanation.objects.exists()


def test_the_list_of_changes_costs_the_same_with_one_and_with_many(
    changes: list[Behind], cast: Cast, browser_of: Browsers
) -> None:
    browser = browser_of(cast.director)
    browser.post(EXPLAIN, {"selected": [str(changes[0].pk)], "note": "更正错字"})

    def count() -> int:
        with CaptureQueriesContext(connection) as made:
            assert browser.get(BEHIND).status_code == 200
        return len(made)

    count()
    few = count()
    for text in ("三", "四", "五"):
        Case.objects.update(text=text)
    assert (count(), few) == (few, few)
    assert few <= 15
