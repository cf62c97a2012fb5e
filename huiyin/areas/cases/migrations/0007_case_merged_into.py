from django.db import migrations, models

from huiyin.foundation.postgres.indexes import AddIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('cases', '0006_fewer_indexes'),
    ]

    operations = [
        AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='case_merged_into'),
        ),
    ]
