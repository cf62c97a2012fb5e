"""Breaches of accounts, the journal, keys and webhooks."""

from django.db import connection

FOUNDATION = {
    "accounts.closed": "UPDATE accounts_user SET is_active = FALSE WHERE username = 'zhuren'",
    "accounts.signed_out": """UPDATE accounts_user SET is_active = FALSE WHERE username = 'zhuren';
        INSERT INTO accounts_session (digest, data, user_id, expires_at, begun_at, seen_at, address, device)
        SELECT 'x', '', id, '2026-12-01', '2026-11-01', '2026-11-01', '', '' FROM accounts_user WHERE username = 'zhuren'""",
    "signing_in.links": """UPDATE accounts_user SET is_active = FALSE WHERE username = 'zhuren';
        INSERT INTO signing_in_link (digest, kind, user_id, made_by_id, made_at, expires_at)
        SELECT 'x', 'reset', id, id, '2026-11-01', '2026-12-01' FROM accounts_user WHERE username = 'zhuren'""",
    "accounts.grant.buildings": """UPDATE accounts_grant SET building_ids = '[999999]'
        WHERE id = (SELECT MIN(id) FROM accounts_grant WHERE estate_id IS NOT NULL AND until IS NULL)""",
    "privacy.readable": """INSERT INTO estate_persondetail (person_id, item, value, recorded_at)
        SELECT MIN(id), 'birthday', '00000000:x', '2026-01-01' FROM estate_person""",
    "journal.actor": "UPDATE journal_entry SET actor_id = 999999 WHERE id = (SELECT MAX(id) FROM journal_entry)",
    "journal.kind": "UPDATE journal_entry SET kind = '' WHERE id = (SELECT MAX(id) FROM journal_entry)",
    "journal.chain": "UPDATE journal_entry SET note = '改过' WHERE id = (SELECT MIN(id) FROM journal_entry)",
    "journal.head": "UPDATE journal_head SET place = place + 1",
    "journal.seal": "UPDATE journal_seal SET count = count + 1 WHERE id = (SELECT MAX(id) FROM journal_seal)",
    "journal.guard": "DROP TRIGGER guard_cases_case_note_update"
    + (" ON cases_case" if connection.vendor == "postgresql" else ""),
    "journal.behind": "UPDATE cases_case SET text = '改过' WHERE id = (SELECT MIN(id) FROM cases_case)",
    "journal.explained": """INSERT INTO journal_behind (table_name, key, operation, at)
        VALUES ('cases_case', '1', 'update', '2026-11-01');
        INSERT INTO journal_explanation (change_id, note, by_id, at)
        SELECT MAX(b.id), '没事', MIN(u.id), '2026-11-02' FROM journal_behind b, accounts_user u""",
    "token.journal": """INSERT INTO tokens_token
        (name, prefix, digest, owner_id, rights, estates, made_at, made_by_id, expires_at, minute, used)
        SELECT 'x', 'x', 'x', MIN(id), '[]', '[1]', '2026-01-01', MIN(id), '2026-02-01', 0, 0 FROM accounts_user""",
    "webhook.delivered": """INSERT INTO webhooks_endpoint (id, name, url, salt, kinds, estates, active, made_at, made_by_id)
        SELECT 1, 'x', 'x', 'x', '[]', '[1]', TRUE, '2026-01-01', MIN(id) FROM accounts_user;
        INSERT INTO webhooks_delivery (endpoint_id, entry_id, state, attempts, next_at)
        SELECT 1, MIN(id), 'delivered', 1, '2026-01-01' FROM journal_entry""",
    "accounts.grant.estate": "UPDATE accounts_grant SET estate_id = 999999 WHERE id = (SELECT MIN(id) FROM accounts_grant)",
}
