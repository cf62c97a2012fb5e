"""What templates ask before they draw a button: `can.repairs_dispatch`. A misspelt right is an error, not a no."""

from huiyin.foundation.accounts.queries import Access

RIGHTS = (
    "today.see",
    "today.team",
    "estate.see",
    "estate.edit",
    "staffing.edit",
    "desk.see",
    "desk.register",
    "cases.see",
    "cases.work",
    "cases.merge",
    "cases.void",
    "cases.export",
    "complaints.verify",
    "complaints.decide",
    "complaints.reply",
    "complaints.close",
    "repairs.see",
    "repairs.dispatch",
    "repairs.work",
    "repairs.paper",
    "repairs.charge",
    "repairs.override",
    "repairs.set_up",
    "fees.see",
    "fees.charge",
    "fees.collect",
    "fees.void",
    "fees.waive",
    "fees.receive_cash",
    "fees.export",
    "materials.see",
    "materials.ask",
    "materials.issue",
    "materials.count",
    "materials.edit",
    "repairs.incident",
    "repairs.arrange",
    "upkeep.see",
    "upkeep.do",
    "upkeep.edit",
    "upkeep.accept",
    "return_visits.see",
    "return_visits.visit",
    "return_visits.excuse",
    "return_visits.review",
    "control.see",
    "figures.see",
    "record.see",
    "record.explain",
    "promises.decide",
    "calendar.edit",
    "integrations.edit",
    "standards.see",
    "standards.draft",
    "standards.publish",
    "house.run",
    "people.reveal",
    "people.export",
    "people.govern",
)
_BY_NAME = {right.replace(".", "_"): right for right in RIGHTS}


class Can:
    """The rights of one person in one estate (or, without an estate, anywhere), as attributes."""

    def __init__(self, access: Access, estate_id: int | None = None) -> None:
        self._access = access
        self._estate_id = estate_id

    def __getattr__(self, name: str) -> bool:
        right = _BY_NAME.get(name)
        if right is None:
            raise AttributeError(f"no right is called {name}")
        return self._access.may(right, self._estate_id)
