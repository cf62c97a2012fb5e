"""Whatever somebody typed, no sheet that leaves the house carries a formula: read cell by cell over every export."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import python_calamine
from django.db import DatabaseError, models, transaction
from django.test import Client

from huiyin.areas.cases.models import Case
from huiyin.areas.complaints.models import Complaint
from huiyin.areas.estate.models import Person, Unit
from huiyin.areas.repairs.models import WorkOrder
from huiyin.areas.return_visits.models import ReturnVisit
from huiyin.areas.service_desk.models import Contact
from huiyin.foundation.accounts.models import User
from huiyin.foundation.kit.listing import DANGEROUS, harmless
from huiyin.surfaces.web.printing import FORMS
from tests.test_permission_table import RIGHT_OF, VIEWS, World, address, world

__all__ = ["world"]
Browsers = Callable[[User], Client]
KEPT = {"password", "number"}
TYPED = (Case, Contact, WorkOrder, ReturnVisit, Complaint, Person, Unit, User)
EXPORTS = sorted(name for name in VIEWS if name.endswith("export"))
HOUSE = Path(__file__).parents[1] / "huiyin"
EVIL = "HYPERLINK(1)"


def type_formulas(mark: str) -> set[str]:
    """Put a formula wherever a person may type; return the columns that took it."""
    taken = set()
    for model in TYPED:
        for field in model._meta.concrete_fields:
            if (
                not isinstance(field, (models.CharField, models.TextField))
                or field.choices
                or field.unique
                or field.name in KEPT
            ):
                continue
            text = f"{mark}{EVIL}"[: getattr(field, "max_length", None) or 40]
            try:
                with transaction.atomic():
                    model._default_manager.exclude(**{field.name: ""}).update(**{field.name: text})
            except DatabaseError:
                continue  # a column with words of its own
            taken.add(f"{model.__name__}.{field.name}")
    return taken


def test_every_export_is_under_the_right_to_export() -> None:
    found = {name for name in VIEWS if RIGHT_OF[name] == "cases.export" and name not in EXPORTS}
    assert found == {"repairs:print_talks", "return_visits:print_calls"}, "lists that are printed as registers only"
    assert len(EXPORTS) >= 5


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\uff1d"])
def test_no_export_carries_a_formula(mark: str, world: World, browser_of: Browsers, clock: object) -> None:
    assert {"Contact.text", "Case.text", "WorkOrder.work_done", "User.name"} <= type_formulas(mark)
    browser = browser_of(world.cast.director)
    evil = 0
    for name in EXPORTS:
        answer = browser.post(address(name, world), {"reason": "checking"})
        assert answer.status_code == 200, name
        data = b"".join(answer.streaming_content)
        answer.close()
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            sheets = [book.read(part).decode() for part in book.namelist() if part.startswith("xl/worksheets/")]
        assert not re.search(r"<f[ >]", "".join(sheets)), name
        cells = [cell for row in rows(data) for cell in row if isinstance(cell, str)]
        assert [cell for cell in cells if cell.startswith(DANGEROUS)] == [], name
        evil += sum(EVIL[:4] in cell for cell in cells)
    assert evil > 5, "what was typed is in the sheets, made harmless"


# Of these nobody who lives here is in, or figures with few names: roster, maintenance plan, assets, the month of return
# visits.
OPEN_REGISTERS = {"F-05", "F-28", "F-30", "F-37"}


def test_every_register_of_people_is_under_a_right_to_export() -> None:
    assert {form.code for form in FORMS.values() if form.register and not form.export} == OPEN_REGISTERS
    assert {form.export for form in FORMS.values() if form.export} == {"cases.export"}


def rows(data: bytes) -> list[list[object]]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


# Who writes tables: the one export; the sheets of our own words to fill in; the shell, which asks `harmless` too.
WRITERS = {"foundation/kit/listing.py", "foundation/kit/sheets.py", "surfaces/cli/report.py"}


def test_nobody_else_writes_tables() -> None:
    found = {
        str(file.relative_to(HOUSE))
        for file in HOUSE.rglob("*.py")
        if "tests" not in file.parts and re.search(r"xlsxwriter|csv\.(Dict)?[wW]riter", file.read_text("utf-8"))
    }
    assert found == WRITERS


@pytest.mark.parametrize("text", ["王丽", "3-2-1501", "", "'=1", "1+1"])
def test_other_words_are_left_as_they_are(text: str) -> None:
    assert harmless(text) == text
