import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('plan_id', models.CharField(max_length=120)),
                ('plan_digest', models.CharField(max_length=64)),
                ('program_digest', models.CharField(max_length=64)),
                ('plan_text', models.TextField()),
                ('sources_text', models.TextField()),
                ('window_first_day', models.DateField()),
                ('window_last_day', models.DateField()),
                ('published_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'plan_id', 'plan_digest'), name='plan_year_in_city')],
            },
        ),
    ]
