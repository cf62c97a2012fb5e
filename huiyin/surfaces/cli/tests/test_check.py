"""What `huiyin check` says of an installation, before it faces a network."""

import argparse
from pathlib import Path

import pytest

from huiyin.surfaces.cli import check


@pytest.fixture
def sound(settings: object, tmp_path: Path) -> object:
    """An installation with nothing to complain of."""
    tmp_path.chmod(0o700)
    settings.HOME = tmp_path
    settings.HTTPS = True
    settings.ALLOWED_HOSTS = ["localhost", "huiyin.example.cn"]
    settings.DISK_FLOOR_MB = 1
    return settings


def test_a_sound_installation_may_go_out(sound: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.run(argparse.Namespace()) == 0
    assert capsys.readouterr().out == "✓ 可以对外服务\n"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ALLOWED_HOSTS", ["*"], "HUIYIN_ALLOWED_HOSTS 是 *"),
        ("ALLOWED_HOSTS", ["localhost", "127.0.0.1"], "HUIYIN_ALLOWED_HOSTS 没有设"),
        ("HTTPS", False, "HUIYIN_HTTPS 没有打开"),
        ("DEBUG", True, "HUIYIN_DEBUG 打开着"),
        ("DISK_FLOOR_MB", 10**9, "磁盘只剩"),
    ],
)
def test_each_thing_that_is_not_as_it_should_be_has_its_sentence(
    name: str, value: object, sentence: str, sound: object, capsys: pytest.CaptureFixture[str]
) -> None:
    setattr(sound, name, value)
    assert check.run(argparse.Namespace()) == 1
    (said,) = capsys.readouterr().out.splitlines()
    assert said.startswith(f"× {sentence}")


def test_a_home_or_a_key_that_others_may_read_is_named(sound: object, tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("x")
    (tmp_path / "secret_key").chmod(0o644)
    tmp_path.chmod(0o755)
    home, key = check.findings()
    assert "chmod 700" in home
    assert "chmod 600" in key
