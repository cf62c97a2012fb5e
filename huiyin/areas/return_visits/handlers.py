"""Finished work asks to be visited: the draw is made in the transaction that closed it. Nobody who left owes a visit."""

from datetime import datetime

from huiyin.areas.cases.models import Case
from huiyin.areas.complaints.events import ComplaintClosed
from huiyin.areas.complaints.queries import complaint_of
from huiyin.areas.repairs.events import OrderClosed
from huiyin.areas.return_visits import operations, queries
from huiyin.areas.staffing.events import PersonLeft
from huiyin.areas.upkeep import queries as upkeep
from huiyin.areas.upkeep.events import HomeFinished
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations as standards
from huiyin.standards import queries as promises
from huiyin.standards.events import DrawToppedUp


def draw_home(fact: HomeFinished, *, entry: Entry, actor: User, at: datetime) -> None:
    """Draw among the homes a completed project touched; it is opened, and may be made, when its window comes."""
    for drawn in standards.draw(fact, at=at):
        if drawn.draw.taken:
            home = upkeep.home_of_thread(fact.thread)
            operations.open_drawn_visit(
                drawn, about=home, doer_id=fact.doer_id, values=fact.values, entry=entry, actor=actor, at=at
            )


def draw_visit(fact: OrderClosed | ComplaintClosed, *, entry: Entry, actor: User, at: datetime) -> None:
    for drawn in standards.draw(fact, at=at):
        if drawn.draw.taken:
            operations.open_drawn_visit(
                drawn,
                about=Case.objects.select_related("estate").get(pk=fact.case_id),
                doer_id=_doer(fact),
                values=fact.values,
                entry=entry,
                actor=actor,
                at=at,
            )


def open_topped_up(fact: DrawToppedUp, *, entry: Entry, actor: User, at: datetime) -> None:
    drawn = promises.drawn(fact.draw_id)
    if drawn.draw.subject_type not in queries.VISITED:
        return
    about = queries.about_thread(drawn.draw.thread)
    complaint = complaint_of(about) if isinstance(about, Case) else None
    operations.open_drawn_visit(
        drawn,
        about=about,
        doer_id=queries.doer_of(drawn.draw),
        values={"severity": complaint.severity} if complaint else {},
        entry=entry,
        actor=actor,
        at=at,
    )


def _doer(fact: OrderClosed | ComplaintClosed) -> int | None:
    return fact.doer_id if isinstance(fact, OrderClosed) else queries.replier_of(fact.case_id)


def take_back_visits(fact: PersonLeft, *, entry: Entry, actor: User, at: datetime) -> None:
    operations.rehome_visits_of(User.objects.get(pk=fact.person_id), actor=actor, at=at)


REACTIONS = (
    (OrderClosed, draw_visit),
    (ComplaintClosed, draw_visit),
    (HomeFinished, draw_home),
    (DrawToppedUp, open_topped_up),
    (PersonLeft, take_back_visits),
)
