"""Breaches of charges, receipts and what is given back. What the life made has neither waivers nor slips: they are made up."""

FEES = {
    "receipt.series": "UPDATE fees_receipt SET serial = serial + 1 WHERE id = (SELECT MAX(id) FROM fees_receipt)",
    "receipt.count": "UPDATE numbers_counter SET last = last + 1 WHERE kind = 'fees.receipt'",
    "charge.lines": "UPDATE fees_chargeitem SET amount = amount + 1 WHERE id = (SELECT MIN(id) FROM fees_chargeitem)",
    "charge.paid": "UPDATE fees_receipt SET status = 'voided' WHERE id = (SELECT MIN(id) FROM fees_receipt)",
    "charge.settled": "UPDATE fees_charge SET status = 'open' WHERE id = (SELECT MIN(id) FROM fees_charge WHERE owed = 0)",
    "waiver.two": """INSERT INTO fees_waiver (charge_id, estate_id, kind, owed_again, amount, reason, status,
        asked_by_id, asked_at, decided_by_id, decided_at, decision)
        SELECT id, estate_id, 'waive', FALSE, 5, '说好的', 'approved', opened_by_id, opened_at, opened_by_id, opened_at, ''
        FROM fees_charge ORDER BY id LIMIT 1""",
    "receipt.refund": """INSERT INTO fees_receipt (charge_id, estate_id, series, serial, number, status, payer, amount,
        capitals, mode, reference, cashier_id, at, in_till, refunds_id, invoice, void_reason)
        SELECT charge_id, estate_id, series, serial + 1, 'x', status, payer, -5,
        '负伍元整', mode, reference, cashier_id, at, in_till, id, '', '' FROM fees_receipt ORDER BY id DESC LIMIT 1""",
    "handover.sum": """INSERT INTO fees_cashhandover (estate_id, number, status, giver_id, receiver_id, expected, counted,
        note, remark, offered_at, ended_at)
        SELECT estate_id, 'x', 'received', opened_by_id,
        (SELECT MIN(id) FROM accounts_user WHERE id <> opened_by_id), 5, 5, '', '', opened_at, opened_at
        FROM fees_charge ORDER BY id LIMIT 1""",
    "intent.receipt": """INSERT INTO fees_paymentintent (charge_id, estate_id, reference, gateway, payload, amount, status,
        "transaction", received, made_by_id, made_at, ended_at)
        SELECT id, estate_id, 'x', 'x', 'x', amount, 'paid', 'x', amount, opened_by_id, opened_at, opened_at
        FROM fees_charge ORDER BY id LIMIT 1""",
    "slip.sum": """INSERT INTO fees_monthlyslip (estate_id, household_id, number, month, status, payer, unit, amount,
        issued_by_id, issued_at, signer, paper_slip, void_reason)
        SELECT estate_id, (SELECT MIN(id) FROM estate_household WHERE id <> household_id), 'x', '2026-10', 'issued', '', '',
        owed, opened_by_id, opened_at, '', '', '' FROM fees_charge WHERE household_id IS NOT NULL ORDER BY id LIMIT 1;
        UPDATE fees_charge SET slip_id = (SELECT MAX(id) FROM fees_monthlyslip)
        WHERE id = (SELECT MIN(id) FROM fees_charge WHERE household_id IS NOT NULL)""",
}
