import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0001_tables'),
        ('foundation', '0001_tables'),
        ('people', '0001_tables'),
        ('tasks', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='EarlierFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('name', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64)),
                ('content', huimin.platform.foundation.fields.EncryptedTextField()),
                ('source', models.CharField(max_length=200)),
                ('source_day', models.DateField()),
                ('received_from', models.CharField(max_length=80)),
                ('received_at', models.DateTimeField()),
                ('task', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
                ('faults', huimin.platform.foundation.fields.EncryptedTextField(null=True)),
                ('taken', models.PositiveIntegerField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'digest'), name='earlier_file_once')],
            },
        ),
        migrations.CreateModel(
            name='KeptWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('digest', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'digest'), name='words_kept_once')],
            },
        ),
        migrations.CreateModel(
            name='EarlierYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('file', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='renewal.earlierfile')),
                ('row', models.PositiveIntegerField()),
                ('plan', models.CharField(max_length=80)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('without_claim', models.BooleanField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident'], name='earlier_years_of')],
                'constraints': [models.UniqueConstraint(fields=('city', 'file', 'row'), name='earlier_year_once_a_row'), models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='earlier_year_ends')],
            },
        ),
        migrations.CreateModel(
            name='RenewalConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('payer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('insured', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('relation', models.CharField(choices=[('self', 'Self'), ('spouse', 'Spouse'), ('parent', 'Parent'), ('child', 'Child')], max_length=10)),
                ('given', models.BooleanField()),
                ('policy_number', models.CharField(blank=True, max_length=24)),
                ('words', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='renewal.keptwords')),
                ('language', models.CharField(blank=True, max_length=2)),
                ('session', models.CharField(blank=True, max_length=32)),
                ('road', models.CharField(choices=[('page', 'Page'), ('reply', 'Reply'), ('counter', 'Counter')], max_length=10)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'payer', 'insured'], name='renewal_consents_of_two')],
            },
        ),
        migrations.CreateModel(
            name='Renewal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('policy_number', models.CharField(max_length=24)),
                ('insured', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('payer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('consent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='renewal.renewalconsent')),
                ('plan_year', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('plan_digest', models.CharField(max_length=64)),
                ('edition', models.CharField(blank=True, max_length=40)),
                ('price', huimin.platform.foundation.fields.FenField()),
                ('last_price', huimin.platform.foundation.fields.FenField()),
                ('worse', models.BooleanField()),
                ('sheet', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='renewal.keptwords')),
                ('created_at', models.DateTimeField()),
                ('charge_on', models.DateField()),
                ('status', models.CharField(choices=[('announced', 'Announced'), ('paying', 'Paying'), ('renewed', 'Renewed'), ('undone', 'Undone'), ('refused', 'Refused'), ('failed', 'Failed'), ('given_back', 'Given Back')], max_length=10)),
                ('reason', models.CharField(blank=True, default='', max_length=40)),
                ('order_reference', models.CharField(blank=True, default='', max_length=40)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'status', 'charge_on'], name='renewals_by_day'), models.Index(fields=['city', 'order_reference'], name='renewals_by_order'), models.Index(fields=['city', 'payer'], name='renewals_of_payer'), models.Index(fields=['city', 'policy_number'], name='renewals_of_policy')],
                'constraints': [models.UniqueConstraint(fields=('city', 'plan_year', 'insured'), name='one_renewal_a_plan_year')],
            },
        ),
        migrations.CreateModel(
            name='RenewalNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('renewal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='renewal.renewal')),
                ('road', models.CharField(choices=[('text', 'Text'), ('centre', 'Centre'), ('telephone', 'Telephone'), ('letter', 'Letter')], max_length=10)),
                ('by', models.CharField(max_length=80)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'renewal', 'road'), name='told_once_by_a_road')],
            },
        ),
    ]
