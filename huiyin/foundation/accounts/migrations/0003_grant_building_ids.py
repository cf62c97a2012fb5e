from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_one_open_grant_on_every_database'),
    ]

    operations = [
        migrations.AddField(
            model_name='grant',
            name='building_ids',
            field=models.JSONField(default=list),
        ),
    ]
