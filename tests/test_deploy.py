"""What is handed to operators fits the program: commands are understood, settings are read, paths are refused."""

import argparse
import re
import shlex
from configparser import ConfigParser
from importlib import import_module
from pathlib import Path

import pytest

from huiyin.surfaces.cli.main import COMMANDS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SETTINGS = (ROOT / "huiyin/config/settings.py").read_text("utf-8")
HARD = ("ProtectSystem", "NoNewPrivileges", "CapabilityBoundingSet", "SystemCallFilter", "EnvironmentFile", "UMask")


def service(name: str) -> dict[str, str]:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(DEPLOY / name, encoding="utf-8")
    return dict(unit["Service"])


@pytest.mark.parametrize("name", ["huiyin-web.service", "huiyin-worker.service"])
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


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_the_proxies_keep_the_figures_inside_and_give_every_request_its_number(name: str) -> None:
    said = (DEPLOY / name).read_text("utf-8")
    assert "metrics" in said
    assert "readyz" in said
    assert "404" in said
    assert "X-Request-ID" in said
