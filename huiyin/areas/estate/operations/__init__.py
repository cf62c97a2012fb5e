"""Opening estates and units, and keeping who lives in them. Every line of a unit stands in the thread `unit:<id>`."""

from huiyin.areas.estate.operations.estates import (
    NotOpened,
    correct_unit,
    describe_building,
    open_building,
    open_company,
    open_entrance,
    open_estate,
    open_unit,
    open_unit_in,
)
from huiyin.areas.estate.operations.households import (
    HouseholdInvalid,
    PersonInvalid,
    add_person,
    add_phone,
    change_phone,
    correct_kind,
    correct_name,
    correct_person,
    drop_phone,
    move_in,
    move_out,
    person_leaves,
)
from huiyin.areas.estate.operations.importing import SheetWrong, import_sheet
from huiyin.areas.estate.operations.personal_data import (
    DetailInvalid,
    NotErased,
    erase_person,
    record_details,
    switch_detail,
)
from huiyin.areas.estate.operations.staging import begin_check, check, confirm, hand_in, take_in
from huiyin.areas.estate.rules.residents import NewResident

__all__ = [
    "DetailInvalid",
    "HouseholdInvalid",
    "NewResident",
    "NotErased",
    "NotOpened",
    "PersonInvalid",
    "SheetWrong",
    "add_person",
    "add_phone",
    "begin_check",
    "change_phone",
    "check",
    "confirm",
    "correct_kind",
    "correct_name",
    "correct_person",
    "correct_unit",
    "describe_building",
    "drop_phone",
    "erase_person",
    "hand_in",
    "import_sheet",
    "move_in",
    "move_out",
    "open_building",
    "open_company",
    "open_entrance",
    "open_estate",
    "open_unit",
    "open_unit_in",
    "person_leaves",
    "record_details",
    "switch_detail",
    "take_in",
]
