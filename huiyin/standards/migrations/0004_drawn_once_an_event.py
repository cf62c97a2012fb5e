from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("standards", "0003_promise_by_due")]

    operations = [
        migrations.RemoveConstraint(model_name="draw", name="drawn_once"),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.UniqueConstraint(
                condition=models.Q(("tops_up", None)),
                fields=("rule", "subject_type", "subject_id", "at"),
                name="drawn_once",
            ),
        ),
    ]
