"""What an estate may record beyond name and phone, and erasing a person: refusals first."""

from datetime import date, datetime
from typing import Any

import pytest

from huiyin.areas.estate import operations, queries
from huiyin.areas.estate.models import DetailSwitch, Estate, Household, Occupancy, Person, PersonDetail, Phone
from huiyin.areas.estate.operations import DetailInvalid, NewResident, NotErased
from huiyin.areas.estate.rules.details import DETAILS, read_detail
from huiyin.areas.estate.tests.factories import family_in
from huiyin.foundation.accounts.queries import system_actor
from huiyin.foundation.journal.models import Entry

ID_NUMBER = "11010519491231002X"


@pytest.fixture
def by(at: datetime) -> dict[str, Any]:
    return {"actor": system_actor(), "at": at}


@pytest.fixture
def owner(home: Household) -> Occupancy:
    return home.occupancies.select_related("person", "household__unit").get()


class TestReading:
    @pytest.mark.parametrize(
        ("code", "said", "read"),
        [
            ("id_number", "110105 19491231 002x", ID_NUMBER),
            ("id_number", "110105194912310021", None),
            ("id_number", "110105194913310028", None),
            ("birthday", "1949/12/31", "1949-12-31"),
            ("birthday", "十二月", None),
            ("health", "  膝盖不好 ", "膝盖不好"),
            ("health", "长" * 201, None),
        ],
    )
    def test_an_item_is_read_into_one_spelling(self, code: str, said: str, read: str | None) -> None:
        assert read_detail(code, said) == read


class TestSwitching:
    def test_nothing_is_recorded_until_it_is_switched_on(self, owner: Occupancy, by: dict[str, Any]) -> None:
        assert queries.details_recorded(owner.person.estate_id) == {}
        for item in DETAILS:
            with pytest.raises(DetailInvalid, match="不登记这一项"):
                operations.record_details(owner, said={item: "x"}, **by)
        assert not PersonDetail.objects.exists()

    def test_switching_on_needs_a_reason(self, estate: Estate, by: dict[str, Any]) -> None:
        with pytest.raises(DetailInvalid, match="为什么需要"):
            operations.switch_detail(estate, item="birthday", on=True, note=" ", **by)
        assert not DetailSwitch.objects.exists()

    def test_an_item_there_is_not_is_refused(self, estate: Estate, by: dict[str, Any]) -> None:
        with pytest.raises(DetailInvalid, match="没有这一项"):
            operations.switch_detail(estate, item="religion", on=True, note="x", **by)

    def test_switching_off_deletes_what_was_recorded(
        self, owner: Occupancy, estate: Estate, by: dict[str, Any]
    ) -> None:
        for item in ("birthday", "health"):
            operations.switch_detail(estate, item=item, on=True, note="业委会同意", **by)
        operations.record_details(owner, said={"birthday": "1949-12-31", "health": "心脏病"}, **by)
        assert operations.switch_detail(estate, item="birthday", on=False, **by) == 1
        assert queries.details_of(owner.person) == [("健康情况", "心脏病")]
        line = Entry.objects.get(kind="estate.estate.detail_switched_off")
        assert line.values == {"item": "birthday", "deleted": 1}

    def test_the_switch_is_the_estates_own(self, owner: Occupancy, cast: Any, by: dict[str, Any]) -> None:
        other = Estate.objects.get(code="BJ")
        operations.switch_detail(other, item="birthday", on=True, note="试点", **by)
        with pytest.raises(DetailInvalid):
            operations.record_details(owner, said={"birthday": "1949-12-31"}, **by)


