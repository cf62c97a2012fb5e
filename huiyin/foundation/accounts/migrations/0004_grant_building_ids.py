from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_sessions_and_lapsing_grants'),
    ]

    operations = [
        migrations.AddField(
            model_name='grant',
            name='building_ids',
            field=models.JSONField(default=list),
        ),
    ]
