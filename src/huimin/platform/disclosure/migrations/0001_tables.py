import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_tables'),
        ('foundation', '0001_tables'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='CoverAgreed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('how', models.CharField(choices=[('code', 'Code'), ('declared', 'Declared')], max_length=10)),
                ('words', models.TextField()),
                ('words_digest', models.CharField(max_length=64)),
                ('language', models.CharField(max_length=2)),
                ('given_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident', 'payer'], name='cover_agreed_by')],
            },
        ),
        migrations.CreateModel(
            name='KeyTermsConfirmed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('plan_digest', models.CharField(max_length=64)),
                ('language', models.CharField(max_length=2)),
                ('words_digest', models.CharField(max_length=64)),
                ('given_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident', 'plan_digest'], name='key_terms_confirmed_by')],
            },
        ),
        migrations.CreateModel(
            name='ShownMoment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('keep_until', models.DateField()),
                ('session', models.CharField(max_length=32)),
                ('key', models.CharField(max_length=32)),
                ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('by', models.CharField(max_length=80)),
                ('order', models.CharField(blank=True, max_length=40)),
                ('at', models.DateTimeField()),
                ('address', models.CharField(max_length=60)),
                ('did', models.CharField(choices=[('opened', 'Opened'), ('sent', 'Sent'), ('reported', 'Reported')], max_length=10)),
                ('status', models.PositiveSmallIntegerField()),
                ('language', models.CharField(max_length=2)),
                ('large', models.BooleanField()),
                ('version', models.CharField(max_length=64)),
                ('page_digest', models.CharField(blank=True, max_length=64)),
                ('size', models.PositiveIntegerField(default=0)),
                ('layout', models.JSONField(default=list)),
                ('styles', models.CharField(blank=True, max_length=64)),
                ('personal', huimin.platform.foundation.fields.EncryptedTextField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('order', ''), _negated=True), fields=['city', 'order'], name='moments_of_order'), models.Index(fields=['city', 'resident', 'at'], name='moments_of_applicant'), models.Index(fields=['city', 'keep_until'], name='moments_by_end')],
                'constraints': [models.UniqueConstraint(fields=('city', 'session', 'key'), name='one_moment_a_key')],
            },
        ),
        migrations.CreateModel(
            name='ShownPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('digest', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'digest'), name='part_once_in_city')],
            },
        ),
        migrations.CreateModel(
            name='SuitabilityAdvice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('about', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('reason', models.CharField(max_length=40)),
                ('words', models.TextField()),
                ('decision', models.CharField(choices=[('stopped', 'Stopped'), ('disputed', 'Disputed')], max_length=10)),
                ('given_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident'], name='advice_given_to')],
            },
        ),
    ]
