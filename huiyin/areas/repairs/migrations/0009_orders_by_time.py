from django.db import migrations, models

from huiyin.foundation.postgres.indexes import AddIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('repairs', '0008_fewer_indexes'),
    ]

    operations = [
        AddIndex(
            model_name='workorder',
            index=models.Index(fields=['estate_id', 'opened_at', 'id'], name='orders_by_time'),
        ),
    ]
