"""One command, one transaction: nested operations join it, a refusal anywhere undoes it all."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from huiyin.foundation.accounts.models import Role
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command, once_a_command


@command
def define(code: str) -> Role:
    return Role.objects.create(code=code, title=code)


@command
def define_two(first: str, second: str, *, then: Callable[[], object] = lambda: None) -> None:
    define(first)
    define(second)
    then()


def refuse() -> None:
    raise Refused("这样不行")


def codes() -> list[str]:
    return sorted(Role.objects.values_list("code", flat=True))


@pytest.mark.django_db(transaction=True)
def test_what_a_nested_operation_wrote_is_undone_with_the_whole() -> None:
    with pytest.raises(Refused) as refusal:
        define_two("a", "b", then=refuse)
    assert refusal.value.sentence == "这样不行"
    assert codes() == []
    define_two("a", "b")
    assert codes() == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_a_nested_operation_opens_no_savepoint_of_its_own() -> None:
    depths: list[int] = []

    @command
    def deep() -> None:
        depths.append(len(connection.savepoint_ids))

    @command
    def outer() -> None:
        depths.append(len(connection.savepoint_ids))
        deep()

    outer()
    assert depths == [0, 0]
    with transaction.atomic():
        outer()
    assert depths == [0, 0, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_a_refusal_inside_a_larger_transaction_undoes_only_the_command() -> None:
    with transaction.atomic():
        define("kept")
        with pytest.raises(Refused):
            define_two("a", "b", then=refuse)
    assert codes() == ["kept"]


@pytest.mark.django_db
def test_a_command_remembers_until_it_ends_also_when_it_is_refused() -> None:
    looked: list[str] = []

    def look() -> int:
        looked.append("looked")
        return len(looked)

    @command
    def ask(*, then: Callable[[], object] = lambda: None) -> list[int]:
        found = [once_a_command("key", look), once_a_command("key", look), once_a_command("other", look)]
        then()
        return found

    assert ask() == [1, 1, 2]
    assert ask() == [3, 3, 4]
    with pytest.raises(Refused):
        ask(then=refuse)
    assert [once_a_command("key", look), once_a_command("key", look)] == [7, 8]


def test_a_command_keeps_the_name_and_the_words_of_its_operation() -> None:
    @command
    def close_something() -> None:
        """Close something."""

    assert (close_something.__name__, close_something.__doc__) == ("close_something", "Close something.")
