"""What must hold of upkeep: no due date is skipped, what is owed is owed by somebody, nothing is accepted unseen."""

from huiyin.foundation.invariants import by_query

_OWED = "SELECT subject_id FROM standards_commitment WHERE subject_type = 'upkeep.round' AND ended_at IS NULL"
INVARIANTS = (
    by_query(
        "upkeep.rounds",
        "维保任务的日期都在首次和下次之间,而且任务和计划在同一个小区",
        looked_at="upkeep_round",
        broken="""
SELECT 'round ' || r.id FROM upkeep_round r JOIN upkeep_plan p ON p.id = r.plan_id
WHERE r.due_on < p.first_on OR r.due_on >= p.next_on OR r.estate_id <> p.estate_id
UNION ALL
SELECT 'plan ' || p.id FROM upkeep_plan p
WHERE p.next_on > p.first_on AND NOT EXISTS (SELECT 1 FROM upkeep_round r WHERE r.plan_id = p.id AND r.due_on = p.first_on)
""",
    ),
    by_query(
        "upkeep.owed",
        "没做的维保都有人欠着,做完、取消的不再欠",
        looked_at="upkeep_round",
        broken=f"""
SELECT 'round ' || r.id FROM upkeep_round r LEFT JOIN (SELECT DISTINCT subject_id FROM ({_OWED}) k) c ON c.subject_id = r.id
WHERE (r.status = 'due' AND c.subject_id IS NULL) OR (r.status <> 'due' AND c.subject_id IS NOT NULL)
""",
    ),
    by_query(
        "upkeep.defect",
        "维保发现的问题都立了报修事项,开了维修单",
        looked_at="upkeep_round WHERE status = 'defect'",
        broken="""
SELECT 'round ' || r.id FROM upkeep_round r LEFT JOIN cases_case c ON c.id = r.case_id
WHERE r.status = 'defect' AND (c.id IS NULL OR c.kind <> 'repair' OR c.estate_id <> r.estate_id
    OR NOT EXISTS (SELECT 1 FROM repairs_workorder o WHERE o.case_id = c.id))
""",
    ),
    by_query(
        "upkeep.completed",
        "竣工的工程每道工序都验收合格,也有竣工验收合格的记录;验收人不是负责人",
        looked_at="upkeep_project WHERE status = 'completed'",
        broken="""
SELECT p.number FROM upkeep_project p WHERE p.status = 'completed' AND (
    EXISTS (SELECT 1 FROM upkeep_stage s WHERE s.project_id = p.id AND s.status <> 'accepted')
    OR NOT EXISTS (SELECT 1 FROM upkeep_acceptance a WHERE a.project_id = p.id AND a.stage_id IS NULL
        AND a.result = 'pass' AND a.by_id <> p.responsible_id))
""",
    ),
    by_query(
        "upkeep.stages",
        "验收合格的工序都有验收记录,验收人不是工序负责人;前面没验收完的后面没有开始",
        looked_at="upkeep_stage",
        broken="""
SELECT 'stage ' || s.id FROM upkeep_stage s WHERE s.status = 'accepted' AND NOT EXISTS (
    SELECT 1 FROM upkeep_acceptance a WHERE a.stage_id = s.id AND a.result = 'pass' AND a.by_id <> s.responsible_id)
UNION ALL
SELECT 'stage ' || s.id FROM upkeep_stage s JOIN upkeep_stage e ON e.project_id = s.project_id AND e.position < s.position
WHERE s.started_at IS NOT NULL AND e.started_at IS NULL
""",
    ),
    by_query(
        "upkeep.homes",
        "竣工工程涉及的住户,有人住的每户都记了竣工,没竣工的都没有",
        looked_at="upkeep_projecthome",
        broken="""
SELECT p.number || ' ' || h.unit_id FROM upkeep_projecthome h JOIN upkeep_project p ON p.id = h.project_id
LEFT JOIN (SELECT DISTINCT subject_id FROM journal_entry WHERE kind = 'upkeep.home.finished') f ON f.subject_id = h.id
WHERE (f.subject_id IS NOT NULL AND p.status <> 'completed')
    OR (p.status = 'completed' AND h.household_id IS NOT NULL AND f.subject_id IS NULL)
""",
    ),
)
