"""What exactly was accepted: laid down with its hash when an order is closed, and what follows from it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from huiyin.areas.repairs import queries
from huiyin.areas.repairs.models import Accepted, ChargeKind, WorkOrder
from huiyin.areas.repairs.operations import charging
from huiyin.areas.repairs.operations.shared import OrderIncomplete
from huiyin.areas.repairs.rules import quotes as rules
from huiyin.foundation.accounts.models import User
from huiyin.foundation.kit.forms import read_phone


@dataclass(frozen=True)
class Opinion:
    """What the resident says at the end: heard the precautions, how satisfied (1 to 5), in words, and a phone."""

    precautions_explained: bool = False
    satisfaction: int | None = None
    opinion: str = ""
    contact_phone: str = ""


NOTHING_SAID = Opinion()


def refuse_crooked(said: Opinion) -> None:
    """Refuse a satisfaction outside 1 to 5 and a telephone that is none."""
    if said.satisfaction is not None and not 1 <= said.satisfaction <= 5:
        raise OrderIncomplete("满意程度请选 1 到 5")
    if said.contact_phone and read_phone(said.contact_phone) is None:
        raise OrderIncomplete("联系电话看起来不对,请核对")


def lay_down(
    order: WorkOrder, said: Opinion, *, mode: str, signer: str, accepted_at: datetime, actor: User
) -> Accepted:
    """Keep what was accepted, bound by its hash, and open our own warranty of the work."""
    terms = queries.latest_terms(order)
    start = queries.started_under(order, terms) if terms and terms.is_paid else None
    quote = start.consent.quote if start else None
    phone = (read_phone(said.contact_phone) or "") if said.contact_phone else ""
    secret = secrets.token_hex(16)
    personal = rules.personal_digest(secret=secret, signer=signer, opinion=said.opinion.strip(), contact_phone=phone)
    signed = rules.Signed(
        order=order.number,
        work_done=order.work_done,
        charge=ChargeKind.PAID if quote else ChargeKind.FREE,
        quote_hash=quote.content_hash if quote else "",
        total=quote.total if quote else Decimal("0.00"),
        precautions_explained=said.precautions_explained,
        satisfaction=said.satisfaction,
        mode=mode,
        accepted_at=accepted_at,
        personal_digest=personal,
    )
    accepted = Accepted.objects.create(
        order=order,
        work_done=signed.work_done,
        charge=signed.charge,
        quote=quote,
        total=signed.total,
        precautions_explained=signed.precautions_explained,
        satisfaction=signed.satisfaction,
        mode=mode,
        accepted_at=accepted_at,
        signer=signer,
        opinion=said.opinion.strip(),
        contact_phone=phone,
        secret=secret,
        personal_digest=personal,
        content_hash=rules.hash_of(rules.accepted_text(signed)),
    )
    charging.open_own_warranty(order, accepted, actor=actor)
    return accepted
