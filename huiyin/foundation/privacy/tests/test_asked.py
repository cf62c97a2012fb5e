"""What is typed into a search stands sealed in addresses, is opened before a page looks, and grows old."""

from typing import Any

import pytest
from django.http import QueryDict

from huiyin.foundation.privacy import asked


def test_typed_words_are_sealed_and_opened_again() -> None:
    address = asked.sealed_query({"q": "13800138000", "status": "all"})
    assert "13800138000" not in address
    assert "status=all" in address
    assert asked.opened_query(QueryDict(address)).dict() == {"q": "13800138000", "status": "all"}


def test_what_is_sealed_is_not_sealed_again() -> None:
    once = asked.sealed("王丽")
    assert asked.sealed(once) == once != "王丽"
    assert asked.sealed("") == ""


def test_every_value_of_a_key_is_kept() -> None:
    query = QueryDict("q=a&q=b&person=1&person=2")
    assert asked.opened_query(QueryDict(asked.sealed_query(query))).lists() is not None
    assert dict(asked.opened_query(QueryDict(asked.sealed_query(query))).lists()) == dict(query.lists())


@pytest.mark.parametrize("words", ["~", "~nonsense", "~gAAAAA"])
def test_what_is_not_ours_is_nothing(words: str) -> None:
    assert asked.opened(words) == ""


def test_it_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    address = asked.sealed("13800138000")
    monkeypatch.setattr(asked, "HOURS", -1)
    assert asked.opened(address) == ""


def test_plain_words_are_still_understood() -> None:
    query = QueryDict("q=1501")
    assert asked.opened_query(query) is query
    assert asked.opened("1501") == "1501"


def test_the_seal_is_the_installations_own(settings: Any) -> None:
    address = asked.sealed("13800138000")
    asked._fernet.cache_clear()
    settings.SECRET_KEY = "another house"
    try:
        assert asked.opened(address) == ""
    finally:
        asked._fernet.cache_clear()
