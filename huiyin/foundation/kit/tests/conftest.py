"""A page engine with only the kit in it, so that the kit is tested without what stands above."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

KIT = Path(__file__).parents[1]
PAGES = {
    "list.html": """{% extends "kit/base.html" %}{% from "kit/table.html" import rows, cell %}{% set noun = "件" %}
{% block title %}事项{% endblock %}{% block main %}before{% block rows %}<div id="rows">{{ noun }}
{% call(one) rows(listing, [column("名称", sort="name")]) %}{{ cell(one) }}{% endcall %}</div>{% endblock %}{% endblock %}"""
}


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[None]:
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text)
    engine = {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [str(KIT / "templates"), str(tmp_path)],
        "OPTIONS": {"environment": "huiyin.foundation.kit.environment.environment"},
    }
    with override_settings(TEMPLATES=[engine], STORAGES=settings.STORAGES):
        yield


@pytest.fixture
def request_for() -> Any:
    def build(path: str = "/", **headers: str) -> HttpRequest:
        return RequestFactory().get(path, headers=headers)

    return build
