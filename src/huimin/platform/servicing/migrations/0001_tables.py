import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('enrolment', '0001_tables'),
        ('foundation', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.policy')),
                ('asks', models.CharField(max_length=10)),
                ('content', huimin.platform.foundation.fields.EncryptedTextField()),
                ('asked_by', models.CharField(max_length=80)),
                ('asked_at', models.DateTimeField()),
                ('turn', models.CharField(default='handler', max_length=20)),
                ('due_on', models.DateField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'policy'], name='requests_of_policy'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['city', 'due_on', 'id'], name='requests_due')],
            },
        ),
        migrations.CreateModel(
            name='PolicyPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='servicing.policyrequest')),
                ('digest', models.CharField(max_length=64)),
                ('media_type', models.CharField(max_length=40)),
                ('size', models.PositiveIntegerField()),
                ('content', huimin.platform.foundation.fields.EncryptedTextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'request', 'digest'), name='paper_once_a_request')],
            },
        ),
    ]
