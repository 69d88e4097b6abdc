
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0010_city_without_index'),
        ('ledger', '0005_accounts_in_code'),
    ]

    operations = [
        migrations.AlterField(
            model_name='journalentry',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
        migrations.AlterField(
            model_name='posting',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
    ]
