"""What must hold of estates and of everything that names one by number."""

from huiyin.foundation.invariants import by_query

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
)
