"""What a matter may be about: the categories shipped with the product, and those an estate adds below them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from huiyin.areas.cases import events, queries, rules
from huiyin.areas.cases.models import CaseKind, Category
from huiyin.areas.cases.rules import OwnCategory
from huiyin.areas.estate.models import Estate
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal import operations as journal
from huiyin.foundation.refusals import Refused
from huiyin.foundation.transactions import command, take_turn

CATEGORIES = Path(__file__).parents[1] / "categories.yaml"


class CategoryRefused(Refused):
    """The category cannot be added or retired so."""


@command
def load_categories(file: Path = CATEGORIES) -> int:
    """Set up the shipped categories, or give them the keywords of this version; return how many.

    A title or a post that was changed here stays. Repeatable.
    """
    shipped = yaml.safe_load(file.read_text())
    for kind in CaseKind.values:
        made: dict[str, Category] = {}
        for row in shipped.get(kind, ()):
            made[row["code"]] = _load(kind, row, made.get(row["code"].rpartition(".")[0]))
    return sum(len(rows) for rows in shipped.values())


def _load(kind: str, row: Mapping[str, Any], parent: Category | None) -> Category:
    new = {"keywords": row["keywords"], "suggests": row.get("suggests", {}), "parent": parent}
    return Category.objects.update_or_create(
        kind=kind,
        code=row["code"],
        defaults=new,
        create_defaults={**new, "title": row["title"], "post_code": row.get("post_code", "")},
    )[0]


@command
def add_category(estate: Estate, new: OwnCategory, *, actor: User, at: datetime) -> Category:
    """Add a category of the estate's own below a shipped one.

    Refused without a title, below nothing, or when the estate knows one of that title there already.
    """
    take_turn(f"categories {estate.pk}")
    wrong = rules.category_problems([new], known=queries.known_titles(estate.pk, new.kind))
    if wrong:
        raise CategoryRefused(wrong[0].sentence)
    return _add(estate, new, actor=actor, at=at)


@command
def import_categories(estate: Estate, rows: Iterable[OwnCategory], *, actor: User, at: datetime) -> int:
    """Add those that are not there yet, all of them or none; return how many. Refused with the first row that is wrong."""
    take_turn(f"categories {estate.pk}")
    rows = list(rows)
    if not rows:
        raise CategoryRefused("表里没有要加的类别")
    fresh: list[OwnCategory] = []
    for kind in dict.fromkeys(row.kind for row in rows):
        known = queries.known_titles(estate.pk, kind)
        same = rules.not_there_yet([row for row in rows if row.kind == kind], known=known)
        wrong = rules.category_problems(same, known=known)
        if wrong:
            raise CategoryRefused(f"第 {wrong[0].row} 行「{wrong[0].column}」:{wrong[0].sentence}")
        fresh += same
    for row in fresh:
        _add(estate, row, actor=actor, at=at)
    return len(fresh)


@command
def retire_category(category: Category, *, actor: User, at: datetime, note: str) -> None:
    """Offer a category of the estate's own no more; what was filed under it stays there.

    Refused for a shipped one, without a reason, and when it is retired already.
    """
    if category.estate_id is None:
        raise CategoryRefused("随产品发布的类别不能停用")
    if not note.strip():
        raise CategoryRefused("请写明为什么停用")
    if not Category.objects.filter(pk=category.pk, retired_at=None).update(retired_at=at):
        raise CategoryRefused("这个类别已经停用了")
    category.retired_at = at
    _tell(events.CATEGORY_RETIRED, category, actor=actor, at=at, note=note)


def _add(estate: Estate, new: OwnCategory, *, actor: User, at: datetime) -> Category:
    parent = Category.objects.get(kind=new.kind, title=new.below.strip(), parent=None)
    serial = Category.objects.filter(estate=estate).count() + 1
    suggests = {"location_kind": new.location_kind, "urgency": new.urgency}
    made = Category.objects.create(
        kind=new.kind,
        code=f"{parent.code}.{estate.code}-{serial}",
        title=new.title.strip(),
        parent=parent,
        keywords=[word.strip() for word in new.keywords if word.strip()],
        suggests={name: value for name, value in suggests.items() if value},
        estate=estate,
        post_code=parent.post_code,
    )
    _tell(events.CATEGORY_ADDED, made, actor=actor, at=at)
    return made


def _tell(kind: str, category: Category, *, actor: User, at: datetime, note: str = "") -> None:
    assert category.estate_id is not None
    journal.record(
        kind,
        subject=(category.journal_name, category.pk),
        estate_id=category.estate_id,
        actor=actor,
        at=at,
        note=note,
        values={"title": category.title, "below": category.parent.title if category.parent else ""},
    )
