"""Reading who could take an order, how an estate gives orders out, and what is laid open or being passed on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db.models import F
from django.http import Http404

from huiyin.areas.cases import queries as cases
from huiyin.areas.cases.models import Category, Urgency
from huiyin.areas.repairs import rules, states
from huiyin.areas.repairs.models import (
    DispatchMode,
    DispatchPolicy,
    FaultSkill,
    Offer,
    OfferState,
    Transfer,
    TransferState,
    WorkOrder,
)
from huiyin.areas.repairs.permissions import open_to, passed_to
from huiyin.areas.staffing import queries as staffing
from huiyin.areas.staffing.words import SKILLS
from huiyin.foundation import rows
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.permissions import require_right

POST = "technician"
SHIPPED: dict[str, str] = yaml.safe_load((Path(__file__).parents[1] / "skills.yaml").read_text("utf-8"))
_ORDER = ("order__case__category", "order__case__estate", "order__technician")
_IN_HAND = ("assigned", "accepted", "working")


_POLICIES = rows.Prepared(lambda estate_id: DispatchPolicy.objects.filter(estate_id=estate_id))


def policies_of(estate_id: int) -> dict[str, DispatchPolicy]:
    """Return how the estate gives out orders of each urgency; what it has not decided is as it comes."""
    decided = {one.urgency: one for one in _POLICIES.all(estate_id)}
    return {code: decided.get(code) or DispatchPolicy(estate_id=estate_id, urgency=code) for code in Urgency.values}


@dataclass(frozen=True)
class Crew:
    """The technicians of an estate at a moment, as the rules judge them."""

    hands: list[rules.Hand]
    policies: dict[str, DispatchPolicy]
    at: datetime
    skills: dict[str, str]  # by fault, what the estate says otherwise than the shipped list

    def wanted(self, order: WorkOrder) -> rules.Wanted:
        """Return what the order asks for."""
        fault = order.case.category.code if order.case.category else ""
        skill = rules.skill_for(fault, own=self.skills, shipped=SHIPPED)
        visit = (order.appointment_from, order.appointment_to)
        return rules.Wanted(
            skill=skill,
            skill_says=SKILLS.get(skill, ""),
            load_cap=self.policies[order.urgency].load_cap,
            visit=visit if visit[0] and visit[1] else None,  # type: ignore[arg-type]  # both or none
        )

    def candidates(self, order: WorkOrder) -> list[rules.Candidate]:
        """Return everybody but the one who holds it, the best first."""
        others = [hand for hand in self.hands if hand.person_id != order.technician_id]
        return rules.rank(others, self.wanted(order), at=self.at)

    def judge(self, order: WorkOrder, person_id: int) -> rules.Candidate | None:
        """Return what speaks for and against this person; nothing when they are not of the crew."""
        hand = next((one for one in self.hands if one.person_id == person_id), None)
        return rules.judge(hand, self.wanted(order), at=self.at) if hand else None

    def whose_turn(self, order: WorkOrder) -> rules.Candidate | None:
        others = [hand for hand in self.hands if hand.person_id != order.technician_id]
        return rules.whose_turn(others, self.wanted(order), at=self.at)


# New ones are nobody's yet, and may be many: read along the index of the running ones, past them. Statuses are written
# out, as the index has them: else the whole table is read.
_HELD = f"""
SELECT technician_id, status, appointment_from, appointment_to FROM repairs_workorder
WHERE estate_id = %s AND technician_id IS NOT NULL AND NOT (status IN ('closed', 'voided'))
  AND status IN ({", ".join(f"'{one.value}'" for one in states.HELD)})
"""


def crew_of(estate_id: int, *, at: datetime) -> Crew:
    """Return the technicians with duty, skills, load, visits ahead and last turn. Seven queries, however many they are."""
    load: dict[int, int] = defaultdict(int)
    visits: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for person, status, since, until in rows.read(_HELD, [estate_id]):
        load[person] += 1
        if since and status in _IN_HAND and rows.moment(until) > at:
            visits[person].append((rows.moment(since), rows.moment(until)))
    crew = staffing.crew_of(estate_id, POST, since=at)
    turns = _last_turns(estate_id, [one.user.pk for one in crew])
    hands = [
        rules.Hand(
            person_id=one.user.pk,
            name=one.user.name,
            there=one.is_there(at),
            there_again=None if one.is_there(at) else one.there_again(at),
            skills=frozenset(one.skills),
            load=load[one.user.pk],
            visits=tuple(sorted(visits[one.user.pk])),
            last_turn=turns.get(one.user.pk),
        )
        for one in crew
    ]
    return Crew(hands, policies_of(estate_id), at, own_skills(estate_id))


_SKILLS = rows.Prepared(lambda estate_id: FaultSkill.objects.filter(estate_id=estate_id))


def own_skills(estate_id: int) -> dict[str, str]:
    """Return by fault which skill the estate asks for, where it differs from the shipped list."""
    return {one.fault: one.skill for one in _SKILLS.all(estate_id)}


@dataclass(frozen=True)
class FaultAsks:
    """A fault of the tree, the skill it asks for now, what it would ask for unless the estate said so itself, and whether it did."""

    category: Category
    skill: str
    otherwise: str
    own: bool


def skill_map(estate_id: int) -> list[FaultAsks]:
    """Return what every fault of the estate's tree asks for. Two queries."""
    own = own_skills(estate_id)
    found = []
    for one in cases.categories_of("repair", estate_id):
        without = {code: skill for code, skill in own.items() if code != one.code}
        found.append(
            FaultAsks(
                category=one,
                skill=rules.skill_for(one.code, own=own, shipped=SHIPPED),
                otherwise=rules.skill_for(one.code, own=without, shipped=SHIPPED),
                own=one.code in own,
            )
        )
    return found


