import django.db.models.deletion
import huimin.platform.foundation.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('claims', '0001_tables'),
        ('enrolment', '0001_tables'),
        ('foundation', '0001_tables'),
        ('people', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='FetchConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('given_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('purpose', models.CharField(max_length=40)),
                ('data_class', models.CharField(max_length=40)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('text_version', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=32)),
                ('text', huimin.platform.foundation.fields.EncryptedTextField()),
                ('given_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident'], name='fetch_consents_of_resident'), models.Index(fields=['city', 'given_by'], name='fetch_consents_by_giver')],
                'constraints': [models.UniqueConstraint(fields=('city', 'key'), name='fetch_consent_key_in_city')],
            },
        ),
        migrations.CreateModel(
            name='FetchConsentEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ends', to='quick_claims.fetchconsent')),
                ('at', models.DateTimeField()),
                ('ended_by', models.CharField(max_length=80)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'consent'), name='a_consent_ends_once')],
            },
        ),
        migrations.CreateModel(
            name='QuickClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('key', models.CharField(max_length=32)),
                ('policy', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrolment.policy')),
                ('claimed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='quick_claims.fetchconsent')),
                ('created_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('asking', 'Asking'), ('waiting', 'Waiting'), ('answered', 'Answered'), ('withdrawn', 'Withdrawn')], default='asking', max_length=20)),
                ('fault', models.CharField(blank=True, default='', max_length=60)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'policy'], name='quick_claims_of_policy'), models.Index(fields=['city', 'claimed_by'], name='quick_claims_by_claimer')],
                'constraints': [models.UniqueConstraint(fields=('city', 'key'), name='quick_claim_key_in_city'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('city', 'policy'), name='one_open_quick_claim')],
            },
        ),
        migrations.CreateModel(
            name='QuickClaimBill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='quick_claims.quickclaim')),
                ('institution', models.CharField(max_length=40)),
                ('institution_name', models.CharField(max_length=80)),
                ('setl_id', models.CharField(max_length=60)),
                ('settled_on', models.DateField()),
                ('total', huimin.platform.foundation.fields.FenField()),
                ('became', models.CharField(max_length=20)),
                ('settlement', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.settlementfact')),
                ('review', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='claims.reviewitem')),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'claim', 'institution', 'setl_id'), name='one_bill_in_a_quick_claim')],
            },
        ),
    ]
