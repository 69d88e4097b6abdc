
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0009_who_is_owed'),
        ('enrolment', '0005_city_without_index'),
        ('foundation', '0010_city_without_index'),
    ]

    operations = [
        migrations.AlterField(
            model_name='benefitdecisionversion',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
        migrations.AlterField(
            model_name='benefitdecisionversion',
            name='policy',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.policy'),
        ),
        migrations.AlterField(
            model_name='benefitdecisionversion',
            name='settlement',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='claims.settlementfact'),
        ),
        migrations.AlterField(
            model_name='reviewfinding',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
        migrations.AlterField(
            model_name='reviewitem',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
        migrations.AlterField(
            model_name='settlementfact',
            name='city',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city'),
        ),
        migrations.AlterField(
            model_name='settlementfact',
            name='client',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.apiclient'),
        ),
        migrations.AlterField(
            model_name='settlementfact',
            name='policy',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='enrolment.policy'),
        ),
    ]
