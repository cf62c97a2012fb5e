"""What must hold of estates and of everything that names one by number."""

from collections.abc import Iterator

from huiyin.areas.estate.models import Building, Person
from huiyin.foundation.accounts.models import Grant
from huiyin.foundation.invariants import Invariant, by_query
from huiyin.foundation.privacy.declared import Subject
from huiyin.foundation.privacy.erasing import residue_of


def _erased_but_known() -> Iterator[str]:
    """Name what is still kept about people whose data were erased."""
    for pk, estate_id in Person.objects.exclude(erased_at=None).values_list("pk", "estate_id"):
        yield from residue_of(Subject(estate_id, pk, "", ()))


def _grants_out_of_place() -> Iterator[str]:
    """Name the grants limited to buildings that are not of their estate, or that differ from another one there."""
    open_grants = Grant.objects.filter(until=None)
    held = {
        (user, estate): set(buildings)
        for user, estate, buildings in open_grants.values_list("user_id", "estate_id", "building_ids")
    }
    estates = dict(Building.objects.values_list("pk", "estate_id")) if any(held.values()) else {}
    for grant in open_grants.select_related("user"):
        wanted = set(grant.building_ids)
        if any(estates.get(pk) != grant.estate_id for pk in wanted):
            yield f"{grant.user.username} @{grant.estate_id}:楼栋不属于这个小区"
        elif held[grant.user_id, grant.estate_id] != wanted or (wanted and (grant.user_id, None) in held):
            yield f"{grant.user.username} @{grant.estate_id}:有两个范围"


INVARIANTS = (
    by_query(
        "accounts.grant.estate",
        "授权都落在真有的小区上",
        looked_at="accounts_grant WHERE estate_id IS NOT NULL",
        broken="""
SELECT u.username || ' @' || g.estate_id FROM accounts_grant g
JOIN accounts_user u ON u.id = g.user_id LEFT JOIN estate_estate e ON e.id = g.estate_id
WHERE g.estate_id IS NOT NULL AND e.id IS NULL
""",
    ),
    Invariant(
        "accounts.grant.buildings",
        "按楼栋的授权只落在同一小区真有的楼栋上,一个人在一个小区只有一个范围",
        looked_at=lambda at: Grant.objects.filter(until=None).count(),
        broken=lambda at: _grants_out_of_place(),
    ),
    by_query(
        "estate.unit",
        "房屋、单元、楼栋属于同一个小区",
        looked_at="estate_unit",
        broken="""
SELECT u.code FROM estate_unit u
JOIN estate_entrance e ON e.id = u.entrance_id JOIN estate_building b ON b.id = e.building_id
WHERE b.estate_id <> u.estate_id
""",
    ),
    by_query(
        "estate.household",
        "业户与房屋属于同一个小区,住着的业户至少有一个人",
        looked_at="estate_household",
        broken="""
SELECT u.code FROM estate_household h JOIN estate_unit u ON u.id = h.unit_id
WHERE u.estate_id <> h.estate_id
   OR (h.until_date IS NULL
       AND NOT EXISTS (SELECT 1 FROM estate_occupancy o WHERE o.household_id = h.id AND o.until_date IS NULL))
""",
    ),
    Invariant(
        "estate.person.erased",
        "资料已删除的住户,各处都不再留姓名、电话和敏感信息",
        looked_at=lambda at: Person.objects.exclude(erased_at=None).count(),
        broken=lambda at: _erased_but_known(),
    ),
    by_query(
        "estate.person.details",
        "小区没有打开的登记项,一条也没有存",
        looked_at="estate_persondetail",
        broken="""
SELECT d.item || ' #' || d.id FROM estate_persondetail d JOIN estate_person p ON p.id = d.person_id
WHERE NOT EXISTS (SELECT 1 FROM estate_detailswitch s WHERE s.estate_id = p.estate_id AND s.item = d.item)
""",
    ),
)
