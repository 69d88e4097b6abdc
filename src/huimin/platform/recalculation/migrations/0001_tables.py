import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_tables'),
        ('foundation', '0001_tables'),
        ('tasks', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Recalculation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('plan_digest', models.CharField(max_length=64)),
                ('plan_text', models.TextField()),
                ('sources_text', models.TextField()),
                ('requested_by', models.CharField(max_length=80)),
                ('requested_at', models.DateTimeField()),
                ('summary', models.JSONField(null=True)),
                ('changes', models.JSONField(default=list)),
                ('standing', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['city', '-requested_at'], name='recalculations_by_time')],
            },
        ),
    ]
