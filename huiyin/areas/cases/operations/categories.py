"""What a matter may be about: the categories shipped with the product."""

from pathlib import Path

import yaml

from huiyin.areas.cases.models import CaseKind, Category
from huiyin.foundation.transactions import command

CATEGORIES = Path(__file__).parents[1] / "categories.yaml"


@command
def load_categories(file: Path = CATEGORIES) -> int:
    """Set up the shipped categories, or give them the keywords of this version; return how many.

    A title or a post that was changed here stays. Repeatable.
    """
    shipped = yaml.safe_load(file.read_text())
    for kind in CaseKind.values:
        for row in shipped.get(kind, ()):
            Category.objects.update_or_create(
                kind=kind,
                code=row["code"],
                defaults={"keywords": row["keywords"]},
                create_defaults={
                    "title": row["title"],
                    "keywords": row["keywords"],
                    "post_code": row.get("post_code", ""),
                },
            )
    return sum(len(rows) for rows in shipped.values())
