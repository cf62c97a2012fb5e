"""The shipped categories: there for every kind, found by what callers say, never overwriting what was changed here."""

import pytest

from huiyin.areas.cases import operations, queries, rules
from huiyin.areas.cases.models import CaseKind, Category

pytestmark = pytest.mark.django_db


def test_every_kind_has_categories_and_loading_again_adds_none() -> None:
    loaded = operations.load_categories()
    assert Category.objects.count() == loaded == operations.load_categories()
    assert set(Category.objects.values_list("kind", flat=True)) == set(CaseKind.values)


def test_a_title_and_post_changed_here_stay() -> None:
    operations.load_categories()
    Category.objects.filter(kind="repair", code="lift").update(title="直梯", post_code="technician", keywords=[])
    operations.load_categories()
    lift = Category.objects.get(kind="repair", code="lift")
    assert (lift.title, lift.post_code) == ("直梯", "technician")
    assert "电梯" in lift.keywords


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [("repair", "电梯停在八楼不动", "lift"), ("repair", "下水道堵了", "drain"), ("enquiry", "停车费涨了吗", "fee")],
)
def test_what_callers_say_finds_its_category(kind: str, said: str, code: str) -> None:
    operations.load_categories()
    named = {one.pk: [word for word in one.words if word in said] for one in queries.keywords_of(kind)}
    assert code in [Category.objects.get(pk=pk).code for pk in rules.suggest(named)]
