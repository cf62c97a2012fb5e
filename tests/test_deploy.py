"""What is handed to operators fits the program: commands are understood, settings are read, paths are refused."""

import argparse
import re
import shlex
import subprocess
import sys
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path

import pytest

from huiyin.surfaces.cli.main import COMMANDS
from tests.proxies import Proxy, caddy_file, nginx_files
from tests.proxy_setup import program

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SETTINGS = (ROOT / "huiyin/config/settings.py").read_text("utf-8")
HARD = ("ProtectSystem", "NoNewPrivileges", "CapabilityBoundingSet", "SystemCallFilter", "EnvironmentFile", "UMask")


def service(name: str) -> dict[str, str]:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(DEPLOY / name, encoding="utf-8")
    return dict(unit["Service"])


UNITS = ["huiyin-web.service", "huiyin-worker.service"]
EXPOSED_AT_MOST = 1.4


@pytest.mark.parametrize("name", UNITS)
def test_the_units_start_what_there_is_and_give_it_time_to_stop(name: str) -> None:
    said = service(name)
    program, command, *words = shlex.split(said["ExecStart"])
    assert program.endswith("/.venv/bin/huiyin")
    module = import_module(f"huiyin.surfaces.cli.{COMMANDS[command][0]}")
    parser = argparse.ArgumentParser(exit_on_error=False)
    module.add_arguments(parser)
    parser.parse_args(words)
    assert set(HARD) <= set(said)
    assert int(said["TimeoutStopSec"]) > import_module("huiyin.surfaces.cli.serve").DRAINED_WITHIN


def test_every_variable_of_the_example_is_read_by_the_settings() -> None:
    named = set(re.findall(r"^#? ?(HUIYIN_[A-Z_]+)=", (DEPLOY / "huiyin.env").read_text("utf-8"), re.MULTILINE))
    assert {"HUIYIN_HOME", "HUIYIN_HTTPS", "HUIYIN_ALLOWED_HOSTS"} <= named
    read = set(re.findall(r'"(HUIYIN_[A-Z_]+)"', SETTINGS))
    assert {name for name in named if name.removesuffix("_FILE") not in read and name not in read} == set()


def test_every_variable_of_the_settings_is_told_to_administrators() -> None:
    told = set(re.findall(r"HUIYIN_[A-Z_]+", (ROOT / "docs/deploy.md").read_text("utf-8")))
    read = {name.removesuffix("_FILE") for name in re.findall(r'"(HUIYIN_[A-Z_]+)"', SETTINGS)}
    assert read - told == {"HUIYIN_DEBUG"}  # nobody who runs it in earnest wants it


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_the_proxies_keep_the_figures_inside_and_give_every_request_its_number(name: str) -> None:
    said = (DEPLOY / name).read_text("utf-8")
    assert "metrics" in said
    assert "readyz" in said
    assert "404" in said
    assert "X-Request-ID" in said


def test_the_command_does_as_the_units_do() -> None:
    said = (DEPLOY / "huiyin").read_text("utf-8")
    unit = service("huiyin-web.service")
    assert f" {shlex.split(unit['ExecStart'])[0]} " in said
    assert f" {unit['EnvironmentFile']} " in said
    assert f"-u {unit['User']} " in said
    assert f"umask {unit['UMask'].removeprefix('0')}" in said


@pytest.mark.slow
@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_the_units_and_finds_them_closed(name: str, tmp_path: Path) -> None:
    unit = tmp_path / name
    here = Path(sys.executable).with_name("huiyin")
    unit.write_text((DEPLOY / name).read_text("utf-8").replace("/opt/huiyin/current/.venv/bin/huiyin", str(here)))
    assert tried("systemd-analyze", "verify", str(unit)) == ""
    tried("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSED_AT_MOST * 10:.0f}", str(unit))


@pytest.mark.slow
def test_nginx_understands_its_file(tmp_path: Path) -> None:
    said = tried("nginx", "-t", "-c", str(nginx_files(tmp_path, 8000, Proxy(8080, 8443))))
    assert "warn" not in said


@pytest.mark.slow
def test_caddy_understands_its_file_as_it_is_and_as_it_is_tried(tmp_path: Path) -> None:
    for file in (DEPLOY / "Caddyfile", caddy_file(tmp_path, 8000, Proxy(8080, 8443))):
        assert "Valid configuration" in tried("caddy", "validate", "--adapter", "caddyfile", "--config", str(file))


def tried(name: str, *words: str) -> str:
    """Return what the program says; it must be content."""
    done = subprocess.run([program(name), *words], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout + done.stderr if name != "systemd-analyze" else done.stderr
