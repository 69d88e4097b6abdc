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
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('credit_code', models.CharField(max_length=18)),
                ('opened_by', models.CharField(max_length=80)),
                ('opened_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'code'), name='organisation_code_in_city'), models.UniqueConstraint(fields=('city', 'credit_code'), name='credit_code_in_city')],
            },
        ),
        migrations.CreateModel(
            name='BulkFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bulk.organisation')),
                ('plan_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('kind', models.CharField(choices=[('consented', '已逐人取得同意'), ('asking', '由平台逐人征求同意')], max_length=10)),
                ('name', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('channel', models.CharField(max_length=40)),
                ('sent_by', models.CharField(max_length=80)),
                ('received_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('coming', '接收中'), ('checking', '核对中'), ('refused', '整份退回'), ('checked', '待确认'), ('accepted', '已确认'), ('cancelled', '已取消')], default='checking', max_length=10)),
                ('faults', models.JSONField(default=list)),
                ('task', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.task')),
                ('accepted_by', models.CharField(blank=True, max_length=80)),
                ('accepted_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['city', '-id'], name='bulk_files_by_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('refused', 'cancelled')), _negated=True), fields=('city', 'organisation', 'plan_year', 'digest'), name='one_file_for_its_bytes')],
            },
        ),
        migrations.CreateModel(
            name='Deposit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bulk.organisation')),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('bank', models.CharField(max_length=40)),
                ('transfer', models.CharField(max_length=80)),
                ('received_on', models.DateField()),
                ('proposed_by', models.CharField(max_length=80)),
                ('agreed_by', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'bank', 'transfer'), name='one_deposit_a_transfer'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='deposit_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationMoney',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='money', to='bulk.organisation')),
                ('left_fen', huimin.platform.foundation.fields.FenField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('left_fen__gte', 0)), name='organisation_is_never_overdrawn')],
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bulk.organisation')),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('bank', models.CharField(max_length=40)),
                ('transfer', models.CharField(max_length=80)),
                ('proposed_by', models.CharField(max_length=80)),
                ('agreed_by', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'bank', 'transfer'), name='one_payout_a_transfer'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payout_is_positive')],
            },
        ),
        migrations.CreateModel(
            name='BulkRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('file', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bulk.bulkfile')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bulk.organisation')),
                ('plan_year', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.planyear')),
                ('number', models.PositiveIntegerField()),
                ('reference', models.CharField(blank=True, max_length=60)),
                ('resident', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('holder', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.resident')),
                ('relation', models.CharField(blank=True, choices=[('self', 'Self'), ('spouse', 'Spouse'), ('parent', 'Parent'), ('child', 'Child')], max_length=10)),
                ('edition', models.CharField(blank=True, max_length=40)),
                ('fen', huimin.platform.foundation.fields.FenField(default=0)),
                ('state', models.CharField(choices=[('faulty', '有错误'), ('ready', '可以办理'), ('asked', '待本人同意'), ('agreed', '待办理'), ('declined', '本人不同意'), ('lapsed', '逾期未答复'), ('enrolled', '已参保'), ('ordered', '核对中'), ('refused', '未能办理'), ('cancelled', '已取消')], max_length=10)),
                ('faults', models.JSONField(default=list)),
                ('order', models.CharField(blank=True, max_length=40)),
                ('policy', models.CharField(blank=True, max_length=24)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['city', 'file', 'state', 'number'], name='bulk_rows_by_state'), models.Index(fields=['city', 'file', 'reference'], name='bulk_rows_by_reference'), models.Index(condition=models.Q(('state', 'agreed')), fields=['city', 'organisation', 'file', 'number'], name='bulk_rows_agreed'), models.Index(fields=['city', 'resident'], name='bulk_rows_of_person'), models.Index(condition=models.Q(('state', 'asked')), fields=['city', 'holder'], name='bulk_rows_of_holder')],
                'constraints': [models.UniqueConstraint(fields=('city', 'file', 'number'), name='one_row_for_its_number'), models.UniqueConstraint(condition=models.Q(('state__in', ('ordered', 'enrolled')), models.Q(('reference', ''), _negated=True)), fields=('city', 'organisation', 'plan_year', 'reference'), name='a_reference_enrols_once')],
            },
        ),
        migrations.CreateModel(
            name='FilePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bulk.bulkfile')),
                ('place', models.PositiveIntegerField()),
                ('content', huimin.platform.foundation.fields.EncryptedTextField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'file', 'place'), name='one_part_for_a_place')],
            },
        ),
        migrations.CreateModel(
            name='GivenBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='foundation.city')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bulk.bulkrow')),
                ('amount', huimin.platform.foundation.fields.FenField()),
                ('cause', models.CharField(max_length=80)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'row', 'cause'), name='given_back_once_for_a_cause'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='given_back_is_positive')],
            },
        ),
    ]
