"""Breaches of the estate, its people and posts."""

from huiyin.surfaces.cli.tests.breaches.shared import ANY

ESTATE = {
    "estate.person.erased": "UPDATE estate_person SET erased_at = '2026-01-01' WHERE id = (SELECT MIN(id) FROM estate_person)",
    "estate.person.details": """INSERT INTO estate_persondetail (person_id, item, value, recorded_at)
        SELECT MIN(id), 'birthday', '', '2026-01-01' FROM estate_person""",
    "estate.unit": "UPDATE estate_building SET estate_id = 999999",
    "estate.household": f"UPDATE estate_occupancy SET until_date = '2026-11-01' WHERE household_id = {ANY}".format(
        "estate_household", "1 = 1"
    ),
    "staffing.left": "UPDATE accounts_user SET is_active = FALSE WHERE username = 'banzhang'",
    "staffing.ladder": """UPDATE staffing_post SET estate_id = 999999 WHERE code = 'estate_manager'""",
}
