"""Moments and long words."""

from datetime import timedelta

from huiyin.foundation.documents.words import breakable, moment, span
from tests.cast import AT


def test_moments_and_windows() -> None:
    assert moment(AT) == "2026-11-25 10:00"
    assert moment(None) == ""
    assert span(AT, AT + timedelta(hours=2)) == "2026-11-25 10:00–12:00"
    assert span(AT, AT + timedelta(hours=14)) == "2026-11-25 10:00–24:00"
    assert span(AT, AT + timedelta(days=1)) == "2026-11-25 10:00–2026-11-26 10:00"
    assert span(AT, None) == "2026-11-25 10:00"


def test_only_long_words_are_broken() -> None:
    assert breakable("主卧漏水,电话 13800138000") == "主卧漏水,电话 13800138000"
    assert breakable("a" * 30) == "\u200b".join(["a" * 12, "a" * 12, "a" * 6])
