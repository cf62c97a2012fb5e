from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='grant',
            name='one_open_grant',
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('user', 'role', 'estate_id'), name='one_open_grant'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(condition=models.Q(('estate_id', None), ('until', None)), fields=('user', 'role'), name='one_open_grant_everywhere'),
        ),
    ]
