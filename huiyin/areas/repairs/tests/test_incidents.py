"""Incidents and hints: opened with what to say, never without an end in sight, ended once; refusals change nothing."""

from datetime import timedelta

import pytest

from huiyin.areas.estate.models import Building, Estate
from huiyin.areas.repairs import operations, queries
from huiyin.areas.repairs.models import BuildingHint, Incident
from huiyin.areas.repairs.operations import IncidentRefused
from huiyin.areas.repairs.states import INCIDENT_MOVES, IncidentStatus
from huiyin.areas.repairs.tests.factories import order_in
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.states.moves import MovedMeanwhile, NoteNeeded
from huiyin.standards.models import Commitment, Standard
from tests.cast import AT, Cast, open_estate

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=3)


def opened(estate: Estate, cast: Cast, **more: object) -> Incident:
    said = {"title": "3 栋停水", "sentence": "水泵坏了,中午前恢复", "expected_end": LATER}
    buildings = [Building.objects.get(estate=estate)]
    return operations.open_incident(estate, **{**said, "buildings": buildings, "actor": cast.lead, "at": AT, **more})


def owed(incident: Incident) -> list[tuple[str, object]]:
    found = Commitment.objects.filter(thread=incident.thread, ended_at=None)
    return [(one.does, one.due_at) for one in found]


def test_an_incident_has_a_number_and_owes_its_end(estate: Estate, cast: Cast, standard: Standard) -> None:
    incident = opened(estate, cast)
    assert incident.number == "YH-G261125-01"
    assert owed(incident) == [("结束共因事件或改时间", LATER)]


def test_without_a_rule_the_end_is_owed_by_name(estate: Estate, cast: Cast) -> None:
    incident = opened(estate, cast)
    assert owed(incident) == [("结束或改时间", LATER)]
    operations.revise_incident(
        incident, sentence="还要一小时", expected_end=LATER + timedelta(hours=1), actor=cast.lead, at=AT
    )
    assert owed(incident) == [("结束或改时间", LATER + timedelta(hours=1))]
    operations.end_incident(incident, over_sentence="恢复了", actor=cast.lead, at=LATER)
    assert owed(incident) == []


def test_a_new_time_takes_the_place_of_the_old_and_both_are_on_the_journal(
    estate: Estate, cast: Cast, standard: Standard
) -> None:
    incident = opened(estate, cast)
    later = LATER + timedelta(hours=1)
    operations.revise_incident(incident, sentence="还要一小时", expected_end=later, actor=cast.lead, at=AT)
    assert owed(incident) == [("结束共因事件或改时间", later)]
    line = Entry.objects.filter(thread=incident.thread, kind="repairs.incident.expected").latest("id")
    assert (line.values["was_sentence"], line.values["sentence"]) == ("水泵坏了,中午前恢复", "还要一小时")


@pytest.mark.parametrize(
    "wrong",
    [{"title": " "}, {"sentence": ""}, {"expected_end": AT}],
    ids=["no title", "nothing to say", "no end ahead"],
)
def test_what_is_missing_is_refused_and_nothing_is_kept(estate: Estate, cast: Cast, wrong: dict[str, object]) -> None:
    with pytest.raises(IncidentRefused):
        opened(estate, cast, **wrong)
    assert Incident.objects.count() == 0


def test_buildings_and_orders_of_another_estate_are_refused(estate: Estate, cast: Cast) -> None:
    other = open_estate("别家物业", "QT", "晴天苑")
    with pytest.raises(IncidentRefused):
        opened(estate, cast, buildings=[Building.objects.get(estate=other)])


