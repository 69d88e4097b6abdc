
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0009_queue_of_work'),
    ]

    operations = [
        migrations.AlterField(
            model_name='apiclient',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
        migrations.AlterField(
            model_name='exchange',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
        migrations.AlterField(
            model_name='idempotentrequest',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
        migrations.AlterField(
            model_name='staffmember',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
    ]
