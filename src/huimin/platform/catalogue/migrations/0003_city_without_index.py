
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_initial'),
        ('foundation', '0010_city_without_index'),
    ]

    operations = [
        migrations.AlterField(
            model_name='planyear',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
    ]
