import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_tables'),
        ('tasks', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Study',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
                ('kind', models.CharField(choices=[('price', 'Price'), ('renew', 'Renew'), ('design', 'Design'), ('city', 'City'), ('lookback', 'Lookback'), ('reserve', 'Reserve')], max_length=10)),
                ('plan_digest', models.CharField(max_length=64)),
                ('plan_text', models.TextField()),
                ('sources_text', models.TextField()),
                ('people', models.IntegerField()),
                ('seed', models.IntegerField()),
                ('triangle_text', models.TextField(blank=True)),
                ('numbers', models.JSONField(default=dict)),
                ('requested_by', models.CharField(max_length=80)),
                ('requested_at', models.DateTimeField()),
                ('pages', models.JSONField(default=dict)),
                ('document', models.JSONField(null=True)),
                ('workbooks', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['city', '-requested_at'], name='studies_by_time')],
            },
        ),
    ]
