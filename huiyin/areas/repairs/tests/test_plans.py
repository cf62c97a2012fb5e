"""Lists of orders are read by the indexes that were made for them, however many orders have ended."""

import pytest
from django.db import connection

from huiyin.areas.estate.models import Estate
from huiyin.areas.repairs import queries
from huiyin.areas.repairs.permissions import visible_to
from huiyin.areas.repairs.queries import dispatching, orders
from tests.cast import Cast


def plan_of(sql: str, values: tuple[object, ...]) -> str:
    """Return how the engine would read it if reading whole tables were dear, as it is once they are full."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}", values)
        return "\n".join(str(line) for line in cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("sql", [dispatching._HELD, orders._LOAD], ids=["held", "load"])
def test_what_technicians_hold_is_read_along_the_running_orders(sql: str, estate: Estate) -> None:
    said = plan_of(sql, (estate.pk,))
    assert "running_orders" in said or "orders_of_technician" in said, said


@pytest.mark.django_db
def test_who_sees_an_estate_whole_is_not_asked_case_by_case(estate: Estate, cast: Cast) -> None:
    assert "cases_case" not in str(visible_to(cast.supervisor).query)
    listed = queries.listed(cast.supervisor, estate.pk).order_by("-opened_at", "-pk")[:51]
    assert "orders_by_time" in plan_of(*listed.query.sql_with_params())