class TestRecording:
    @pytest.fixture(autouse=True)
    def on(self, estate: Estate, by: dict[str, Any]) -> None:
        for item in DETAILS:
            operations.switch_detail(estate, item=item, on=True, note="业委会同意", **by)

    def test_what_was_said_is_kept_and_the_journal_says_only_which(self, owner: Occupancy, by: dict[str, Any]) -> None:
        operations.record_details(owner, said={"id_number": ID_NUMBER.lower(), "employer": "第一中学"}, **by)
        assert queries.details_of(owner.person) == [("身份证号", ID_NUMBER), ("工作单位", "第一中学")]
        line = Entry.objects.get(kind="estate.person.details_recorded")
        assert (line.subject_id, line.values) == (owner.person_id, {"items": "身份证号、工作单位"})

    def test_the_same_again_writes_nothing_and_empty_deletes(self, owner: Occupancy, by: dict[str, Any]) -> None:
        operations.record_details(owner, said={"employer": "第一中学"}, **by)
        operations.record_details(owner, said={"employer": "第一中学"}, **by)
        operations.record_details(owner, said={"employer": " "}, **by)
        assert Entry.objects.filter(kind="estate.person.details_recorded").count() == 2
        assert queries.details_known(owner.person) == set()

    def test_what_cannot_be_is_refused_whole(self, owner: Occupancy, by: dict[str, Any]) -> None:
        with pytest.raises(DetailInvalid, match="身份证号看起来不对"):
            operations.record_details(owner, said={"employer": "第一中学", "id_number": "123"}, **by)
        assert not PersonDetail.objects.exists()


class TestErasing:
    def leave(self, owner: Occupancy, by: dict[str, Any]) -> Person:
        operations.move_out(owner.household, until_date=date(2026, 11, 25), **by)
        return owner.person

    def test_who_lives_here_stays(self, owner: Occupancy, by: dict[str, Any]) -> None:
        with pytest.raises(NotErased, match="还住在 3-2-1501"):
            operations.erase_person(owner.person, reason="本人申请", **by)
        assert Person.objects.get(pk=owner.person_id).name == "王丽"

    @pytest.mark.parametrize(
        ("reason", "says"),
        [(" ", "请写明依据"), ("王丽本人申请", "不要写姓名"), ("13800138000 来电", "不要写姓名和电话")],
    )
    def test_the_reason_is_there_and_names_nobody(
        self, owner: Occupancy, by: dict[str, Any], reason: str, says: str
    ) -> None:
        person = self.leave(owner, by)
        with pytest.raises(NotErased, match=says):
            operations.erase_person(person, reason=reason, **by)
        assert Phone.objects.filter(person=person).exists()

    def test_name_phones_and_details_go_and_the_journal_keeps_the_number(
        self, owner: Occupancy, estate: Estate, by: dict[str, Any]
    ) -> None:
        operations.switch_detail(estate, item="id_number", on=True, note="装修", **by)
        operations.record_details(owner, said={"id_number": ID_NUMBER}, **by)
        owner.household.note = "王丽说先打 13800138000 再来"
        owner.household.save()
        person = self.leave(owner, by)
        operations.erase_person(person, reason="本人 11 月 20 日书面申请", **by)
        person = Person.objects.get(pk=person.pk)
        assert (str(person), person.name, person.initials) == ("(资料已删除)", "", "")
        assert not Phone.objects.filter(person=person).exists()
        assert not PersonDetail.objects.exists()
        assert Household.objects.get(pk=owner.household_id).note == "〔已删除〕说先打 〔已删除〕 再来"
        line = Entry.objects.get(kind="estate.person.erased")
        assert (line.subject_id, line.note) == (person.pk, "本人 11 月 20 日书面申请")
        kept = "".join(map(str, Entry.objects.values_list("values", "note")))
        assert "王丽" not in kept
        assert "13800138000" not in kept
        with pytest.raises(NotErased, match="已经删除过"):
            operations.erase_person(person, reason="再来一次", **by)

    def test_a_phone_somebody_else_has_too_tells_nobody_apart(
        self, owner: Occupancy, estate: Estate, by: dict[str, Any]
    ) -> None:
        family_in(estate, "9-1-101", NewResident("王强", "owner", "", ("13800138000",)))
        assert queries.subject_of(owner.person).phones == ()
        operations.erase_person(self.leave(owner, by), reason="本人申请", **by)
        assert list(Phone.objects.values_list("person__name", "number")) == [("王强", "13800138000")]

    def test_nobody_is_found_by_what_was_erased(self, owner: Occupancy, estate: Estate, by: dict[str, Any]) -> None:
        operations.erase_person(self.leave(owner, by), reason="本人申请", **by)
        for said in ("王丽", "WL", "13800138000", "8000"):
            assert queries.find_homes(estate, said) == []
