import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0012_histories_of_held_bills'),
        ('enrolment', '0005_city_without_index'),
    ]

    operations = [
        migrations.AlterField(
            model_name='settlementfact',
            name='policy',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.policy'),
        ),
    ]
