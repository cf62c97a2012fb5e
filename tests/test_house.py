"""The house as a whole: foreign keys point down, edges only translate, nobody below the edges asks the clock."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

HOUSE = Path(__file__).parents[1] / "huiyin"
TIERS = [
    "contenttypes",
    "auth",
    "messages",
    "staticfiles",
    "accounts",
    "journal",
    "numbers",
    "idempotency",
    "tokens",
    "files",
    "jobs",
    "signing_in",
    "webhooks",
    "backups",
    "privacy",
    "kit",
    "documents",
    "standards",
    "estate",
    "staffing",
    "cases",
    "fees",
    "materials",
    "repairs",
    "complaints",
    "past_cases",
    "service_desk",
    "upkeep",
    "return_visits",
    "figures",
    "web",
    "cli",
]


def own_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model.__module__.startswith("huiyin."):
            yield model


@pytest.mark.parametrize("model", list(own_models()), ids=lambda m: m._meta.label)
def test_foreign_keys_point_down(model: type[models.Model]) -> None:
    here = TIERS.index(model._meta.app_label)
    for field in model._meta.get_fields():
        if field.is_relation and not field.auto_created and field.related_model:
            other = field.related_model._meta.app_label
            assert TIERS.index(other) <= here, f"{field} points up"
            if other != model._meta.app_label and other not in ("auth", "contenttypes"):
                name = field.remote_field.related_name or ""
                assert name.endswith("+") or name in OPEN_RELATIONS, f"{field} is reachable from {other}"


# Relations that queries of the lower area's own tables are joined by, from above, in queries of the upper area.
OPEN_RELATIONS = {"grants", "assignments", "duties", "zones"}


def edge_files() -> list[Path]:
    return sorted(
        file
        for pattern in (
            "areas/*/web/**/*.py",
            "areas/*/api.py",
            "areas/*/api/**/*.py",
            "surfaces/web/*.py",
            "surfaces/api/*.py",
            "foundation/api/*.py",
        )
        for file in HOUSE.glob(pattern)
    )


@pytest.mark.parametrize("file", edge_files(), ids=lambda f: str(f.relative_to(HOUSE)))
def test_edges_never_touch_rows(file: Path) -> None:
    found = re.findall(r"\.objects\b|\.save\(|\.delete\(\)|bulk_create", file.read_text())
    assert found == []


def below_the_edges() -> list[Path]:
    return sorted(
        file
        for file in HOUSE.rglob("*.py")
        if not {"web", "surfaces", "tests", "migrations", "config", "jobs", "sqlite", "kit", "api"} & set(file.parts)
        and file.name not in ("jobs.py", "api.py", "upkeep.py", "bench.py")
    )


@pytest.mark.parametrize("file", below_the_edges(), ids=lambda f: str(f.relative_to(HOUSE)))
def test_nobody_below_the_edges_asks_the_clock(file: Path) -> None:
    tree = ast.parse(file.read_text())
    calls = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    assert not calls & {"now", "utcnow", "today", "localtime"}


@pytest.mark.parametrize("file", sorted(HOUSE.rglob("*.py")), ids=lambda f: str(f.relative_to(HOUSE)))
def test_only_perform_assigns_a_status(file: Path) -> None:
    if "tests" in file.parts or "migrations" in file.parts or file.name == "moves.py" or "foundation/jobs" in str(file):
        return
    assigned = [
        node
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and target.attr == "status"
    ]
    assert assigned == []


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_module_says_what_is_in_it() -> None:
    silent = [
        str(file.relative_to(HOUSE))
        for file in HOUSE.rglob("*.py")
        if file.stat().st_size > 200
        and not {"migrations", "tests"} & set(file.parts)
        and file.name != "apps.py"
        and ast.get_docstring(ast.parse(file.read_text())) is None
    ]
    assert [name for name in silent if not name.endswith("urls.py")] == []
