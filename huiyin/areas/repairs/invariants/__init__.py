"""What must hold of work orders."""

from huiyin.areas.repairs.invariants.quotes import QUOTES
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
    *QUOTES,
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
        "order.materials",
        "验收或作废的维修单,领的材料都说明了用了还是退了",
        looked_at="materials_requisition WHERE subject_type = 'repairs.order'",
        broken=f"""
SELECT o.number || ' ' || r.number FROM materials_requisition r
JOIN repairs_workorder o ON r.subject_type = 'repairs.order' AND o.id = r.subject_id
WHERE o.{_OVER} AND r.status NOT IN ('settled', 'voided')
""",
    ),
    by_query(
        "order.offered",
        "放出来抢的单都还等着派;抢走的都有人,而且记了是抢的",
        looked_at="repairs_offer",
        broken="""
SELECT o.number FROM repairs_offer f JOIN repairs_workorder o ON o.id = f.order_id
WHERE f.state = 'open' AND o.status <> 'new'
UNION ALL
SELECT o.number FROM repairs_offer f JOIN repairs_workorder o ON o.id = f.order_id
WHERE f.state = 'taken' AND NOT EXISTS (
    SELECT 1 FROM journal_entry e WHERE e.thread = 'case:' || o.case_id AND e.subject_id = o.id
      AND e.kind = 'repairs.order.dispatched' AND e.at = f.ended_at AND e.actor_id = f.taken_by_id)
""",
    ),
    by_query(
        "order.transfer",
        "等人接的转单,单还在转出的人手里",
        looked_at="repairs_transfer WHERE state = 'asked'",
        broken="""
SELECT o.number FROM repairs_transfer t JOIN repairs_workorder o ON o.id = t.order_id
WHERE t.state = 'asked'
  AND (o.technician_id IS NULL OR o.technician_id <> t.giver_id
       OR o.status NOT IN ('assigned', 'accepted', 'working'))
""",
    ),
    by_query(
        "order.turn",
        "每一次轮派都真的派出去了,派给了轮到的人",
        looked_at="repairs_turn",
        broken="""
SELECT o.number FROM repairs_turn t JOIN repairs_workorder o ON o.id = t.order_id
WHERE o.estate_id <> t.estate_id OR NOT EXISTS (
    SELECT 1 FROM journal_entry e WHERE e.thread = 'case:' || o.case_id AND e.subject_id = o.id
      AND e.kind = 'repairs.order.dispatched' AND e.at = t.given_at)
   OR (o.dispatched_at = t.given_at AND o.technician_id <> t.technician_id)
""",
    ),
    by_query(
        "incident.owed",
        "进行中的共因事件都有人欠着结束或改时间,结束了的不再欠",
        looked_at="repairs_incident",
        broken="""
SELECT i.number FROM repairs_incident i
WHERE i.status = 'open' AND NOT EXISTS (
    SELECT 1 FROM standards_commitment k
    WHERE k.subject_type = 'repairs.incident' AND k.subject_id = i.id AND k.ended_at IS NULL
)
UNION ALL
SELECT i.number || ' ' || k.does FROM repairs_incident i
JOIN standards_commitment k ON k.subject_type = 'repairs.incident' AND k.subject_id = i.id
WHERE i.status = 'over' AND k.ended_at IS NULL
UNION ALL
SELECT i.number FROM repairs_incident i
WHERE NOT i.whole_estate AND NOT EXISTS (SELECT 1 FROM repairs_incidentplace p WHERE p.incident_id = i.id)
UNION ALL
SELECT i.number FROM repairs_incident i JOIN repairs_workorder o ON o.id = i.leading_order_id
WHERE o.estate_id <> i.estate_id
""",
    ),
    by_query(
        "copies.accepted",
        "等着两联的维修单都是验收了的;交回、核对都有日志",
        looked_at="repairs_ordercopies",
        broken="""
SELECT o.number FROM repairs_ordercopies c JOIN repairs_workorder o ON o.id = c.order_id
WHERE o.status <> 'closed' OR o.estate_id <> c.estate_id
UNION ALL
SELECT o.number FROM repairs_ordercopies c JOIN repairs_workorder o ON o.id = c.order_id
WHERE (c.back_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM journal_entry e WHERE e.thread = 'case:' || o.case_id
          AND e.kind = 'repairs.copies.returned' AND e.subject_id = c.id))
   OR (c.seen_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM journal_entry e WHERE e.thread = 'case:' || o.case_id
          AND e.kind = 'repairs.copies.seen' AND e.subject_id = c.id))
""",
    ),
    by_query(
        "talk.follow_up",
        "沟通后要办的事都落在一件事项上,录入人和单在同一个小区",
        looked_at="repairs_communicationnote",
        broken="""
SELECT o.number FROM repairs_communicationnote t JOIN repairs_workorder o ON o.id = t.order_id
LEFT JOIN cases_case k ON k.id = t.follow_up_case_id
WHERE o.estate_id <> t.estate_id
   OR (t.follow_up <> '' AND k.id IS NULL)
   OR (k.id IS NOT NULL AND k.id <> o.case_id AND (k.raised_by_id IS NULL OR k.raised_by_id <> o.case_id))
""",
    ),
    by_query(
        "contact.decided",
        "核到的联系方式,定的人不是核的人,等着的和定了的都有日志",
        looked_at="repairs_contactchange",
        broken="""
SELECT o.number FROM repairs_contactchange c JOIN repairs_workorder o ON o.id = c.order_id
WHERE c.decided_by_id = c.confirmed_by_id
   OR NOT EXISTS (
        SELECT 1 FROM journal_entry e WHERE e.subject_type = 'repairs.contact' AND e.subject_id = c.id AND CASE c.status
            WHEN 'same' THEN e.kind = 'repairs.contact.confirmed'
            WHEN 'proposed' THEN e.kind = 'repairs.contact.proposed'
            ELSE e.kind = 'repairs.contact.decided'
        END)
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
    by_query(
        "dispatch.skills",
        "小区改过要会什么的故障,都是它能选的报修类别",
        looked_at="repairs_faultskill",
        broken="""
SELECT s.fault FROM repairs_faultskill s WHERE NOT EXISTS (
    SELECT 1 FROM cases_category g
    WHERE g.kind = 'repair' AND g.code = s.fault AND (g.estate_id IS NULL OR g.estate_id = s.estate_id)
)
""",
    ),
)
