"""Breaches of work orders."""

from huiyin.surfaces.cli.tests.breaches.shared import ANY

REPAIRS = {
    "order.case": f"UPDATE repairs_workorder SET status = 'finished' WHERE id = {ANY}".format(
        "repairs_workorder", "status = 'closed'"
    ),
    "order.accepted": f"UPDATE repairs_workorder SET signer = '', acceptance = '' WHERE id = {ANY}".format(
        "repairs_workorder", "status = 'closed'"
    ),
    "order.last": f"UPDATE repairs_workorder SET status = 'voided' WHERE id = {ANY}".format(
        "repairs_workorder", "status = 'closed'"
    ),
    "order.journal": "DELETE FROM journal_entry WHERE kind = 'repairs.order.closed'",
    "order.left": f"""UPDATE repairs_workorder SET technician_id = (SELECT id FROM accounts_user WHERE username = 'weixiu4')
        WHERE id = {ANY}""".format("repairs_workorder", "status = 'accepted'"),
    "order.quote_hash": "UPDATE repairs_quoteline SET title = '改过' WHERE id = (SELECT MIN(id) FROM repairs_quoteline)",
    "order.accepted_hash": "UPDATE repairs_accepted SET work_done = '改过' WHERE id = (SELECT MIN(id) FROM repairs_accepted)",
    "order.consent": "UPDATE repairs_workstart SET started_at = '2026-01-01' WHERE id = (SELECT MIN(id) FROM repairs_workstart)",
    "order.posted": """UPDATE repairs_tariffitem SET valid_to = '2026-10-20'
        WHERE id = (SELECT MIN(item_id) FROM repairs_quoteline)""",
    "order.materials": """UPDATE materials_requisition SET status = 'issued'
        WHERE subject_type = 'repairs.order' AND status = 'settled'""",
    "order.offered": """UPDATE repairs_workorder SET status = 'voided'
        WHERE id = (SELECT MIN(order_id) FROM repairs_offer WHERE state = 'open')""",
    "order.transfer": """UPDATE repairs_workorder SET technician_id = (
            SELECT MIN(receiver_id) FROM repairs_transfer WHERE state = 'asked' AND order_id = repairs_workorder.id)
        WHERE id = (SELECT MIN(order_id) FROM repairs_transfer WHERE state = 'asked')""",
    "order.turn": """UPDATE repairs_turn
        SET technician_id = (SELECT MIN(id) FROM accounts_user WHERE id <> repairs_turn.technician_id)""",
    "dispatch.skills": "INSERT INTO repairs_faultskill (estate_id, fault, skill) VALUES (1, '没有这类', '')",
    "incident.owed": """UPDATE repairs_incident SET status = 'over', over_at = opened_at, over_sentence = '好了'
        WHERE status = 'open'""",
    "copies.accepted": "DELETE FROM journal_entry WHERE kind = 'repairs.copies.seen'",
    "talk.follow_up": """UPDATE repairs_communicationnote SET follow_up = '再上门', follow_up_case_id = NULL
        WHERE id = (SELECT MIN(id) FROM repairs_communicationnote)""",
    "contact.decided": f"""UPDATE repairs_contactchange SET decided_by_id = confirmed_by_id, decided_at = confirmed_at
        WHERE id = {ANY}""".format("repairs_contactchange", "status = 'proposed'"),
    "visit.spill": "UPDATE cases_case SET raised_by_id = NULL WHERE id = (SELECT MIN(case_id) FROM repairs_spill)",
    "visit.photo": """INSERT INTO repairs_visitphoto (file_id, order_id, stage)
        SELECT MIN(id), (SELECT MIN(id) FROM repairs_workorder), 'before' FROM files_storedfile
        WHERE subject_type <> 'repairs.order'""",
    "visit.entry": "UPDATE repairs_unitentry SET let_in = NOT let_in WHERE id = (SELECT MIN(id) FROM repairs_unitentry)",
}
