"""Breaches of matters, contacts, complaints and return visits."""

from huiyin.surfaces.cli.tests.breaches.shared import ANY, OPEN

DESK = {
    "case.next_step": f"UPDATE cases_case SET next_step = '' WHERE id = {ANY}".format("cases_case", OPEN),
    "case.owed": f"""UPDATE standards_commitment SET ended_at = opened_at, state = 'waived'
        WHERE thread = 'case:' || {ANY}""".format("cases_case", OPEN),
    "case.owed_in_vain": f"UPDATE cases_case SET status = 'voided' WHERE id = {ANY}".format("cases_case", OPEN),
    "case.paused": "UPDATE cases_case SET status = 'working' WHERE status = 'on_hold'",
    "case.merged": f"""UPDATE cases_case SET status = 'merged', merged_into_id = id WHERE id = {ANY}""".format(
        "cases_case", OPEN
    ),
    "case.number": "DELETE FROM cases_case WHERE id = (SELECT MIN(id) FROM cases_case)",
    "case.journal": f"DELETE FROM journal_entry WHERE kind = 'cases.case.closed' AND subject_id = {ANY}".format(
        "cases_case", "status = 'closed'"
    ),
    "case.estate": "UPDATE cases_case SET estate_id = 999999 WHERE id = (SELECT MIN(id) FROM cases_case)",
    "case.left": f"""UPDATE cases_case SET responsible_id = (SELECT id FROM accounts_user WHERE username = 'weixiu4')
        WHERE id = {ANY}""".format("cases_case", OPEN),
    "complaint.case": f"UPDATE complaints_complaint SET status = 'closed' WHERE id = {ANY}".format(
        "complaints_complaint", "status <> 'closed'"
    ),
    "complaint.recusal": f"UPDATE complaints_complaint SET about_person_id = verified_by_id WHERE id = {ANY}".format(
        "complaints_complaint", "verified_by_id IS NOT NULL"
    ),
    "complaint.journal": "DELETE FROM journal_entry WHERE kind = 'complaints.complaint.closed'",
    "contact.ends": """UPDATE service_desk_contact SET status = 'answered', answer = ''
        WHERE id = (SELECT MIN(id) FROM service_desk_contact)""",
    "contact.cases": "DELETE FROM service_desk_contactcase WHERE id = (SELECT MIN(id) FROM service_desk_contactcase)",
    "contact.owed_in_vain": """UPDATE service_desk_contact SET status = 'answered', answer = '好'
        WHERE status = 'promised'""",
    "contact.number": "UPDATE numbers_counter SET last = last + 1 WHERE kind = 'contact'",
    "contact.journal": "DELETE FROM journal_entry WHERE kind = 'service_desk.contact.answered'",
    "incident.callers": "UPDATE service_desk_incidentcaller SET told_at = NULL WHERE told_at IS NOT NULL",
    "visit.drawn": f"UPDATE return_visits_returnvisit SET draw_id = NULL WHERE id = {ANY}".format(
        "return_visits_returnvisit", "round = 1"
    ),
    "visit.failed": f"""UPDATE return_visits_returnvisit SET status = 'failed', raised_case_id = NULL
        WHERE id = {ANY}""".format("return_visits_returnvisit", "status = 'done'"),
    "visit.doer": f"UPDATE return_visits_returnvisit SET doer_id = visitor_id WHERE id = {ANY}".format(
        "return_visits_returnvisit", "status = 'done'"
    ),
    "visit.owed": f"""UPDATE standards_commitment SET ended_at = opened_at, state = 'waived'
        WHERE subject_type = 'return_visits.visit' AND subject_id = {ANY}""".format(
        "return_visits_returnvisit", "status = 'due'"
    ),
    "visit.journal": "DELETE FROM journal_entry WHERE kind = 'return_visits.visit.made'",
    "visit.left": """UPDATE return_visits_returnvisit
        SET assigned_id = (SELECT id FROM accounts_user WHERE username = 'weixiu4') WHERE status = 'due'""",
    "past_case.estate": """INSERT INTO past_cases_source (id, estate_id, code, title) VALUES (1, 999999, 'x', 'x');
        INSERT INTO past_cases_importedcase (source_id, key, case_id, label, flag)
        SELECT 1, 'k', MIN(id), '', '' FROM cases_case""",
    "past_case.order": """INSERT INTO repairs_pastorder
        (case_id, estate_id, number, technician, charge, amount, materials)
        SELECT MIN(id), MIN(estate_id), 'x', '', '', 0, '' FROM cases_case""",
    "past_case.journal": """INSERT INTO past_cases_source (id, estate_id, code, title)
        SELECT 1, MIN(id), 'x', 'x' FROM estate_estate;
        INSERT INTO past_cases_importedcase (source_id, key, case_id, label, flag)
        SELECT 1, 'k', MIN(id), '', '' FROM cases_case""",
}
