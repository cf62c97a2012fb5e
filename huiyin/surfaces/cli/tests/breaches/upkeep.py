"""Breaches of plans, rounds and projects."""

from huiyin.surfaces.cli.tests.breaches.shared import ANY

DONE = ANY.format("upkeep_project", "status = 'completed'")

UPKEEP = {
    "upkeep.rounds": "UPDATE upkeep_round SET due_on = '2001-01-01' WHERE id = (SELECT MIN(id) FROM upkeep_round)",
    "upkeep.owed": f"""UPDATE standards_commitment SET ended_at = opened_at
        WHERE subject_type = 'upkeep.round' AND subject_id = {ANY}""".format("upkeep_round", "status = 'due'"),
    "upkeep.defect": f"UPDATE upkeep_round SET case_id = NULL WHERE id = {ANY}".format(
        "upkeep_round", "status = 'defect'"
    ),
    "upkeep.completed": f"""UPDATE upkeep_stage SET status = 'working', accepted_at = NULL
        WHERE id = (SELECT MIN(id) FROM upkeep_stage WHERE project_id = {DONE})""",
    "upkeep.stages": f"""UPDATE upkeep_stage SET responsible_id = (
            SELECT MIN(by_id) FROM upkeep_acceptance WHERE stage_id = upkeep_stage.id AND result = 'pass')
        WHERE id = {ANY}""".format("upkeep_stage", "status = 'accepted'"),
    "upkeep.homes": f"UPDATE journal_entry SET kind = 'upkeep.home.gone' WHERE id = {ANY}".format(
        "journal_entry", "kind = 'upkeep.home.finished'"
    ),
}
