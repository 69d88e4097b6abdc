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
            name='Roster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('code', models.CharField(max_length=40)),
                ('name_zh', models.CharField(max_length=80)),
                ('name_en', models.CharField(max_length=80)),
                ('opened_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'code'), name='roster_code_in_city')],
            },
        ),
        migrations.CreateModel(
            name='Sponsor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('code', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('donor', '捐赠方'), ('department', '政府部门')], max_length=12)),
                ('name_zh', models.CharField(max_length=80)),
                ('name_en', models.CharField(max_length=80)),
                ('opened_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'code'), name='sponsor_code_in_city')],
            },
        ),
        migrations.CreateModel(
            name='RosterFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('roster', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.roster')),
                ('name', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64)),
                ('content', huimin.platform.foundation.fields.EncryptedTextField()),
                ('received_from', models.CharField(max_length=80)),
                ('received_at', models.DateTimeField()),
                ('task', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
                ('faults', huimin.platform.foundation.fields.EncryptedTextField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'roster', '-id'], name='files_of_roster')],
            },
        ),
        migrations.CreateModel(
            name='Fund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('code', models.CharField(max_length=40)),
                ('name_zh', models.CharField(max_length=80)),
                ('name_en', models.CharField(max_length=80)),
                ('sponsor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.sponsor')),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('roster', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.roster')),
                ('use_order', models.PositiveSmallIntegerField()),
                ('backs', models.CharField(blank=True, max_length=20)),
                ('opens_on', models.DateField()),
                ('closes_on', models.DateField()),
                ('opened_by', models.CharField(max_length=80)),
                ('opened_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'code'), name='fund_code_in_city'), models.UniqueConstraint(fields=('city', 'plan_year', 'use_order'), name='fund_order_in_plan_year'), models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='fund_closes_later')],
            },
        ),
        migrations.CreateModel(
            name='RosterVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('roster', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.roster')),
                ('number', models.PositiveIntegerField()),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.rosterfile')),
                ('people', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'roster', 'number'), name='one_version_for_a_number')],
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.fund')),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('bank', models.CharField(max_length=40)),
                ('transfer', models.CharField(max_length=80)),
                ('received_on', models.DateField()),
                ('recorded_by', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'bank', 'transfer'), name='one_contribution_a_transfer'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='contribution_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='FundAmount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amounts', to='subsidies.fund')),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('amount', huimin.platform.foundation.fields.FenField(null=True)),
                ('leaves', huimin.platform.foundation.fields.FenField(null=True)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'fund', 'reason'), name='one_amount_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('leaves', None)), models.Q(('amount', None), ('leaves__gte', 0)), _connector='OR'), name='an_amount_or_what_is_left')],
            },
        ),
        migrations.CreateModel(
            name='FundPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='subsidies.fund')),
                ('number', models.PositiveSmallIntegerField()),
                ('left_fen', huimin.platform.foundation.fields.FenField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'fund', 'number'), name='one_part_for_a_number'), models.CheckConstraint(condition=models.Q(('left_fen__gte', 0)), name='fund_is_never_overdrawn')],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.rosterversion')),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('decline_until', models.DateField()),
                ('reason', models.TextField()),
                ('granted_by', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RosterEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.rosterversion')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('row', models.PositiveIntegerField()),
                ('reason', huimin.platform.foundation.fields.EncryptedTextField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'version', 'resident'), name='person_once_a_version')],
            },
        ),
        migrations.CreateModel(
            name='RosterInForce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.rosterversion')),
                ('roster', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.roster')),
                ('decided_at', models.DateTimeField()),
                ('agreed_by', models.CharField(max_length=80)),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'roster', '-id'], name='versions_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Granted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('grant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.grant')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('order', models.CharField(blank=True, max_length=40)),
                ('fault', models.CharField(blank=True, max_length=30)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'resident'], name='granted_to_resident'), models.Index(fields=['city', 'order'], name='granted_by_order')],
                'constraints': [models.UniqueConstraint(fields=('city', 'grant', 'resident'), name='granted_once_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.fund')),
                ('resident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.rosterentry')),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('reserved', 'Reserved'), ('committed', 'Committed'), ('released', 'Released'), ('returned', 'Returned')], default='reserved', max_length=10)),
                ('claim', models.CharField(blank=True, max_length=40)),
                ('committed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.CharField(blank=True, max_length=30)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'reserved')), fields=['city', 'fund', 'expires_at'], name='draws_reserved')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ('reserved', 'committed'))), fields=('city', 'fund', 'resident'), name='one_open_draw_a_person'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='draw_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='Declined',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('granted', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='declined', to='subsidies.granted')),
                ('declined_by', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Returned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.draw')),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('cause', models.CharField(max_length=120)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'draw', 'cause'), name='returned_once_a_cause'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='returned_is_positive')],
            },
        ),
    ]
