"""Every fact passes here first: what it keeps is kept, what it promises is opened."""

from datetime import datetime

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.standards import operations


def weigh(fact: Fact, *, entry: Entry, actor: User, at: datetime) -> None:
    operations.keep(fact, entry=entry, at=at)
    operations.open_promises(fact, entry=entry, at=at)


REACTIONS = ((Fact, weigh),)
