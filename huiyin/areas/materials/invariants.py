"""What must hold of materials: balances are the sum of movements, slips count what moved, nothing stays open behind."""

from huiyin.foundation.invariants import by_query

_SUMS = """
SELECT item_id, place_id, SUM(quantity) AS n FROM (
    SELECT item_id, to_place_id AS place_id, quantity FROM materials_movement WHERE to_place_id IS NOT NULL
    UNION ALL
    SELECT item_id, from_place_id AS place_id, -quantity FROM materials_movement WHERE from_place_id IS NOT NULL
) moved GROUP BY item_id, place_id
"""

_LEFT_BY = {
    "set_aside": "idle",
    "put_back": "in_use",
    "sent_to_repair": "repairing",
    "scrapped": "scrapped",
    "lost": "lost",
    "found": "in_use",
}
_ASSET_MOVES = ", ".join(f"'materials.asset.{step}'" for step in _LEFT_BY)
_ASSET_STATUS = " ".join(f"WHEN 'materials.asset.{step}' THEN '{status}'" for step, status in _LEFT_BY.items())
INVARIANTS = (
    by_query(
        "material.balance",
        "每处库存都等于它的进出之和,而且不小于零",
        looked_at="materials_holding",
        broken=f"""
SELECT 'holding ' || h.id FROM materials_holding h
LEFT JOIN ({_SUMS}) s ON s.item_id = h.item_id AND s.place_id = h.place_id
WHERE h.quantity < 0 OR h.quantity <> COALESCE(s.n, 0)
UNION ALL
SELECT 'item ' || s.item_id || ' place ' || s.place_id FROM ({_SUMS}) s
LEFT JOIN materials_holding h ON h.item_id = s.item_id AND h.place_id = s.place_id
WHERE h.id IS NULL AND s.n <> 0
""",
    ),
    by_query(
        "material.slip",
        "领料单上发的、用的、退的,都等于它的进出",
        looked_at="materials_requisitionline",
        broken="""
SELECT r.number || ' #' || l.id FROM materials_requisitionline l
JOIN materials_requisition r ON r.id = l.requisition_id
LEFT JOIN (
    SELECT line_id,
        SUM(CASE WHEN kind = 'issue' THEN quantity ELSE 0 END) AS issued,
        SUM(CASE WHEN kind = 'use' THEN quantity ELSE 0 END) AS used,
        SUM(CASE WHEN kind = 'return' THEN quantity ELSE 0 END) AS returned
    FROM materials_movement WHERE line_id IS NOT NULL GROUP BY line_id
) m ON m.line_id = l.id
WHERE l.issued <> COALESCE(m.issued, 0) OR l.used <> COALESCE(m.used, 0) OR l.returned <> COALESCE(m.returned, 0)
    OR l.used + l.returned > l.issued OR (r.status IN ('asked', 'voided') AND l.issued <> 0)
""",
    ),
    by_query(
        "material.settled",
        "结清了的领料单,发的都用了或退了;没结清的还有没说明的",
        looked_at="materials_requisition WHERE status IN ('issued', 'settled') AND subject_id IS NOT NULL",
        broken="""
SELECT r.number FROM materials_requisition r
JOIN (
    SELECT requisition_id, SUM(issued - used - returned) AS n FROM materials_requisitionline GROUP BY requisition_id
) l ON l.requisition_id = r.id
WHERE r.subject_id IS NOT NULL AND ((r.status = 'settled' AND l.n <> 0) OR (r.status = 'issued' AND l.n = 0))
""",
    ),
    by_query(
        "material.bag",
        "领料单上没说明的,都还在领料人的包里",
        looked_at="materials_requisition WHERE status = 'issued'",
        broken="""
SELECT c.number || ' #' || c.item_id FROM (
    SELECT MIN(r.number) AS number, r.estate_id, r.technician_id, l.item_id,
        SUM(l.issued - l.used - l.returned) AS claimed
    FROM materials_requisitionline l JOIN materials_requisition r ON r.id = l.requisition_id
    WHERE r.status = 'issued' GROUP BY r.estate_id, r.technician_id, l.item_id
) c
LEFT JOIN materials_place p ON p.kind = 'bag' AND p.estate_id = c.estate_id AND p.holder_id = c.technician_id
LEFT JOIN materials_holding h ON h.place_id = p.id AND h.item_id = c.item_id
WHERE c.claimed > COALESCE(h.quantity, 0)
""",
    ),
    by_query(
        "material.journal",
        "每一笔进出都有同一时刻、同一个人的日志",
        looked_at="materials_movement",
        broken="""
SELECT 'movement ' || m.id FROM materials_movement m LEFT JOIN journal_entry e ON e.id = m.entry_id
WHERE e.id IS NULL OR e.at <> m.at OR e.actor_id <> m.actor_id OR e.estate_id <> m.estate_id
""",
    ),
    by_query(
        "material.count",
        "过了账的清点,每个差异都有一笔盘盈或盘亏和原因",
        looked_at="materials_count WHERE status = 'posted'",
        broken="""
SELECT c.number || ' #' || l.item_id FROM materials_countline l JOIN materials_count c ON c.id = l.count_id
WHERE c.status = 'posted' AND (l.counted IS NULL OR (l.counted <> l.expected AND (l.reason = '' OR NOT EXISTS (
    SELECT 1 FROM materials_movement m JOIN journal_entry e ON e.id = m.entry_id
    WHERE e.subject_type = 'materials.count' AND e.subject_id = c.id AND m.item_id = l.item_id
      AND ((m.kind = 'surplus' AND m.quantity = l.counted - l.expected)
        OR (m.kind = 'shortage' AND m.quantity = l.expected - l.counted))))))
""",
    ),
    by_query(
        "material.asset",
        "固定资产的状态和它的日志一致;报废、遗失的都有原因",
        looked_at="materials_fixedasset",
        broken=f"""
SELECT a.number FROM materials_fixedasset a
LEFT JOIN journal_entry e ON e.id = (
    SELECT MAX(m.id) FROM journal_entry m WHERE m.thread = 'asset:' || a.id AND m.kind IN ({_ASSET_MOVES}))
WHERE a.status <> CASE e.kind {_ASSET_STATUS} ELSE 'in_use' END OR (a.status IN ('scrapped', 'lost') AND a.reason = '')
""",
    ),
    by_query(
        "material.estate",
        "材料、库房和领料单都在同一个小区",
        looked_at="materials_movement",
        broken="""
SELECT 'movement ' || m.id FROM materials_movement m JOIN materials_item i ON i.id = m.item_id
LEFT JOIN materials_place f ON f.id = m.from_place_id LEFT JOIN materials_place t ON t.id = m.to_place_id
WHERE i.estate_id <> m.estate_id OR COALESCE(f.estate_id, m.estate_id) <> m.estate_id
    OR COALESCE(t.estate_id, m.estate_id) <> m.estate_id
""",
    ),
)
