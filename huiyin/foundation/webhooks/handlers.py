"""Every fact is told to whoever asked for it. With nobody asking it costs one small read in a command."""

from datetime import datetime

from huiyin.foundation.accounts.models import User
from huiyin.foundation.journal.facts import Fact
from huiyin.foundation.journal.models import Entry
from huiyin.foundation.webhooks import jobs, operations, queries


def tell(fact: Fact, *, entry: Entry, actor: User, at: datetime) -> None:
    """Lay down, in the transaction of the fact, who is to be told of it."""
    heard = [one.id for one in queries.listeners() if one.hears(fact.code, fact.estate_id)]
    if heard:
        for delivery_id in operations.tell(heard, entry=entry, at=at):
            jobs.deliver.enqueue(delivery_id=delivery_id)


REACTIONS = ((Fact, tell),)
