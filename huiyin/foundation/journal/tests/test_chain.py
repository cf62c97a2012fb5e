"""The chain: every line takes its place, the same line has the same digest on every engine, nobody waits in a ring."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import Role, User
from huiyin.foundation.journal import chain, proving
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.journal.models import Entry, Head, Link
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command

AT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LINE = (7, AT, "cases.case.closed", 3, 9, "cases.case", 17, "case:17", '办好了 "谢谢"\n', "")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('云a"\\é\n '),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("云ab", max_size=2), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def anna(db: None) -> User:
    return accounts.create_user("anna", name="安娜", password="huiyin-2026")


def say(actor: User, note: str = "", *, estate_id: int = 1, **values: Any) -> Entry:
    return journal.record(
        "sample.said", subject=("sample", 1), estate_id=estate_id, actor=actor, at=AT, note=note, values=values
    )


def places(estate_id: int = 1) -> list[tuple[int, int]]:
    return list(Link.objects.filter(estate_id=estate_id).order_by("place").values_list("place", "entry_id"))


def test_the_canonical_form_is_what_the_module_says() -> None:
    written = (
        '[7,"2026-11-25T02:00:00.000000+00:00","cases.case.closed",3,9,"cases.case",17,"case:17",'
        '"办好了 \\"谢谢\\"\\n","",{"a":[1,{"b":null}],"c":1.5,"小区":true}]'
    )
    assert (
        chain.content_of_line(*LINE, {"小区": True, "c": 1.5, "a": (1.0, {"b": None})})
        == sha256(written.encode()).hexdigest()
    )
    content = "ab" * 32
    assert chain.follow(chain.BEGINNING, content) == sha256(("0" * 64 + content).encode()).hexdigest()


def test_every_column_of_a_line_counts() -> None:
    """An altered column, the values included, gives another digest; the same moment in another zone does not."""
    plain = [*LINE, {"a": 1}]
    others = [8, AT.replace(microsecond=1), "k", 4, 8, "t", 18, "case:18", "办好了", "r", {"a": 2}]
    digests = {chain.content_of_line(*[*plain[:n], other, *plain[n + 1 :]]) for n, other in enumerate(others)}
    assert len(digests) == len(others) == len(Entry._meta.concrete_fields)
    assert chain.content_of_line(*plain) not in digests
    assert chain.content_of_line(7, AT.astimezone(UTC), *plain[2:]) == chain.content_of_line(*plain)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    note=st.text("云a\"'\\%é\n ", max_size=8),
    values=st.dictionaries(st.text("云ab", min_size=1, max_size=3), JSON, max_size=4),
)
def test_a_line_read_back_is_the_line_that_was_linked(anna: User, note: str, values: dict[str, Any]) -> None:
    with transaction.atomic():
        say(anna, note, **{"v": values, **values})
        assert list(proving.broken_lines()) == []
        transaction.set_rollback(True)


def test_lines_take_their_places_in_the_order_they_were_written(anna: User) -> None:
    @command
    def tell_much() -> list[int]:
        first = say(anna).pk
        journal.record_all(
            "sample.set",
            [(n, "", {"n": n}) for n in range(3)],
            subject_type="sample",
            estate_id=1,
            actor=anna,
            at=AT,
        )
        past = [journal.PastLine("sample.past", ("sample", n), "", AT.replace(year=2020)) for n in range(2)]
        elsewhere = say(anna, estate_id=2).pk
        assert not Link.objects.exists()
        return [first, elsewhere, *journal.record_past(past, estate_id=1, actor=anna)]

    first, elsewhere, *past = tell_much()
    sets = list(Entry.objects.filter(kind="sample.set").order_by("subject_id").values_list("pk", flat=True))
    assert places() == list(enumerate([first, *sets, *past], start=1))
    assert places(2) == [(1, elsewhere)]
    last = say(anna)
    assert places()[-1] == (7, last.pk)
    heads = {one.pk: (one.place, one.digest) for one in Head.objects.all()}
    assert heads == {
        pk: Link.objects.filter(estate_id=pk).order_by("-place").values_list("place", "digest")[0] for pk in (1, 2)
    }
    assert [*proving.broken_lines(), *proving.broken_heads()] == []


def test_what_is_refused_takes_no_place(anna: User) -> None:
    @command
    def tell_and_refuse() -> None:
        say(anna)
        raise Refused("不行")

    with pytest.raises(Refused):
        tell_and_refuse()
    kept = say(anna)
    assert places() == [(1, kept.pk)]


@pytest.mark.usefixtures("unguarded")
def test_lines_from_before_the_chain_are_linked_as_they_would_have_been(anna: User) -> None:
    for n in range(7):
        say(anna, f"第 {n} 行", estate_id=1 + n % 2, n=n, at=AT, share=n / 3, whole=float(n))
    links, heads = list(Link.objects.values().order_by("pk")), list(Head.objects.values().order_by("pk"))
    Link.objects.filter(pk__gt=links[2]["entry_id"]).delete()
    Head.objects.all().delete()
    Head.objects.create(estate_id=1, place=links[2]["place"], digest=links[2]["digest"])
    Head.objects.create(estate_id=2, place=links[1]["place"], digest=links[1]["digest"])
    migration = import_module("huiyin.foundation.journal.migrations.0003_chain_what_is_there")
    migration.BATCH = 2
    migration.chain(apps, SimpleNamespace(connection=connection))
    assert list(Link.objects.values().order_by("pk")) == links
    assert list(Head.objects.values().order_by("pk")) == heads


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets in one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_of_two_commands_that_cross_neither_is_thrown_out() -> None:
    """One writes its line first and then wants the row the other holds: the chain's head must not close the ring."""
    anna = accounts.create_user("anna", name="安娜", password="huiyin-2026")
    role = accounts.define_role("sample", title="样板", rights=[])
    both = threading.Barrier(2, timeout=10)
    failed: list[BaseException] = []

    @command
    def row_first() -> None:
        Role.objects.filter(pk=role.pk).update(title="甲")
        both.wait()
        say(anna)

    @command
    def line_first() -> None:
        say(anna)
        both.wait()
        Role.objects.filter(pk=role.pk).update(title="乙")

    def run(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001  # a thread's failure is the test's
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in (row_first, line_first)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert [place for place, _ in places()] == [1, 2]
    assert [*proving.broken_lines(), *proving.broken_heads()] == []
