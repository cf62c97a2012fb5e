"""Every fact passes here first: what it keeps is kept, what it promises is opened, what is counted is counted."""

from datetime import datetime

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations


def weigh(fact: Fact, *, entry: Entry, actor: User, at: datetime) -> None:
    operations.keep(fact, entry=entry, at=at)
    operations.keep_duties(fact, actor=actor, at=at)
    operations.open_promises(fact, entry=entry, at=at)
    operations.count(fact, entry=entry, actor=actor, at=at)


REACTIONS = ((Fact, weigh),)
