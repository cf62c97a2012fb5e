"""Breaches of what the standards promise and draw."""

from huiyin.surfaces.cli.tests.breaches.shared import ANY

STANDARDS = {
    "commitment.evidence": """UPDATE standards_commitment SET met_by_id = (SELECT MIN(id) FROM journal_entry)
        WHERE id = (SELECT MAX(id) FROM standards_commitment WHERE state = 'met')""",
    "commitment.miss": "DELETE FROM standards_miss WHERE id = (SELECT MIN(id) FROM standards_miss)",
    "commitment.pause": f"UPDATE standards_commitment SET state = 'paused' WHERE id = {ANY}".format(
        "standards_commitment", "state = 'open'"
    ),
    "commitment.revision": f"UPDATE standards_commitment SET state = 'replaced', ended_at = opened_at WHERE id = {ANY}".format(
        "standards_commitment", "state = 'open'"
    ),
    "commitment.corrected": f"UPDATE standards_commitment SET state = 'met' WHERE id = {ANY}".format(
        "standards_commitment", "state = 'late'"
    ),
    "step.taken": """INSERT INTO standards_step
        (commitment_id, rule_code, position, at, who, "then", state, told_post, taken_at)
        SELECT id, 'x', 99, opened_at, 'subject', '[]', 'dropped', '', opened_at FROM standards_commitment
        ORDER BY id LIMIT 1""",
    "sweep.lag": f"""INSERT INTO jobs_schedulerow (name, task, every, next_run_at, last_run_at)
        VALUES ('x', 'x', '1', '2026-01-01', '2026-01-01');
        UPDATE standards_commitment SET due_at = '2026-01-01 00:00:00' WHERE id = {ANY}""".format(
        "standards_commitment", "state = 'open'"
    ),
    "draw.counts": "UPDATE standards_stratum SET seen = seen + 1 WHERE id = (SELECT MIN(id) FROM standards_stratum)",
    "draw.repeatable": """UPDATE standards_draw SET taken = NOT taken
        WHERE id = (SELECT MIN(id) FROM standards_draw WHERE position IS NOT NULL)""",
    "draw.share": "UPDATE standards_stratum SET taken = 0",
    "duty.promise": "UPDATE standards_occurrence SET commitment_id = NULL WHERE id = (SELECT MIN(id) FROM standards_occurrence)",
    "duty.done": f"UPDATE standards_occurrence SET done_note = '办了' WHERE commitment_id = {ANY}".format(
        "standards_commitment", "state = 'open' AND subject_type = 'standards.duty'"
    ),
    "threshold.counted": """UPDATE journal_entry SET kind = 'standards.threshold.reached'
        WHERE id = (SELECT MAX(id) FROM journal_entry)""",
    "standard.drafted": "UPDATE standards_standard SET estate_id = 1 WHERE code = 's0'",
    "standard.adopted": "UPDATE standards_adoption SET standard_id = 999999",
    "commitment.owed": f"UPDATE standards_commitment SET owner_id = NULL, owner_post = 'nobody' WHERE id = {ANY}".format(
        "standards_commitment", "ended_at IS NULL"
    ),
}
