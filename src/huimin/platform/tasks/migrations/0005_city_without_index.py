
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0010_city_without_index'),
        ('tasks', '0004_lanes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='task',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
    ]
