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
            name='Area',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('code', models.CharField(max_length=6)),
                ('name_zh', models.CharField(max_length=40)),
                ('name_en', models.CharField(max_length=40)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'code'), name='area_code_in_city')],
            },
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('number', models.CharField(max_length=20)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'number'), name='household_in_city')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('kind', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=64)),
                ('slot', models.BigIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['expires_at'], name='tallies_by_end')],
                'constraints': [models.UniqueConstraint(fields=('city', 'kind', 'key', 'slot'), name='one_tally_a_stretch')],
            },
        ),
        migrations.CreateModel(
            name='Resident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('psn_no', models.CharField(max_length=30)),
                ('name', huimin.platform.foundation.fields.EncryptedTextField()),
                ('id_number', huimin.platform.foundation.fields.EncryptedTextField()),
                ('id_index', models.CharField(max_length=64)),
                ('former_index', models.CharField(blank=True, default='', max_length=64)),
                ('telephone', huimin.platform.foundation.fields.EncryptedTextField()),
                ('birth_date', models.DateField()),
                ('sex', models.CharField(max_length=6)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.area')),
                ('insutype', models.CharField(max_length=3)),
                ('insured', models.BooleanField(default=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.household')),
                ('pre_existing', models.JSONField(default=list)),
                ('continuous_years', models.PositiveSmallIntegerField(default=0)),
                ('claim_free_years', models.PositiveSmallIntegerField(default=0)),
                ('insured_years', models.JSONField(default=list)),
                ('died_on', models.DateField(null=True)),
                ('other_cover', models.JSONField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'psn_no'), name='psn_no_in_city'), models.UniqueConstraint(fields=('city', 'id_index'), name='id_number_in_city'), models.UniqueConstraint(condition=models.Q(('former_index', ''), _negated=True), fields=('city', 'former_index'), name='former_number_in_city')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('kind', models.CharField(max_length=40)),
                ('text_digest', models.CharField(max_length=64)),
                ('given_at', models.DateTimeField()),
                ('given_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident', 'kind'], name='consents_of_resident')],
            },
        ),
        migrations.CreateModel(
            name='IdentityCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('purpose', models.CharField(default='sign_in', max_length=40)),
                ('code_digest', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident', 'created_at'], name='checks_of_resident')],
            },
        ),
        migrations.CreateModel(
            name='KnownDevice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('device', models.CharField(max_length=64)),
                ('last_used_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'resident', 'device'), name='device_once_a_resident')],
            },
        ),
        migrations.CreateModel(
            name='MedicalConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('grantee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('given', models.BooleanField()),
                ('purpose', models.CharField(max_length=40)),
                ('text_digest', models.CharField(max_length=64)),
                ('check_row', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.identitycheck')),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident', 'grantee'], name='medical_consents_of_two')],
            },
        ),
    ]
