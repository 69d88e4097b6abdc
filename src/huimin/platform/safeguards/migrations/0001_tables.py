import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('enrolment', '0001_tables'),
        ('foundation', '0001_tables'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.order')),
                ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident'], name='asked_of_resident')],
                'constraints': [models.UniqueConstraint(fields=('city', 'order', 'resident'), name='asked_once_an_order')],
            },
        ),
        migrations.CreateModel(
            name='Answered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('asked', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='safeguards.asked')),
                ('answer', models.CharField(choices=[('meant', 'Meant'), ('undo', 'Undo')], max_length=10)),
                ('road', models.CharField(choices=[('page', 'Page'), ('reply', 'Reply'), ('telephone', 'Telephone')], max_length=10)),
                ('by', models.CharField(max_length=80)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'at'], name='answered_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Undone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('asked', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='undone', to='safeguards.asked')),
                ('policy_number', models.CharField(max_length=40)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('returned', huimin.platform.foundation.fields.FenField(default=0)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'asked', 'policy_number'), name='undone_once_a_policy')],
            },
        ),
    ]
