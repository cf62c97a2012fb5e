"""What must hold of work orders."""

from huiyin.foundation.invariants import by_query

_OVER = "status IN ('closed', 'voided')"

INVARIANTS = (
    by_query(
        "order.case",
        "在办的维修单,事项也开着,而且一件事项只有一张在办",
        looked_at=f"repairs_workorder WHERE NOT {_OVER}",
        broken=f"""
SELECT o.number FROM repairs_workorder o JOIN cases_case c ON c.id = o.case_id
WHERE NOT o.{_OVER} AND c.status NOT IN ('new', 'working', 'on_hold')
UNION ALL
SELECT MIN(o.number) FROM repairs_workorder o WHERE NOT o.{_OVER} GROUP BY o.case_id HAVING COUNT(*) > 1
""",
    ),
    by_query(
        "order.accepted",
        "验收了的维修单都有客户签名,或纸单编号和签收人",
        looked_at="repairs_workorder WHERE status = 'closed'",
        broken="""
SELECT number FROM repairs_workorder WHERE status = 'closed' AND NOT (
    (acceptance = 'signature' AND signature_id IS NOT NULL AND signer <> '')
    OR (acceptance = 'paper' AND paper_slip <> '' AND signer <> ''))
""",
    ),
    by_query(
        "order.last",
        "办结的报修,最后一张维修单是客户验收了的",
        looked_at="cases_case WHERE kind = 'repair' AND status = 'closed'",
        broken="""
SELECT c.number FROM repairs_workorder o
JOIN (SELECT case_id, MAX(id) AS last_id FROM repairs_workorder GROUP BY case_id) l ON l.last_id = o.id
JOIN cases_case c ON c.id = o.case_id
WHERE c.kind <> 'repair' OR c.estate_id <> o.estate_id OR (c.status = 'closed' AND o.status <> 'closed')
""",
    ),
    by_query(
        "order.journal",
        "维修单现在的状态都有日志说明是怎么来的",
        looked_at="repairs_workorder",
        broken="""
SELECT o.number || ' ' || o.status FROM repairs_workorder o
WHERE NOT EXISTS (
    SELECT 1 FROM journal_entry e
    WHERE e.thread = 'case:' || o.case_id AND e.subject_type = 'repairs.order' AND e.subject_id = o.id
      AND CASE o.status
        WHEN 'closed' THEN e.kind = 'repairs.order.closed'
        WHEN 'finished' THEN e.kind = 'repairs.order.finished'
        WHEN 'working' THEN e.kind IN ('repairs.order.arrived', 'repairs.order.reworked')
        WHEN 'on_hold' THEN e.kind = 'repairs.order.held'
        WHEN 'accepted' THEN e.kind IN ('repairs.order.accepted', 'repairs.order.resumed')
        WHEN 'assigned' THEN e.kind = 'repairs.order.dispatched'
        WHEN 'voided' THEN e.kind = 'repairs.order.voided'
        ELSE e.kind IN ('repairs.order.registered', 'repairs.order.returned')
    END
)
""",
    ),
    by_query(
        "order.left",
        "离岗的人手里没有还要干的维修单",
        looked_at="accounts_user WHERE NOT is_active AND NOT is_system",
        broken="""
SELECT o.number || ' ' || u.username FROM repairs_workorder o JOIN accounts_user u ON u.id = o.technician_id
WHERE o.status IN ('assigned', 'accepted', 'working', 'on_hold') AND NOT u.is_active
""",
    ),
    by_query(
        "visit.spill",
        "弄脏地面通知的保洁,都由那张维修单的事项引起",
        looked_at="repairs_spill",
        broken="""
SELECT c.number FROM repairs_spill s JOIN repairs_workorder o ON o.id = s.order_id JOIN cases_case c ON c.id = s.case_id
WHERE c.raised_by_id IS NULL OR c.raised_by_id <> o.case_id OR c.estate_id <> o.estate_id
""",
    ),
    by_query(
        "visit.photo",
        "修前修后的照片,都是那张维修单的照片",
        looked_at="repairs_visitphoto",
        broken="""
SELECT o.number FROM repairs_visitphoto p JOIN repairs_workorder o ON o.id = p.order_id
JOIN files_storedfile f ON f.id = p.file_id WHERE f.subject_type <> 'repairs.order' OR f.subject_id <> p.order_id
""",
    ),
    by_query(
        "visit.entry",
        "进门、没进门都有日志说明",
        looked_at="repairs_unitentry",
        broken="""
SELECT o.number FROM repairs_unitentry u JOIN repairs_workorder o ON o.id = u.order_id
WHERE NOT EXISTS (
    SELECT 1 FROM journal_entry e
    WHERE e.thread = 'case:' || o.case_id AND e.subject_type = 'repairs.order' AND e.subject_id = o.id
      AND e.kind = CASE WHEN u.let_in THEN 'repairs.order.let_in' ELSE 'repairs.order.not_let_in' END
)
""",
    ),
)
