import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('kind', models.CharField(max_length=60)),
                ('lane', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=120)),
                ('payload', huimin.platform.foundation.fields.EncryptedTextField(null=True)),
                ('priority', models.SmallIntegerField(default=0)),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('due_at', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('losses', models.PositiveSmallIntegerField(default=0)),
                ('worker', models.CharField(blank=True, max_length=80)),
                ('progress', models.JSONField(null=True)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('fault', models.TextField(blank=True)),
                ('fault_code', models.CharField(blank=True, max_length=60)),
                ('fault_values', models.JSONField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('finished_at__isnull', True)), fields=['lane', '-priority', 'due_at', 'id'], name='tasks_open'), models.Index(condition=models.Q(('finished_at__isnull', False)), fields=['city', '-finished_at'], name='tasks_ended'), models.Index(condition=models.Q(('status', 'failed')), fields=['city', '-finished_at'], name='tasks_failed')],
                'constraints': [models.UniqueConstraint(fields=('city', 'kind', 'key'), name='one_task_for_a_key')],
            },
        ),
    ]
