from typing import Any

from django.db import migrations

# The record is never erased, so it may not name residents; earlier lines did. It must happen before the lines are
# chained to one another, because none can be changed after that.
TOLD = {
    "estate.household.moved_in": ("people",),
    "estate.household.moved_out": ("people",),
    "estate.person.added": ("person", "phones"),
    "estate.person.left": ("person",),
    "estate.person.corrected": ("person", "old", "new"),
    "estate.phone.added": ("person", "old", "new"),
    "estate.phone.changed": ("person", "old", "new"),
    "estate.phone.dropped": ("person", "old", "new"),
    "estate.unit.imported": ("arrived", "left", "past", "people"),
    "repairs.order.closed": ("signer",),
}
BATCH = 2000


def forget_names(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("journal", "Entry").objects.filter(kind__in=list(TOLD))
    last = 0
    while found := list(entries.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = found[-1].pk
        for entry in found:
            entry.values = {key: value for key, value in entry.values.items() if key not in TOLD[entry.kind]}
        entries.bulk_update(found, ["values"], batch_size=200)


class Migration(migrations.Migration):

    dependencies = [
        ('estate', '0002_unit_import'),
        ('journal', '0001_initial'),
    ]
    run_before = [
        ('journal', '0003_chain_what_is_there'),
    ]

    operations = [
        migrations.RunPython(forget_names, migrations.RunPython.noop, elidable=False),
    ]
