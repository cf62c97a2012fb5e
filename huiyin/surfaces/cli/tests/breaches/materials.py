"""Breaches of stock, requisitions and counts."""

from huiyin.surfaces.cli.tests.breaches.shared import ANY

SETTLED = ANY.format("materials_requisition", "status = 'settled' AND subject_id IS NOT NULL")

MATERIALS = {
    "material.balance": "UPDATE materials_holding SET quantity = quantity + 1 WHERE id = (SELECT MIN(id) FROM materials_holding)",
    "material.slip": f"UPDATE materials_requisitionline SET used = used - 1 WHERE id = {ANY}".format(
        "materials_requisitionline", "used > 0"
    ),
    "material.settled": f"UPDATE materials_requisition SET status = 'issued' WHERE id = {SETTLED}",
    "material.bag": f"""UPDATE materials_requisitionline SET used = 0, returned = 0 WHERE requisition_id = {SETTLED};
        UPDATE materials_requisition SET status = 'issued' WHERE id = {SETTLED}""",
    "material.journal": "UPDATE materials_movement SET entry_id = 999999 WHERE id = (SELECT MIN(id) FROM materials_movement)",
    "material.count": f"UPDATE materials_countline SET counted = expected + 100, reason = '多了' WHERE id = {ANY}".format(
        "materials_countline", "counted = expected"
    ),
    "material.asset": f"UPDATE materials_fixedasset SET status = 'idle' WHERE id = {ANY}".format(
        "materials_fixedasset", "status = 'in_use'"
    ),
    "material.estate": "UPDATE materials_item SET estate_id = 999999 WHERE id = (SELECT MIN(item_id) FROM materials_movement)",
}
