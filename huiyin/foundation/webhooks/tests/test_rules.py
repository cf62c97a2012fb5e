"""How often a webhook is told again, and how it is signed."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from huiyin.foundation.webhooks import rules, sending

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def test_the_waits_grow_and_end_after_about_a_day() -> None:
    waits = [rules.wait_after(attempts) for attempts in range(1, rules.MAX_ATTEMPTS)]
    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=40), timedelta(seconds=160)]
    assert waits == sorted(waits)
    assert rules.wait_after(rules.MAX_ATTEMPTS) is None
    assert timedelta(hours=12) < sum((one for one in waits if one), timedelta()) < timedelta(hours=30)


def test_the_signature_is_over_the_time_and_the_body() -> None:
    header = rules.signature(b'{"id":1}', secret="whs_x", at=AT)
    expected = hmac.new(b"whs_x", b'1795572000.{"id":1}', hashlib.sha256).hexdigest()
    assert header == f"t=1795572000,v1={expected}"


def test_the_secret_needs_the_key_of_the_house() -> None:
    assert rules.secret_of("salt", key="one") != rules.secret_of("salt", key="two")
    assert rules.secret_of("salt", key="one") == rules.secret_of("salt", key="one")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not sending.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1"])
def test_addresses_outside_are_public(address: str) -> None:
    assert sending.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://",
        "https://user:secret@example.com/",
        "https://example.com:port/",
        "https://example.com/#part",
        "https://exa mple.com/",
        "javascript:alert(1)",
        "https://例子.com/",
    ],
)
def test_an_address_is_https_and_whole(url: str) -> None:
    assert sending.problem_with(url, inside=False)


def test_inside_one_s_own_network_http_will_do() -> None:
    assert sending.problem_with("http://10.0.0.5:8080/hook", inside=True) == ""
