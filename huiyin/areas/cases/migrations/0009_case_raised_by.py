from django.db import migrations, models

from huiyin.foundation.postgres.indexes import AddIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('cases', '0008_case_repeating'),
    ]

    operations = [
        AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('raised_by__isnull', False)), fields=['raised_by'], name='case_raised_by'),
        ),
    ]