_LAST_TURNS = """
SELECT u.id, (
  SELECT given_at FROM repairs_turn WHERE estate_id = %s AND technician_id = u.id ORDER BY given_at DESC LIMIT 1
) FROM accounts_user AS u WHERE u.id IN ({people})
"""


def _last_turns(estate_id: int, people: list[int]) -> dict[int, datetime]:
    """Return when each of them last had a turn: one look into the index each, however long the history."""
    marks = ", ".join(["%s"] * len(people))
    found = rows.read(_LAST_TURNS.format(people=marks), [estate_id, *people]) if people else []
    return {person: rows.moment(given_at) for person, given_at in found if given_at}


def candidates_of(orders: Iterable[WorkOrder], *, at: datetime) -> dict[int, list[rules.Candidate]]:
    """Return for each of these orders of one estate who could take it, the best first. Needs their cases' categories."""
    wanted = list(orders)
    if not wanted:
        return {}
    crew = crew_of(wanted[0].estate_id, at=at)
    return {order.pk: crew.candidates(order) for order in wanted}


# ---- grabbing


def offers_open_to(user: User, *, at: datetime) -> list[tuple[Offer, rules.Candidate]]:
    """Return what lies open where the user repairs, with what speaks for and against them, the most urgent first."""
    found = list(
        open_to(user).filter(state=OfferState.OPEN, lapses_at__gt=at).select_related(*_ORDER).order_by("lapses_at")
    )
    crews = {estate_id: crew_of(estate_id, at=at) for estate_id in {one.order.estate_id for one in found}}
    judged = [(one, crews[one.order.estate_id].judge(one.order, user.pk)) for one in found]
    return [(one, candidate) for one, candidate in judged if candidate]


def offer_for(user: User, number: str) -> Offer:
    """Return the last offer of the order where the user repairs; 404 out of sight, 403 without the right there."""
    offer = open_to(user).filter(order__number=number).select_related(*_ORDER).order_by("-id").first()
    if offer is None:
        raise Http404
    require_right(user, "repairs.work", offer.order.estate_id)
    return offer


def offers_of(orders: Iterable[WorkOrder], *, at: datetime) -> dict[int, Offer]:
    """Return which of these orders lie open for grabbing."""
    ids = [order.pk for order in orders]
    return {one.order_id: one for one in Offer.objects.filter(order__in=ids, state=OfferState.OPEN, lapses_at__gt=at)}


def lapsed_offers(*, at: datetime) -> list[Offer]:
    """Return the offers nobody took in time and that are still to be ended."""
    over = Offer.objects.filter(state=OfferState.OPEN, lapses_at__lte=at)
    return list(over.select_related(*_ORDER, "order__case__responsible_post", "order__case__first_contact_owner"))


# What a rule gives: it waits, was opened since the estate chose the rule, and was never given or laid open before.
_RULED = """
SELECT o.id FROM repairs_dispatchpolicy p
JOIN repairs_workorder o ON o.estate_id = p.estate_id AND o.urgency = p.urgency AND o.status = 'new'
JOIN cases_case c ON c.id = o.case_id AND c.status IN ('new', 'working')
WHERE p.mode <> 'assignment' AND o.opened_at >= p.mode_since
  AND NOT EXISTS (SELECT 1 FROM repairs_offer f WHERE f.order_id = o.id)
  AND NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.thread = 'case:' || o.case_id
                  AND e.kind = 'repairs.order.dispatched' AND e.subject_id = o.id)
ORDER BY o.id
"""


def orders_for_the_rule() -> list[int]:
    """Return the orders that wait for what their estate chose: to be laid open, or given to whose turn it is."""
    return [pk for (pk,) in rows.read(_RULED, [])]


# ---- passing on


def transfers_to(user: User) -> list[Transfer]:
    """Return the orders colleagues ask the user to take over, oldest first."""
    asked = passed_to(user).filter(state=TransferState.ASKED, order__technician=F("giver"))
    return list(asked.select_related(*_ORDER, "giver").order_by("id"))


def transfer_for(user: User, number: str) -> Transfer:
    """Return the last asking of the order to or by the user; 404 out of sight, 403 without the right there."""
    asked = passed_to(user).filter(order__number=number).order_by("-id")
    found = asked.select_related(*_ORDER, "giver", "receiver").first()
    if found is None:
        raise Http404
    require_right(user, "repairs.work", found.order.estate_id)
    return found


def transfers_of(orders: Iterable[WorkOrder]) -> dict[int, Transfer]:
    """Return which of these orders somebody is asked to take over."""
    ids = [order.pk for order in orders]
    asked = Transfer.objects.filter(order__in=ids, state=TransferState.ASKED).select_related("giver", "receiver")
    return {one.order_id: one for one in asked}


def colleagues_of(order: WorkOrder, *, at: datetime) -> list[rules.Candidate]:
    """Return who could take the order over, the best first."""
    return crew_of(order.estate_id, at=at).candidates(order)


def mode_of(policy: DispatchPolicy) -> dict[str, Any]:
    """Return what a policy says, in plain values."""
    return {
        "mode": DispatchMode(policy.mode).value,
        "load_cap": policy.load_cap,
        "grab_minutes": policy.grab_minutes,
        "slots_from": policy.slots_from,
        "slots_until": policy.slots_until,
        "slot_minutes": policy.slot_minutes,
        "per_slot": policy.per_slot,
    }
