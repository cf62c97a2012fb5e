from django.db import migrations, models

from huiyin.foundation.postgres.indexes import AddIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('cases', '0007_case_merged_into'),
    ]

    operations = [
        AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('repeat_of__isnull', False)), fields=['repeat_of'], name='case_repeating'),
        ),
    ]
