"""What must hold of the ledger: every contact came to something, and no line is missing."""

from huiyin.foundation.invariants import by_query

INVARIANTS = (
    by_query(
        "contact.ends",
        "来电来访都有着落:已答复、已约定、已转事项,或者有人欠着给它一个着落",
        looked_at="service_desk_contact",
        broken="""
SELECT c.number FROM service_desk_contact c
WHERE c.status IN ('open', 'promised') AND NOT EXISTS (
    SELECT 1 FROM standards_commitment k WHERE k.thread = 'contact:' || c.id AND k.ended_at IS NULL
)
UNION ALL
SELECT c.number FROM service_desk_contact c
WHERE (c.status = 'answered' AND (c.answer = '' OR c.settled_at IS NULL))
   OR (c.status = 'promised' AND (c.promised_at IS NULL OR c.promised_by_id IS NULL))
""",
    ),
    by_query(
        "contact.cases",
        "转了事项的来电来访真有事项,没转的没有",
        looked_at="service_desk_contact",
        broken="""
SELECT c.number FROM service_desk_contact c
WHERE c.status = 'passed_on'
  AND NOT EXISTS (SELECT 1 FROM service_desk_contactcase o WHERE o.contact_id = c.id)
UNION ALL
SELECT c.number FROM service_desk_contactcase o JOIN service_desk_contact c ON c.id = o.contact_id
JOIN cases_case k ON k.id = o.case_id
WHERE c.status <> 'passed_on' OR k.estate_id <> c.estate_id
""",
    ),
    by_query(
        "contact.owed_in_vain",
        "已经了结的来电来访不再欠承诺",
        looked_at="service_desk_contact WHERE status IN ('answered', 'passed_on')",
        broken="""
SELECT c.number || ' ' || k.does FROM standards_commitment k
JOIN service_desk_contact c ON c.id = CAST(SUBSTR(k.thread, 9) AS INTEGER)
WHERE k.ended_at IS NULL AND k.thread LIKE 'contact:%' AND c.status IN ('answered', 'passed_on')
""",
    ),
    by_query(
        "contact.number",
        "来电来访的序号按小区和日期连续,与号码簿一致",
        looked_at="service_desk_contact",
        broken="""
WITH kept AS (
    SELECT c.estate_id, SUBSTR(c.number, 1, LENGTH(e.code) + 8) AS head, COUNT(*) AS n,
           MIN(CAST(SUBSTR(c.number, LENGTH(e.code) + 10) AS INTEGER)) AS lowest,
           MAX(CAST(SUBSTR(c.number, LENGTH(e.code) + 10) AS INTEGER)) AS highest
    FROM service_desk_contact c JOIN estate_estate e ON e.id = c.estate_id
    GROUP BY c.estate_id, SUBSTR(c.number, 1, LENGTH(e.code) + 8)
), given AS (
    SELECT k.estate_id, k.last,
           e.code || '-L' || SUBSTR(CAST(k.day AS TEXT), 3, 2) || SUBSTR(CAST(k.day AS TEXT), 6, 2)
               || SUBSTR(CAST(k.day AS TEXT), 9, 2) AS head
    FROM numbers_counter k JOIN estate_estate e ON e.id = k.estate_id WHERE k.kind = 'contact'
)
SELECT kept.head FROM kept LEFT JOIN given ON given.estate_id = kept.estate_id AND given.head = kept.head
WHERE given.last IS NULL OR given.last <> kept.n OR kept.lowest <> 1 OR kept.highest <> kept.n
UNION ALL
SELECT given.head FROM given LEFT JOIN kept ON given.estate_id = kept.estate_id AND given.head = kept.head
WHERE kept.head IS NULL
""",
    ),
    by_query(
        "contact.journal",
        "来电来访现在的结果都有日志说明是怎么来的",
        looked_at="service_desk_contact",
        broken="""
SELECT c.number || ' ' || c.status FROM service_desk_contact c
WHERE NOT EXISTS (
    SELECT 1 FROM journal_entry e WHERE e.thread = 'contact:' || c.id AND CASE c.status
        WHEN 'answered' THEN e.kind = 'service_desk.contact.answered'
        WHEN 'promised' THEN e.kind IN ('service_desk.contact.promised', 'service_desk.contact.callback_asked')
        WHEN 'passed_on' THEN e.kind = 'service_desk.contact.passed_on'
        ELSE e.kind = 'service_desk.contact.registered'
    END
)
""",
    ),
    by_query(
        "incident.callers",
        "问过共因事件的人都得了答复或事项;要听结果的,结束后告诉了或者有人欠着",
        looked_at="service_desk_incidentcaller",
        broken="""
SELECT c.number || ' ' || c.status FROM service_desk_incidentcaller a
JOIN service_desk_contact c ON c.id = a.contact_id
JOIN repairs_incident i ON i.id = a.incident_id
WHERE c.estate_id <> i.estate_id
   OR (a.case_id IS NULL AND c.status <> 'answered')
   OR (a.case_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM service_desk_contactcase o WHERE o.contact_id = a.contact_id AND o.case_id = a.case_id))
UNION ALL
SELECT c.number || ' ' || i.number FROM service_desk_incidentcaller a
JOIN service_desk_contact c ON c.id = a.contact_id
JOIN repairs_incident i ON i.id = a.incident_id
WHERE a.wants_telling AND a.told_at IS NULL AND i.status = 'over' AND NOT EXISTS (
    SELECT 1 FROM standards_commitment k
    WHERE k.subject_type = 'service_desk.incident_caller' AND k.subject_id = a.id AND k.ended_at IS NULL
)
UNION ALL
SELECT c.number || ' ' || i.number FROM service_desk_incidentcaller a
JOIN service_desk_contact c ON c.id = a.contact_id
JOIN repairs_incident i ON i.id = a.incident_id
WHERE a.told_at IS NOT NULL AND (i.status <> 'over' OR a.told_at < i.over_at)
""",
    ),
)
