"""What must hold of quotes, of what was agreed to by them, and of what was signed in the end."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.timezone import localdate

from huiyin.areas.repairs.models import Accepted, Quote, QuoteLine
from huiyin.areas.repairs.rules import quotes as rules
from huiyin.foundation.invariants import Invariant, by_query

_CHUNK = 500


def _altered_quotes(at: datetime) -> Iterator[str]:
    """Name the orders whose quotes are not what their hash was made of."""
    found = Quote.objects.select_related("order").prefetch_related("lines").order_by("pk")
    for quote in found.iterator(chunk_size=_CHUNK):
        lines = [
            rules.Line(one.code, one.title, one.unit, one.quantity, one.unit_price, one.discount)
            for one in sorted(quote.lines.all(), key=lambda one: one.position)
        ]
        text = rules.quote_text(
            estate_id=quote.order.estate_id,
            order=quote.order.number,
            version=quote.version,
            lines=lines,
            total=quote.total,
            quoted_at=quote.quoted_at,
        )
        if rules.hash_of(text) != quote.content_hash or rules.total_of(lines) != quote.total:
            yield quote.order.number


def _altered_acceptances(at: datetime) -> Iterator[str]:
    """Name the orders whose acceptance is not what was signed; of an erased person the rest is still held to it."""
    found = Accepted.objects.select_related("order", "quote").order_by("pk")
    for one in found.iterator(chunk_size=_CHUNK):
        signed = rules.Signed(
            order=one.order.number,
            work_done=one.work_done,
            charge=one.charge,
            quote_hash=one.quote.content_hash if one.quote else "",
            total=one.total,
            precautions_explained=one.precautions_explained,
            satisfaction=one.satisfaction,
            mode=one.mode,
            accepted_at=one.accepted_at,
            personal_digest=one.personal_digest,
        )
        person = rules.personal_digest(
            secret=one.secret, signer=one.signer, opinion=one.opinion, contact_phone=one.contact_phone
        )
        whole = rules.hash_of(rules.accepted_text(signed)) == one.content_hash
        if not whole or (one.secret and person != one.personal_digest) or one.order.status != "closed":
            yield one.order.number


def _unposted_lines(at: datetime) -> Iterator[str]:
    """Name the lines that charge another price than the one posted and in force on the day of the quote."""
    found = QuoteLine.objects.select_related("item", "quote__order").order_by("pk")
    for line in found.iterator(chunk_size=_CHUNK):
        item, order, day = line.item, line.quote.order, localdate(line.quote.quoted_at)
        same = (item.estate_id, item.code, item.price) == (order.estate_id, line.code, line.unit_price)
        in_force = item.published_date <= item.valid_from <= day <= (item.valid_to or day)
        if not same or not in_force:
            yield f"{order.number} {line.code}"


QUOTES = (
    Invariant(
        "order.quote_hash",
        "每一版报价都还是当时报的:逐行重算哈希,和报价时的一样",
        looked_at=lambda at: Quote.objects.count(),
        broken=_altered_quotes,
    ),
    Invariant(
        "order.accepted_hash",
        "客户验收的内容没有改过:重算哈希,和签收时的一样",
        looked_at=lambda at: Accepted.objects.count(),
        broken=_altered_acceptances,
    ),
    by_query(
        "order.consent",
        "有偿维修先同意、后开工、再完工,同意的就是最后那份报价",
        looked_at="repairs_quote",
        broken="""
SELECT o.number FROM repairs_consent c
JOIN repairs_quote q ON q.id = c.quote_id JOIN repairs_workorder o ON o.id = q.order_id
LEFT JOIN repairs_workstart s ON s.consent_id = c.id
WHERE c.content_hash <> q.content_hash OR c.given_at < q.quoted_at
    OR s.started_at < c.given_at OR s.order_id <> q.order_id
UNION
SELECT o.number FROM repairs_workorder o
JOIN (SELECT order_id, MAX(id) AS last_id FROM repairs_terms GROUP BY order_id) l ON l.order_id = o.id
JOIN repairs_terms t ON t.id = l.last_id
WHERE o.status IN ('finished', 'closed') AND t.charge = 'paid' AND NOT EXISTS (
    SELECT 1 FROM repairs_quote q JOIN repairs_consent c ON c.quote_id = q.id JOIN repairs_workstart s ON s.consent_id = c.id
    WHERE q.order_id = o.id AND q.terms_id = t.id AND s.started_at <= o.finished_at
      AND q.version = (SELECT MAX(version) FROM repairs_quote WHERE order_id = o.id)
)
""",
    ),
    Invariant(
        "order.posted",
        "收的每一行都是当天已公示、在有效期内的价格",
        looked_at=lambda at: QuoteLine.objects.count(),
        broken=_unposted_lines,
    ),
)
