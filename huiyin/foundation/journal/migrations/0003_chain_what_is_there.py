"""Give every line that is already there its place in the chain of its estate, in the order the lines were written.

Batch by batch, each its own transaction; stopped half way, it goes on where it stopped.
"""

import json
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

from django.db import migrations, transaction

BATCH = 5_000
LINES = """
SELECT id, at, kind, estate_id, actor_id, subject_type, subject_id, thread, note, rule, "values" FROM journal_entry
WHERE id > %s ORDER BY id LIMIT %s
"""
encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def moment(value):
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    value = value if value.tzinfo else value.replace(tzinfo=UTC)
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def whole(value):
    if isinstance(value, dict):
        return {key: whole(one) for key, one in value.items()}
    if isinstance(value, list):
        return [whole(one) for one in value]
    return int(Decimal(repr(value))) if isinstance(value, float) and value.is_integer() else value


def content_of(row):
    pk, at, kind, estate_id, actor_id, subject_type, subject_id, thread, note, rule, values = row
    values = whole(json.loads(values) if isinstance(values, str) else values)
    line = [pk, moment(at), kind, estate_id, actor_id, subject_type, subject_id, thread, note, rule, values]
    return sha256(encode(line).encode("utf-8", "surrogatepass")).hexdigest()


def chain(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT estate_id, place, digest FROM journal_head")
        heads = {estate_id: (place, digest) for estate_id, place, digest in cursor.fetchall()}
        cursor.execute("SELECT COALESCE(MAX(entry_id), 0) FROM journal_link")
        last = cursor.fetchone()[0]
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(LINES, [last, BATCH])
            lines = cursor.fetchall()
            if not lines:
                return
            links, changed = [], set()
            for row in lines:
                pk, estate_id = row[0], row[3]
                place, before = heads.get(estate_id, (0, "0" * 64))
                heads[estate_id] = place + 1, sha256((before + content_of(row)).encode()).hexdigest()
                links.append((pk, estate_id, *heads[estate_id]))
                changed.add(estate_id)
                last = pk
            cursor.executemany(
                "INSERT INTO journal_link (entry_id, estate_id, place, digest) VALUES (%s, %s, %s, %s)", links
            )
            cursor.executemany(
                "INSERT INTO journal_head (estate_id, place, digest) VALUES (%s, %s, %s) "
                "ON CONFLICT (estate_id) DO UPDATE SET place = excluded.place, digest = excluded.digest",
                [(estate_id, *heads[estate_id]) for estate_id in sorted(changed)],
            )


def unchain(apps, schema_editor):
    """Nothing: the tables go with the migration before."""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("journal", "0002_chain")]

    operations = [migrations.RunPython(chain, unchain)]
