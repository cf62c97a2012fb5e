"""What must hold of money, proved over the whole database."""

from huiyin.foundation.invariants import by_query

# SQLite keeps amounts as floats; to the fen both engines agree.
_FEN = "CAST(ROUND(({}) * 100) AS BIGINT)"


def _fen(amount: str) -> str:
    return _FEN.format(amount)


INVARIANTS = (
    by_query(
        "receipt.series",
        "收据每个小区每年一个字头,从 1 号起一号不缺,作废的也占着号",
        looked_at="fees_receipt",
        broken="""
SELECT series FROM fees_receipt GROUP BY series
HAVING MIN(serial) <> 1 OR MAX(serial) <> COUNT(*) OR COUNT(DISTINCT estate_id) <> 1
""",
    ),
    by_query(
        "receipt.count",
        "发过的号都有收据:计数器停在最后一张",
        looked_at="numbers_counter WHERE kind = 'fees.receipt'",
        broken="""
SELECT n.estate_id || ' ' || n.day FROM numbers_counter n
WHERE n.kind = 'fees.receipt' AND n.last <> (
    SELECT COUNT(*) FROM fees_receipt r JOIN estate_estate e ON e.id = r.estate_id
    WHERE r.estate_id = n.estate_id
      AND r.series LIKE '%SJ' || SUBSTR(CAST(n.day AS VARCHAR(10)), 3, 2))
""",
    ),
    by_query(
        "charge.lines",
        "收费单的金额等于各行之和",
        looked_at="fees_charge",
        broken=f"""
SELECT c.number FROM fees_charge c
LEFT JOIN (SELECT charge_id, SUM(amount) AS total FROM fees_chargeitem GROUP BY charge_id) i ON i.charge_id = c.id
WHERE {_fen("COALESCE(i.total, 0)")} <> {_fen("c.amount")}
""",
    ),
    by_query(
        "charge.paid",
        "已收的等于有效收据之和(红字减去),已减免的等于批准的减免,待收的是剩下的",
        looked_at="fees_charge",
        broken=f"""
SELECT c.number FROM fees_charge c
LEFT JOIN (
    SELECT charge_id, SUM(amount) AS total FROM fees_receipt WHERE status = 'issued' GROUP BY charge_id
) r ON r.charge_id = c.id
LEFT JOIN (
    SELECT charge_id, SUM(amount) AS total FROM fees_waiver
    WHERE status = 'approved' AND NOT owed_again GROUP BY charge_id
) w ON w.charge_id = c.id
WHERE {_fen("COALESCE(r.total, 0)")} <> {_fen("c.paid")}
   OR {_fen("COALESCE(w.total, 0)")} <> {_fen("c.waived")}
   OR {_fen("c.owed")} <> {_fen("c.amount")} - {_fen("c.paid")} - {_fen("c.waived")}
""",
    ),
    by_query(
        "charge.settled",
        "结清的收费单不欠钱,欠钱的没有结清",
        looked_at="fees_charge",
        broken="""
SELECT number FROM fees_charge
WHERE (status IN ('settled', 'waived') AND owed <> 0) OR (status = 'open' AND owed <= 0)
   OR (status = 'settled' AND paid = 0) OR (status IN ('waived', 'withdrawn') AND paid <> 0)
""",
    ),
    by_query(
        "waiver.two",
        "减免和退款都有理由,由申请人以外的人批",
        looked_at="fees_waiver",
        broken="""
SELECT id FROM fees_waiver
WHERE reason = '' OR (status IN ('approved', 'refused') AND (decided_by_id IS NULL OR decided_by_id = asked_by_id))
""",
    ),
    by_query(
        "receipt.refund",
        "退款不超过原收据,每张红字都有批准的退款",
        looked_at="fees_receipt WHERE refunds_id IS NOT NULL",
        broken=f"""
SELECT o.number FROM fees_receipt o JOIN fees_receipt r ON r.refunds_id = o.id
GROUP BY o.id, o.number, o.amount, o.status
HAVING {_fen("SUM(r.amount) + o.amount")} < 0 OR o.status <> 'issued'
    OR {_fen("-SUM(r.amount)")} <> {_fen("(SELECT COALESCE(SUM(w.amount), 0) FROM fees_waiver w WHERE w.receipt_id = o.id AND w.status = 'approved')")}
""",
    ),
    by_query(
        "handover.sum",
        "交接单应交的等于里面收据之和,清点的人不是交款的人",
        looked_at="fees_cashhandover",
        broken=f"""
SELECT h.number FROM fees_cashhandover h
LEFT JOIN (
    SELECT handover_id, SUM(amount) AS total FROM fees_receipt WHERE status = 'issued' GROUP BY handover_id
) r ON r.handover_id = h.id
WHERE (h.status <> 'sent_back' AND {_fen("COALESCE(r.total, 0)")} <> {_fen("h.expected")})
   OR h.receiver_id = h.giver_id
""",
    ),
    by_query(
        "intent.receipt",
        "扫码到账的恰有一张收据,没到账或多收的没有",
        looked_at="fees_paymentintent",
        broken="""
SELECT i.reference FROM fees_paymentintent i LEFT JOIN fees_receipt r ON r.intent_id = i.id
WHERE (i.status = 'paid') <> (r.id IS NOT NULL)
""",
    ),
    by_query(
        "slip.sum",
        "月结单上的收费单同一户,没签认的合计等于待收之和",
        looked_at="fees_monthlyslip WHERE status <> 'voided'",
        broken=f"""
SELECT s.number FROM fees_monthlyslip s LEFT JOIN fees_charge c ON c.slip_id = s.id
WHERE s.status <> 'voided'
GROUP BY s.id, s.number, s.household_id, s.status, s.amount
HAVING COUNT(c.id) = 0 OR SUM(CASE WHEN c.household_id = s.household_id THEN 0 ELSE 1 END) > 0
    OR (s.status = 'issued' AND {_fen("SUM(c.owed)")} > {_fen("s.amount")})
""",
    ),
)