def test_a_repeated_key_opens_one(estate: Estate, cast: Cast) -> None:
    assert opened(estate, cast, key="k1") == opened(estate, cast, key="k1")
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("status", IncidentStatus.values)
def test_every_move_from_every_status(estate: Estate, cast: Cast, status: str) -> None:
    incident = opened(estate, cast)
    if status == "over":
        operations.end_incident(incident, over_sentence="恢复了", actor=cast.lead, at=LATER)
    (move,) = INCIDENT_MOVES
    if status in move.sources:
        operations.end_incident(incident, over_sentence="恢复了", actor=cast.lead, at=LATER)
        assert Incident.objects.get().status == "over"
    else:
        with pytest.raises(MovedMeanwhile):
            operations.end_incident(incident, over_sentence="又好了", actor=cast.lead, at=LATER)
        assert Incident.objects.get().over_sentence == "恢复了"


def test_an_end_says_what_callers_hear(estate: Estate, cast: Cast) -> None:
    incident = opened(estate, cast)
    with pytest.raises(NoteNeeded):
        operations.end_incident(incident, over_sentence=" ", actor=cast.lead, at=LATER)
    assert Incident.objects.get().status == "open"


def test_what_is_over_is_not_revised_or_led(estate: Estate, cast: Cast, standard: Standard) -> None:
    order = order_in("new", estate, cast)
    incident = opened(estate, cast, leading_order=order)
    assert queries.led_by(order) == [incident]
    operations.end_incident(incident, over_sentence="恢复了", actor=cast.lead, at=LATER)
    with pytest.raises(IncidentRefused):
        operations.revise_incident(
            incident, sentence="其实没有", expected_end=LATER + timedelta(hours=9), actor=cast.lead, at=LATER
        )
    with pytest.raises(IncidentRefused):
        operations.lead_incident(incident, order=order, actor=cast.lead, at=LATER)


def test_the_desk_sees_what_runs_in_the_building_or_everywhere(estate: Estate, cast: Cast) -> None:
    here = opened(estate, cast)
    everywhere = opened(estate, cast, title="全小区停电", buildings=[])
    building = Building.objects.get(estate=estate)
    other = Building.objects.create(estate=estate, code="9")
    assert queries.running_incidents(cast.clerk, estate.pk, building_id=building.pk) == [everywhere, here]
    assert queries.running_incidents(cast.clerk, estate.pk, building_id=other.pk) == [everywhere]
    assert queries.running_incidents(cast.outsider, estate.pk) == []
    assert [everywhere.where, here.where] == ["全小区", "3 栋"]


def test_a_hint_is_shown_in_its_days_for_its_building_and_fault(estate: Estate, cast: Cast) -> None:
    building = Building.objects.get(estate=estate)
    day = AT.date()
    about = {"since_date": day, "until_date": day + timedelta(days=2), "actor": cast.lead, "at": AT}
    hint = operations.write_hint(estate, text="水泵检修", building=building, **about)
    general = operations.write_hint(estate, text="外墙清洗", **about)

    def shown(days: int, building_id: int | None) -> list[BuildingHint]:
        return queries.hints_for(estate.pk, on=day + timedelta(days=days), building_id=building_id)

    assert set(shown(0, building.pk)) == {hint, general}
    assert shown(2, None) == [general]
    assert shown(-1, building.pk) == shown(3, building.pk) == []
    operations.withdraw_hint(hint, actor=cast.lead, at=AT)
    assert shown(0, building.pk) == [general]
    with pytest.raises(IncidentRefused):
        operations.withdraw_hint(hint, actor=cast.lead, at=AT)
    assert set(Entry.objects.filter(subject_type="repairs.hint").values_list("kind", flat=True)) == {
        "repairs.hint.written",
        "repairs.hint.withdrawn",
    }


def test_a_hint_that_ends_before_it_begins_is_refused(estate: Estate, cast: Cast) -> None:
    with pytest.raises(IncidentRefused):
        operations.write_hint(
            estate,
            text="检修",
            since_date=AT.date(),
            until_date=AT.date() - timedelta(days=1),
            actor=cast.lead,
            at=AT,
        )
    assert BuildingHint.objects.count() == 0
