"""Reactions of the desk: when an incident is over, whoever asked to hear of it is owed a word."""

from datetime import datetime

from huiyin.areas.repairs.events import IncidentOver
from huiyin.areas.repairs.models import Incident
from huiyin.areas.service_desk import operations
from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.models import Entry


def owe_telling(fact: IncidentOver, *, entry: Entry, actor: User, at: datetime) -> None:
    operations.owe_telling(Incident.objects.get(pk=fact.incident_id), actor=actor, at=at)


REACTIONS = ((IncidentOver, owe_telling),)
