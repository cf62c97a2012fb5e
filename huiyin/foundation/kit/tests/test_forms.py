"""What people type, read; what they forget, said."""

from datetime import UTC, datetime

import pytest
from django import forms

from huiyin.foundation.kit import words
from huiyin.foundation.kit.forms import HouseForm, SignatureField, read_phone
from huiyin.foundation.kit.tests.specimens import ContactForm


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86-138-0013-8000", "13800138000"),
        ("13800138000", "13800138000"),
        ("010-65551234 转 801", "010-65551234转801"),
        ("(021)52345678", "021-52345678"),
        ("110", "110"),
        ("12345", "12345"),
        ("95588", "95588"),
        ("4008123123", "4008123123"),
        ("+1 650-253-0000", "+1 650-253-0000"),
    ],
)
def test_a_phone_has_one_spelling(typed: str, kept: str) -> None:
    assert read_phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "123", "1380013800", "电话", "138001380001"])
def test_what_is_no_phone_is_refused(typed: str) -> None:
    assert read_phone(typed) is None


def test_a_form_says_what_to_fill_in() -> None:
    form = ContactForm({"phone": "123", "when": "大概下午"})

    assert form.errors == {
        "kind": ["请选择什么事"],
        "said": ["请填写来电人怎么说"],
        "phone": ["电话看起来不对,请核对"],
        "when": ["没看懂这个时间,可以写 今天 16:00、明天 9点、11-25 15:30"],
        "trade": ["请选择工种"],
    }


def test_sentences_a_form_has_chosen_itself_stay() -> None:
    class Own(HouseForm):
        name = forms.CharField(label="姓名", error_messages={"required": "怎么称呼您?"})
        age = forms.IntegerField(label="年龄")

    assert Own({"age": "x"}).errors == {"name": ["怎么称呼您?"], "age": ["年龄请填数字"]}


def test_a_signature_must_be_a_drawing() -> None:
    field = SignatureField(label="签名")
    drawing = "data:image/png;base64,iVBORw0KGgo="

    assert field.clean(drawing) == b"\x89PNG\r\n\x1a\n"
    for wrong in ("data:text/html;base64,PGI+", "data:image/png;base64,!!", "x", drawing + "A" * 400_000):
        with pytest.raises(forms.ValidationError):
            field.clean(wrong)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13800138000", "138****8000"), ("010-65551234", "010-****1234"), ("110", "****"), ("", ""), (None, "")],
)
def test_phones_are_masked(phone: str | None, shown: str) -> None:
    assert words.mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "letters"), [("王女士", "王"), ("欧阳明月", "欧阳"), ("Anna Lee Kim", "AL"), (" ", "?")]
)
def test_a_name_has_initial_letters(name: str, letters: str) -> None:
    assert words.initial_letters(name) == letters


def test_money_is_written_with_two_places() -> None:
    assert [words.money(amount) for amount in (None, 0, -5, 1234567)] == ["—", "¥0.00", "-¥5.00", "¥1,234,567.00"]


def test_words_use_the_zone_in_force(settings: object) -> None:
    moment = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)

    assert words.exact_time(moment) == "2026-11-26 00:30 周四"
    assert words.people_date(moment, datetime(2026, 11, 25, 15, 0, tzinfo=UTC)) == "明天"
